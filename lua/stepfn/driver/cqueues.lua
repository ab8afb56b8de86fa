---The driver of cqueues: tasks may use its sockets, conditions and all else that
---waits with cqueues.poll.
---
---cqueues can't kill a coroutine.  So each task has a coroutine of its own, which
---a coroutine of the controller resumes: what the task polls that one polls for
---it, together with a condition that says that nobody wants the task any more.
local found, cqueues = pcall(require, "cqueues")
if not found then
  error("the driver 'cqueues' needs the library of that name: luarocks install cqueues", 0)
end

local base_seat = require "stepfn.driver.seat"
local clock = require("stepfn.core").clock
local condition = require "cqueues.condition"
local options = require "stepfn.options"
local refusal = require "stepfn.driver.refusal"
local running = require "stepfn.driver.running"

local close = rawget(coroutine, "close") or function() end
local unpack = rawget(table, "unpack") or rawget(_G, "unpack")
local poll, POLL = cqueues.poll, cqueues._POLL

local SLICE_SECONDS = 0.002 -- what a reactor may take of the loop in one turn

---@class stepfn.driver.cqueues.Handle
---@field thread thread that of the task
---@field stop table condition: it is cancelled
---@field cancelled? boolean

---@class stepfn.driver.Cqueues: stepfn.Driver
---@field loop table the controller
---@field fresh stepfn.driver.cqueues.Handle[] not begun yet, in order
---@field first integer of them
---@field last integer
---@field reactor? stepfn.driver.Reactor
local Cqueues = {}
Cqueues.__index = Cqueues

local function pack(...)
  return { n = select("#", ...), ... }
end

function Cqueues.now()
  return clock()
end

-- --- tasks ---

-- Polls what the task yielded, and the condition after it.
local function poll_for(handle, yielded)
  yielded[yielded.n + 1] = handle.stop
  return pack(poll(unpack(yielded, 3, yielded.n + 1)))
end

local function tend(handle, first, second)
  local thread = handle.thread
  local yielded = pack(coroutine.resume(thread, first, second))
  while coroutine.status(thread) ~= "dead" and not handle.cancelled do
    if yielded[2] ~= POLL then
      handle.cancelled = true
      close(thread)
      return handle.refused(refusal.of(yielded[2], "cqueues.poll"), first)
    end
    local ready = poll_for(handle, yielded)
    if not handle.cancelled then
      yielded = pack(coroutine.resume(thread, unpack(ready, 1, ready.n)))
    end
  end
  if handle.cancelled then
    close(thread)
  elseif not yielded[1] then
    error(yielded[2], 0)
  end
end

-- cqueues begins with the youngest coroutine; tasks begin in their order.
local function tend_next(self)
  local handle = self.fresh[self.first]
  self.fresh[self.first] = nil
  self.first = self.first + 1
  if not handle.cancelled then
    tend(handle, handle.argument, handle.more)
  end
end

---Start a body that takes arguments, in the next turn of the loop.
---@param body function
---@param refused? fun(message: string, argument: any)
---@param argument any
---@param more any
---@return stepfn.driver.cqueues.Handle
function Cqueues:spawn_with(body, refused, argument, more)
  local handle = {
    thread = coroutine.create(body), stop = condition.new(),
    refused = refused, argument = argument, more = more,
  }
  running.set(handle.thread, self)
  self.last = self.last + 1
  self.fresh[self.last] = handle
  self.loop:wrap(tend_next, self)
  return handle
end

---@param body fun()
---@param refused? fun(message: string)
function Cqueues:spawn(body, refused)
  return self:spawn_with(body, refused)
end

---@param handle? stepfn.driver.cqueues.Handle
function Cqueues.cancel(_, handle)
  if handle then
    handle.cancelled = true
    handle.stop:signal()
  end
end

---@param seconds number
function Cqueues.sleep(_, seconds)
  poll(math.max(seconds, 0))
end

-- Waits for `done`, or the deadline.  -> what done was given, packed, or nil
local function wait(start, deadline)
  local called, results = condition.new(), nil
  start(function(...)
    if not results then
      results = pack(...)
      called:signal()
    end
  end)
  while not results and (not deadline or clock() < deadline) do
    poll(called, deadline and math.max(deadline - clock(), 0))
  end
  return results
end

---@param start fun(done: fun(...))
---@return any ...
function Cqueues.await(_, start)
  local results = wait(start)
  return unpack(results, 1, results.n)
end

---@param start fun(done: fun())
---@param deadline? number
function Cqueues.await_until(_, start, deadline)
  if deadline and deadline <= clock() then
    poll(0) -- all others have a turn
  end
  wait(start, deadline)
end

-- --- seats ---

---@class stepfn.driver.cqueues.Seat: stepfn.driver.Seat
---@field outer stepfn.driver.Cqueues
---@field called table condition
---@field woken boolean
local Seat = setmetatable({}, base_seat)
Seat.__index = Seat

function Seat:wake()
  self.woken = true
  self.called:signal()
end

local function nap(self, deadline)
  local left = deadline and math.max(deadline - clock(), 0)
  if left == 0 then
    poll(0) -- all others have a turn
  elseif not self.woken then
    poll(self.called, left)
  end
  self.woken = false
end

-- The caller is no coroutine of the loop: it drives the loop, in which one naps
-- for it.
local function step_to_end_of_nap(self, deadline)
  local loop, is_over = self.outer.loop, false
  if loop:empty() and not deadline and not self.woken then
    return false
  end
  loop:wrap(function()
    nap(self, deadline)
    is_over = true
  end)
  while not is_over do
    local good, fault = loop:step()
    if not good then
      error(fault, 0)
    end
  end
  return true
end

---@param deadline? number
---@return boolean progress
function Seat:park(deadline)
  if cqueues.running() ~= self.outer.loop then
    return step_to_end_of_nap(self, deadline)
  end
  nap(self, deadline)
  return true
end

---A seat for a pump in the running coroutine.
---@return stepfn.driver.cqueues.Seat
function Cqueues:attach()
  return setmetatable({ outer = self, called = condition.new(), woken = false, slice = SLICE_SECONDS }, Seat)
end

local function no_seat()
  error("the driver 'cqueues' gives each pump a seat: driver:attach()", 2)
end

Cqueues.park, Cqueues.wake, Cqueues.slice = no_seat, function() end, SLICE_SECONDS

local M = {}

-- Controller -> its driver: those that go on together have one reactor.
local drivers = setmetatable({}, { __mode = "kv" })
local main_loop -- for those who are in none

---@param settings? { loop: table? } the controller; by default the running one, else one that goes on while somebody waits
---@return stepfn.driver.Cqueues
function M.new(settings)
  settings = options.check(settings, { loop = "any" }, 1, "new", 2)
  local loop = settings.loop or cqueues.running()
  if not loop then
    main_loop = main_loop or cqueues.new()
    loop = main_loop
  end
  local self = drivers[loop]
  if not self then
    self = setmetatable({ loop = loop, fresh = {}, first = 1, last = 0 }, Cqueues)
    drivers[loop] = self
  end
  return self
end

return M
