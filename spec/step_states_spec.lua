local step = require "stepfn.step"
local stepfn = require "stepfn"

local function json(start, options)
  return step.new_state_machine("M", start, options):to_json()
end

-- The definition of a machine of one state.
local function only(text)
  return '{"StartAt":"s","States":{"s":' .. text .. "}}"
end

local function identity(input)
  return input
end

describe("a pass state", function()
  it("ends its scope when it has no next", function()
    assert.equal(only '{"Type":"Pass","End":true}', json(step.new_pass_state "s"))
  end)

  it("takes its result as the second argument", function()
    assert.equal(only '{"Type":"Pass","Result":{"a":[1,2]},"End":true}', json(step.new_pass_state("s", { a = { 1, 2 } })))
  end)

  it("keeps a result of false", function()
    assert.equal(only '{"Type":"Pass","Result":false,"End":true}', json(step.new_pass_state("s", false)))
  end)

  it("keeps the result as it was given, whatever becomes of the table", function()
    local result = { a = 1 }
    local state = step.new_pass_state("s", result)
    result.a = 2
    assert.equal(only '{"Type":"Pass","Result":{"a":1},"End":true}', json(state))
  end)

  it("has every field of its type", function()
    local state = step.new_pass_state("s")
      :with_comment("c"):with_input_path("$.i"):with_parameters({ ["x.$"] = "$.x" })
      :with_result_path("$.r"):with_assign({ v = 1 }):with_output_path("$.o")
    assert.equal(
      only('{"Type":"Pass","Comment":"c","InputPath":"$.i","Parameters":{"x.$":"$.x"},'
        .. '"ResultPath":"$.r","Assign":{"v":1},"OutputPath":"$.o","End":true}'),
      json(state)
    )
  end)

  it("writes null for a path that selects nothing", function()
    local state = step.new_pass_state("s"):with_input_path(stepfn.null):with_result_path(stepfn.null)
    assert.equal(only '{"Type":"Pass","InputPath":null,"ResultPath":null,"End":true}', json(state))
  end)
end)

describe("a wait state", function()
  it("waits for a number of seconds", function()
    assert.equal(only '{"Type":"Wait","Seconds":180,"End":true}', json(step.new_wait_delay_state("s", 3 * step.Minute)))
  end)

  it("waits until a time given as text", function()
    local state = step.new_wait_until_state("s", "2030-01-01T00:00:00Z")
    assert.equal(only '{"Type":"Wait","Timestamp":"2030-01-01T00:00:00Z","End":true}', json(state))
  end)

  it("waits until a time given as os.time() gives it", function()
    local state = step.new_wait_until_state("s", 1893456000)
    assert.equal(only '{"Type":"Wait","Timestamp":"2030-01-01T00:00:00Z","End":true}', json(state))
  end)

  it("finds the time in its input", function()
    local state = step.new_wait_dynamic_until_state("s", "$.at")
    assert.equal(only '{"Type":"Wait","TimestampPath":"$.at","End":true}', json(state))
  end)

  it("finds the seconds in its input", function()
    local state = step.new_dynamic_wait_duration_state("s", "$.delay")
    assert.equal(only '{"Type":"Wait","SecondsPath":"$.delay","End":true}', json(state))
  end)
end)

describe("a succeed state", function()
  it("has neither Next nor End", function()
    assert.equal(only '{"Type":"Succeed"}', json(step.new_success_state "s"))
  end)

  it("leads nowhere", function()
    assert.is_nil(step.new_success_state("s").next)
  end)
end)

