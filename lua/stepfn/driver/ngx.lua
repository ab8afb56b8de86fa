---The driver of OpenResty: tasks are light threads, so cosockets, ngx.sleep and
---all that yields to nginx wait without blocking the worker.
---
---`run` goes on in the coroutine that calls it.  All spawned executions of a
---worker go on in one timer, whose coroutine is the parent of their threads.
if not rawget(_G, "ngx") then
  error("the driver 'ngx' is for OpenResty (nginx with lua-nginx-module)", 0)
end

local clock = require("stepfn.core").clock
local crews = require "stepfn.driver.ngx_crew"
local semaphore = require "ngx.semaphore"

local ngx = ngx
local unpack = rawget(table, "unpack") or rawget(_G, "unpack")

local ATTEMPTS_MAX = 4000 -- in one timer: what it allocates it keeps to its end
local BEGIN_SECONDS = 1 -- a timer that has not begun by then never will
local AWAIT_SECONDS = 3600 -- any time will do: it is waited again
local SLEEP_SECONDS_MIN = 0.001

-- Where a coroutine can wait.
local phases = { rewrite = true, access = true, content = true, timer = true, ssl_cert = true, preread = true }
local PHASES = "rewrite, access, content, timer, ssl_cert and preread"

---@class stepfn.driver.Ngx: stepfn.Driver
---@field asked_at? number since when a timer has been on its way
---@field reactor? stepfn.driver.Reactor
local Ngx = {}
Ngx.__index = Ngx

---The system's clock.  (nginx's own stands still while Lua runs; to move it from
---inside a timer makes nginx serve further timers before its sockets.)
function Ngx.now()
  return clock()
end

---nginx counts from when it last looked at the clock, so it may come back early.
---@param seconds number
function Ngx.sleep(_, seconds)
  local due = clock() + seconds
  repeat
    ngx.sleep(math.max(due - clock(), SLEEP_SECONDS_MIN))
  until clock() >= due
end

---Wait until what `start` began calls `done`; gives what done was given.
---@param start fun(done: fun(...))
---@return any ...
function Ngx.await(_, start)
  local results, waits
  start(function(...)
    if not results then
      results = { n = select("#", ...), ... }
      if waits then
        waits:post(1)
      end
    end
  end)
  while not results do
    waits = waits or assert(semaphore.new(0))
    waits:wait(AWAIT_SECONDS)
  end
  return unpack(results, 1, results.n)
end

---@param handle? stepfn.driver.ngx.Handle
function Ngx.cancel(_, handle)
  if handle then
    handle.crew:cancel(handle)
  end
end

---A seat for a pump in the running coroutine.
---@param name string of the function that misuse names
---@param level integer where misuse raises, as error takes it
---@return stepfn.driver.ngx.Crew
function Ngx:attach(name, level)
  local phase = ngx.get_phase()
  if not phases[phase] then
    error("'" .. name .. "' can't wait in the phase " .. phase .. ", only in " .. PHASES
      .. "; 'spawn' works here too", level + 1)
  end
  return crews.new(self)
end

-- --- spawned executions ---

function Ngx.report(fault)
  ngx.log(ngx.ERR, "stepfn: a spawned execution was given up: ", tostring(fault))
end

-- The worker exits: whoever spawned them can keep them elsewhere.
local function dismiss(reactor)
  for pump in pairs(reactor:list()) do
    local on_exit, execution = pump.on_exit, pump.execution
    pump:give_up()
    local good, fault = pcall(on_exit or type, execution)
    if not good then
      ngx.log(ngx.ERR, "stepfn: on_exit: ", tostring(fault))
    end
  end
end

-- Body of the timer.
local function carry(_, self, reactor)
  self.asked_at = nil
  if reactor.seat then
    return -- the timer that was thought lost has begun
  end
  local crew = crews.new(self)
  crew.leaves_at_exit, crew.begun_max = true, ATTEMPTS_MAX
  if not ngx.worker.exiting() then
    reactor:carry(crew)
  end
  if ngx.worker.exiting() then
    dismiss(reactor)
  elseif reactor.count > 0 then
    self:host(reactor)
  end
  crew:finish()
end

---Have a timer carry what is spawned.
---@param reactor stepfn.driver.Reactor
function Ngx:host(reactor)
  local now = clock()
  if self.asked_at and now - self.asked_at < BEGIN_SECONDS then
    return
  end
  self.asked_at = now
  local good, fault = ngx.timer.at(0, carry, self, reactor)
  if good then
    return
  end
  self.asked_at = nil
  if ngx.worker.exiting() then
    return dismiss(reactor)
  end
  error("stepfn: no timer for spawned executions: " .. fault, 0)
end

-- Its pumps have seats; the driver as such has none.
local function no_seat()
  error("the driver 'ngx' gives each pump a seat: driver:attach()", 2)
end

Ngx.spawn, Ngx.park, Ngx.wake = no_seat, no_seat, function() end

local M = {}

local shared = setmetatable({}, Ngx)

---The driver of this worker.
---@return stepfn.driver.Ngx
function M.new()
  return shared
end

return M
