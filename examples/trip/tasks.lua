---The functions behind a trip. The input says what is out of order:
---{ "traveller": "ada", "broken": "card" }, or "flight", or "hotel".
local stepfn = require "stepfn"

-- Something is reserved, under a number that the seed of the run gives.
local function reserve(what)
  return function(input, context)
    if input.broken == what then
      stepfn.fail("NothingFree", "no " .. what .. " is free")
    end
    return { number = context:random(1000, 9999) }
  end
end

-- May be done again, and when there is nothing to cancel: it may be called twice.
local function cancel(what)
  return function(input, context)
    if context.attempt == 0 then
      stepfn.fail("Busy", "the desk for the " .. what .. " is busy")
    end
    return { cancelled = input[what].number }
  end
end

local function charge(input)
  if input.broken == "card" then
    stepfn.fail("CardDeclined", "no funds")
  end
  return { charged = 420 }
end

return {
  ReserveHotel = reserve "hotel",
  CancelHotel = cancel "hotel",
  ReserveFlight = reserve "flight",
  CancelFlight = cancel "flight",
  ChargeCard = charge,
}
