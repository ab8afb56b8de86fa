---Rolls a die until it shows more than three, waiting three seconds between
---rolls.
---
---    stepfn run examples/roll_die/roll_die.lua --virtual-time --trace --seed 42
---
---The same machine as definition.json beside it.
local step = require "stepfn.step"

local roll = step.new_task_state("lambdaRollDie", function(_, context)
  return { roll = context:random(1, 6) }
end)
local done = step.new_success_state("success")
local again = step.new_wait_delay_state("tryAgainShortly", 3 * step.Second)
local check = step.new_choice_state("checkRoll",
  step.Not { Comparison = step.NumericGreaterThan { Variable = "$.roll", Value = 3 }, Next = again }
):with_default(done)

roll:next(check)
again:next(roll)

local machine = step.new_state_machine("RollDie", roll)

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local execution = machine:run({}, { driver = "virtual" })
  print(execution, execution:output_json() or "")
end

return machine
