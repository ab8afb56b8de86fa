-- machine:to_lua: the program that builds a machine, whose JSON is the same to
-- the byte.
local step = require "stepfn.step"
local stepfn = require "stepfn"

local compile = rawget(_G, "loadstring") or load

local function noop() end

local function source_of(text, options)
  return assert(stepfn.load(text, options)):to_lua()
end

local function rebuilt(source)
  return assert(compile(source))()
end

-- The definition that the program of a definition builds.
local function through(text)
  return rebuilt(source_of(text)):to_json()
end

local function one_state(state, others)
  return '{"StartAt":"a","States":{"a":' .. state .. (others or "") .. "}}"
end

local function same(text)
  assert.equal(text, through(text))
end

describe("machine:to_lua", function()
  it("writes a program: locals named after the states, setters, then where they lead", function()
    assert.equal([[
---The state machine Die roll.
local step = require "stepfn.step"

local roll_die = step.new_task_state("RollDie", "arn:aws:lambda:us-east-1:000000000000:function:Roll")
  :with_timeout(30)
  :with_retriers(step.retry { errors = step.StatesAll, interval = 2 })
local check_roll = step.new_choice_state("checkRoll")
local failed = step.new_fail_state("failed", "DieLost", "it fell off the table")
local try_again = step.new_wait_delay_state("try again", 3)
local success = step.new_success_state("success")

roll_die:next(check_roll)
try_again:next(roll_die)
roll_die:with_catchers(step.new_task_catch(failed, "Lost", { result_path = "$.error" }))
check_roll
  :add(step.Not { Comparison = step.NumericGreaterThan { Variable = "$.roll", Value = 3 }, Next = try_again })
  :with_default(success)

return step.new_state_machine("Die roll", roll_die, { comment = "Rolls a die" })
]], source_of([[{"Comment":"Rolls a die","StartAt":"RollDie","States":{
      "RollDie":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:Roll","TimeoutSeconds":30,
        "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":2}],
        "Catch":[{"ErrorEquals":["Lost"],"ResultPath":"$.error","Next":"failed"}],"Next":"checkRoll"},
      "checkRoll":{"Type":"Choice","Default":"success",
        "Choices":[{"Not":{"Variable":"$.roll","NumericGreaterThan":3},"Next":"try again"}]},
      "try again":{"Type":"Wait","Seconds":3,"Next":"RollDie"},
      "success":{"Type":"Succeed"},
      "failed":{"Type":"Fail","Error":"DieLost","Cause":"it fell off the table"}}}]], { name = "Die roll" }))
  end)

  it("writes what is inside a Parallel or a Map before it", function()
    local left, right = step.new_pass_state("left", { a = 1 }), step.new_map_state("right", step.new_wait_delay_state("w", 1))
    local machine = step.new_state_machine("M", step.new_parallel_state("both", left, right))
    assert.equal([[
---The state machine M.
local step = require "stepfn.step"

-- branch 1 of both
local left = step.new_pass_state("left", { a = 1 })

-- each item of right
local w = step.new_wait_delay_state("w", 1)

-- branch 2 of both
local right = step.new_map_state("right", w)

local both = step.new_parallel_state("both", { left, right })

return step.new_state_machine("M", both)
]], machine:to_lua())
    assert.equal(machine:to_json(), rebuilt(machine:to_lua()):to_json())
  end)

  it("knows every type of state", function()
    for _, state in ipairs {
      '{"Type":"Task","Resource":"lua:x","Comment":"c","TimeoutSecondsPath":"$.t","HeartbeatSecondsPath":"$.h",'
        .. '"Credentials":{"RoleArn":"arn:aws:iam::111122223333:role/x"},"ResultSelector":{"a.$":"$.b"},"Retry":[],"Catch":[],"End":true}',
      '{"Type":"Pass","Result":null,"InputPath":null,"ResultPath":null,"OutputPath":null,"End":true}',
      '{"Type":"Pass","Result":[1,2.5,1e+300,[],{},"",false],"End":true}',
      '{"Type":"Wait","Seconds":0,"End":true}',
      '{"Type":"Wait","SecondsPath":"$.s","End":true}',
      '{"Type":"Wait","Timestamp":"2016-03-14T01:59:00.123Z","End":true}',
      '{"Type":"Wait","TimestampPath":"$$.Execution.StartTime","End":true}',
      '{"Type":"Fail"}',
      '{"Type":"Fail","Cause":"c"}',
      [[{"Type":"Fail","ErrorPath":"States.Format('{}',$.y)","CausePath":"$.c"}]],
      '{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"b","States":{"b":{"Type":"Pass","End":true}}},'
        .. '"MaxConcurrency":0,"ToleratedFailurePercentage":1.5,"End":true}',
      '{"Type":"Map","ItemProcessor":{"Comment":"c","StartAt":"b","States":{"b":{"Type":"Pass","End":true}}},"End":true}',
      '{"Type":"Parallel","Branches":[{"Comment":"c","StartAt":"b","States":{"b":{"Type":"Pass","End":true}}}],"End":true}',
    } do
      local text = one_state(state)
      assert.equal(step.from_json(text):to_json(), through(text))
    end
  end)

  it("keeps a distributed Map, and one with the field names of before", function()
    local state = step.new_map_state("a", step.new_pass_state "b"):distributed {
      execution_type = "EXPRESS", label = "l", max_concurrency = 9,
      reader = step.new_s3_object_reader({ Bucket = "b", ["Key.$"] = "$.key" }, { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" }),
      batcher = { MaxItemsPerBatch = 2 },
      writer = step.new_s3_writer({ Bucket = "b", Prefix = "p" }),
    }
    local machine = step.new_state_machine("M", state)
    assert.matches('step.new_map_state("a", b)\n  :distributed { execution_type = "EXPRESS" }\n', machine:to_lua(), 1, true)
    same(machine:to_json())
    local former = assert(step.from_json(one_state('{"Type":"Map","Iterator":{"StartAt":"b","States":{"b":{"Type":"Pass","End":true}}},'
      .. '"Parameters":{"x.$":"$"},"End":true}')))
    assert.matches('step.new_map_state("a", b, { iterator = true })', former:to_lua(), 1, true)
    assert.equal(former:to_json(), rebuilt(former:to_lua()):to_json())
  end)

  it("keeps JSONata, in a machine and in a state", function()
    local order = step.new_task_state("order", "lua:order", { items = "{% $states.input.cart %}" })
      :with_assign({ total = "{% $sum($states.result.prices) %}" }):with_output("{% $states.result.id %}")
    order:next(step.new_choice_state("check", step.when("{% $total > 100 %}"):with_output({ big = true }):go(step.new_success_state "big"),
      step.when(true):go(step.new_wait_delay_state("wait", "{% $total %}"))))
    same(step.new_state_machine("M", order, { query_language = "JSONata" }):to_json())
    same(step.new_state_machine("M", step.new_pass_state("p"):as("JSONata"):with_output("{% 1 %}")):to_json())
  end)

  it("keeps every comparison", function()
    local done = step.new_success_state "done"
    local choice = step.new_choice_state("c")
      :add(step.And { step.IsPresent { Variable = "$.a", Value = false }, step.Or { step.StringMatches { Variable = "$.b", Value = "x*" },
        step.Not { step.TimestampLessThanEqualsPath { Variable = "$.c", Value = "$.d" } } }, Next = done, Comment = "c" })
      :add(step.NumericEquals { Variable = "$.n", Value = stepfn.integer "9007199254740993", Assign = { x = 1 }, Next = done })
      :add(step.TimestampEquals { Variable = "$.t", Value = "2030-01-01T00:00:00Z", Next = done })
    same(step.new_state_machine("M", choice):to_json())
  end)

  it("leaves as JSON text what a table does not hold as it is", function()
    local source = source_of(one_state '{"Type":"Pass","Result":{"b":1,"a":[12345678901234567890,"]]"]},"End":true}')
    assert.matches('step.new_pass_state("a", stepfn.value [=[{"b":1,"a":[12345678901234567890,"]]"]}]=])', source, 1, true)
    same(one_state '{"Type":"Pass","Result":{"b":1,"a":[12345678901234567890,"]]"]},"End":true}')
  end)

  it("leaves as JSON text what is too long for a function's constants", function()
    local rows = {}
    for i = 1, 20000 do
      rows[i] = { id = i, name = "n" .. i }
    end
    same(step.new_state_machine("M", step.new_pass_state("p", rows)):to_json())
  end)

  it("finds names for states that are called like nothing in Lua, or like one another", function()
    local names = { "支払い", "1st", "end", "step", "a b", "a-b", 'quote " \\ \n', "aB" }
    local first = step.new_pass_state(names[1])
    local last = first
    for i = 2, #names do
      last = last:next(step.new_pass_state(names[i]))
    end
    local source = step.new_state_machine("names\n--", first):to_lua()
    for _, variable in ipairs { "state", "state_1st", "end_state", "step_state", "a_b", "a_b_2", "quote", "a_b_3" } do
      assert.matches("\nlocal " .. variable .. " = step.new_pass_state(", source, 1, true)
    end
    same(step.new_state_machine("names\n--", first):to_json())
  end)

  it("keeps states in a table where they are more than Lua has locals", function()
    local first = step.new_pass_state "p1"
    local last = first
    for i = 2, 300 do
      last = last:next(step.new_pass_state("p" .. i))
    end
    local machine = step.new_state_machine("Long", first)
    assert.matches('\ns.p300 = step.new_pass_state("p300")\n', machine:to_lua(), 1, true)
    assert.equal(machine:to_json(), rebuilt(machine:to_lua()):to_json())
  end)

  it("takes three hundred branches, rules and members", function()
    local branches, rules, values = {}, {}, {}
    local done = step.new_success_state "done"
    for i = 1, 300 do
      branches[i], values["k" .. i] = step.new_pass_state("b" .. i), i
      rules[i] = step.NumericEquals { Variable = "$.n", Value = i, Next = done }
    end
    local first = step.new_pass_state("values", values)
    first:next(step.new_parallel_state("all", branches)):next(step.new_choice_state("c", rules))
    same(step.new_state_machine("Wide", first):to_json())
  end)

  it("takes values and states that are nested deeper than Lua nests", function()
    same(one_state('{"Type":"Pass","Result":' .. ("["):rep(300) .. ("]"):rep(300) .. ',"End":true}'))
    local inner = step.new_pass_state "inner"
    for i = 1, 60 do
      inner = step.new_parallel_state("p" .. i, inner)
    end
    same(step.new_state_machine("Deep", inner):to_json())
  end)

  it("writes type, version, time-out, role and logging of the machine", function()
    local machine = step.new_express_state_machine("E", { level = "ALL" }, step.new_success_state "s",
      { version = "1.0", timeout = 60, query_language = "JSONPath" }):with_role_arn("arn:aws:iam::111122223333:role/r")
    local again = rebuilt(machine:to_lua())
    assert.equal(machine:to_json(), again:to_json())
    assert.same({ "E", "EXPRESS", "arn:aws:iam::111122223333:role/r", { level = "ALL" } },
      { again.name, again.type, again.role_arn, again.logging })
  end)

  it("writes the resource of a function, which tasks serve", function()
    local machine = step.new_state_machine("M", step.new_task_state("double", function(n) return n * 2 end))
    local again = rebuilt(machine:to_lua())
    assert.equal(6, again:run(3, { tasks = { double = function(n) return n * 2 end } }).output)
  end)

  it("gives each example's definition again", function()
    for _, name in ipairs { "onboarding", "registration_saga", "roll_die", "loop", "approval" } do
      local text = assert(stepfn.load_file("examples/" .. name .. "/definition.json")):to_json()
      assert.equal(assert(step.from_json(text)):to_json(), through(text))
    end
  end)
end)

describe("state:with_field", function()
  it("sets any field that holds data, by AWS's name", function()
    local state = step.new_task_state("t", noop):with_field("TimeoutSeconds", 9):with_field("Comment", "c")
    assert.matches('"Comment":"c".*"TimeoutSeconds":9', step.new_state_machine("M", state):to_json())
  end)

  it("leaves the fields that hold states to their own methods", function()
    assert.error_matches(function() step.new_pass_state("p"):with_field("Next", "x") end,
      "bad argument #1 to 'with_field' (name of a field that holds data expected, got \"Next\")", 1, true)
    assert.error_matches(function() step.new_pass_state("p"):with_field("Nxt", "x") end, "got \"Nxt\"", 1, true)
  end)
end)

describe("step.new_branch", function()
  it("is a branch with a comment, or a processor with a configuration", function()
    local map = step.new_map_state("m", step.new_branch(step.new_pass_state "p", { processor_config = { Mode = "INLINE" } }))
    local both = step.new_parallel_state("both", step.new_branch(map, { comment = "items" }), step.new_pass_state "q")
    assert.equal('{"StartAt":"both","States":{"both":{"Type":"Parallel","Branches":['
      .. '{"Comment":"items","StartAt":"m","States":{"m":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},'
      .. '"StartAt":"p","States":{"p":{"Type":"Pass","End":true}}},"End":true}}},'
      .. '{"StartAt":"q","States":{"q":{"Type":"Pass","End":true}}}],"End":true}}}',
      step.new_state_machine("M", both):to_json())
  end)
end)
