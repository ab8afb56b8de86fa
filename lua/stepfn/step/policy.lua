---Retriers and catchers.
local camel = require "stepfn.step.camel"
local check = require "stepfn.step.check"
local setters = require "stepfn.step.setters"

local M = {}

local Retrier = {}
local retrier_options = {}

setters.add(Retrier, retrier_options, {
  { "comment", "Comment", check.text },
  { "errors", "ErrorEquals", check.list(check.text) },
  { "interval", "IntervalSeconds", check.seconds },
  { "max_attempts", "MaxAttempts", check.count },
  { "backoff_rate", "BackoffRate", check.rate },
  { "max_delay", "MaxDelaySeconds", check.seconds },
  { "jitter", "JitterStrategy", check.one_of("FULL", "NONE") },
})

local retrier_meta = { step_kind = "retrier", __name = "stepfn.step.Retrier", __index = camel.index(Retrier) }

local function new_retrier(name, options)
  local fields = {}
  setters.apply(fields, retrier_options, name, 1, options)
  return setmetatable({ fields = fields }, retrier_meta)
end

---A retrier: `new_task_retry():with_errors(step.StatesAll):with_interval(10)`.
---@param options table? what the `with_` methods set, by the rest of their names
---@return stepfn.step.Retrier
function M.new_task_retry(options)
  local retrier = new_retrier("new_task_retry", options)
  return retrier
end

---The same from a table: `retry { errors = { step.StatesAll }, interval = 10 }`.
---@param options table
---@return stepfn.step.Retrier
function M.retry(options)
  local retrier = new_retrier("retry", options)
  return retrier
end

local Catcher = {}
local catcher_options = {}

setters.add(Catcher, catcher_options, {
  { "comment", "Comment", check.text },
  { "errors", "ErrorEquals", check.list(check.text) },
  { "result_path", "ResultPath", check.path_or_null },
  { "assign", "Assign", check.object },
  { "output", "Output", check.data },
})

local catcher_meta = { step_kind = "catcher", __name = "stepfn.step.Catcher", __index = camel.index(Catcher) }

---A catcher: `new_task_catch(rollback, step.StatesAll)`.
---@param target stepfn.step.State|string where it leads
---@param ... any the names of errors, or a list of them; then options
---@return stepfn.step.Catcher
function M.new_task_catch(target, ...)
  local fields = { Next = check.argument("new_task_catch", 1, check.target, target), ErrorEquals = {} }
  local values, count = { ... }, select("#", ...)
  for position = 1, count do
    local value = values[position]
    local is_list = type(value) == "table" and value[1] ~= nil
    if type(value) == "table" and not is_list and position == count then
      setters.apply(fields, catcher_options, "new_task_catch", position + 1, value)
    else
      local names = is_list and value or { value }
      for index = 1, math.max(#names, 1) do
        table.insert(fields.ErrorEquals, check.argument("new_task_catch", position + 1, check.text, names[index]))
      end
    end
  end
  return setmetatable({ fields = fields }, catcher_meta)
end

---A retrier or catcher from the fields of a definition.
---@param kind "retrier"|"catcher"
---@param fields table<string, any>
---@return stepfn.step.Retrier|stepfn.step.Catcher
function M.from_fields(kind, fields)
  return setmetatable({ fields = fields }, kind == "retrier" and retrier_meta or catcher_meta)
end

---The options of each kind, each the row of its field.
M.options = { retrier = retrier_options, catcher = catcher_options }

---The names of errors, as Sparta spells them.
M.errors = {
  StatesAll = "States.ALL",
  StatesTimeout = "States.Timeout",
  StatesTaskFailed = "States.TaskFailed",
  StatesPermissions = "States.Permissions",
  StatesResultPathMatchFailure = "States.ResultPathMatchFailure",
  StatesBranchFailed = "States.BranchFailed",
  StatesNoChoiceMatched = "States.NoChoiceMatched",
  StatesHeartbeatTimeout = "States.HeartbeatTimeout",
  StatesRuntime = "States.Runtime",
  StatesDataLimitExceeded = "States.DataLimitExceeded",
  StatesQueryEvaluationError = "States.QueryEvaluationError",
  StatesItemReaderFailed = "States.ItemReaderFailed",
  StatesResultWriterFailed = "States.ResultWriterFailed",
  StatesExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold",
  StatesIntrinsicFailure = "States.IntrinsicFailure",
  StatesParameterPathFailure = "States.ParameterPathFailure",
}

return M
