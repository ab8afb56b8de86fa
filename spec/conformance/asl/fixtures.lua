---What stood outside the machine: functions by what they were seen to do, for calls
---that left no record, and objects of S3.
local stepfn = require "stepfn"

local M = {}

local LISTED_AT = 1704067200

-- --- functions ---

local function function_name(effect)
  local name = effect.resource
  if effect.service == "lambda" then
    name = effect.input.FunctionName
  end
  return type(name) == "string" and name:match "function:([^:]+)" or name
end

local function find_function(fixtures, effect)
  local wanted = function_name(effect)
  for _, lambda in ipairs(fixtures.lambdas or {}) do
    if lambda.arn:match "function:([^:]+)" == wanted then
      return lambda
    end
  end
end

-- What lambda:invoke makes of a function's answer.
local function wrapped(effect, payload)
  if effect.service ~= "lambda" then
    return payload
  end
  return { ExecutedVersion = "$LATEST", Payload = payload, StatusCode = 200 }
end

local function input_of(effect)
  if effect.service == "lambda" then
    return effect.input.Payload
  end
  return effect.input
end

---The attempt that the effect's function would have made of it.
---@param fixtures table
---@param effect table
---@return table? attempt as cases record them
function M.attempt(fixtures, effect)
  local lambda = find_function(fixtures, effect)
  if not lambda then
    return nil
  elseif lambda.raises then
    return { outcome = "failed", error = lambda.raises.errorType, cause = stepfn.encode(lambda.raises) }
  elseif lambda.returns == "input" then
    return { result = wrapped(effect, input_of(effect)) }
  elseif lambda.returns_value ~= nil then
    return { result = wrapped(effect, lambda.returns_value) }
  end
end

-- --- objects ---

local function etag(object)
  return ("%q"):format(#object.body .. "-" .. object.key)
end

local function list(fixtures, effect)
  local items = stepfn.array {}
  for _, object in ipairs(fixtures.s3_objects or {}) do
    if object.bucket == effect.bucket and object.key:sub(1, #(effect.prefix or "")) == (effect.prefix or "") then
      items[#items + 1] = {
        Key = object.key, Size = #object.body, Etag = etag(object), LastModified = LISTED_AT, StorageClass = "STANDARD",
      }
    end
  end
  return { items = items, ["end"] = true }
end

local function get(fixtures, effect)
  for _, object in ipairs(fixtures.s3_objects or {}) do
    if object.bucket == effect.bucket and object.key == effect.key then
      return { bytes = object.body, etag = etag(object), ["end"] = true }
    end
  end
end

---What a `read` effect gets, as fields of the event; nil: no such object.
---@param fixtures table
---@param effect table
---@return table?
function M.read(fixtures, effect)
  if effect.operation == "listObjectsV2" then
    return list(fixtures, effect)
  end
  return get(fixtures, effect)
end

return M
