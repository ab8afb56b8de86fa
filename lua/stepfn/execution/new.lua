---An execution at its beginning.
local class = require "stepfn.execution.class"
local core = require "stepfn.core"
local identity = require "stepfn.identity"
local settings_of = require "stepfn.execution.settings"

local M = {}

local PAYLOAD, EVENTS, VARIABLES, MAP_CONCURRENCY = 262144, 25000, 10485760, 40
local NO_LIMITS = {}

local function either(value, default)
  if value == nil then
    return default
  end
  return value
end

local function start_core(machine, input, settings, start_time)
  local limits = settings.limits or NO_LIMITS
  local seed = identity.seed(settings.seed)
  return core.execution(machine.core, input, identity.of(machine, settings, seed), start_time, seed, nil,
    settings.history ~= false,
    either(limits.payload, PAYLOAD),
    either(limits.events, EVENTS),
    either(limits.variables, VARIABLES),
    either(limits.map_concurrency, MAP_CONCURRENCY),
    limits.slice)
end

---@param machine stepfn.Machine
---@param input any
---@param settings table? options of run
---@param name "run"|"start"|"spawn"
---@param level integer where misuse raises, as error takes it
---@return stepfn.Execution
function M.new(machine, input, settings, name, level)
  settings = settings_of.start(settings, name, level)
  local driver = settings_of.driver(settings.driver, 2, name, level, settings.start_time)
  local start_time = settings.start_time or driver:now()
  return class.new {
    machine = machine, start_date = start_time, _settings = settings, _driver = driver, -- for its pump
    core = assert(start_core(machine, settings_of.input(input, name, level), settings, start_time)),
  }
end

return M
