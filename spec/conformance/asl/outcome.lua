---What a replayed execution came to, in the shape of a case's `expected`, and
---whether that is what was recorded.
local compare = require "spec.conformance.compare"
local context = require "spec.conformance.asl.context"
local history = require "spec.conformance.asl.history"

local M = {}

local function last_event(execution)
  local events = execution:history()
  local last = events[#events]
  return { id = last.id, previousEventId = last.previousEventId, type = last.type }
end

local function redrive_status(execution)
  return execution.status ~= "SUCCEEDED" and execution.status ~= "RUNNING" and "REDRIVABLE" or "NOT_REDRIVABLE"
end

-- As DescribeExecution answers; what older recordings left out is left out.
local function describe(run, actual, expected)
  local execution = run.execution
  return {
    executionArn = execution.arn,
    stateMachineArn = (run.case.get "context" or {}).stateMachineArn,
    name = execution.name,
    status = execution.status,
    input = run.case.get "input",
    inputDetails = { included = true },
    output = actual.output,
    outputDetails = actual.output ~= nil and { included = true } or nil,
    error = expected.error and execution.error,
    cause = expected.cause and execution.cause,
    redriveCount = expected.redriveCount and 0,
    redriveStatus = expected.redriveStatus and redrive_status(execution),
    redriveStatusReason = expected.redriveStatusReason and "Execution is " .. execution.status .. " and cannot be redriven",
  }
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
    actual.describe = describe(run, actual, expected.describe)
  end
  if expected.end_event then
    actual.end_event = last_event(execution)
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
