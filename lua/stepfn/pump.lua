---The pump: drains what one execution wants done, has it done by task functions
---and the driver's clock, and feeds back what became of it.
local attempt = require "stepfn.attempt"
local children = require "stepfn.children"
local Context = require "stepfn.context"
local core_module = require "stepfn.core"
local failure = require "stepfn.failure"
local interrupted = require "stepfn.interrupted"
local objects = require "stepfn.objects"
local sdk_metadata = require "stepfn.sdk_metadata"
local tasks = require "stepfn.tasks"
local turns = require "stepfn.turn"

local run, refused = attempt.run, attempt.refused

-- What is called for every task.
local methods = core_module.execution_methods
local succeed, effect_input, take = methods.succeed, methods.effect_input, methods.take

---@class stepfn.Pump
---@field core userdata the execution in the core
---@field driver stepfn.Driver
---@field tasks table|function
---@field functions table those of the builder
---@field infos table<integer, stepfn.TaskInfo>
---@field on_missing "raise"|"fail"
---@field on_event? fun(event: table) the history option
---@field pause boolean
---@field interrupted? "lost"|"again"|"keep" after a resume: what becomes of attempts that ran elsewhere
---@field spawned boolean? nobody waits for it to come back
---@field turn? stepfn.Turn which runs its tasks at the moment
---@field is_stepping boolean? it will see by itself what it is fed
---@field on_exit? fun(execution: stepfn.Execution) the on_exit option
---@field slices integer? how many were spent before all was done
---@field is_given_up boolean? a spawned one that nobody drives any more
---@field fault any why a spawned one was given up
---@field on_end function[] called when the execution has ended
---@field parent? stepfn.Pump of an execution below another
---@field children table<integer, stepfn.Pump> by the id that this execution knows them by
---@field busy integer how many of them can go on without the outside
---@field identity fun(self): table the context object's Execution
---@field request_id fun(self, event_id: integer): string
---@field make_child fun(self, settings: table, name: string, arn: string, seed: string, now: number): stepfn.Pump
---@field on_child? fun(child: stepfn.Execution) the on_child option
---@field map_runs table<integer, table> what is known of Map Runs
---@field store? stepfn.Store the objects option
---@field own? fun(info: stepfn.TaskInfo): function? tasks that need no function of the user's
---@field shared table options for executions that its tasks start
---@field unpackers table<integer, stepfn.Gunzip>
---@field nested table<stepfn.Execution, boolean> those executions
local Pump = {}
Pump.__index = Pump

local M = { class = Pump }

-- What most executions never have: see Pump:made.
local NONE = {}
Pump.children, Pump.map_runs, Pump.nested, Pump.tracebacks, Pump.on_end = NONE, NONE, NONE, NONE, NONE
Pump.unpackers, Pump.busy, Pump.running = NONE, 0, 0

---@param settings table the fields above
---@return stepfn.Pump
function M.new(settings)
  settings.targets = settings.targets or {} -- by state index
  settings.open = {} -- attempt id -> context of what runs
  return setmetatable(settings, Pump)
end

---One of its tables, to put something into: made when that is first wanted.
---@param name "children"|"map_runs"|"nested"|"tracebacks"|"on_end"|"unpackers"
---@return table
function Pump:made(name)
  local list = rawget(self, name)
  if not list then
    list = {}
    self[name] = list
  end
  return list
end

-- --- the end of an attempt ---

-- Is it still wanted?  Closes it.
local function close_attempt(self, context)
  local task = context._task
  if self.open[task] ~= context then
    return false
  end
  self.open[task] = nil
  self.running = self.running - 1
  if not self.is_stepping then
    self.driver:wake(self)
  end
  return true
end

local function invalid_output(self, context, message)
  self.core:fail(context._task, failure.LUA_ERROR,
    failure.lambda_cause("the task returned what has no form in JSON: " .. message), self.driver:now())
end

-- Tokens stay open after the call's own answer; jobs are over with it.
local function feed_answer(self, context, output, pattern)
  local task, now = context._task, self.driver:now()
  local fed, message, code = true, nil, nil
  if not context._is_submitted then
    fed, message, code = self.core:submit(task, output, now)
  end
  if fed and pattern ~= "token" then
    fed, message, code = self.core:succeed(task, output, now)
  end
  return fed, message, code
end

---The call was answered, the job goes on.
---@param context stepfn.Context
---@param output any
function Pump:submitted(context, output)
  if self.open[context._task] == context then
    context._is_submitted = true
    self.core:submit(context._task, output, self.driver:now())
  end
