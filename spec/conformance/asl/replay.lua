---An execution driven by hand: virtual time, and each task attempt gets the answer
---that was recorded for it.
local compare = require "spec.conformance.compare"
local context = require "spec.conformance.asl.context"
local stepfn = require "stepfn"

local M = {}

local STEPS_MAX = 100000
local MASKED_TIME = 1704067200 -- start of runs whose case does not say

-- --- what a case says ---

local function seconds(text)
  local year, month, day, hour, minute, second = (text or ""):match "^(%d+)-(%d+)-(%d+)T(%d+):(%d+):([%d.]+)Z$"
  if not year then
    return MASKED_TIME
  end
  local y, m = tonumber(year), tonumber(month)
  if m <= 2 then
    y, m = y - 1, m + 12
  end
  local days = 365 * y + math.floor(y / 4) - math.floor(y / 100) + math.floor(y / 400)
    + math.floor((153 * (m - 3) + 2) / 5) + tonumber(day) - 1 - 719468
  return days * 86400 + tonumber(hour) * 3600 + tonumber(minute) * 60 + tonumber(second)
end

-- Of an asynchronous EXPRESS run nothing but logs is left.
local function is_synchronous(case)
  local expected = case.get "expected"
  return case.get "workflow_type" == "EXPRESS" and not expected.end_event and not expected.logs
end

local function start_options(case)
  local identity = case.get "context" or {}
  return {
    driver = "virtual",
    seed = 1,
    name = identity.executionName,
    arn = identity.executionArn,
    machine_arn = identity.stateMachineArn,
    role_arn = identity.roleArn,
    start_time = seconds(identity.startTime),
    synchronous = is_synchronous(case),
  }
end

local function machine_name(case)
  return (case.get "context" or {}).stateMachineName
end

-- --- answers ---

-- The recorded attempt for an effect: the first of its state with that very input,
-- else the first of its state.
local function take_attempt(run, effect)
  local first
  if run.flags.stale_context then
    context.make_stale(effect.input)
  end
  for i, attempt in ipairs(run.attempts) do
    if not run.taken[i] and (attempt.state == effect.state or attempt.state == stepfn.null) then
      first = first or i
      local pointer = "/tasks/" .. (i - 1) .. "/input"
      if attempt.input == nil or not compare.difference(attempt.input, effect.input, pointer, run.masks) then
        return i
      end
    end
  end
  if first then
    run.mismatch = run.mismatch
      or compare.difference(run.attempts[first].input, effect.input, "/tasks/" .. (first - 1) .. "/input", run.masks)
  end
  return first
end

local STAGES = {
  failed = "run", schedule_failed = "schedule", start_failed = "start", submit_failed = "submit",
}

local function feed(run, kind, effect, fields)
  local event = { type = kind, task = effect.task, now = run.now }
  for name, value in pairs(fields or {}) do
    event[name] = value
  end
  local accepted, message = run.execution:feed(event)
  if not accepted then
    error(kind .. " was not accepted: " .. tostring(message), 0)
  end
end

local function begin(run, effect, attempt)
  if effect.kind == "activity" and attempt.outcome ~= "schedule_failed" then
    feed(run, "task_scheduled", effect)
    if attempt.workerName or attempt.outcome ~= "timed_out" and attempt.outcome ~= "pending" then
      feed(run, "task_started", effect, { worker = attempt.workerName })
    end
  end
  if attempt.submitted ~= nil then
    feed(run, "task_submitted", effect, { output = attempt.submitted })
  end
end

local function finish(run, effect, attempt)
  local stage = STAGES[attempt.outcome]
  if stage then
    feed(run, "task_failed", effect, { stage = stage, error = attempt.error, cause = attempt.cause })
  elseif attempt.result ~= nil then
    feed(run, "task_succeeded", effect, { output = attempt.result })
  end
end

local function answer(run, effect)
  local index = take_attempt(run, effect)
  if not index then
    error("no answer was recorded for state " .. effect.state .. " (" .. effect.resource .. ")", 0)
  end
  run.taken[index] = true
  begin(run, effect, run.attempts[index])
  finish(run, effect, run.attempts[index])
end

-- --- driving ---

-- Come to rest at this instant.  -> the last wake effect
local function settle(run)
  local wake = run.wake
  repeat
    local again = false
    for effect in run.execution:effects() do
      if effect.type == "task" then
        answer(run, effect)
        again = true
      elseif effect.type == "more" then
        run.execution:advance(run.now)
        again = true
      elseif effect.type == "wake" then
        wake = effect
      end
    end
  until not again
  return wake
end

-- Is it recorded no further than to where the execution has come?
local function is_recorded_end(run)
  local history = run.case.get("expected").history
  return run.flags.not_terminal and (not history or #run.execution:history() >= #history)
end

local function drive(run)
  local execution = run.execution
  execution:advance(run.now)
  for _ = 1, STEPS_MAX do
    local wake = settle(run)
    run.wake = wake
    if execution.status ~= "RUNNING" or is_recorded_end(run) then
      return
    elseif not (wake and wake.at and not wake.implicit) or wake.at <= run.now then
      return
    end
    run.now = wake.at
    execution:advance(run.now)
  end
  error("still running after " .. STEPS_MAX .. " steps", 0)
end

-- Somebody stopped it: nothing in the machine says so.
local function stop_if_recorded(run)
  local expected = run.case.get "expected"
  if expected.status == "ABORTED" and run.execution.status == "RUNNING" then
    run.execution:stop(expected.error, expected.cause, run.now)
  end
end

---@param case conformance.AslCase
---@return table? run { execution, mismatch? }
---@return string? reason why there is none
function M.run(case)
  local definition = case.field "definition_text" or case.field "definition"
  local machine, message = stepfn.load(definition, { type = case.get "workflow_type", name = machine_name(case) })
  if not machine then
    return nil, "refused: " .. message:match "^[^\n]*"
  end
  local options = start_options(case)
  local run = {
    case = case,
    flags = case.get "flags" or {},
    attempts = case.get "tasks" or {},
    taken = {},
    masks = compare.masks(case.get "masked"),
    now = options.start_time,
    execution = machine:start(case.field "input", options),
  }
  local done, failure = pcall(drive, run)
  if not done then
    return run, tostring(failure)
  end
  stop_if_recorded(run)
  return run
end

return M
