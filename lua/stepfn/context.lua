---The second argument of a task function: what it may know and do about its
---attempt.  Fields that cost something are made when they are asked for.
local checked = require "stepfn.seconds"
local running = require "stepfn.driver.running"

---@class stepfn.Context
---@field state string name of the state
---@field resource string the Resource as written
---@field token string what a later answer names this attempt with
---@field attempt integer 0 for the first, then the retries made before
---@field execution table `Execution` of the context object: Id, Input, Name, RoleArn, StartTime
local Context = { attempt = 0 }

local tointeger = rawget(math, "tointeger") or function(number)
  return number
end

local fields = {}

function fields.state(self)
  return self._target.info.state
end

function fields.resource(self)
  return self._target.info.resource
end

function fields.token(self)
  return self._pump.core:token(self._task)
end

function fields.execution(self)
  return self._pump:identity()
end

---Tell that the work goes on: HeartbeatSeconds counts from now.
---@return true|nil
---@return string? message
---@return table? detail
function Context:heartbeat()
  local pump = self._pump
  local done, message, code = pump.core:heartbeat(self._task, pump.driver:now())
  if not done then
    return nil, message, { code = code }
  end
  return true
end

---A random number as math.random gives it, from the seed of the execution: the
---same in every process and every Lua.
---@param m? integer
---@param n? integer
---@return number
function Context:random(m, n)
  local draw = self._draws or 0
  rawset(self, "_draws", draw + 1)
  local unit = self._pump.core:random(self._event, self.attempt, draw)
  if m == nil then
    return unit
  end
  if n == nil then
    m, n = 1, m
  end
  if type(m) ~= "number" or type(n) ~= "number" or m % 1 ~= 0 or n % 1 ~= 0 or m > n then
    error("bad argument to 'random' (whole numbers m <= n expected)", 2)
  end
  local drawn = m + math.floor(unit * (n - m + 1))
  return tointeger(drawn)
end

---@return number seconds since the epoch, on the clock of the driver
function Context:now()
  return self._pump.driver:now()
end

---Wait; other tasks go on meanwhile.
---@param seconds number
function Context.sleep(_, seconds)
  checked.check(seconds, 1, "sleep", 2)
  running.suspend("sleep", seconds)
end

---The input as it is, without turning it into tables.
---@return stepfn.Value? value nil when the attempt is over
function Context:raw()
  return self._pump.core:task_input(self._task, true)
end

function Context:__index(key)
  local method = Context[key]
  if method then
    return method
  end
  local field = fields[key]
  if field then
    local value = field(self)
    rawset(self, key, value)
    return value
  end
end

Context.__name = "stepfn.context"

return Context
