---Light threads of nginx with one parent: only the coroutine that spawned a
---thread may wait for it or kill it, so whoever else wants that leaves it to do.
---To the pump that runs in that coroutine it is its seat.
---
---Threads are used again: what a request or timer remembers of each thread it
---keeps to its end, and looks through at every kill.
local clock = require("stepfn.core").clock
local running = require "stepfn.driver.running"
local semaphore = require "ngx.semaphore"

local ngx = ngx
local exiting, kill, pause, spawn = ngx.worker.exiting, ngx.thread.kill, ngx.sleep, ngx.thread.spawn

local IDLE_MAX = 64 -- threads that wait for a body
local IDLE_SECONDS = 3600 -- any time will do: idle threads are killed in the end
local NAP_SECONDS = 1 -- how long a worker that exits may have to wait to be seen
local TURN_SECONDS = 0.001 -- nginx's shortest: it looks at its sockets
local SLICE_SECONDS = 0.002 -- what a reactor may take of the loop in one turn

---@class stepfn.driver.ngx.Worker a thread
---@field thread thread
---@field turn table semaphore: there is a body to run

---@class stepfn.driver.ngx.Handle a body
---@field crew stepfn.driver.ngx.Crew
---@field body function
---@field first any
---@field second any
---@field worker? stepfn.driver.ngx.Worker while it runs
---@field cancelled? boolean

---@class stepfn.driver.ngx.Crew: stepfn.Driver
---@field outer stepfn.driver.Ngx
---@field owner thread the parent
---@field queue table<integer, stepfn.driver.ngx.Handle> from head to tail: not begun yet
---@field busy table<stepfn.driver.ngx.Handle, boolean> not ended yet
---@field idle stepfn.driver.ngx.Worker[]
---@field ended stepfn.driver.ngx.Worker[] for the owner to bury
---@field doomed stepfn.driver.ngx.Handle[] for the owner to kill
---@field begun integer bodies so far
---@field begun_max? integer with more the seat has to be given up
---@field leaves_at_exit boolean
---@field has_left? boolean because the worker process exits
---@field is_over? boolean no body comes any more
local Crew = {}
Crew.__index = Crew

local M = {}

---The running coroutine becomes the parent.
---@param driver stepfn.driver.Ngx
---@return stepfn.driver.ngx.Crew
function M.new(driver)
  return setmetatable({
    outer = driver, owner = coroutine.running(), slice = SLICE_SECONDS, leaves_at_exit = false,
    queue = {}, head = 1, tail = 0, busy = {}, idle = {}, ended = {}, doomed = {}, begun = 0,
    woken = false, is_waiting = false,
  }, Crew)
end

function Crew.now()
  return clock()
end

-- --- threads ---

-- The next in the order in which they were asked for, whichever thread begins.
local function next_handle(self)
  while self.head <= self.tail do
    local handle = self.queue[self.head]
    self.queue[self.head] = nil
    self.head = self.head + 1
    if not handle.cancelled then
      return handle
    end
  end
end

local function run_next(self, worker)
  local handle = next_handle(self)
  if handle then
    handle.worker = worker
    handle.body(handle.first, handle.second)
    handle.worker, self.busy[handle] = nil, nil
  end
end

-- The life of a thread.
local function work(crew, worker)
  running.set(coroutine.running(), crew.outer)
  run_next(crew, worker)
  while not crew.is_over and #crew.idle < IDLE_MAX do
    crew.idle[#crew.idle + 1] = worker
    while not worker.turn:wait(IDLE_SECONDS) do end -- luacheck: ignore 542
    run_next(crew, worker)
  end
  crew.ended[#crew.ended + 1] = worker
  crew:wake()
end

---Start a body that takes arguments.
---@param body fun(first: any, second: any)
---@param _refused function nginx knows every yield
---@param first any
---@param second any
---@return stepfn.driver.ngx.Handle? handle nil when the body has ended already
function Crew:spawn_with(body, _refused, first, second)
  local handle = { crew = self, body = body, first = first, second = second }
  self.busy[handle] = true
  self.begun = self.begun + 1
  self.tail = self.tail + 1
  self.queue[self.tail] = handle
  local worker = table.remove(self.idle)
  if worker then
    worker.turn:post(1)
  else
    worker = { turn = semaphore.new(0) }
    worker.thread = spawn(work, self, worker)
  end
  return self.busy[handle] and handle
end

---@param body fun()
---@return stepfn.driver.ngx.Handle?
function Crew:spawn(body)
  return self:spawn_with(body)
end

local function kill_body(self, handle)
  handle.cancelled = true
  self.busy[handle] = nil
  if handle.worker then
    kill(handle.worker.thread)
  end
end

---Drop a body, whoever asks for it.
---@param handle? stepfn.driver.ngx.Handle
function Crew.cancel(_, handle)
  if not handle or handle.cancelled then
    return
  end
  local crew = handle.crew
  if coroutine.running() == crew.owner then
    return kill_body(crew, handle)
  end
  handle.cancelled = true
  crew.doomed[#crew.doomed + 1] = handle
  crew:wake()
end

-- What only the owner may do.
local function bury(self)
  while self.doomed[1] do
    kill_body(self, table.remove(self.doomed))
  end
  while self.ended[1] do
    kill(table.remove(self.ended).thread)
  end
end

-- --- waiting ---

local function nap(self, seconds)
  self.semaphore = self.semaphore or assert(semaphore.new(0))
  self.is_waiting = true
  self.semaphore:wait(math.ceil(seconds * 1000) / 1000)
  self.is_waiting = false
end

---The pump waits; may come back early.
---@param deadline? number one that has come lets all others have a turn
---@return boolean progress false: the seat has to be given up
function Crew:park(deadline)
  bury(self)
  local left = deadline and deadline - clock() or NAP_SECONDS
  if left <= 0 then
    pause(TURN_SECONDS)
  elseif not self.woken then
    nap(self, math.min(left, NAP_SECONDS))
  end
  self.woken = false
  bury(self)
  self.has_left = self.leaves_at_exit and exiting()
  return not (self.has_left or self.begun_max and self.begun >= self.begun_max)
end

function Crew:wake()
  self.woken = true
  if self.is_waiting then
    self.is_waiting = false
    self.semaphore:post(1)
  end
end

-- --- the end ---

local function kill_all(self)
  self.is_over = true
  bury(self)
  for handle in pairs(self.busy) do
    kill_body(self, handle)
  end
  while self.idle[1] do
    kill(table.remove(self.idle).thread)
  end
end

---Let the bodies come to their ends, or to that of the worker process.
function Crew:finish()
  self.is_over = true
  while next(self.busy) and not exiting() do
    self:park()
  end
  kill_all(self)
end

---Run a pump on this seat: no thread of it is left behind.
---@param pump stepfn.Pump
function Crew:keep(pump)
  self.leaves_at_exit = pump.on_exit ~= nil
  local good, fault = pcall(pump.run, pump)
  kill_all(self)
  if not good then
    error(fault, 0)
  elseif self.has_left then
    pump:give_up()
    pump.on_exit(pump.execution)
  end
end

return M
