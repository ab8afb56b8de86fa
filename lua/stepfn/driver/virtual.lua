---Virtual time: the clock stands still while anything can run, then jumps to
---what is due next.  A year-long workflow takes a millisecond.
local argument = require "stepfn.argument"
local core = require "stepfn.core"
local options = require "stepfn.options"
local Scheduler = require "stepfn.driver.scheduler"
local checked = require "stepfn.seconds"

---@class stepfn.driver.Virtual: stepfn.driver.Scheduler
local Virtual = Scheduler.class()

local known = { start = "string|number" }

-- Always the same, so that a run repeats in every process.
local START = "2026-01-01T00:00:00Z"

-- Work takes no time, unless it is very much: an execution that loops for ever
-- has to come to its time limit.
local SLICES_FREE = 200 -- some 600,000 transitions
local SECONDS_A_SLICE = 60

function Virtual:now()
  return self.time
end

function Virtual:pass(time)
  if time > self.time then
    self.time = time
  end
end

---An execution has spent a slice of work, and there is more.
---@param slices integer that it has spent
function Virtual:worked(slices)
  if slices > SLICES_FREE then
    self:pass(self.time + SECONDS_A_SLICE)
  end
end

---Run what falls due in the next seconds, in order, and stop there.
---@param seconds number
function Virtual:advance(seconds)
  checked.check(seconds, 1, "advance", 2)
  if seconds < 0 then
    argument.fault(1, "advance", "time does not go back", 2)
  end
  local target = self.time + seconds
  self:run_ready()
  local due = self:next_due()
  while due and due <= target do
    self:pass(due)
    self:fire()
    due = self:next_due()
  end
  self.time = target
end

local M = {}

---@param settings? { start: string|number? } the time to begin at, RFC 3339 or seconds since the epoch; START when it is not given
---@return stepfn.driver.Virtual
function M.new(settings)
  settings = options.check(settings, known, 1, "new", 2)
  local start = settings.start or START
  if type(start) == "string" then
    start = core.time_parse(start)
    if not start then
      argument.fault(1, "new", "option 'start': not a time of RFC 3339: " .. settings.start, 2)
    end
  end
  local fault = checked.fault(start)
  if fault then
    argument.fault(1, "new", "option 'start': " .. fault, 2)
  end
  return Scheduler.init(setmetatable({ time = start }, Virtual))
end

return M
