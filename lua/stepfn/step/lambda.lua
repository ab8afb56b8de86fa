---Functions as Lambda has them: under a name, in a region of an account that
---exist nowhere, so that a definition looks as it will when deployed.
local check = require "stepfn.step.check"

local M = {}

local ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
local NAME_MAX = 64

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
