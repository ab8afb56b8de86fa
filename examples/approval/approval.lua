---A request waits for a person. The task hands out a token; whoever has it
---answers, and says once a day that somebody is still looking at it.
---
---    stepfn run examples/approval/approval.lua --tasks examples/approval/tasks.lua \
---      --input '{"request":"a new chair"}' --virtual-time --trace
---
---Nobody answers there, so it ends in Expired after a day; answer.lua beside it shows
---how to answer. The same machine as definition.json.
local step = require "stepfn.step"

local ask = step.new_task_state("AskForApproval", "arn:aws:states:::lambda:invoke.waitForTaskToken", {
  FunctionName = "AskApprover",
  Payload = { ["case.$"] = "$", ["token.$"] = "$$.Task.Token" },
}, {
  timeout = 7 * step.Day,
  heartbeat = 1 * step.Day,
  result_path = "$.answer",
})

local decide = step.new_choice_state("IsApproved",
  step.when("$.answer.approved"):is(true):go(step.new_success_state("Approved"))
):with_default(step.new_fail_state("Rejected", "Rejected", "the approver said no"))

ask:with_catchers(
  step.new_task_catch(step.new_success_state("Expired"), step.StatesTimeout)
    :with_result_path("$.error")
)
ask:next(decide)

local machine = step.new_state_machine("Approval", ask, { comment = "Waits for a person's answer" })

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
  local execution = machine:run({ request = "a new chair" }, { driver = "virtual", tasks = dofile(folder .. "tasks.lua") })
  print(execution, execution:output_json() or "")
end

return machine
