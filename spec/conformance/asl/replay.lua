---An execution driven by hand: virtual time, and each task attempt gets the answer
---that was recorded for it, at once.
local attempts = require "spec.conformance.asl.attempts"
local compare = require "spec.conformance.compare"
local fixtures = require "spec.conformance.asl.fixtures"
local mocks = require "spec.conformance.asl.mocks"
local resume = require("stepfn.core").resume
local stepfn = require "stepfn"

local M = {}

local STEPS_MAX = 100000
local EFFECTS_MAX = 1000000 -- an endless machine has no other end here
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

-- --- effects ---

-- An execution and the children of its Map Runs, each by itself.
local function add_node(run, inner, parent, id)
  local node = { core = inner, parent = parent, id = id, asleep = {} }
  table.insert(run.nodes, node)
  return node
end

-- With STEPFN_SWAP=1 what goes on after each effect is what a snapshot gives.
local is_swapped = os.getenv "STEPFN_SWAP" == "1"

local function swap(run, node)
  local resumed = assert(resume(run.machine.core, assert(node.core:snapshot(true))))
  if node.core == run.execution.core then
    run.execution.core, run.execution._pump.core = resumed, resumed
  end
  node.core:close()
  node.core = resumed
  resumed:advance(run.now)
end

local function feed(run, node, event)
  event.now = run.now
  local accepted, message = node.core:feed(event)
  if not accepted then
    error(event.type .. " was not accepted: " .. tostring(message), 0)
  end
end

local function answer(run, node, attempt, effect)
  attempts.play(attempt, effect, function(event)
    feed(run, node, event)
  end)
end

local handlers = {}

function handlers.task(run, node, effect)
  local attempt = attempts.take(run, effect)
  if not attempt then
    error("no answer was recorded for state " .. effect.state .. " (" .. effect.resource .. ")", 0)
  end
  if attempt.delay then
    node.asleep[effect.task] = { at = run.now + attempt.delay, attempt = attempt, effect = effect }
  else
    answer(run, node, attempt, effect)
  end
end

-- Nobody waits for the answer any more.
function handlers.cancel(_, node, effect)
  node.asleep[effect.task] = nil
end

function handlers.more(run, node)
  node.core:advance(run.now)
end

function handlers.wake(_, node, effect)
  node.wake = not effect.implicit and effect.at or nil
end

function handlers.child(run, node, effect)
  local child = add_node(run, node.core:child(run.now, false), node, effect.child)
  node.core:child_started(effect.child, run.now)
  child.core:advance(run.now)
end

function handlers.child_stop(run, node, effect)
  for _, child in ipairs(run.nodes) do
    if child.parent == node and child.id == effect.child then
      child.core:stop(nil, nil, run.now)
      child.parent = nil
    end
  end
end

function handlers.finished(run, node)
  node.wake = nil
  if node.parent then
    node.parent.core:child_finished(node.id, node.core, run.now)
  end
end

function handlers.read(run, node, effect)
  local event = fixtures.read(run.fixtures, effect)
    or { error = "S3.NoSuchKeyException", cause = "The specified key does not exist." }
  event.type = event.error and "read_failed" or "read"
  event.reader = effect.reader
  feed(run, node, event)
end

function handlers.write(run, node, effect)
  feed(run, node, { type = "written", writer = effect.writer, key = effect.key, etag = "etag" })
end

local function drain(run, node)
  local any = false
  local effect = node.core:effect()
  while effect do
    any = true
    run.effects = run.effects + 1
    if run.effects > EFFECTS_MAX then
      error("no end after " .. EFFECTS_MAX .. " effects", 0)
    end
    if handlers[effect.type] then
      handlers[effect.type](run, node, effect)
    end
    if is_swapped then
      swap(run, node)
    end
    effect = node.core:effect()
  end
  return any
end

-- --- driving ---

-- Come to rest at this instant.
local function settle(run)
  repeat
    local any, i = false, 1
    while run.nodes[i] do
      any = drain(run, run.nodes[i]) or any
      i = i + 1
    end
  until not any
end

local function earlier(at, other)
  return (not at or other and other < at) and other or at
end

-- The next instant at which something is due; nil when nothing is.
local function next_wake(run)
  local at
  for _, node in ipairs(run.nodes) do
    at = earlier(at, node.wake)
    for _, sleeper in pairs(node.asleep) do
      at = earlier(at, sleeper.at)
    end
  end
  return at
end

-- Functions that have slept long enough answer, in the order of their calls.
local function wake_sleepers(run, node)
  local due = {}
  for task, sleeper in pairs(node.asleep) do
    due[#due + 1] = sleeper.at <= run.now and task or nil
  end
  table.sort(due)
  for _, task in ipairs(due) do
    local sleeper = node.asleep[task]
    node.asleep[task] = nil
    answer(run, node, sleeper.attempt, sleeper.effect)
  end
end

local function wake_nodes(run)
  local any = false
  for _, node in ipairs(run.nodes) do
    if node.wake and node.wake <= run.now then
      node.wake = nil
      node.core:advance(run.now)
      any = true
    end
  end
  return any
end

-- A timeout goes before an answer of the same instant.
local function wake_up(run, at)
  run.now = math.max(at, run.now)
  if not wake_nodes(run) then
    for _, node in ipairs(run.nodes) do
      wake_sleepers(run, node)
    end
  end
end

-- Is it recorded no further than to where the execution has come?
local function is_recorded_end(run)
  local history = run.case.get("expected").history
  return run.flags.not_terminal and (not history or #run.execution:history() >= #history)
end

local function drive(run)
  run.execution:advance(run.now)
  for _ = 1, STEPS_MAX do
    settle(run)
    local at = next_wake(run)
    if not at or run.execution.status ~= "RUNNING" or is_recorded_end(run) then
      return
    end
    wake_up(run, at)
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
    fixtures = case.get "fixtures" or {},
    mocks = mocks.new(case.get "mock_config", machine_name(case)),
    taken = {},
    nodes = {},
    effects = 0,
    masks = compare.masks(case.get "masked", case.get "flags"),
    now = options.start_time,
    machine = machine,
    execution = machine:start(case.field "input", options),
  }
  if run.flags.tasks_inferred then
    attempts.correct_inferred(run.attempts, case)
  end
  add_node(run, run.execution.core)
  local done, failure = pcall(drive, run)
  if not done then
    return run, tostring(failure)
  end
  stop_if_recorded(run)
  run.mismatch = run.mismatch or not run.flags.not_terminal and attempts.left(run) or nil
  return run
end

return M
