---Runs the tasks that an execution wants, one after the other, in one coroutine:
---as long as none of them waits there is one resume for all of them.  A task that
---waits keeps the coroutine to its end, and the others go on in another one.
---
---This is for drivers whose bodies run at once, and for tasks that are no more
---than a function of their whole input; attempt.lua runs any other.
local attempt = require "stepfn.attempt"
local Context = require "stepfn.context"
local core_module = require "stepfn.core"
local failure = require "stepfn.failure"

local methods = core_module.execution_methods
local take, effect_input, succeed = methods.take, methods.effect_input, methods.succeed
local handler = failure.handler

local M = {}

---@class stepfn.Turn
---@field pump stepfn.Pump its `turn` is this one as long as this one goes on
---@field context? stepfn.Context of the task that runs, or waits
---@field kind? string of the effect drained last, and what came with it:
---@field id? integer
---@field state_index? integer
---@field retries? integer
---@field event_id? integer
---@field is_over? boolean no task comes next

---Can a turn run the attempts of this target in this pump?
---@param pump stepfn.Pump
---@param target? stepfn.Target
function M.takes(pump, target)
  local driver = pump.driver
  return target and target.is_simple and attempt.yields_through and (driver.outer or driver).runs_at_once
end

local function take_next(turn)
  turn.kind, turn.id, turn.state_index, turn.retries, turn.event_id = take(turn.pump.core)
end

-- -> did a task wait?  Then the turn is not this coroutine's any more.
local function run_tasks(turn)
  local pump = turn.pump
  local core, targets = pump.core, pump.targets
  local kind, task, state_index, retries, event_id = turn.kind, turn.id, turn.state_index, turn.retries, turn.event_id
  local target = kind == "task" and targets[state_index]
  while target and target.is_simple do
    local input = effect_input(core)
    local context = setmetatable({ _task = task, _event = event_id, _target = target, _pump = pump }, Context)
    if retries > 0 then
      context.attempt = retries
    end
    pump.open[task] = context
    pump.running = pump.running + 1
    turn.context = context
    local output, err = target.fn(input, context)
    turn.context = nil
    if err == nil and pump.turn == turn and pump.open[task] == context and pump.is_stepping then
      pump.open[task] = nil
      pump.running = pump.running - 1
      local fed, message, code = succeed(core, task, output, pump.driver:now())
      if not fed then
        pump:unfed(context, message, code)
      end
    else
      attempt.report(context, true, output, err)
      if pump.turn ~= turn or pump.closed then
        return
      end
    end
    kind, task, state_index, retries, event_id = take(core)
    target = kind == "task" and targets[state_index]
  end
  turn.kind, turn.id, turn.state_index, turn.retries, turn.event_id = kind, task, state_index, retries, event_id
  turn.is_over = true
end

-- A task raised it, or this library did.
local function caught(turn, err)
  local context, pump = turn.context, turn.pump
  if not context then
    error(failure.raised_value(err), 0)
  end
  turn.context = nil
  attempt.report(context, false, err)
  if pump.turn ~= turn or pump.closed then
    return false
  end
  take_next(turn)
  return true
end

-- The body that a driver runs.
local function work(turn)
  local goes_on
  repeat
    local good, err = xpcall(run_tasks, handler, turn)
    goes_on = not good and caught(turn, err)
  until not goes_on
end

local function refused(message, turn)
  attempt.refused(message, turn.context)
end

---Run the task that was drained last, and those that come next.
---@param pump stepfn.Pump
---@param id integer
---@param state_index integer
---@param retries integer
---@param event_id integer
---@return string? kind of the effect drained after them; "again": there may be one
---@return integer? id
---@return integer? state_index
---@return integer? retries
---@return integer? event_id
function M.run(pump, id, state_index, retries, event_id)
  local turn = {
    pump = pump, kind = "task", id = id, state_index = state_index, retries = retries, event_id = event_id,
    context = nil, is_over = false,
  }
  pump.turn = turn
  local handle = pump.driver:spawn_with(work, refused, turn)
  pump.turn = nil
  if turn.is_over then
    return turn.kind, turn.id, turn.state_index, turn.retries, turn.event_id
  elseif handle then
    turn.context._handle = handle
  end
  return "again"
end

return M
