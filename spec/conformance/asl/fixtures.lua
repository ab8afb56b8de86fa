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

-- A long text is described: "a string of 257*1024 letters a (over the payload limit)".
local function text_of(description)
  local count, times, letter = description:match "^a string of (%d+)%*(%d+) letters (%S)"
  return count and letter:rep(count * times) or description
end

local function returned(lambda, effect)
  if lambda.returns == "input" then
    return input_of(effect)
  elseif lambda.returns_text then
    return text_of(lambda.returns_text)
  elseif lambda.returns_value == nil and lambda.sleeps_seconds then
    return stepfn.null
  end
  return lambda.returns_value
end

local function attempt_of(lambda, effect)
  if lambda.raises then
    return { outcome = "failed", error = lambda.raises.errorType, cause = stepfn.encode(lambda.raises) }
  end
  local payload = returned(lambda, effect)
  return payload ~= nil and { result = wrapped(effect, payload) } or nil
end

---The attempt that the effect's function would have made of it.
---@param fixtures table
---@param effect table
---@return table? attempt as cases record them, with the seconds until it ends as `delay`
function M.attempt(fixtures, effect)
  local lambda = find_function(fixtures, effect)
  local attempt = lambda and attempt_of(lambda, effect)
  if attempt then
    attempt.delay = lambda.sleeps_seconds
  end
  return attempt
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
