---Executions as text and back, and copies of them.
local argument = require "stepfn.argument"
local bundle = require "stepfn.bundle"
local class = require "stepfn.execution.class"
local copy = require "stepfn.copy"
local core = require "stepfn.core"
local make_pump = require "stepfn.execution.make_pump"
local options = require "stepfn.options"
local settings_of = require "stepfn.execution.settings"

---@class stepfn.Execution
local methods = {}

local M = { methods = methods }

---@class stepfn.ResumeOptions
---@field tasks? table|function
---@field driver? table|string
---@field pause? boolean
---@field on_missing? "raise"|"fail"
---@field history? boolean|function as in the snapshot when not given
---What becomes of attempts that ran when the snapshot was taken: they fail with
---Stepfn.TaskLost (the default), run again, or wait for whoever still works on them.
---@field interrupted? "lost"|"again"|"keep"
---@field machines? table|function
---@field on_child? fun(child: stepfn.Execution)

-- An execution around one that the core has made; its own facts say who it is.
local function adopt(machine, inner, settings, driver)
  local facts = inner:facts()
  settings.role_arn = facts.role_arn
  local self = class.new {
    machine = machine, core = inner, start_date = facts.start_time,
  }
  local p = make_pump(self, settings, driver)
  p.interrupted = settings.interrupted or "lost"
  p.finished = inner:status() ~= "RUNNING"
  return self
end

-- The execution, when all of it is there; otherwise nothing of it stays.
local function whole(self, done, message, detail)
  if done then
    return self
  end
  self:close()
  return nil, message, detail
end

---@param machine stepfn.Machine
---@param text string
---@param settings table?
---@param level integer where misuse raises, as error takes it
---@return stepfn.Execution? execution
---@return string? message
---@return { code: string }? detail
function M.resume(machine, text, settings, level)
  argument.check_string(text, 1, "resume", level)
  settings = settings_of.restore(settings, "resume", 2, level)
  local driver = settings_of.driver(settings.driver, 2, "resume", level)
  local keeps = nil
  if settings.history ~= nil then
    keeps = settings.history ~= false
  end
  local inner, attached, detail = core.resume(machine.core, text, keeps)
  if not inner then
    return nil, attached, detail
  end
  local self = adopt(machine, inner, settings, driver)
  return whole(self, bundle.restore(self._pump, attached))
end

---All that decides how it goes on, as text: for Machine:resume.
---@param settings? { history: boolean? } with the events so far
---@return string? text
---@return string? message
---@return { code: string }? detail
function methods:snapshot(settings)
  settings = options.check(settings, { history = "boolean" }, 1, "snapshot", 2)
  class.check_open(self, "snapshot", 2)
  return bundle.snapshot(self._pump, settings.history)
end

---A copy that goes its own way; what is not given in `settings` is as here.
---@param settings? stepfn.ResumeOptions without history
---@return stepfn.Execution? execution
---@return string? message
---@return { code: string }? detail
function methods:fork(settings)
  settings = settings_of.restore(settings, "fork", 1, 2)
  class.check_open(self, "fork", 2)
  local p = self._pump
  local driver = settings_of.driver(settings.driver or p.driver.outer or p.driver, 1, "fork", 2)
  local inner, message, detail = self.core:fork()
  if not inner then
    return nil, message, detail
  end
  local all = copy(p.shared)
  all.tasks, all.on_missing, all.pause, all.history = p.tasks, p.on_missing, p.pause, nil
  for option, value in pairs(settings) do
    all[option] = value
  end
  local forked = adopt(self.machine, inner, all, driver)
  return whole(forked, bundle.fork(p, forked._pump))
end

---What decides its future, but for ids, times and randomness: two situations
---of one machine with the same fingerprint are the same to a workflow.
---@return string? text 32 characters
---@return string? message
---@return { code: string }? detail
function methods:fingerprint()
  class.check_open(self, "fingerprint", 2)
  return self.core:fingerprint()
end

return M
