local step = require "stepfn.step"

local function json(start, options)
  return step.new_state_machine("M", start, options):to_json()
end

local jsonata = { query_language = "JSONata" }

describe("a state in JSONata", function()
  it("says so itself, or its machine does", function()
    local one = step.new_pass_state("s"):as("JSONata"):with_output("{% $states.input.n + 1 %}")
    assert.equal(
      '{"StartAt":"s","States":{"s":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.n + 1 %}","End":true}}}',
      json(one)
    )
    local all = step.new_pass_state("s"):with_output("{% $states.input.n + 1 %}")
    assert.equal(
      '{"QueryLanguage":"JSONata","StartAt":"s","States":{"s":{"Type":"Pass","Output":"{% $states.input.n + 1 %}","End":true}}}',
      json(all, jsonata)
    )
  end)

  it("has the parameters of its constructor as Arguments", function()
    local params = { Message = "{% $states.input.m %}", TopicArn = "t" }
    local expected = '"Arguments":{"Message":"{% $states.input.m %}","TopicArn":"t"}'
    assert.truthy(json(step.new_sns_task_state("s", params):as("JSONata")):find(expected, 1, true))
    assert.truthy(json(step.new_sns_task_state("s", params), jsonata):find(expected, 1, true))
  end)

  it("may have one expression for all its parameters", function()
    local state = step.new_sns_task_state("s", "{% $states.input %}")
    assert.truthy(json(state, jsonata):find('"Arguments":"{% $states.input %}"', 1, true))
  end)

  it("computes numbers, times, errors and items", function()
    local wait = step.new_wait_delay_state("wait", "{% $states.input.n %}")
    local till = step.new_wait_until_state("till", "{% $states.input.at %}")
    local task = step.new_task_state("task", "lua:x"):with_timeout("{% $states.input.t %}"):with_heartbeat("{% 1 + 1 %}")
    local map = step.new_map_state("map", step.new_pass_state "each")
      :with_items("{% $states.input.list %}"):with_max_concurrency("{% $states.input.c %}")
    wait:next(till):next(task):next(map):next(step.new_fail_state("fail", "{% $states.input.e %}", "{% 'because' %}"))
    local text = json(wait, jsonata)
    for _, part in ipairs {
      '"Seconds":"{% $states.input.n %}"', '"Timestamp":"{% $states.input.at %}"', '"TimeoutSeconds":"{% $states.input.t %}"',
      '"HeartbeatSeconds":"{% 1 + 1 %}"', '"Items":"{% $states.input.list %}"', '"MaxConcurrency":"{% $states.input.c %}"',
      '"Error":"{% $states.input.e %}"', '"Cause":"{% \'because\' %}"',
    } do
      assert.truthy(text:find(part, 1, true), part)
    end
  end)

  it("is refused with a field of JSONPath", function()
    assert.error_matches(function() json(step.new_pass_state("s"):with_result_path("$.r"), jsonata) end, "ResultPath")
  end)

  it("runs", function()
    local double = step.new_task_state("double", function(input) return { n = input.n * 2 } end)
      :with_arguments({ n = "{% $states.input.x %}" }):with_assign({ was = "{% $states.input.x %}" })
      :with_output("{% $states.result.n %}")
    local done = step.new_success_state("done"):with_output({ doubled = "{% $states.input %}", was = "{% $was %}" })
    double:next(done)
    local execution = step.new_state_machine("M", double, jsonata):run({ x = 4 }, { driver = "virtual" })
    assert.same({ doubled = 8, was = 4 }, execution.output)
  end)

  it("runs beside states in JSONPath", function()
    local first = step.new_pass_state("first"):as("JSONata"):with_output({ sum = "{% $sum($states.input.list) %}" })
    first:next(step.new_pass_state("second"):with_parameters({ ["total.$"] = "$.sum" }))
    assert.same({ total = 6 }, step.new_state_machine("M", first):run({ list = { 1, 2, 3 } }).output)
  end)

  it("keeps its language in a machine that becomes a branch", function()
    local two = step.new_pass_state("i"):with_output("{% 1 + 1 %}")
    local inner = step.new_state_machine("inner", two, { query_language = "JSONata", version = "1.0" })
    local machine = step.new_state_machine("M", step.new_parallel_state("p", inner))
    assert.truthy(machine:to_json():find('"i":{"Type":"Pass","QueryLanguage":"JSONata"', 1, true))
    assert.same({ 2 }, machine:run().output)
  end)

  it("reads back to the same bytes", function()
    local rule = step.when("{% $states.input.n > 3 %}"):with_output({ big = true }):go(step.new_success_state "t")
    local choice = step.new_choice_state("c", rule):with_default("t")
    local text = json(step.new_sns_task_state("s", { Message = "m" }, { next = choice }), jsonata)
    assert.equal(text, assert(step.from_json(text)):to_json())
  end)
end)

describe("a condition in JSONata", function()
  local big, small = step.new_success_state "big", step.new_success_state "small"

  it("is a rule of its own", function()
    local rule = step.when("{% $states.input.n > 3 %}"):with_assign({ n = "{% $states.input.n %}" }):go(big)
    local choice = step.new_choice_state("c", rule):with_default(small)
    assert.truthy(json(choice, jsonata):find(
      '"Choices":[{"Condition":"{% $states.input.n > 3 %}","Assign":{"n":"{% $states.input.n %}"},"Next":"big"}]', 1, true
    ))
    local machine = step.new_state_machine("M", choice, jsonata)
    assert.equal("big", machine:run({ n = 4 }):trace()[2].state)
    assert.equal("small", machine:run({ n = 3 }):trace()[2].state)
  end)

  it("is not joined from outside", function()
    assert.error_matches(function() step.when("{% true %}"):and_(step.when("{% false %}")) end,
      "a JSONata condition stands alone: join with 'and' inside it")
  end)
end)

describe("a catcher in JSONata", function()
  it("says what becomes of the error", function()
    local recover = step.new_pass_state "recover"
    local task = step.new_task_state("s", function() error({ Error = "Refused", Cause = "no" }, 0) end)
      :with_catchers(step.new_task_catch(recover, step.StatesAll)
        :with_output({ why = "{% $states.errorOutput.Error %}" }):with_assign({ cause = "{% $states.errorOutput.Cause %}" }))
    recover:with_output({ why = "{% $states.input.why %}", cause = "{% $cause %}" })
    local execution = step.new_state_machine("M", task, jsonata):run({}, { driver = "virtual" })
    assert.same({ why = "Refused", cause = "no" }, execution.output)
  end)
end)

describe("a saga in JSONata", function()
  it("undoes and fails as one in JSONPath", function()
    local log = {}
    local function action(name)
      return step.new_task_state(name, function(input)
        log[#log + 1] = name
        if input.fail == name then
          error({ Error = "Refused" }, 0)
        end
        return 1
      end):with_arguments("{% $states.input %}"):with_output("{% $states.input %}")
    end
    local start = step.saga("Booking", { { action("hotel"), action("cancel") }, action("charge") }, { query_language = "JSONata" })
    local execution = step.new_state_machine("M", start, jsonata):run({ fail = "charge" }, { driver = "virtual" })
    assert.same({ "hotel", "charge", "cancel" }, log)
    assert.equal("Refused", execution.error)
    assert.equal('{"Error":"Refused","Cause":null}', execution.cause)
  end)
end)
