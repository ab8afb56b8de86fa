---The driver of luv (libuv): tasks are coroutines that the loop's callbacks
---resume; stepfn.await waits for functions that call back.
---
---luv has no scheduler of its own.  A coroutine that calls `run` is suspended and
---resumed by a callback; on the main coroutine, while no loop runs, `run` drives
---the loop itself.
local found, uv = pcall(require, "luv")
if not found then
  error("the driver 'luv' needs the library of that name: luarocks install luv", 0)
end

local base_seat = require "stepfn.driver.seat"
local clock = require("stepfn.core").clock
local nested = require "stepfn.driver.nested"
local running = require "stepfn.driver.running"
local Scheduler = require "stepfn.driver.scheduler"

local SLICE_SECONDS = 0.002 -- what a reactor may take of the loop in one turn

---@class stepfn.driver.Luv: stepfn.driver.Scheduler
---@field turn userdata idle handle: active while there is something to do in the next turn of the loop
---@field alarm userdata timer: for what is due next
---@field seats stepfn.driver.luv.Seat[] whose coroutines are to be resumed
local Luv = setmetatable({}, { __index = Scheduler })
Luv.__index = Luv

function Luv.now()
  return clock()
end

local function milliseconds(seconds)
  return math.max(math.ceil(seconds * 1000), 0)
end

-- --- the loop's callbacks ---

-- -> what the first coroutine raised that raised anything
local function resume_seats(self)
  local seats, fault = self.seats, nil
  self.seats = {}
  for _, seat in ipairs(seats) do
    local thread = seat.thread
    if thread then -- not the main one
      seat.thread = nil
      local good, message = coroutine.resume(thread)
      fault = fault or not good and debug.traceback(thread, tostring(message))
    end
  end
  return fault
end

local function go_on(self)
  self.turn:stop()
  self:run_ready()
  self:fire()
  local fault = resume_seats(self)
  self:changed()
  if fault then
    error(fault, 0)
  end
end

---See to it that the loop comes back when there is something to do.
function Luv:changed()
  local due = self:next_due()
  local left = due and due - clock()
  self.alarm:stop()
  if self.ready[1] or self.seats[1] or left and left <= 0 then
    self.turn:start(self.on_turn)
  elseif left then
    self.alarm:start(milliseconds(left), 0, self.on_turn)
  end
end

-- --- seats ---

---@class stepfn.driver.luv.Seat: stepfn.driver.Seat
---@field outer stepfn.driver.Luv
---@field is_main boolean it drives the loop
---@field alarm userdata timer
---@field thread? thread that waits
---@field is_waiting boolean
---@field woken boolean
local Seat = setmetatable({}, base_seat)
Seat.__index = Seat

function Seat:wake()
  self.woken = true
  if self.is_waiting then
    self.is_waiting = false
    table.insert(self.outer.seats, self)
    self.outer:changed()
  end
end

-- The loop resumes the coroutine.
local function suspend(self)
  self.is_waiting = true
  self.thread = coroutine.running()
  coroutine.yield()
  self.is_waiting = false
end

---@param deadline? number
---@return boolean progress false: nothing is left in the loop
function Seat:park(deadline)
  local left = deadline and deadline - clock()
  if left and left <= 0 then
    self.woken = false
    self.alarm:start(0, 0, self.on_alarm)
  elseif self.woken then
    self.woken = false
    return true
  elseif left then
    self.alarm:start(milliseconds(left), 0, self.on_alarm)
  end
  local progress = true
  if self.is_main then
    progress = uv.run "once" or uv.loop_alive()
  else
    suspend(self)
  end
  self.alarm:stop()
  self.woken = false
  return progress
end

local function new_seat(driver, is_main)
  local self = setmetatable({
    outer = driver, is_main = is_main, alarm = uv.new_timer(), woken = false, is_waiting = false, slice = SLICE_SECONDS,
  }, Seat)
  function self.on_alarm()
    self:wake()
  end
  return self
end

---A seat for a pump in the running coroutine.
---@param name string of the function that misuse names
---@param level integer where misuse raises, as error takes it
---@return stepfn.Driver
function Luv:attach(name, level)
  if running.driver() == self then
    return nested.new(self)
  end
  local thread, is_main = coroutine.running()
  if thread and not is_main then
    return new_seat(self, false)
  elseif uv.loop_mode() then
    error("'" .. name .. "' can't wait in a callback of the loop: use machine:spawn, or a coroutine", level + 1)
  end
  return new_seat(self, true)
end

local function no_seat()
  error("the driver 'luv' gives each pump a seat: driver:attach()", 2)
end

Luv.park, Luv.wake, Luv.slice = no_seat, function() end, SLICE_SECONDS

local M = {}

local shared

---The driver of this Lua state's loop.
---@return stepfn.driver.Luv
function M.new()
  if not shared then
    shared = Scheduler.init(setmetatable({ turn = uv.new_idle(), alarm = uv.new_timer(), seats = {} }, Luv))
    function shared.on_turn()
      go_on(shared)
    end
  end
  return shared
end

return M
