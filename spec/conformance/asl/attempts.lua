---The recorded task attempts of a case, handed out as they are asked for.
local compare = require "spec.conformance.compare"
local context = require "spec.conformance.asl.context"
local fixtures = require "spec.conformance.asl.fixtures"
local mocks = require "spec.conformance.asl.mocks"
local stepfn = require "stepfn"

local M = {}

local function input_difference(run, index, effect)
  local recorded = run.attempts[index].input
  if recorded == nil then
    return nil
  end
  return compare.difference(recorded, effect.input, "/tasks/" .. (index - 1) .. "/input", run.masks)
end

local function is_of(attempt, effect)
  return attempt.state == effect.state or attempt.state == stepfn.null
end

-- The first of its state with that very input, else the first of its state; that
-- one was sent something else.
local function find(run, effect)
  local first
  for i, attempt in ipairs(run.attempts) do
    if not run.taken[i] and is_of(attempt, effect) then
      first = first or i
      if not input_difference(run, i, effect) then
        return i
      end
    end
  end
  return first
end

-- What the states of a machine put into their input, by name.
local function added_names(definition)
  local names = {}
  for _, state in pairs(definition.States) do
    local path = state.ResultPath
    names[#names + 1] = type(path) == "string" and path:match "^%$%.([%w_]+)$" or nil
  end
  return names
end

---No history was recorded, so that the answer of a task was taken from the output of
---the whole: what states behind it put there was not in it.
---@param attempts table[]
---@param case conformance.AslCase
function M.correct_inferred(attempts, case)
  local output = case.get("expected").output
  for _, attempt in ipairs(attempts) do
    if type(attempt.result) == "table" and not compare.difference(output, attempt.result) then
      for _, name in ipairs(added_names(case.get "definition")) do
        attempt.result[name] = nil
      end
    end
  end
end

-- --- what an attempt was sent beside its input ---

local function seconds_left(run, effect)
  return effect.timeout_at and math.floor(effect.timeout_at - run.now + 0.5)
end

local function has_heartbeat(effect)
  return effect.kind ~= "lambda" and (effect.heartbeat_seconds or 0) > 0
end

local function credentials(effect)
  local role = effect.kind ~= "activity" and effect.credentials and effect.credentials.RoleArn
  return role and { roleArn = role } or nil
end

local function only(fields, names)
  local found = {}
  for _, name in ipairs(names) do
    found[name] = fields[name]
  end
  return found
end

-- Ids of events are the run's own where the order of events is not significant; who
-- polls for an activity is not told them.
local function event_id(run, effect, recorded)
  local is_moved = run.flags.interleaving or run.flags.ids_sanitised
  return not is_moved and effect.event_id or recorded.eventId
end

local function sent(run, effect, recorded)
  return {
    timeoutInSeconds = seconds_left(run, effect),
    heartbeatInSeconds = has_heartbeat(effect) and effect.heartbeat_seconds or nil,
    taskCredentials = credentials(effect),
    type = effect.kind == "integration" and "task" or effect.kind,
    resource = effect.resource,
    eventId = event_id(run, effect, recorded),
  }
end

local SENT = { "timeoutInSeconds", "heartbeatInSeconds", "taskCredentials", "type", "resource", "eventId" }

-- An attempt that was found in a history shows all that it was sent; of another what
-- is there counts.
local function sent_difference(run, index, effect)
  local recorded, names = run.attempts[index], {}
  for _, name in ipairs(SENT) do
    names[#names + 1] = (recorded.eventId or recorded[name] ~= nil) and name or nil
  end
  return compare.difference(only(recorded, names), only(sent(run, effect, recorded), names),
    "/tasks/" .. (index - 1), run.masks)
end

---An attempt that was recorded and did not run; nil when all did.
---@param run table
---@return conformance.Difference?
function M.left(run)
  for i, attempt in ipairs(run.attempts) do
    if not run.taken[i] then
      return { pointer = "/tasks/" .. (i - 1), expected = attempt }
    end
  end
end

---@param run table
---@param effect table a `task` effect
---@return table? attempt
function M.take(run, effect)
  if run.flags.stale_context then
    context.make_stale(effect.input)
  end
  local index = find(run, effect)
  if not index then
    return fixtures.attempt(run.fixtures, effect) or mocks.attempt(run.mocks, effect)
  end
  run.mismatch = run.mismatch or input_difference(run, index, effect) or sent_difference(run, index, effect)
  run.taken[index] = true
  return run.attempts[index]
end

-- How far an attempt had come when it failed, in the words of the engine.
local STAGES = {
  failed = "run", schedule_failed = "schedule", start_failed = "start", submit_failed = "submit",
}

local function begin(attempt, effect, feed)
  if effect.kind == "activity" and attempt.outcome ~= "schedule_failed" then
    feed { type = "task_scheduled", task = effect.task }
    if attempt.workerName or attempt.outcome ~= "timed_out" and attempt.outcome ~= "pending" then
      feed { type = "task_started", task = effect.task, worker = attempt.workerName }
    end
  end
  if attempt.submitted ~= nil then
    feed { type = "task_submitted", task = effect.task, output = attempt.submitted }
  end
end

---Feed the events of an attempt; what timed out or never came back has no end.
---@param attempt table
---@param effect table
---@param feed fun(event: table)
function M.play(attempt, effect, feed)
  begin(attempt, effect, feed)
  local stage = STAGES[attempt.outcome]
  if stage then
    feed { type = "task_failed", task = effect.task, stage = stage, error = attempt.error, cause = attempt.cause }
  elseif attempt.result ~= nil then
    feed { type = "task_succeeded", task = effect.task, output = attempt.result }
  end
end

return M
