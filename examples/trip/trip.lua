---A trip is booked in three steps, of which the first two can be undone. When one
---fails for good, those before it are undone, last first.
---
---    stepfn run examples/trip/trip.lua --input '{"broken":"card"}' --virtual-time \
---      --trace --graph trip.svg
---
---The same machine as definition.json beside it, which has every catch and every
---compensation spelt out.
local step = require "stepfn.step"

local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local tasks = dofile(folder .. "tasks.lua")

-- A task that puts its result beside the input, so that what undoes it finds it.
local function action(name, path)
  return step.new_task_state(name, tasks[name]):with_result_path(path)
end

-- What undoes something hands its own input on: the saga sees to that.
local function undo(name)
  return step.new_task_state(name, tasks[name])
end

local start = step.saga("Trip", {
  { action("ReserveHotel", "$.hotel"), undo "CancelHotel" },
  { action("ReserveFlight", "$.flight"), undo "CancelFlight" },
  action("ChargeCard", "$.payment"), -- the last step: nothing fails after it
}, {
  done = step.new_success_state "Booked",
  -- A compensation must not give up: what it leaves stays reserved.
  retriers = step.retry { errors = step.StatesAll, interval = 5 * step.Second, max_attempts = 10 },
})

local machine = step.new_state_machine("Trip", start, {
  comment = "Books a hotel and a flight, or neither",
})

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local execution = machine:run({ traveller = "ada" }, { driver = "virtual" })
  print(execution, execution:output_json() or "")
end

return machine
