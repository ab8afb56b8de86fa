---Sagas: actions of which each can be undone, and the catches and compensations
---that undo in reverse order what was done when a later one fails.
local check = require "stepfn.step.check"
local policy = require "stepfn.step.policy"
local setters = require "stepfn.step.setters"
local states = require "stepfn.step.state"

local M = {}

local NULL = "null"
local JSONATA = '"JSONata"'

-- A value that `kind` takes, kept as it was given.
local function as_given(kind)
  return function(value)
    local text, problem = kind(value)
    if text then
      return value
    end
    return nil, problem
  end
end

local known = {}
setters.add({}, known, {
  { "done", "done", check.target },
  { "failed", "failed", check.target },
  { "errors", "errors", check.list(check.name) },
  { "retriers", "retriers", check.list(check.made("retrier")) },
  { "error_path", "error_path", as_given(check.path) },
  { "query_language", "language", check.one_of("JSONPath", "JSONata") },
  { "undo_failed", "undo_failed", check.boolean },
})

local is_state = check.made("state")

local function is_task(state)
  return states.options(states.type_of(state)).catchers ~= nil
end

local function leads_on(state)
  return states.methods(states.type_of(state)).next ~= nil
end

-- What is wrong with a step, and nil when nothing is. `is_followed`: something
-- comes behind it; `seen`: the states of the steps before.
local function fault_of(pair, is_followed, seen)
  if type(pair) ~= "table" or not is_state(pair[1]) then
    return "state, or { state, its undo } expected"
  elseif pair[2] ~= nil and (not is_state(pair[2]) or not leads_on(pair[2])) then
    return "what undoes it is no state that leads on"
  elseif pair[2] and not leads_on(pair[1]) then
    return "a state that leads nowhere is no action"
  elseif is_followed and not leads_on(pair[1]) then
    return ("a %s has no next: nothing can follow it"):format(states.type_of(pair[1]))
  end
  for _, state in ipairs(pair) do
    if seen[state] then
      return ("state '%s' stands in the saga twice"):format(state.state_name)
    end
    seen[state] = true
  end
end

-- A list of { action, undo } and { action }, a state alone being an action.
local function read_steps(steps, settings)
  if type(steps) ~= "table" or check.kind_of(steps) or #steps == 0 then
    check.raise "bad argument #2 to 'saga' (list of steps expected)"
  end
  local pairs_read, seen = {}, {}
  for position = 1, #steps do
    local value = steps[position]
    local pair = is_state(value) and { value } or value
    local fault = fault_of(pair, position < #steps or settings.done ~= nil, seen)
    if fault then
      check.raise(("bad argument #2 to 'saga': step %d (%s)"):format(position, fault))
    end
    pairs_read[position] = pair
  end
  return pairs_read
end

-- From the last undo back to one of them, it would undo for ever.
local function check_failed(failed, steps)
  for _, pair in ipairs(steps) do
    local undo = pair[2]
    if undo and (failed == undo or failed == undo.state_name) then
      check.raise(("bad argument #3 to 'saga': option 'failed' (state '%s' undoes a step)"):format(undo.state_name))
    end
  end
end

local function speaks_jsonata(state, settings)
  return (state.fields.QueryLanguage or settings.language) == JSONATA
end

-- The state that ends a saga that was undone: with the error that began it. An
-- error may have no Cause, so that all of it is this one's.
local function failure(name, error_path, in_jsonata)
  local fail = states.new_fail_state(name .. " failed")
  if in_jsonata then
    return fail:as("JSONata"):with_error("{% $states.input.error.Error %}"):with_cause("{% $string($states.input.error) %}")
  end
  return fail:with_error_path(error_path .. ".Error"):with_cause_path("States.JsonToString(" .. error_path .. ")")
end

-- What was caught is put beside the input, so that compensations still see it.
local function catcher(target, settings, in_jsonata)
  local catch = policy.new_task_catch(target, settings.errors)
  if in_jsonata then
    return catch:with_output("{% $merge([$states.input, {'error': $states.errorOutput}]) %}")
  end
  return catch:with_result_path(settings.error_path)
end

-- A compensation hands on what it was given, unless it says otherwise.
local function prepare_undo(undo, settings)
  local fields, has = undo.fields, states.options(states.type_of(undo))
  if speaks_jsonata(undo, settings) then
    fields.Output = fields.Output or '"{% $states.input %}"'
  elseif has.result_path then
    fields.ResultPath = fields.ResultPath or NULL
  end
  if has.retriers and not fields.Retry and settings.retriers then
    undo:with_retriers(settings.retriers)
  end
end

local function settings_of(options)
  local settings = {}
  setters.apply(settings, known, "saga", 3, options)
  settings.errors = settings.errors or { policy.errors.StatesAll }
  settings.error_path = settings.error_path or "$.error"
  settings.undo_failed = settings.undo_failed == "true"
  return settings
end

---Chains actions, and gives each a catch that undoes, last first, those before it.
---
---    step.saga("Booking", { { hotel, cancel_hotel }, { flight, cancel_flight }, charge }, { done = booked })
---
---Each state stands in one saga, once: the saga sets the next of actions and undos
---(whatever it was), gives the undos retriers, and lets them hand on their input.
---
---Options: `done` where the last action leads; `failed` where the last compensation
---leads (else a Fail state with the error that began it); `errors` that are caught;
---`retriers` of the compensations; `error_path` for what was caught (`$.error`);
---`query_language` of states that do not say theirs;
---`undo_failed` also undoes the action that failed, whose effect may have happened.
---@param name string for messages and the Fail state
---@param steps table[] { action, undo } or an action alone, in the order of doing
---@param options table?
---@return stepfn.step.State first the first action
function M.saga(name, steps, options)
  check.argument("saga", 1, check.name, name)
  local settings = settings_of(options)
  local pairs_read = read_steps(steps, settings)
  check_failed(settings.failed, pairs_read)
  local first, last, undone = nil, nil, settings.failed
  for _, pair in ipairs(pairs_read) do
    local action, undo = pair[1], pair[2]
    local in_jsonata = speaks_jsonata(action, settings)
    undone = undone or failure(name, settings.error_path, in_jsonata)
    if undo then
      prepare_undo(undo, settings)
      undo:next(undone)
    end
    if is_task(action) then
      action:with_catchers(catcher(settings.undo_failed and undo or undone, settings, in_jsonata))
    end
    undone = undo or undone
    if last then
      last:next(action)
    end
    first, last = first or action, action
  end
  if settings.done then
    last:next(settings.done)
  end
  return first
end

return M
