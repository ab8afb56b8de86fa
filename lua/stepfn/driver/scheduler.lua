---Tasks as coroutines in plain Lua: what the drivers `system` and `virtual` have
---in common.  They differ only in how time passes (`now`, `pass`).
---
---A task is resumed by `park`, which the pump calls when it has nothing to do.
---Coroutines are used again: a body that returns gives its coroutine back.
local refusal = require "stepfn.driver.refusal"
local running = require "stepfn.driver.running"
local timers = require "stepfn.driver.timers"

local create, resume, status, yield = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield
local unpack = rawget(table, "unpack") or rawget(_G, "unpack")
local close = rawget(coroutine, "close") or function() end

---@class stepfn.driver.Handle
---@field thread thread
---@field refused? fun(message: string, argument: any) called when the body yields what nobody knows
---@field argument any
---@field cancelled? boolean
---@field next_idle? stepfn.driver.Handle
---@field timer? table while its time is awaited
---@field waiting? table what it awaits
---@field due? number what the next yield asks for: a time
---@field wish? table ... something awaited

---@class stepfn.driver.Scheduler: stepfn.Driver
---@field now fun(self): number
---@field pass fun(self, time: number) let the clock get there, or part of the way
local Scheduler = { runs_at_once = true }
Scheduler.__index = Scheduler

-- What a coroutine of ours yields: nothing else is known.
local IDLE, SUSPEND = {}, {}

---A class of its own with these methods, found at one step.
---@return table class
function Scheduler.class()
  local class = {}
  for name, method in pairs(Scheduler) do
    class[name] = method
  end
  class.__index = class
  return class
end

---@param driver table
---@return table driver
function Scheduler.init(driver)
  driver.idle = nil -- handles whose coroutine waits for a body, linked by next_idle
  driver.ready = {} -- handles to resume, in order
  driver.timers = timers.new() -- of handles
  driver.woken = false
  return driver
end

---When the next timer is due.
---@return number?
function Scheduler:next_due()
  return self.timers:next_due()
end

-- --- coroutines ---

local function worker(body, first, second)
  while true do
    body(first, second)
    body, first, second = yield(IDLE)
  end
end

local function new_handle(self)
  local thread = create(worker)
  running.set(thread, self)
  return { thread = thread }
end

local function refuse(handle, signal)
  handle.cancelled = true
  close(handle.thread)
  local message = refusal.of(signal)
  if not handle.refused then
    error(message, 0)
  end
  handle.refused(message, handle.argument)
end

-- A body waits from here on: its yield has arrived, which it does not where
-- Lua can't yield.
local function suspended(self, handle)
  handle.waiting = handle.wish
  if handle.due and not handle.cancelled then
    handle.timer = self.timers:add(handle.due, handle)
    self:changed()
  end
end

-- After a resume.  -> does the body wait?
local function judge(self, handle, alive, signal)
  if signal == SUSPEND then
    suspended(self, handle)
    return true
  elseif signal == IDLE then
    handle.refused, handle.argument, handle.cancelled = nil, nil, nil
    handle.next_idle, self.idle = self.idle, handle
  elseif not alive then
    error(signal, 0)
  elseif not handle.cancelled then
    refuse(handle, signal)
  end
  return false
end

local function continue(self, handle)
  local previous = self.current
  handle.waiting = nil
  if handle.timer then
    handle.timer.item, handle.timer = nil, nil
  end
  self.current = handle
  local alive, signal = resume(handle.thread)
  self.current = previous
  return judge(self, handle, alive, signal)
end

---Start a body that takes arguments; it runs until it first waits.
---@param body fun(argument: any, more: any)
---@param refused? fun(message: string, argument: any)
---@param argument any
---@param more any
---@return stepfn.driver.Handle? handle nil when the body has ended already
function Scheduler:spawn_with(body, refused, argument, more)
  local handle = self.idle
  if handle then
    self.idle = handle.next_idle
  else
    handle = new_handle(self)
  end
  local previous = self.current
  self.current = handle
  local alive, signal = resume(handle.thread, body, argument, more)
  self.current = previous
  if signal == IDLE then
    handle.next_idle, self.idle = self.idle, handle
    return nil
  end
  handle.refused, handle.argument = refused, argument
  if judge(self, handle, alive, signal) then
    return handle
  end
end

---Start a body.
---@param body fun()
---@param refused? fun(message: string)
---@return stepfn.driver.Handle?
function Scheduler:spawn(body, refused)
  return self:spawn_with(body, refused)
end

---Drop a body that waits.
---@param handle? stepfn.driver.Handle
function Scheduler.cancel(_, handle)
  if not handle or handle.cancelled then
    return
  end
  handle.cancelled = true
  if handle.timer then
    handle.timer.item = nil
  end
  if status(handle.thread) == "suspended" then
    close(handle.thread)
  end
end

-- --- waiting, inside a body ---

local function suspend(handle, due, wish)
  handle.due, handle.wish = due, wish
  yield(SUSPEND)
end

---@param seconds number
function Scheduler:sleep(seconds)
  suspend(self.current, self:now() + math.max(seconds, 0))
end

local NOTHING = { n = 0 }

local function wait(self, start, deadline)
  local handle, wish = self.current, {}
  local results
  start(function(...)
    if results then
      return
    end
    results = { n = select("#", ...), ... }
    if handle.waiting == wish then
      self.ready[#self.ready + 1] = handle
      self:changed()
    end
  end)
  if not results then
    suspend(handle, deadline, wish)
  end
  results = results or NOTHING -- the deadline came first
  return results
end

---Wait until what `start` began calls `done`; gives what done was given.
---@param start fun(done: fun(...))
---@return any ...
function Scheduler:await(start)
  local results = wait(self, start)
  return unpack(results, 1, results.n)
end

---The same, but no longer than to the deadline.
---@param start fun(done: fun())
---@param deadline? number
function Scheduler:await_until(start, deadline)
  wait(self, start, deadline)
end

-- --- the loop ---

---There is something to resume, or a new timer: for those who drive this loop
---from another one.
function Scheduler.changed() end

---Resume what is ready.
function Scheduler:run_ready()
  while self.ready[1] do
    local ready = self.ready
    self.ready = {}
    for _, handle in ipairs(ready) do
      if not handle.cancelled then
        continue(self, handle)
      end
    end
  end
end

---Resume, in order, whose time has come.
function Scheduler:fire()
  local now = self:now()
  local handle = self.timers:take(now)
  while handle do
    if not handle.cancelled then
      continue(self, handle)
      self:run_ready()
    end
    handle = self.timers:take(now)
  end
end

---Let tasks go on until somebody wakes the pump or the deadline has come.
---@param deadline? number
---@return boolean progress false: nothing is left that could ever happen
function Scheduler:park(deadline)
  while true do
    self:run_ready()
    if self.woken then
      self.woken = false
      return true
    end
    local due = self:next_due()
    if not due and not deadline then
      return false
    elseif deadline and (not due or deadline <= due) then
      self:pass(deadline)
      if self:now() >= deadline then
        return true
      end
    else
      self:pass(due)
      self:fire()
    end
  end
end

---Make park come back; one that comes before it is kept.
function Scheduler:wake()
  self.woken = true
end

return Scheduler
