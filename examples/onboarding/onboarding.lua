---A new user signs up: welcome them, look after two days whether they did
---anything, and write again if not; offer a call in the end.
---
---    stepfn run examples/onboarding/onboarding.lua --input '{"user":"ada"}' --virtual-time --trace
---
---The user is ada where the input names none. The same machine as
---definition.json beside it.
local step = require "stepfn.step"

local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local tasks = dofile(folder .. "tasks.lua")

local send_message = step.new_lambda("SendMessage", tasks.SendMessage)
local fetch_activity = step.new_lambda("FetchActivity", tasks.FetchActivity)

-- Both services are unreliable: 2 s, 4 s, 8 s … up to sixteen retries.
local function retrier()
  return step.retry {
    errors = step.StatesTaskFailed,
    interval = 2 * step.Second,
    max_attempts = 16,
    backoff_rate = 2,
  }
end

local function message(name, kind)
  return step.new_task_state(name, send_message, {
    parameters = { kind = kind, ["user.$"] = "$.user" },
    result_path = "$.message",
    retriers = retrier(),
  })
end

local function activity(name)
  return step.new_task_state(name, fetch_activity, {
    parameters = { ["user.$"] = "$.user" },
    result_path = "$.activity",
    retriers = retrier(),
  })
end

local done = step.new_success_state("Done")

local function active_or(name, otherwise)
  return step.new_choice_state(name, step.when("$.activity.count"):gt(0):go(done)):with_default(otherwise)
end

local defaults = step.new_pass_state("Defaults", nil, {
  parameters = { ["input.$"] = [[States.JsonMerge(States.StringToJson('{"user":"ada"}'), $, false)]] },
  output_path = "$.input",
})
local welcome = message("SendWelcome", "welcome")
local tips = message("SendTips", "tips")
local offer = message("OfferCall", "call")

defaults
  :next(welcome)
  :next(step.new_wait_delay_state("WaitTwoDays", 2 * step.Day))
  :next(activity("FetchActivity"))
  :next(active_or("IsActive", tips))
tips
  :next(step.new_wait_delay_state("WaitThreeMoreDays", 3 * step.Day))
  :next(activity("FetchActivityAgain"))
  :next(active_or("IsActiveNow", offer))
offer:next(done)

local machine = step.new_state_machine("Onboarding", defaults, {
  comment = "Welcomes a new user, and writes again while there is no activity",
})

if arg and debug.getinfo(1, "S").source == "@" .. arg[0] then -- run as a program
  local execution = machine:run({ user = "ada" }, { driver = "virtual" })
  print(execution, execution:output_json() or "")
end

return machine