end

---The core did not take an output.
---@param context stepfn.Context
---@param message string
---@param code string
function Pump:unfed(context, message, code)
  if code == "InvalidOutput" then
    invalid_output(self, context, message)
  end
end

---@param context stepfn.Context
---@param output any
function Pump:succeeded(context, output)
  if not close_attempt(self, context) then
    return
  end
  local target, task = context._target, context._task
  if target.is_payload then
    output = sdk_metadata.invoked(output, self:request_id(context._event), self.driver:now())
  end
  local fed, message, code
  if target.pattern == "request" then
    fed, message, code = succeed(self.core, task, output, self.driver:now())
  else
    fed, message, code = feed_answer(self, context, output, target.pattern)
  end
  if not fed then
    self:unfed(context, message, code)
  end
end

---@param context stepfn.Context
---@param name string
---@param cause? string
---@param traceback? string
function Pump:failed(context, name, cause, traceback)
  if not close_attempt(self, context) then
    return
  end
  if traceback then
    self:made "tracebacks"[context._event] = traceback
  end
  name, cause = failure.cleaned(name, cause)
  self.core:fail(context._task, name, cause, self.driver:now())
end

-- --- the start of an attempt ---

local function no_function(self, task, target)
  if self.on_missing == "raise" then
    error(target.missing, 0)
  end
  local name = target.info.name or target.info.resource
  self.core:fail(task, "Lambda.ResourceNotFoundException", "Function not found: " .. name, self.driver:now())
end

-- The target of an attempt; the input is in the core still.
local function target_of(self, state_index)
  local target = self.targets[state_index]
  if not target then
    target = tasks.target(self.tasks, self.functions, self.infos[state_index], nil, self.own)
    self.targets[state_index] = target
  end
  if target.is_dynamic then
    local name = self.core:effect_input "FunctionName"
    name = type(name) == "string" and tasks.function_name(name) or "(no FunctionName)"
    return tasks.target(self.tasks, self.functions, target.info, name, self.own)
  end
  return target
end

-- The Payload for the function; nil when the attempt has failed over it.
local function payload_of(self, task)
  local input, message = tasks.payload_input(self.core:effect_input "Payload")
  if input == nil then
    self.core:fail(task, "Lambda.InvalidRequestContentException",
      "Could not parse request body into json: " .. message, self.driver:now())
  end
  return input
end

-- An activity exists, and is taken at once where there is a function.
local function begin_activity(self, task, target)
  local now = self.driver:now()
  self.core:scheduled(task, now)
  if target.fn then
    self.core:started(task, now)
  end
  return target.fn and self.core:effect_input()
end

local function spawn(self, context, input)
  local driver = self.driver
  return driver:spawn(attempt.body(context, input, driver.outer or driver), function(message) refused(message, context) end)
end

-- What is not plain: no function, only the Payload, an activity.
-- -> the input; nil when nothing is to be run
local function prepare(self, task, target)
  if target.missing then
    return no_function(self, task, target)
  elseif target.is_payload then
    return payload_of(self, task)
  end
  return begin_activity(self, task, target)
end

local function start(self, task, state_index, retries, event_id)
  local target = self.targets[state_index]
  local input
  if target and target.is_plain then
    input = effect_input(self.core)
  else
    target = target_of(self, state_index)
    input = prepare(self, task, target)
    if input == nil then
      return
    end
  end
  local context = setmetatable({ _task = task, _event = event_id, _target = target, _pump = self }, Context)
  if retries > 0 then
    context.attempt = retries
  end
  self.open[task] = context
  self.running = self.running + 1
  local driver = self.driver
  local handle
  if driver.spawn_with then
    handle = driver:spawn_with(run, refused, context, input)
  else
    handle = spawn(self, context, input)
  end
  if handle then
    context._handle = handle
  end
end

local function cancel(self, task)
  local context = self.open[task]
  if context then
    self.open[task] = nil
    self.running = self.running - 1
    if context._on_cancel then
      context._on_cancel()
    end
    self.driver:cancel(context._handle)
  end
end

-- --- the loop ---

local function pass_history(self)
  if not self.on_event then
    return
  end
  local core = self.core
  local count = core:history_count()
  for i = 1, count do
    self.on_event(core:history_at(i))
  end
  core:history_drop(count)
end

