---The driver of plain Lua: the system's clock, real sleeping.
local core = require "stepfn.core"
local Scheduler = require "stepfn.driver.scheduler"

---@class stepfn.driver.System: stepfn.driver.Scheduler
local System = Scheduler.class()

local clock, sleep = core.clock, core.sleep

function System.now()
  return clock()
end

---Sleep; may come back early when a signal came.
---@param time number
function System.pass(_, time)
  sleep(time - clock())
end

local M = {}

---@return stepfn.driver.System
function M.new()
  return Scheduler.init(setmetatable({}, System))
end

return M
