---The options of run, start, spawn, resume and fork: which there are, and what they
---may be.  All functions raise at `level`, as error takes it.
local argument = require "stepfn.argument"
local copy = require "stepfn.copy"
local core = require "stepfn.core"
local drivers = require "stepfn.driver"
local identity = require "stepfn.identity"
local options = require "stepfn.options"
local seconds = require "stepfn.seconds"

local M = {}

local starting = {
  tasks = "table|function", driver = "string|table", name = "string", arn = "string", machine_arn = "string",
  role_arn = "string", start_time = "number", aws = "table", seed = "number", history = "boolean|function",
  limits = "table", pause = "boolean", on_missing = "string", synchronous = "boolean", on_child = "function",
  machines = "table|function", objects = "string|table", on_exit = "function",
}

local going_on = {
  tasks = "table|function", driver = "string|table", pause = "boolean", on_missing = "string", on_exit = "function",
}

local forking = {
  tasks = "table|function", driver = "string|table", pause = "boolean", on_missing = "string",
  machines = "table|function", objects = "string|table", on_child = "function", interrupted = "string",
  on_exit = "function",
}

local resuming = copy(forking)
resuming.history = "boolean|function"

local limit_names = {
  payload = "number|boolean", events = "number|boolean", variables = "number|boolean",
  map_concurrency = "number|boolean", slice = "number",
}

local ways = { lost = true, again = true, keep = true }

local math_type = rawget(math, "type") or function() end

local function check_on_missing(value, position, name, level)
  if value ~= nil and value ~= "raise" and value ~= "fail" then
    argument.fault(position, name, "option 'on_missing': \"raise\" or \"fail\" expected", level + 1)
  end
end

local function check_limits(limits, name, level)
  options.check(limits, limit_names, 2, name, level + 1)
  for key, value in pairs(limits or {}) do
    if value == true or value and not (value >= 1 and value <= 2 ^ 53 and value % 1 == 0) then
      argument.fault(2, name, "limit '" .. key .. "': a whole number from 1 on, or false for none, expected", level + 1)
    end
  end
end

local function check_seed(seed, name, level)
  local is_exact = seed and (math_type(seed) == "integer" or seed % 1 == 0 and math.abs(seed) <= 2 ^ 53)
  if seed and not is_exact then
    argument.fault(2, name, "option 'seed': an integer expected", level + 1)
  end
end

local function check_name(given, name, level)
  local fault = given and identity.name_fault(given)
  if fault then
    argument.fault(2, name, "option 'name': " .. fault, level + 1)
  end
end

local function check_start_time(time, name, level)
  local fault = time and seconds.fault(time)
  if fault then
    argument.fault(2, name, "option 'start_time': " .. fault, level + 1)
  end
end

---@param settings any of run, start or spawn
---@param name string of that function
---@param level integer
---@return table settings
function M.start(settings, name, level)
  settings = options.check(settings, starting, 2, name, level + 1)
  check_limits(settings.limits, name, level + 1)
  check_on_missing(settings.on_missing, 2, name, level + 1)
  check_seed(settings.seed, name, level + 1)
  check_name(settings.name, name, level + 1)
  check_start_time(settings.start_time, name, level + 1)
  return settings
end

---@param settings any of an execution's own run or spawn
---@param name string
---@param level integer
---@return table settings
function M.go_on(settings, name, level)
  settings = options.check(settings, going_on, 1, name, level + 1)
  check_on_missing(settings.on_missing, 1, name, level + 1)
  return settings
end

---@param settings any of resume or fork
---@param name "resume"|"fork"
---@param position integer
---@param level integer
---@return table settings a copy
function M.restore(settings, name, position, level)
  settings = copy(options.check(settings, name == "fork" and forking or resuming, position, name, level + 1))
  check_on_missing(settings.on_missing, position, name, level + 1)
  if settings.interrupted ~= nil and not ways[settings.interrupted] then
    argument.fault(position, name, "option 'interrupted': \"lost\", \"again\" or \"keep\" expected", level + 1)
  end
  return settings
end

---@param option any the option `driver`
---@param position integer
---@param name string
---@param level integer
---@param start_time? number
---@return stepfn.Driver
function M.driver(option, position, name, level, start_time)
  local driver, message = drivers.of(option, start_time)
  if not driver then
    argument.fault(position, name, "option 'driver': " .. message, level + 1)
  end
  return driver
end

---@param input any
---@param name string
---@param level integer
---@return stepfn.Value|string input as the core takes it
function M.input(input, name, level)
  if input == nil then
    return core.value {}
  end
  local is_text = type(input) == "string" -- a value, no JSON
  local value, message = core.value(is_text and { input } or input)
  if value == nil then
    argument.fault(1, name, message, level + 1)
  end
  return is_text and input or value
end

return M
