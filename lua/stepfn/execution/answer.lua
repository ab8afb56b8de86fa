---Answers from outside to tasks that wait for one, and an end from outside.
local argument = require "stepfn.argument"
local children = require "stepfn.children"
local class = require "stepfn.execution.class"
local description = require "stepfn.description"
local failure = require "stepfn.failure"
local seconds = require "stepfn.seconds"

local unpack = rawget(table, "unpack") or rawget(_G, "unpack")

---@class stepfn.Execution
local methods = {}

local M = { methods = methods }

local function now_of(self, now, position, name)
  if now == nil then
    return self._pump.driver:now()
  end
  seconds.check(now, position, name, 3)
  return now
end

---What the core says to an event, as Lua's callers get it; wakes who drives it.
---@param self stepfn.Execution
---@param done boolean?
---@param message? string
---@param code? string
---@return true? done
---@return string? message
---@return { code: string }? detail
function M.answered(self, done, message, code)
  if not done then
    return nil, message, { code = code }
  end
  local p = rawget(self, "_pump")
  if p then
    p:wake()
  end
  return true
end

-- Answer a task by its token: one of this execution, or of those below it.
local function answer(self, method, token, ...)
  local arguments, count = { ... }, select("#", ...)
  local done, message, code
  children.each(self._pump, function(p)
    done, message, code = p.core[method](p.core, token, unpack(arguments, 1, count))
    if code ~= "TaskDoesNotExist" then
      p:wake()
      return true
    end
  end)
  return M.answered(self, done, message, code)
end

local function check_token(self, token, name)
  class.check_open(self, name, 3)
  argument.check_string(token, 1, name, 3)
end

local function check_text(value, position, name)
  if value ~= nil then
    argument.check_string(value, position, name, 3)
  end
end

---@param token string
---@param output any
---@param now? number the driver's clock when it is not given
---@return true? done
---@return string? message
---@return { code: "TaskDoesNotExist"|"TaskTimedOut"|"InvalidToken"|"InvalidOutput" }? detail
function methods:task_succeeded(token, output, now)
  check_token(self, token, "task_succeeded")
  return answer(self, "succeed", token, output, now_of(self, now, 3, "task_succeeded"))
end

---@param token string
---@param error_name? string
---@param cause? string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function methods:task_failed(token, error_name, cause, now)
  check_token(self, token, "task_failed")
  check_text(error_name, 2, "task_failed")
  check_text(cause, 3, "task_failed")
  error_name, cause = failure.cleaned(error_name, cause)
  return answer(self, "fail", token, error_name, cause, now_of(self, now, 4, "task_failed"))
end

---@param token string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function methods:task_heartbeat(token, now)
  check_token(self, token, "task_heartbeat")
  return answer(self, "heartbeat", token, now_of(self, now, 2, "task_heartbeat"))
end

---@param error_name? string
---@param cause? string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function methods:stop(error_name, cause, now)
  class.check_open(self, "stop", 2)
  check_text(error_name, 1, "stop")
  check_text(cause, 2, "stop")
  error_name, cause = failure.cleaned(error_name, cause)
  return M.answered(self, self.core:stop(error_name, cause, now_of(self, now, 3, "stop")))
end

---An execution that ended without success goes on, at the states that failed or were
---stopped; `run` drives it.
---@param now? number
---@return true? done
---@return string? message
---@return { code: "ExecutionNotRedrivable" }? detail
function methods:redrive(now)
  class.check_open(self, "redrive", 2)
  now = now_of(self, now, 1, "redrive")
  local done, message, code = self.core:feed { type = "redrive", now = now }
  if done then
    self._pump:reopen()
    return true
  end
  local _, reason = description.redrive(self.status)
  return nil, reason or message, { code = code }
end

-- Setting of AWS UpdateMapRun to field of the event.
local SETTINGS = {
  maxConcurrency = "max_concurrency",
  toleratedFailureCount = "tolerated_count",
  toleratedFailurePercentage = "tolerated_percentage",
}

local function update_event(settings)
  argument.check_table(settings, 2, "update_map_run", 3)
  local event = { type = "update_map_run" }
  for name, value in pairs(settings) do
    if not SETTINGS[name] or type(value) ~= "number" then
      argument.fault(2, "update_map_run", ("setting '%s': a number for maxConcurrency, toleratedFailureCount or "
        .. "toleratedFailurePercentage expected"):format(tostring(name)), 3)
    end
    event[SETTINGS[name]] = value
  end
  return event
end

-- The id of a Map Run, and how it stands.
local function find_map_run(self, arn)
  for id, run in pairs(self._pump.map_runs) do
    if run.mapRunArn == arn then
      return id, run.status
    end
  end
end

---Change a Map Run while it runs: how many children at once (0: as many as may),
---how many failures are tolerated.
---@param arn string as `map_runs` tells it
---@param settings { maxConcurrency: integer?, toleratedFailureCount: integer?, toleratedFailurePercentage: number? }
---@param now? number
---@return true? done
---@return string? message
---@return { code: "ResourceNotFound"|"ValidationException"|"ExecutionFinished" }? detail
function methods:update_map_run(arn, settings, now)
  class.check_open(self, "update_map_run", 2)
  argument.check_string(arn, 1, "update_map_run", 2)
  local event = update_event(settings)
  local id, status = find_map_run(self, arn)
  if not id then
    return nil, "no Map Run of this execution: " .. arn, { code = "ResourceNotFound" }
  elseif status ~= "RUNNING" then
    return nil, "the Map Run is over: " .. status, { code = "ValidationException" }
  end
  event.map_run, event.now = id, now_of(self, now, 3, "update_map_run")
  return M.answered(self, self.core:feed(event))
end

---@class stepfn.OpenTask
---@field token string
---@field state string
---@field resource string
---@field input any
---@field attempt integer
---@field deadline number?
---@field heartbeat_deadline number?

local function add_open_tasks(list, p)
  for _, pending in ipairs(p.core:pending()) do
    if not p.open[pending.task] then
      list[#list + 1] = {
        token = p.core:token(pending.task),
        state = pending.state,
        resource = pending.resource,
        input = p.core:task_input(pending.task),
        attempt = pending.attempt,
        deadline = pending.deadline,
        heartbeat_deadline = pending.heartbeat_deadline,
      }
    end
  end
end

---The tasks that wait for an answer from outside, those of child executions too.
---@return stepfn.OpenTask[]
function methods:open_tasks()
  class.check_open(self, "open_tasks", 2)
  local list = {}
  children.each(self._pump, function(p)
    add_open_tasks(list, p)
  end)
  return list
end

return M
