---A request waits for a person. The task hands out a token; whoever has it
---answers, and says once a day that somebody is still looking at it.
---
---    stepfn run examples/approval/approval.lua --tasks examples/approval/tasks.lua \
---      --input '{"request":"a new chair"}' --virtual-time --trace
---
---Nobody answers there, so it expires after a day; answer.lua beside it shows
---how to answer. The same machine as definition.json.
local step = require "stepfn.step"

local ask = step.new_task_state("AskForApproval", "arn:aws:states:::lambda:invoke.waitForTaskToken", {
  FunctionName = "AskApprover",
  Payload = { ["request.$"] = "$.request", ["token.$"] = "$$.Task.Token" },
}, {
  timeout = 7 * step.Day,
  heartbeat = 1 * step.Day,
  result_path = "$.answer",
})

local decide = step.new_choice_state("IsApproved",
  step.when("$.answer.approved"):is(true):go(step.new_success_state("Approved"))
):with_default(step.new_fail_state("Rejected", "Rejected", "the approver said no"))

ask:with_catchers(
  step.new_task_catch(step.new_fail_state("Expired", "Expired", "nobody answered in time"), step.StatesTimeout)
    :with_result_path("$.error")
)
ask:next(decide)

return step.new_state_machine("Approval", ask, { comment = "Waits for a person's answer" })