describe("a fail state", function()
  it("has error and cause", function()
    assert.equal(only '{"Type":"Fail","Error":"E","Cause":"text"}', json(step.new_fail_state("s", "E", "text")))
  end)

  it("writes no error when it was given none", function()
    assert.equal(only '{"Type":"Fail"}', json(step.new_fail_state "s"))
  end)

  it("finds error and cause in its input", function()
    local state = step.new_fail_state("s"):with_error_path("$.e"):with_cause_path("States.Format('{}', $.c)")
    assert.equal(only [[{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}', $.c)"}]], json(state))
  end)
end)

describe("a task state", function()
  it("gives a function a resource named after the state", function()
    assert.equal(
      only '{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:s","End":true}',
      json(step.new_task_state("s", identity))
    )
  end)

  it("names the function as Lambda allows", function()
    local text = json(step.new_task_state("Charge the card!", identity))
    assert.truthy(text:find(':function:Charge_the_card_"', 1, true))
  end)

  it("gives two functions two names where the states' names differ only by what Lambda refuses", function()
    local first = step.new_task_state("a b", identity)
    first:next(step.new_task_state("a.b", function() end))
    local text = json(first)
    assert.truthy(text:find(':function:a_b"', 1, true))
    assert.truthy(text:find(':function:a_b-2"', 1, true))
  end)

  it("uses the name of a lambda handle", function()
    local roll = step.new_lambda("StepRollDie", identity)
    local text = json(step.new_task_state("s", roll))
    assert.truthy(text:find(':function:StepRollDie"', 1, true))
  end)

  it("lets one handle serve several states", function()
    local handle = step.new_lambda("Same", identity)
    local first = step.new_lambda_task_state("a", handle)
    first:next(step.new_lambda_task_state("b", handle))
    assert.equal(2, select(2, json(first):gsub(":function:Same", "")))
  end)

  it("keeps a resource with its parameters", function()
    local state = step.new_task_state("s", "arn:aws:states:::sns:publish", { Message = "m", TopicArn = "t" })
    assert.equal(
      only '{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message":"m","TopicArn":"t"},"End":true}',
      json(state)
    )
  end)

  it("keeps a resource that names a function of the host", function()
    assert.equal(only '{"Type":"Task","Resource":"lua:charge","End":true}', json(step.new_task_state("s", "lua:charge")))
  end)

  it("has every field of its type", function()
    local state = step.new_task_state("s", "lua:x")
      :with_parameters({ p = 1 }):with_credentials({ RoleArn = "arn:aws:iam::000000000000:role/r" })
      :with_timeout(2 * step.Minute):with_heartbeat(step.Minute):with_result_selector({ ["v.$"] = "$.v" })
    assert.equal(
      '{"StartAt":"s","States":{"s":{"Type":"Task","Resource":"lua:x","Parameters":{"p":1},'
        .. '"TimeoutSeconds":120,"HeartbeatSeconds":60,'
        .. '"Credentials":{"RoleArn":"arn:aws:iam::000000000000:role/r"},"ResultSelector":{"v.$":"$.v"},"End":true}}}',
      json(state)
    )
  end)

  it("finds its time-outs in its input", function()
    local state = step.new_task_state("s", "lua:x"):with_timeout_path("$.t"):with_heartbeat_path("$.h")
    assert.equal(
      only '{"Type":"Task","Resource":"lua:x","TimeoutSecondsPath":"$.t","HeartbeatSecondsPath":"$.h","End":true}',
      json(state)
    )
  end)
end)

describe("options at the end of a constructor", function()
  it("stand for the methods of these names", function()
    local by_options = step.new_task_state("s", identity, { timeout = 30, result_path = "$.x", comment = "c" })
    local by_methods = step.new_task_state("s", identity):with_timeout(30):with_result_path("$.x"):with_comment("c")
    assert.equal(json(by_methods), json(by_options))
  end)

  it("follow the parameters of a resource", function()
    local state = step.new_task_state("s", "lua:x", { p = 1 }, { timeout = 30 })
    assert.equal(
      only '{"Type":"Task","Resource":"lua:x","Parameters":{"p":1},"TimeoutSeconds":30,"End":true}',
      json(state)
    )
  end)

  it("take one retrier or a list of them", function()
    local retrier = step.retry { errors = step.StatesAll }
    local one = step.new_task_state("s", "lua:x", nil, { retriers = retrier })
    local list = step.new_task_state("s", "lua:x", nil, { retriers = { retrier } })
    assert.equal(json(one), json(list))
  end)

  it("say where to go next", function()
    local state = step.new_pass_state("s", nil, { next = step.new_success_state "t" })
    assert.equal('{"StartAt":"s","States":{"s":{"Type":"Pass","Next":"t"},"t":{"Type":"Succeed"}}}', json(state))
  end)
end)

describe("a retrier", function()
  local function written(retrier)
    return json(step.new_task_state("s", "lua:x"):with_retriers(retrier)):match '"Retry":%[(.-})%]'
  end

  it("is written with its interval in seconds", function()
    local retrier = step.new_task_retry()
      :with_errors(step.StatesTaskFailed, "Mine"):with_interval(10 * step.Second):with_max_attempts(2)
      :with_backoff_rate(1.5):with_max_delay(step.Minute):with_jitter("FULL")
    assert.equal(
      '{"ErrorEquals":["States.TaskFailed","Mine"],"IntervalSeconds":10,"MaxAttempts":2,'
        .. '"BackoffRate":1.5,"MaxDelaySeconds":60,"JitterStrategy":"FULL"}',
      written(retrier)
    )
  end)

  it("keeps a number of attempts of 0", function()
    local retrier = step.retry { errors = { step.StatesAll }, max_attempts = 0 }
    assert.equal('{"ErrorEquals":["States.ALL"],"MaxAttempts":0}', written(retrier))
  end)

  it("is appended to those that are there", function()
    local state = step.new_task_state("s", "lua:x")
      :with_retriers(step.retry { errors = "A" }):with_retriers(step.retry { errors = "B" }, step.retry { errors = "C" })
    assert.truthy(json(state):find('"Retry":[{"ErrorEquals":["A"]},{"ErrorEquals":["B"]},{"ErrorEquals":["C"]}]', 1, true))
  end)
end)

describe("a catcher", function()
  local recover = step.new_pass_state "recover"

  local function written(catcher)
    return json(step.new_task_state("s", "lua:x"):with_catchers(catcher)):match '"Catch":(%b[])'
  end

  it("names the state that it leads to", function()
    local catcher = step.new_task_catch(recover, step.StatesTimeout, "Mine")
    assert.equal('[{"ErrorEquals":["States.Timeout","Mine"],"Next":"recover"}]', written(catcher))
  end)

  it("says what becomes of the error", function()
    local catcher = step.new_task_catch(recover, step.StatesAll)
      :with_result_path("$.error"):with_assign({ ["e.$"] = "$.Error" })
    assert.equal(
      '[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Assign":{"e.$":"$.Error"},"Next":"recover"}]',
      written(catcher)
    )
  end)

  it("takes options after the errors", function()
    local catcher = step.new_task_catch(recover, step.StatesAll, { result_path = stepfn.null })
    assert.equal('[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"recover"}]', written(catcher))
  end)
end)

describe("a parallel state", function()
  it("runs machines and start states as branches", function()
    local inner = step.new_state_machine("inner", step.new_pass_state "a", { comment = "first" })
    assert.equal(
      only('{"Type":"Parallel","Branches":[{"Comment":"first","StartAt":"a","States":{"a":{"Type":"Pass","End":true}}},'
        .. '{"StartAt":"b","States":{"b":{"Type":"Pass","End":true}}}],"End":true}'),
      json(step.new_parallel_state("s", inner, step.new_pass_state "b"))
    )
  end)

  it("takes its branches as a list, and options after them", function()
    local state = step.new_parallel_state("s", { step.new_pass_state "b" }, { result_path = "$.r" })
    assert.equal(
      only('{"Type":"Parallel","Branches":[{"StartAt":"b","States":{"b":{"Type":"Pass","End":true}}}],'
        .. '"ResultPath":"$.r","End":true}'),
      json(state)
    )
  end)

  it("takes a machine from elsewhere as it is written", function()
    local loaded = assert(stepfn.load '{"StartAt":"z","States":{"z":{"Type":"Succeed"}}}')
    assert.equal(
      only '{"Type":"Parallel","Branches":[{"StartAt":"z","States":{"z":{"Type":"Succeed"}}}],"End":true}',
      json(step.new_parallel_state("s", loaded))
    )
  end)

  it("leads to the states of its catchers", function()
    local rollback = step.new_pass_state "rollback"
    local state = step.new_parallel_state("s", step.new_pass_state "b")
      :with_retriers(step.retry { errors = step.StatesAll, interval = 3 * step.Second })
      :with_catchers(step.new_task_catch(rollback, step.StatesAll))
    assert.equal(
      '{"StartAt":"s","States":{"s":{"Type":"Parallel",'
        .. '"Branches":[{"StartAt":"b","States":{"b":{"Type":"Pass","End":true}}}],'
        .. '"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":3}],'
        .. '"Catch":[{"ErrorEquals":["States.ALL"],"Next":"rollback"}],"End":true},'
        .. '"rollback":{"Type":"Pass","End":true}}}',
      json(state)
    )
  end)
end)

describe("a map state", function()
  it("is written with ItemProcessor and its limits", function()
    local state = step.new_map_state("s", step.new_pass_state "each")
      :with_items_path("$.list"):with_item_selector({ ["v.$"] = "$$.Map.Item.Value" }):with_max_concurrency(2)
      :with_tolerated_failure_count(1):with_tolerated_failure_percentage(12.5)
    assert.equal(
      '{"StartAt":"s","States":{"s":{"Type":"Map","ItemsPath":"$.list","ItemSelector":{"v.$":"$$.Map.Item.Value"},'
        .. '"MaxConcurrency":2,"ToleratedFailureCount":1,"ToleratedFailurePercentage":12.5,'
        .. '"ItemProcessor":{"StartAt":"each","States":{"each":{"Type":"Pass","End":true}}},"End":true}}}',
      json(state)
    )
  end)

  it("finds its limits in its input", function()
    local state = step.new_map_state("s", step.new_pass_state "each", { max_concurrency_path = "$.m" })
      :with_tolerated_failure_count_path("$.c"):with_tolerated_failure_percentage_path("$.p")
    assert.truthy(json(state):find(
      '"MaxConcurrencyPath":"$.m","ToleratedFailureCountPath":"$.c","ToleratedFailurePercentagePath":"$.p"', 1, true
    ))
  end)

  it("writes Sparta's Parameters as ItemSelector", function()
    local state = step.new_map_state("s", step.new_pass_state "each"):with_parameters({ a = 1 })
    assert.truthy(json(state):find('"ItemSelector":{"a":1}', 1, true))
  end)
end)
