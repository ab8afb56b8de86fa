---Builds state machines in Lua, after Sparta's package `aws/step`:
---
---    local step = require "stepfn.step"
---    local hello = step.new_pass_state("hello", { text = "Hello" })
---    local machine = step.new_state_machine("Greeting", hello)
---
---Every name also exists in CamelCase (`step.NewPassState`, `state:WithComment`).
local branch = require "stepfn.step.branch"
local camel = require "stepfn.step.camel"
local distributed = require "stepfn.step.distributed"
local lambda = require "stepfn.step.lambda"
local machine = require "stepfn.step.machine"
local policy = require "stepfn.step.policy"
local rule = require "stepfn.step.rule"
local saga = require "stepfn.step.saga"
local service = require "stepfn.step.service"
local state = require "stepfn.step.state"
local task = require "stepfn.step.task"

local M = {
  new_pass_state = state.new_pass_state,
  new_task_state = task.new_task_state,
  new_lambda_task_state = task.new_lambda_task_state,
  new_activity_state = task.new_activity_state,
  new_choice_state = state.new_choice_state,
  new_wait_delay_state = state.new_wait_delay_state,
  new_wait_until_state = state.new_wait_until_state,
  new_wait_dynamic_until_state = state.new_wait_dynamic_until_state,
  new_dynamic_wait_duration_state = state.new_dynamic_wait_duration_state,
  new_success_state = state.new_success_state,
  new_fail_state = state.new_fail_state,
  new_parallel_state = state.new_parallel_state,
  new_map_state = state.new_map_state,
  new_branch = branch.new_branch,

  new_s3_object_reader = distributed.new_s3_object_reader,
  new_s3_list_reader = distributed.new_s3_list_reader,
  new_s3_writer = distributed.new_s3_writer,

  new_lambda = lambda.new_lambda,
  new_activity = lambda.new_activity,
  new_task_retry = policy.new_task_retry,
  retry = policy.retry,
  new_task_catch = policy.new_task_catch,
  saga = saga.saga,

  when = rule.when,
  var = rule.when,
  all_of = rule.constructors.And,
  any_of = rule.constructors.Or,
  negate = rule.constructors.Not,

  new_state_machine = machine.new_state_machine,
  new_express_state_machine = machine.new_express_state_machine,
  from_json = machine.from_json,
  user_scoped_stack_name = machine.user_scoped_stack_name,

  -- durations, in seconds
  Second = 1,
  Minute = 60,
  Hour = 3600,
  Day = 86400,
}

for _, named in ipairs { rule.constructors, policy.errors, service } do
  for name, value in pairs(named) do
    M[name] = value
  end
end

local names = {}
for name, value in pairs(M) do
  names[name] = value
end

return setmetatable(M, { __index = camel.index(names) })
