---What the seats of all drivers have in common: a seat is where a pump waits, and
---its tasks are begun by the driver behind it, `outer`.
---@class stepfn.driver.Seat: stepfn.Driver
---@field outer stepfn.Driver
local Seat = {}
Seat.__index = Seat

function Seat:now()
  return self.outer:now()
end

function Seat:spawn(body, refused)
  return self.outer:spawn(body, refused)
end

function Seat:spawn_with(body, refused, argument, more)
  return self.outer:spawn_with(body, refused, argument, more)
end

function Seat:cancel(handle)
  return self.outer:cancel(handle)
end

return Seat
