---A pump inside a task of another driver: parking waits as that task does, and
---all else goes to the driver around it.
local Seat = require "stepfn.driver.seat"

---@class stepfn.driver.Nested: stepfn.driver.Seat
local Nested = setmetatable({}, Seat)
Nested.__index = Nested

local M = {}

---@param outer stepfn.Driver
---@return stepfn.driver.Nested
function M.new(outer)
  while getmetatable(outer) == Nested do
    outer = outer.outer
  end
  local self = setmetatable({ outer = outer, woken = false, slice = outer.slice }, Nested)
  self.spawn_with = outer.spawn_with and Seat.spawn_with or false
  return self
end

-- A timer in a body of its own, for drivers whose await takes no deadline.
local function await_with_timer(outer, start, deadline)
  local timer
  outer:await(function(done)
    start(done)
    if deadline then
      timer = outer:spawn(function()
        outer:sleep(deadline - outer:now())
        done()
      end)
    end
  end)
  if timer then
    outer:cancel(timer)
  end
end

function Nested:park(deadline)
  if not self.woken then
    local await = self.outer.await_until or await_with_timer
    await(self.outer, function(done) self.done = done end, deadline)
    self.done = nil
  end
  self.woken = false
  return true
end

function Nested:wake()
  self.woken = true
  if self.done then
    self.done()
  end
end

return M
