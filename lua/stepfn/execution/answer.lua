---Answers from outside to tasks that wait for one, and an end from outside.
local argument = require "stepfn.argument"
local children = require "stepfn.children"
local class = require "stepfn.execution.class"
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
  return M.answered(self, self.core:stop(error_name, cause, now_of(self, now, 3, "stop")))
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
