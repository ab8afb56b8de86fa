---What a replayed execution came to, in the shape of a case's `expected`, and
---whether that is what was recorded.
local compare = require "spec.conformance.compare"
local context = require "spec.conformance.asl.context"
local history = require "spec.conformance.asl.history"
local stepfn = require "stepfn"

local M = {}

local function last_event(execution)
  local events = execution:history()
  local last = events[#events]
  return { id = last.id, previousEventId = last.previousEventId, type = last.type }
end

local PAYLOADS = { "input", "output" }

-- Older recordings know fewer fields, and times are left out.
local function only_known(actual, expected, optional)
  for _, name in ipairs(optional) do
    if expected[name] == nil then
      actual[name] = nil
    end
  end
  return actual
end

local function decoded(description, expected)
  for _, name in ipairs(PAYLOADS) do
    description[name] = history.decoded(description[name])
  end
  description.cause = history.cause(description.cause, expected.cause)
  return description
end

local LATER_DESCRIBED = {
  "startDate", "stopDate", "error", "cause", "redriveCount", "redriveStatus", "redriveStatusReason",
}

local function describe(execution, expected)
  return only_known(decoded(execution:describe(), expected), expected, LATER_DESCRIBED)
end

local function status_changes(execution, expected)
  local changes = stepfn.array(execution:status_changes())
  for i, change in ipairs(changes) do
    decoded(change.detail, expected[i] and expected[i].detail or {})
  end
  return changes
end

local LATER_LOGGED = { "event_timestamp", "execution_arn", "redrive_count" }

-- Ids are text in the log; a recording may hold them as numbers.
local function same_kind(id, expected)
  return type(expected) == "number" and tonumber(id) or id
end

local function logged(entry, expected)
  local details = expected.details
  entry.details = history.details(entry.details, type(details) == "table" and details or nil)
  entry.id = same_kind(entry.id, expected.id)
  entry.previous_event_id = same_kind(entry.previous_event_id, expected.previous_event_id)
  if expected.previousEventId ~= nil then
    entry.previousEventId = same_kind(entry.previous_event_id, expected.previousEventId)
    entry.previous_event_id = nil
  end
  return only_known(entry, expected, LATER_LOGGED)
end

local function logs(run, expected)
  local logging = run.case.get "logging" or {}
  local entries = stepfn.array(run.execution:logs {
    level = logging.level, include_execution_data = logging.includeExecutionData,
  })
  for i, entry in ipairs(entries) do
    logged(entry, expected[i] or expected[#expected] or {})
  end
  return entries
end

---@param run table of replay.run
---@return table
function M.of(run)
  local execution, expected = run.execution, run.case.get "expected"
  local actual = {
    status = execution.status,
    output = execution.output,
    error = execution.error,
    cause = history.cause(execution.cause, expected.cause),
  }
  if expected.history then
    actual.history = history.shape(execution:history(), expected.history, run.flags)
  end
  if expected.describe then
    actual.describe = describe(execution, expected.describe)
  end
  if expected.end_event then
    actual.end_event = last_event(execution)
  end
  if expected.eventbridge_events then
    actual.eventbridge_events = status_changes(execution, expected.eventbridge_events)
  end
  if expected.logs then
    actual.logs = logs(run, expected.logs)
  end
  if run.flags.stale_context then
    context.make_stale(actual)
  end
  return actual
end

---The first difference; the history last, since it repeats the others.
---@param expected table
---@param actual table
---@param masks conformance.Masks
---@param flags table<string, boolean>
---@return conformance.Difference?
function M.difference(expected, actual, masks, flags)
  local rest, actual_rest = {}, {}
  for name, value in pairs(expected) do
    rest[name] = name ~= "history" and value or nil
  end
  for name, value in pairs(actual) do
    actual_rest[name] = name ~= "history" and value or nil
  end
  local difference = compare.difference(rest, actual_rest, "/expected", masks)
  if not difference and expected.history then
    difference = history.difference(expected.history, actual.history or {}, "/expected/history", masks, flags)
  end
  return difference
end

return M
