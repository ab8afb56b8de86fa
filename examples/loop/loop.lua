---A loop: a task counts, its result goes to $.taskresult, and a Choice leads
---back to it while the count is below five.
---
---    stepfn run examples/loop/loop.lua --virtual-time --trace
---
---The same machine as definition.json beside it.
local step = require "stepfn.step"

local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local tasks = dofile(folder .. "tasks.lua")

local count = step.new_task_state("Count", tasks.Count, { result_path = "$.taskresult" })
  :with_retriers(
    step.retry { errors = "CustomError", interval = 1, max_attempts = 2, backoff_rate = 2 },
    step.retry { errors = step.StatesTaskFailed, interval = 30, max_attempts = 2, backoff_rate = 2 },
    step.retry { errors = step.StatesAll, interval = 5, max_attempts = 5, backoff_rate = 2 }
  )

local check = step.new_choice_state("Check",
  step.when("$.taskresult.count"):lt(5):go(count),
  step.when("$.taskresult.count"):eq(5):go(step.new_success_state("Done"))
):with_default(step.new_fail_state("ErrorA", "TooMany", "the count was above five from the start"))

count:next(check)

local machine = step.new_state_machine("Loop", count, { comment = "Counts to five" })

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local execution = machine:run({}, { driver = "virtual" })
  print(execution, execution:output_json() or "")
end

return machine
