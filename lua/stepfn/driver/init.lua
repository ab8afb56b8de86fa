---Which driver runs an execution.
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
---@field runs_at_once? boolean what spawn_with is given runs until it first waits, before that comes back
---@field await_until? fun(self, start: fun(done: fun()), deadline?: number)
---@field attach? fun(self, name: string, level: integer): stepfn.Driver a seat for one pump in the running coroutine
---@field host? fun(self, reactor: stepfn.driver.Reactor) have the reactor carry, in a coroutine of its own
---@field report? fun(fault: any) a spawned execution was given up
---@field worked? fun(self, slices: integer) an execution spent that many slices of work, and there is more
---@field slice? number seconds that one turn may take before all others have one

local required = { "now", "sleep", "spawn", "cancel", "await", "park", "wake" }

local shared -- the system driver of those who ask for none

local function system()
  shared = shared or require("stepfn.driver.system").new()
  return shared
end

-- The one that fits where we are.
local function fitting()
  local around = running.driver()
  if around then
    return around
  elseif rawget(_G, "ngx") then
    return require("stepfn.driver.ngx").new()
  end
  return system()
end

-- Those that have a name, in byte order, and what they need.
local names = { "cqueues", "luv", "ngx", "system", "virtual" }
local needs = {
  cqueues = "the Lua module cqueues: luarocks install cqueues",
  luv = "the Lua module luv: luarocks install luv",
  ngx = "OpenResty: it works inside its workers alone",
  system = "nothing",
  virtual = "nothing",
}

local function named(name, start_time)
  if not needs[name] then
    return nil, "no driver '" .. name .. "', there are: " .. table.concat(names, ", ")
  end
  local found, driver = pcall(require, "stepfn.driver." .. name)
  if not found then
    return nil, "the driver '" .. name .. "' needs " .. needs[name]
  end
  return driver.new(name == "virtual" and { start = start_time } or nil)
end

local function missing_method(driver)
  for _, method in ipairs(required) do
    if type(driver[method]) ~= "function" then
      return method
    end
  end
end

---The driver that an option means.
---@param option string|table|nil
---@param start_time? number where the clock begins, if it is one to be made that has none of its own
---@return stepfn.Driver? driver
---@return string? message
function M.of(option, start_time)
  if option == nil then
    return fitting()
  elseif type(option) == "string" then
    return named(option, start_time)
  end
  local missing = missing_method(option)
  if missing then
    return nil, "a driver has a method '" .. missing .. "'"
  end
  return option
end

---The driver itself, where one of its seats may be given.
---@param driver stepfn.Driver
---@return stepfn.Driver
function M.base(driver)
  return driver.outer or driver
end

---The driver as a pump in the running coroutine parks on it.
---@param driver stepfn.Driver
---@param name string of the function that misuse names
---@param level integer where misuse raises, as error takes it
---@return stepfn.Driver
function M.seat(driver, name, level)
  if driver.attach then
    return driver:attach(name, level + 1)
  end
  return running.driver() == driver and nested.new(driver) or driver
end

return M
