---Which driver runs an execution.
local Scheduler = require "stepfn.driver.scheduler"
local nested = require "stepfn.driver.nested"
local running = require "stepfn.driver.running"

local M = {}

---@class stepfn.Driver
---@field now fun(self): number seconds since the epoch
---@field sleep fun(self, seconds: number) inside a task
---@field spawn fun(self, body: fun(), refused: fun(message: string)): any handle
---@field cancel fun(self, handle: any) best effort
---@field await fun(self, start: fun(done: fun(...))): any inside a task
---@field park fun(self, deadline?: number): boolean? false: nothing will ever happen
---@field wake fun(self)
---@field spawn_with? fun(self, body: function, refused: fun(message: string, argument: any), argument: any, more: any): any
---@field await_until? fun(self, start: fun(done: fun()), deadline?: number)

local required = { "now", "sleep", "spawn", "cancel", "await", "park", "wake" }

local shared -- the system driver of those who ask for none

local function system()
  shared = shared or require("stepfn.driver.system").new()
  return shared
end

local function named(name)
  local found, driver = pcall(require, "stepfn.driver." .. name)
  if not found or type(driver) ~= "table" or type(driver.new) ~= "function" then
    return nil, "no driver '" .. name .. "'" .. (found and "" or ": " .. tostring(driver))
  end
  return driver.new()
end

---The driver that an option means.
---@param option string|table|nil
---@return stepfn.Driver? driver
---@return string? message
function M.of(option)
  local around = running.driver()
  if option == nil then
    return around and nested.new(around) or system()
  elseif type(option) == "string" then
    return named(option)
  end
  for _, method in ipairs(required) do
    if type(option[method]) ~= "function" then
      return nil, "a driver has a method '" .. method .. "'"
    end
  end
  return option == around and nested.new(around) or option
end

---Is it one of those whose tasks go on only while somebody parks?
---@param driver stepfn.Driver
---@return boolean
function M.is_scheduler(driver)
  return driver.park == Scheduler.park
end

return M
