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

local function start_core(self, input, settings, start_time)
  local limits = settings.limits or NO_LIMITS
  local who = identity.of(self.machine, settings, self._seed)
  self.name, self.arn, self._role_arn, self._machine_arn = who.name, who.arn, who.role_arn, who.machine_arn
  return core.execution(self.machine.core, input, who, start_time, self._seed, core.seed_secret(self._seed),
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
  local self = class.new {
    machine = machine, start_date = start_time, _seed = identity.seed(settings.seed),
  }
  self.core = assert(start_core(self, settings_of.input(input, name, level), settings, start_time))
  self._settings, self._driver = settings, driver -- for its pump
  return self
end

return M
