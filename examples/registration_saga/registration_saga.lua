---A user registers with three services at once and gets a confirmation by
---e-mail. Whatever fails for good, everything is rolled back.
---
---    stepfn run examples/registration_saga/registration_saga.lua \
---      --input '{"user":"ada","broken":"promotions"}' --virtual-time --trace
---
---The same machine as definition.json beside it.
local step = require "stepfn.step"

local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local tasks = dofile(folder .. "tasks.lua")

-- Any error: again after 10 s, then after 15 s.
local function registration(name)
  return step.new_task_state(name, tasks[name]):with_retriers(
    step.new_task_retry()
      :with_errors(step.StatesAll)
      :with_interval(10 * step.Second)
      :with_max_attempts(2)
      :with_backoff_rate(1.5)
  )
end

local register = step.new_parallel_state("Register",
  registration("RegisterInDirectory"),
  registration("RegisterForProducts"),
  registration("RegisterForPromotions")
):with_result_path("$.registrations")

local confirm = step.new_task_state("SendConfirmation", tasks.SendConfirmation)
  :with_result_path("$.confirmation")

local roll_back = step.new_task_state("RollBack", tasks.RollBack)
  :with_result_path("$.rollback")

local function on_any_error()
  return step.new_task_catch(roll_back, step.StatesAll):with_result_path("$.error")
end

register:with_catchers(on_any_error())
confirm:with_catchers(on_any_error())

register:next(confirm):next(step.new_success_state("Registered"))
roll_back:next(step.new_fail_state("NotRegistered", "RegistrationFailed", "everything was rolled back"))

local machine = step.new_state_machine("RegistrationSaga", register, {
  comment = "Registers a user with three services, or with none",
})

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local execution = machine:run({ user = "ada" }, { driver = "virtual" })
  print(execution, execution:output_json() or "")
end

return machine
