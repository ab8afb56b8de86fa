---Tasks that are not of a service of AWS: functions, activities, any Resource.
local check = require "stepfn.step.check"
local states = require "stepfn.step.state"

local M = {}

local function lambda_code(value)
  if type(value) == "function" or check.kind_of(value) == "lambda" then
    return value
  end
  return nil, "function or lambda"
end

---An object of parameters, or the JSONata expression that gives one.
M.params_kind = check.or_expression(check.object)

---A task with a Resource and what it is given.
---@param constructor string
---@param name string
---@param resource string
---@param params any nil for none
---@param options table?
---@return stepfn.step.Task
function M.new_resource_task(constructor, name, resource, params, options)
  local fields = { Resource = check.argument(constructor, 2, check.text, resource) }
  local text = params ~= nil and check.argument(constructor, 3, M.params_kind, params) or nil
  local state = states.new_state("Task", constructor, name, fields, 4, options)
  state.params = text
  return state
end

local function new_code_task(constructor, name, code, options)
  local state = states.new_state("Task", constructor, name, {}, 3, options)
  state.code = code
  return state
end

---A task that calls a Lambda function.
---@param name string
---@param code function|stepfn.step.Lambda
---@param options table?
---@return stepfn.step.Task
function M.new_lambda_task_state(name, code, options)
  local constructor = "new_lambda_task_state"
  local state = new_code_task(constructor, name, check.argument(constructor, 2, lambda_code, code), options)
  return state
end

local function activity(value)
  if check.kind_of(value) == "activity" then
    return value
  elseif type(value) == "string" and (value:find "^arn:[^:]*:states:[^:]*:[^:]*:activity:" or value:find "^%${") then
    return value
  end
  return nil, "activity or its ARN"
end

local function new_activity_task(constructor, name, handle, params, options)
  local is_handle = type(handle) == "table"
  local state = M.new_resource_task(constructor, name, is_handle and handle.arn or handle, params, options)
  state.code = is_handle and handle or nil
  return state
end

---A task that waits for a worker of an activity.
---@param name string
---@param handle string|stepfn.step.Activity
---@param params table?
---@param options table?
---@return stepfn.step.Task
function M.new_activity_state(name, handle, params, options)
  local constructor = "new_activity_state"
  handle = check.argument(constructor, 2, activity, handle)
  local state = new_activity_task(constructor, name, handle, params, options)
  return state
end

---A task: a function or a handle makes a Lambda task (then options follow), a
---string is the Resource and a handle of an activity has one (then parameters
---follow, then options).
---@param name string
---@param resource function|stepfn.step.Lambda|stepfn.step.Activity|string
---@param params table?
---@param options table?
---@return stepfn.step.Task
function M.new_task_state(name, resource, params, options)
  local constructor = "new_task_state"
  local task
  if lambda_code(resource) then
    task = new_code_task(constructor, name, resource, params)
  elseif check.kind_of(resource) == "activity" then
    task = new_activity_task(constructor, name, resource, params, options)
  elseif type(resource) == "string" then
    task = M.new_resource_task(constructor, name, resource, params, options)
  else
    check.argument(constructor, 2, function() return nil, "function, lambda or resource" end, resource)
  end
  return task
end

---Lets the task wait until somebody answers with its token, which its parameters
---hand over: `["Token.$"] = "$$.Task.Token"`.
---@return stepfn.step.Task self
states.methods "Task".wait_for_task_token = function(self)
  local written = self.fields.Resource
  local resource = written and require("stepfn").decode(written)
  if not resource or not resource:find "^arn:[^:]*:states:::" then
    check.raise("bad argument #0 to 'wait_for_task_token' (only tasks of services hand out their token)")
  end
  resource = resource:gsub("%.sync$", ""):gsub("%.sync:2$", ""):gsub("%.waitForTaskToken$", "")
  self.fields.Resource = assert(check.encode(resource .. ".waitForTaskToken"))
  return self
end

return M
