---An execution as a Lua object: attributes that are read when somebody asks, and an
---outcome that outlives the core.  Its methods stand in the files beside this one.
local core_module = require "stepfn.core"
local display = require "stepfn.display"
local make_pump = require "stepfn.execution.make_pump"

local usage_of = core_module.usage

---@class stepfn.Usage the most there was of each; no limit: it is lifted
---@field events { count: integer, limit?: integer }
---@field payload { bytes: integer, limit?: integer, state?: string }
---@field variables { bytes: integer, limit?: integer } of all scopes together
---@field assign { bytes: integer, limit?: integer, state?: string } in one Assign

---@class stepfn.Execution
---@field status "RUNNING"|"SUCCEEDED"|"FAILED"|"TIMED_OUT"|"ABORTED"
---@field output any
---@field error string?
---@field cause string?
---@field name string
---@field arn string
---@field start_date number
---@field stop_date number?
---@field wake_at number? when a timer is due next
---@field usage stepfn.Usage
---@field machine stepfn.Machine
local Execution = {}

local M = {}

---@param self any
---@param name string of the method
---@param level integer where it raises, as error takes it
function M.check_self(self, name, level)
  if getmetatable(self) ~= Execution then
    error("'" .. name .. "' is a method: execution:" .. name .. "(...)", level + 1)
  end
end

---@param self any
---@param name string of the method
---@param level integer
function M.check_open(self, name, level)
  M.check_self(self, name, level + 1)
  if not rawget(self, "core") then
    error("'" .. name .. "': the execution is closed", level + 1)
  end
end

-- The outcome outlives the core; the output as a value, which costs nothing, and
-- what it used as it came.
local function keep_outcome(self)
  local core = self.core
  self._kept = {
    status = core:status(), error = core:error(), cause = core:cause(), stop_date = core:stop_date(),
    name = self.name, arn = self.arn, output = core:output(true), failed_at = core:failed_at(), used = core:used(),
  }
end

---Give its memory back now; the outcome can still be read.
function Execution:close()
  M.check_self(self, "close", 2)
  if not rawget(self, "core") then
    return
  end
  local p = rawget(self, "_pump")
  if p then
    p:close()
  end
  keep_outcome(self)
  self.core:close()
  self.core = nil
end

Execution.__close = Execution.close

local getters = {}

-- Made when something needs it: an execution that is stepped by hand, or parked,
-- has none.
function getters._pump(self)
  return make_pump(self, self._settings, self._driver)
end

-- Attribute -> which fact of the core.
for attribute, fact in pairs {
  name = "name", arn = "arn", _role_arn = "role_arn", _machine_arn = "machine_arn", _seed = "seed",
} do
  getters[attribute] = function(self)
    return self.core:fact(fact)
  end
end

function getters.status(self)
  return self.core:status()
end

function getters.output(self)
  local output = self.core:output()
  if output ~= nil then
    rawset(self, "output", output)
  end
  return output
end

function getters.error(self)
  return self.core:error()
end

function getters.cause(self)
  return self.core:cause()
end

function getters.stop_date(self)
  return self.core:stop_date()
end

function getters.wake_at(self)
  return (self.core:next_wake())
end

function getters.usage(self)
  return usage_of(self.core:used())
end

-- What was kept at close: by name, or made of it.
local kept = {}

for _, name in ipairs { "name", "arn", "status", "error", "cause", "stop_date" } do
  kept[name] = function(outcome)
    return outcome[name]
  end
end

function kept.output(outcome, self)
  local output = outcome.output and outcome.output:get()
  if output ~= nil then
    rawset(self, "output", output)
  end
  return output
end

function kept.usage(outcome, self)
  local usage = usage_of(outcome.used)
  rawset(self, "usage", usage)
  return usage
end

function Execution.__index(self, key)
  local method = Execution[key]
  if method ~= nil then
    return method
  end
  local outcome = rawget(self, "_kept")
  local getter
  if outcome then
    getter = kept[key]
    return getter and getter(outcome, self)
  end
  getter = getters[key]
  return getter and getter(self)
end

---"Error: cause", or the status where there is no error.
---@param self stepfn.Execution
---@return string
function M.summary(self)
  local name, cause = self.error, self.cause
  if name and cause then
    return name .. ": " .. cause
  end
  return name or cause or self.status
end

function Execution.__tostring(self)
  local status = self.status
  if status == "SUCCEEDED" or status == "RUNNING" then
    return status
  end
  local outcome = rawget(self, "_kept")
  local pointer
  if outcome then
    pointer = outcome.failed_at
  else
    pointer = self.core:failed_at()
  end
  local text = status .. (pointer and " at " .. pointer or "")
  local summary = M.summary(self)
  return display.clean(summary == status and text or text .. ": " .. summary)
end

Execution.__name = "stepfn.execution"

---@param attributes table
---@return stepfn.Execution
function M.new(attributes)
  return setmetatable(attributes, Execution)
end

---@param methods table<string, function>
function M.add(methods)
  for name, method in pairs(methods) do
    Execution[name] = method
  end
end

return M
