---Functions as Lambda has them, and activities: under a name, in a region of an
---account that exist nowhere, so that a definition looks as it will when deployed.
local check = require "stepfn.step.check"

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

---A handle for a function that has a name of its own, or serves several states.
---@param name string
---@param run fun(input: any, context: table): any
---@param options table? kept for packaging
---@return stepfn.step.Lambda
function M.new_lambda(name, run, options)
  return setmetatable({
    name = check.argument("new_lambda", 1, lambda_name, name),
    run = check.argument("new_lambda", 2, callable, run),
    options = options or {},
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

---The resource of a function that a state was given without a name: named after
---the state, as far as Lambda allows, and unlike all that are taken.
---@param state_name string
---@param taken table<string, function> by resource
---@return string resource
function M.resource_of_state(state_name, taken)
  local base = state_name:gsub("[^%w_-]", "_"):sub(1, NAME_MAX)
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
