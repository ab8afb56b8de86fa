---The task `states:startExecution` in its patterns, and those of the SDK: they start a
---machine that the option `machines` names, and answer as the service does.
local copy = require "stepfn.copy"
local core = require "stepfn.core"
local description = require "stepfn.description"
local failure = require "stepfn.failure"
local identity = require "stepfn.identity"
local sdk_metadata = require "stepfn.sdk_metadata"

local M = {}

local SEEDS = 2 ^ 53

---@alias stepfn.Machines table<string, stepfn.Machine>|fun(arn_or_name: string): stepfn.Machine?

-- --- which machine ---

local function name_of(arn)
  return arn:match ":stateMachine:([^:]+)" or arn
end

local function find(machines, arn)
  if type(machines) == "function" then
    return machines(arn)
  end
  return machines[arn] or machines[name_of(arn)]
end

---Both, the first one first; nil when there is neither.
---@param first? stepfn.Machines
---@param second? stepfn.Machines
---@return stepfn.Machines?
function M.either(first, second)
  return first and second and function(arn)
    return find(first, arn) or find(second, arn)
  end or first or second
end

-- --- failures, in the words of the two ways to call ---

local WORDING = {
  states = { error = "StepFunctions.%sException",
    tail = "%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)" },
  ["aws-sdk:sfn"] = { error = "Sfn.%sException",
    tail = "%s (Service: Sfn, Status Code: 400, Request ID: %s) (SDK Attempt Count: 1)" },
}

local function refuse(context, code, message)
  local wording = WORDING[context._target.info.service]
  local request = context._pump:request_id(context._event)
  local cause
  if context._target.info.service == "states" then
    cause = wording.tail:format(message, code, request)
  else
    cause = wording.tail:format(message, request)
  end
  failure.fail(wording.error:format(code), cause)
end

-- Null and nothing are an empty input; text is JSON text.
local function child_input(input, context)
  if input == nil or input == core.null then
    return core.value {}
  elseif type(input) == "string" then
    local value, message = core.value(input)
    if value == nil then
      refuse(context, "InvalidExecutionInput", "Invalid State Machine Execution Input: '" .. message .. "'")
    end
    return value
  end
  return input
end

-- --- answers ---

local function milliseconds(seconds)
  return math.floor(seconds * 1000 + 0.5)
end

-- What the call itself answers.
local function started(child, context)
  if context._target.info.service ~= "states" then
    return { ExecutionArn = child.arn, StartDate = core.time_format(child.start_date) }
  end
  local answer = { ExecutionArn = child.arn, StartDate = milliseconds(child.start_date) }
  return sdk_metadata.add_json(answer, context._pump:request_id(context._event), context:now())
end

local INCLUDED = { Included = true }

local function pascal(name)
  return (name:gsub("^%l", string.upper))
end

-- As DescribeExecution answers, in the spelling of the integration; `shown` makes
-- of JSON text what is to be seen.  A timeout of the whole has its error here.
local function describe(child, machine_arn, shown)
  local said = {}
  for name, value in pairs(description.of(child, machine_arn)) do
    said[pascal(name)] = value
  end
  said.InputDetails, said.OutputDetails = INCLUDED, said.Output and INCLUDED
  said.Input, said.Output = shown(said.Input), said.Output and shown(said.Output)
  said.StartDate, said.StopDate = milliseconds(said.StartDate), milliseconds(said.StopDate)
  said.Error = child.status == "TIMED_OUT" and "States.Timeout" or said.Error
  return said
end

local function as_text(text)
  return text
end

local BILLED_MS, BILLED_MB = 100, 64 -- the steps of what EXPRESS costs

