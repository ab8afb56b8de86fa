---Carries pumps: any number of executions go on in one coroutine, and one that
---waits is a row in a table.  To its pumps it is the driver; it parks on a seat,
---the driver as the coroutine that carries them has it.
---
---Spawned executions share the one of their driver (`carry`).  The executions
---below a pump that has a seat of its own go on while that pump parks (`park`).
local nested = require "stepfn.driver.nested"
local timers = require "stepfn.driver.timers"

---@class stepfn.driver.Reactor: stepfn.Driver
---@field outer stepfn.Driver the driver itself
---@field seat? stepfn.Driver nil while nobody carries
---@field ready table<integer, stepfn.Pump> from first to last: those that have something to do
---@field first integer
---@field last integer
---@field timers stepfn.driver.Timers of pumps
---@field pumps table<stepfn.Pump, stepfn.driver.Timer|false> all that are carried, with their timers
---@field count integer of them
---@field woken boolean the pump that parks here has been woken
---@field is_coming? boolean who will carry has not begun yet
local Reactor = {}
Reactor.__index = Reactor

local M = {}

---@param seat? stepfn.Driver
---@param outer? stepfn.Driver when it has no seat yet
---@return stepfn.driver.Reactor
function M.new(seat, outer)
  local self = setmetatable({
    outer = outer, woken = false,
    ready = {}, first = 1, last = 0, timers = timers.new(), pumps = {}, count = 0,
  }, Reactor)
  if seat then
    self:take_seat(seat)
  end
  return self
end

---@param seat stepfn.Driver
function Reactor:take_seat(seat)
  self.seat, self.outer = seat, seat.outer or seat
  self.spawn_with = seat.spawn_with and self.spawn_on_seat
end

-- --- the driver of its pumps ---

function Reactor:now()
  return self.outer:now()
end

function Reactor:spawn(body, refused)
  return self.seat:spawn(body, refused)
end

function Reactor:spawn_on_seat(body, refused, argument, more)
  return self.seat:spawn_with(body, refused, argument, more)
end

function Reactor:cancel(handle)
  return self.outer:cancel(handle)
end

---Have a pump looked at: one that is carried, or the one that parks here.
---@param pump? stepfn.Pump
function Reactor:wake(pump)
  if pump and self.pumps[pump] ~= nil then
    self:make_ready(pump)
  else
    self.woken = true
  end
  if self.seat then
    self.seat:wake()
  end
end

-- --- who is carried ---

---Carry a pump from now on.
---@param pump stepfn.Pump
function Reactor:add(pump)
  pump.driver = self
  self.pumps[pump] = false
  self.count = self.count + 1
  self:wake(pump)
end

---@param pump stepfn.Pump
function Reactor:remove(pump)
  if self.pumps[pump] ~= nil then
    self:set_timer(pump, nil)
    self.pumps[pump] = nil
    self.count = self.count - 1
  end
end

---Those that are carried, without those below them.
---@return table<stepfn.Pump, boolean>
function Reactor:list()
  local list = {}
  for pump in pairs(self.pumps) do
    list[pump] = pump.parent == nil or nil
  end
  return list
end

---Give all that are carried to another reactor.
---@param to stepfn.driver.Reactor
function Reactor:hand_over(to)
  for pump in pairs(self.pumps) do
    to:add(pump)
  end
  self.pumps, self.count, self.timers = {}, 0, timers.new()
end

function Reactor:make_ready(pump)
  if not pump.is_ready then
    pump.is_ready = true
    self.last = self.last + 1
    self.ready[self.last] = pump
  end
end

function Reactor:set_timer(pump, due)
  local timer = self.pumps[pump]
  if timer and timer.due == due and timer.item then
    return
  end
  if timer then
    timer.item = nil
  end
  self.pumps[pump] = due and self.timers:add(due, pump) or false
end

-- --- turns ---

-- A fault of what carries no blame for the others: told, and that is its end.
local function guarded_step(self, pump)
  local good, going, at = pcall(pump.step, pump)
  if good then
    return going, at
  end
  while pump.parent do
    pump = pump.parent
  end
  pump:give_up(going)
  self.report(going)
  return false
end

local function step(self, pump)
  pump.is_ready = false
  if self.pumps[pump] == nil then
    return
  end
  local going, at
  if self.report then
    going, at = guarded_step(self, pump)
  else
    going, at = pump:step()
  end
  if not going then
    self:remove(pump)
  elseif self.pumps[pump] ~= nil then
    self:set_timer(pump, at)
  end
end

local function is_spent(seat, began)
  return seat.slice ~= nil and seat:now() - began > seat.slice
end

---Let everybody who has something to do have one step, as far as a slice of time
---reaches.
---@return number? at when to go on; nil: when somebody is woken
function Reactor:turn()
  local began = self.seat:now()
  local due = self.timers:take(began)
  while due do
    self.pumps[due] = false
    self:make_ready(due)
    due = self.timers:take(began)
  end
  local last = self.last
  while self.first <= last and not is_spent(self.seat, began) do
    local pump = self.ready[self.first]
    self.ready[self.first] = nil
    self.first = self.first + 1
    step(self, pump)
  end
  if self.first <= self.last then
    return self.seat:now() -- after all others
  end
  self.first, self.last = 1, 0
  return self.timers:next_due()
end

local function earliest(a, b)
  return a and b and math.min(a, b) or a or b
end

---For the pump that the seat is of: the others go on until it is woken or the
---deadline has come.
---@param deadline? number
---@return boolean progress false: nothing will ever happen
function Reactor:park(deadline)
  local progress
  repeat
    local at = self:turn()
    progress = self.woken or self.seat:park(earliest(at, deadline)) ~= false
  until self.woken or not progress or deadline and self.seat:now() >= deadline
  self.woken = false
  return progress
end

---Carry all pumps until none is left, or the seat has to be given up.
---@param seat stepfn.Driver
function Reactor:carry(seat)
  self:take_seat(seat)
  local progress = true
  while self.count > 0 and progress ~= false do
    local at = self:turn()
    progress = self.count == 0 or seat:park(at)
  end
  self.seat = nil
end

-- --- the reactor of a driver ---

---Have the pumps carried, unless somebody does it already.
function Reactor:start()
  local driver = self.outer
  if self.seat then
    return
  elseif driver.host then
    driver:host(self)
  elseif not self.is_coming then
    self.is_coming = true
    driver:spawn(function()
      self.is_coming = false
      self:carry(nested.new(driver))
    end)
  end
end

local function report(fault)
  io.stderr:write("stepfn: a spawned execution was given up: ", tostring(fault), "\n")
end

---The one that carries what is spawned.
---@param driver stepfn.Driver
---@return stepfn.driver.Reactor
function M.of(driver)
  local self = driver.reactor
  if not self then
    self = M.new(nil, driver)
    self.report = driver.report or report
    driver.reactor = self
  end
  return self
end

return M
