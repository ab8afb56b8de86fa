---Functions as Lambda has them, and activities: under a name, in a region of an
---account that exist nowhere, so that a definition looks as it will when deployed.
local check = require "stepfn.step.check"
local setters = require "stepfn.step.setters"

local M = {}

local ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
local STATES = "arn:aws:states:us-east-1:000000000000:"
local NAME_MAX = 64
local ACTIVITY_NAME_MAX = 80

local meta = { step_kind = "lambda", __name = "stepfn.step.Lambda" }

local function lambda_name(value)
  if type(value) == "string" and #value <= NAME_MAX and value:find("^[%w_-]+$") then
    return value
  end
  return nil, "name of at most 64 letters, digits, '-' and '_'"
end

local function callable(value)
  if type(value) == "function" then
    return value
  end
  return nil, "function"
end

local MEMORY_MIN, MEMORY_MAX = 128, 10240

local function megabytes(value)
  if type(value) == "number" and value % 1 == 0 and value >= MEMORY_MIN and value <= MEMORY_MAX then
    return value
  end
  return nil, ("whole number from %d to %d"):format(MEMORY_MIN, MEMORY_MAX)
end

-- Names and texts.
local function tags(value)
  if type(value) ~= "table" then
    return nil, "table of names and texts"
  end
  local copied = {}
  for name, text in pairs(value) do
    if type(name) ~= "string" or type(text) ~= "string" then
      return nil, "!names and texts expected"
    end
    copied[name] = text
  end
  return copied
end

local known = {}
setters.add({}, known, {
  { "memory_size", "memory_size", megabytes },
  { "tags", "tags", tags },
})

---A handle for a function that has a name of its own, or serves several states.
---Its options are for whoever deploys the function, and stay at `handle.options`:
---no definition and no template of a machine has room for them.
---@param name string
---@param run fun(input: any, context: table): any
---@param options table? memory_size (in MB), tags
---@return stepfn.step.Lambda
function M.new_lambda(name, run, options)
  local kept = {}
  setters.apply(kept, known, "new_lambda", 3, options)
  return setmetatable({
    name = check.argument("new_lambda", 1, lambda_name, name),
    run = check.argument("new_lambda", 2, callable, run),
    options = kept,
  }, meta)
end

local activity_meta = { step_kind = "activity", __name = "stepfn.step.Activity" }

local function activity_name(value)
  if type(value) == "string" and #value <= ACTIVITY_NAME_MAX and value:find("^[%w_-]+$") then
    return value
  end
  return nil, "name of at most 80 letters, digits, '-' and '_'"
end

---A handle for an activity, whose workers answer by token; a function, if there is
---one, is the worker.
---@param name string
---@param run? fun(input: any, context: table): any
---@return stepfn.step.Activity
function M.new_activity(name, run)
  return setmetatable({
    name = check.argument("new_activity", 1, activity_name, name),
    arn = STATES .. "activity:" .. name,
    run = run ~= nil and check.argument("new_activity", 2, callable, run) or nil,
  }, activity_meta)
end

---The ARN of a state machine that is known by its name.
---@param name string
---@return string arn
function M.machine_arn(name)
  return STATES .. "stateMachine:" .. name
end

-- The name for Lambda: "_" for each character that it does not allow. "task" when
-- that leaves nothing of it.
local function allowed(name)
  local base = name:gsub("[\194-\244][\128-\191]*", "_"):gsub("[^%w_-]", "_"):sub(1, NAME_MAX)
  return base:find "[^_]" and base or "task"
end

---The resource of a function that a state was given without a name: named after
---the state, as far as Lambda allows, and unlike all that are taken.
---@param state_name string
---@param taken table<string, function> by resource
---@return string resource
function M.resource_of_state(state_name, taken)
  local base = allowed(state_name)
  local resource, number = ARN .. base, 1
  while taken[resource] do
    number = number + 1
    local suffix = "-" .. number
    resource = ARN .. base:sub(1, NAME_MAX - #suffix) .. suffix
  end
  return resource
end

---The resource of a handle.
---@param lambda stepfn.step.Lambda
---@return string resource
function M.resource_of(lambda)
  return ARN .. lambda.name
end

return M