-- As StartSyncExecution answers, whatever became of it.
local function sync_answer(child, machine_arn)
  local said = describe(child, machine_arn, as_text)
  local taken = math.ceil((child.stop_date - child.start_date) * 1000 / BILLED_MS) * BILLED_MS
  said.BillingDetails = { BilledDurationInMilliseconds = math.max(taken, BILLED_MS), BilledMemoryUsedInMB = BILLED_MB }
  said.StartDate, said.StopDate = core.time_format(child.start_date), core.time_format(child.stop_date)
  said.RedriveCount, said.RedriveStatus, said.RedriveStatusReason = nil, nil, nil
  return said
end

-- --- the task ---

local function options_of(context, input, machine_arn, is_express)
  local pump = context._pump
  local name, arn = input.Name, nil
  if type(name) == "string" and machine_arn:find(":stateMachine:", 1, true) and not is_express then
    arn = machine_arn:gsub(":stateMachine:([^:]+).*$", ":execution:%1") .. ":" .. name
  end
  local options = copy(pump.shared)
  options.driver = pump.driver.outer or pump.driver
  options.seed = math.floor(context:random() * SEEDS)
  options.name = type(name) == "string" and name or nil
  options.arn = arn
  options.machine_arn = machine_arn:find "^arn:" and machine_arn:match "^(.-:stateMachine:[^:]+)" or nil
  return options
end

-- Answers by token reach it, and whoever wants to see children sees its end.
local function follow(pump, child)
  local function ended()
    pump:made "nested"[child] = nil
    if pump.on_child then
      pump.on_child(child)
    end
  end
  if child.status ~= "RUNNING" then
    return ended()
  end
  pump:made "nested"[child] = true
  table.insert(child._pump:made "on_end", ended)
end

local function begin(machines, context, is_sync)
  local input = context:raw()
  local machine_arn = input.StateMachineArn
  if type(machine_arn) ~= "string" then
    refuse(context, "InvalidArn", "Invalid Arn: 'Resource type not valid in this context'")
  end
  local machine = find(machines, machine_arn)
  if not machine then
    refuse(context, "StateMachineDoesNotExist", "State Machine Does Not Exist: '" .. machine_arn .. "'")
  end
  if type(input.Name) == "string" and identity.name_fault(input.Name) then
    refuse(context, "InvalidName", "Invalid Name: '" .. input.Name .. "'")
  end
  local is_express = machine.type == "EXPRESS"
  if is_sync and not is_express then
    refuse(context, "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
  end
  local value = child_input(input.Input, context)
  local options = options_of(context, input, machine_arn, is_express)
  options.synchronous = is_sync
  local child = machine:spawn(value, options)
  follow(context._pump, child)
  return child, machine_arn
end

local function wait(child, context)
  context._on_cancel = function()
    child:stop()
    child._pump:settle()
  end
  child:wait()
  context._on_cancel = nil
end

local function run_job(machines, context, shown)
  local child, machine_arn = begin(machines, context)
  context._pump:submitted(context, started(child, context))
  wait(child, context)
  if child.status ~= "SUCCEEDED" then
    failure.fail("States.TaskFailed", core.encode(describe(child, machine_arn, as_text)))
  end
  return describe(child, machine_arn, shown)
end

local function request(machines, context)
  local child = begin(machines, context)
  return started(child, context)
end

local function start_sync(machines, context)
  local child, machine_arn = begin(machines, context, true)
  wait(child, context)
  return sync_answer(child, machine_arn)
end

local patterns = {
  request = request,
  token = request,
  sync = function(machines, context)
    return run_job(machines, context, as_text)
  end,
  sync2 = function(machines, context)
    return run_job(machines, context, core.value)
  end,
}

---The task function for a Task state, when it starts executions.
---@param machines stepfn.Machines
---@param info stepfn.TaskInfo
---@return function?
function M.task(machines, info)
  local action = WORDING[info.service or ""] and info.action or ""
  local run
  if action:find "^startExecution" then
    run = patterns[info.pattern]
  elseif action == "startSyncExecution" then
    run = start_sync
  else
    return nil
  end
  return function(_, context)
    return run(machines, context)
  end
end

return M