-- What each effect but those of every task asks for.
local handlers = {
  cancel = cancel,
  child = children.start,
  child_stop = children.stop,
  map_run = function(self, id)
    self:made "map_runs"[id] = self.core:drained().run
  end,
  read = objects.read,
  write = objects.write,
  read_close = objects.read_close,
  finished = function(self)
    self.finished = true
  end,
  wake = function() end, -- the core is asked when it is time to park
  again = function() end,
}

-- The next effect; of tasks, one that no turn runs.  "again": look once more.
local function next_effect(self)
  local kind, id, state_index, retries, event_id = take(self.core)
  if kind == "task" and turns.takes(self, self.targets[state_index]) then
    return turns.run(self, id, state_index, retries, event_id)
  end
  return kind, id, state_index, retries, event_id
end

-- Until the outbox is empty, or the slice is spent.  -> is there more to do?
local function drain(self)
  while not self.closed do
    local kind, id, state_index, retries, event_id = next_effect(self)
    if kind == "task" then
      start(self, id, state_index, retries, event_id)
    elseif kind == nil then
      return false
    elseif kind == "more" then
      return true
    else
      handlers[kind](self, id)
    end
  end
  return false
end

-- When to park until; false: there is nothing to wait for.
local function wake_at(self)
  local at, implicit = self.core:next_wake()
  if implicit then
    at = nil
  end
  local is_idle = self.running == 0 and self.busy == 0 and (self.pause or at == nil)
  if self.parent then
    children.set_busy(self, not is_idle)
  end
  if is_idle and not self.spawned then
    return false
  end
  return at
end

local function tell_end(self)
  local waiters = self.on_end
  self.on_end = nil
  for _, waiter in ipairs(waiters) do
    waiter()
  end
end

-- A slice of work is spent and there is more.
local function slice_spent(self)
  local driver = self.driver.outer or self.driver
  if driver.worked then
    self.slices = (self.slices or 0) + 1
    driver:worked(self.slices)
  end
end

---Let time come up to now and do what there is to do.
---@return boolean going false: it has ended, or only others can bring it on
---@return number? at when to go on; nil: when it is woken
function Pump:step()
  if self.closed then
    return false
  end
  if self.parent and not self.is_begun then
    children.begun(self)
  end
  self.is_stepping = true
  if self.interrupted then
    interrupted.settle(self)
  end
  self.core:advance(self.driver:now())
  local more = drain(self)
  self.is_stepping = false
  if not self.closed then
    pass_history(self)
  end
  if self.closed or self.finished then
    tell_end(self)
    return false
  elseif more then
    slice_spent(self)
    return true, self.driver:now() -- after all others
  end
  local at = wake_at(self)
  return at ~= false, at or nil
end

---Drive until the execution ends, or only others can bring it on.
function Pump:run()
  local going, at
  repeat
    going, at = self:step()
  until not going or self.driver:park(at) == false
end

---Do what there is to do, without waiting for anything.
function Pump:settle()
  while drain(self) do
    self.core:advance(self.driver:now())
  end
  if self.finished then
    tell_end(self)
  end
end

---Somebody has fed the execution from outside, or one below it has moved.
function Pump:wake()
  if self.parent then
    children.set_busy(self, true)
  end
  if not self.is_stepping then
    self.driver:wake(self)
  end
end

-- Nothing here works on it any more.
local function drop(self)
  for _, context in pairs(self.open) do
    self.driver:cancel(context._handle)
  end
  self.open = {}
  self.running = 0
  children.close(self)
end

---Nobody drives it any more, though it has not ended; `run` may go on with it.
---@param fault? any what those who wait for it are told
function Pump:give_up(fault)
  drop(self)
  if self.driver.remove then
    self.driver:remove(self)
  end
  self.driver, self.spawned, self.fault = self.driver.outer, false, fault
  self.is_given_up = true
  self.interrupted = "lost"
  tell_end(self)
end

---The execution had ended and goes on: whoever wants to drives it.
function Pump:reopen()
  if self.spawned then
    self.driver, self.spawned = self.driver.outer, false
  end
  self.finished = nil
end

---Drop what runs; nothing is fed any more.
function Pump:close()
  self.closed = true
  drop(self)
  if not self.is_stepping then
    self.driver:wake(self)
  end
end

---Where it goes on: in the running coroutine, as a driver gives it a seat.
---@param seat stepfn.Driver
function Pump:take_seat(seat)
  if self.driver.add then -- its own reactor, with the executions below it
    self.driver:take_seat(seat)
  else
    self.driver = seat
  end
end

return M
