local stepfn = require "stepfn"

---A JSONata machine of the states, beginning at the first one named.
local function machine(start, states)
  return assert(stepfn.load { QueryLanguage = "JSONata", StartAt = start, States = states })
end

local function run_state(state, input, options)
  if state.Type ~= "Succeed" and state.Type ~= "Fail" and state.Type ~= "Choice" then
    state.End = true
  end
  return machine("S", { S = state }):run(input, options)
end

local function output_of(state, input, options)
  return run_state(state, input, options).output
end

---The cause of the failure, without the words that begin every cause.
local function cause_of(execution)
  return (execution.cause:gsub("^An error occurred while executing the state '.-' %(.-%)%. ", ""))
end

---The event that tells of a failed evaluation.
local function evaluation_failed(execution)
  for _, event in ipairs(execution:history()) do
    if event.type == "EvaluationFailed" then
      return event
    end
  end
end

local function faults_of(state)
  state.End = state.Type ~= "Succeed" or nil
  local texts = {}
  for i, d in ipairs(stepfn.validate { QueryLanguage = "JSONata", StartAt = "S", States = { S = state } }) do
    texts[i] = d.message .. " at " .. d.pointer
  end
  return texts
end

local boom = { boom = function() stepfn.fail("Boom", "it blew up") end }

describe("Output of a JSONata state", function()
  it("evaluates texts that begin with {% and end with %}, however deep", function()
    assert.same({ a = { 1, { b = 3 } }, c = "x" },
      output_of({ Type = "Pass", Output = { a = { 1, { b = "{% $states.input.x + 1 %}" } }, c = "x" } }, { x = 2 }))
  end)

  it("is sound JSON, infinities in it as texts", function()
    assert.same({ "Infinity" }, output_of({ Type = "Pass", Output = "{% [1/0] %}" }))
  end)

  it("is the input of a Pass, Wait or Succeed without it", function()
    assert.same({ x = 1 }, output_of({ Type = "Pass" }, { x = 1 }))
    assert.same({ x = 1 }, output_of({ Type = "Wait", Seconds = 0 }, { x = 1 }))
    assert.same({ x = 1 }, output_of({ Type = "Succeed" }, { x = 1 }))
  end)

  it("is the result of a Task without it", function()
    local task = { Type = "Task", Resource = "lua:add", Arguments = { n = "{% $states.input.x %}" } }
    assert.same({ sum = 3 }, output_of(task, { x = 2 }, {
      tasks = { add = function(input) return { sum = input.n + 1 } end },
    }))
  end)

  it("sees the result of a Task, Parallel or Map as $states.result", function()
    local task = { Type = "Task", Resource = "lua:two", Output = "{% $states.result * 2 %}" }
    assert.equal(4, output_of(task, {}, { tasks = { two = function() return 2 end } }))
    local one = { StartAt = "A", States = { A = { Type = "Pass", Output = 1, End = true } } }
    local two = { StartAt = "B", States = { B = { Type = "Pass", Output = 2, End = true } } }
    assert.equal(3, output_of { Type = "Parallel", Branches = { one, two }, Output = "{% $sum($states.result) %}" })
  end)

  it("may be any JSON value", function()
    assert.equal(false, output_of { Type = "Pass", Output = false })
    assert.equal(7, output_of { Type = "Pass", Output = 7 })
  end)
end)

describe("Assign of a JSONata state", function()
  it("sets variables for the states after it", function()
    local x = machine("A", {
      A = { Type = "Pass", Assign = { n = "{% $states.input.x * 2 %}" }, Output = "{% $exists($n) %}", Next = "B" },
      B = { Type = "Pass", Output = { before = "{% $states.input %}", n = "{% $n %}" }, End = true },
    }):run { x = 4 }
    assert.same({ before = false, n = 8 }, x.output)
  end)
end)

describe("Choice in JSONata", function()
  local choice = {
    Type = "Choice",
    Choices = {
      { Condition = "{% $states.input.n > 10 %}", Next = "Big", Output = "{% 'big ' & $states.input.n %}" },
      { Condition = false, Next = "Never" },
    },
    Default = "Small",
    Output = "small",
  }
  local states = {
    C = choice, Big = { Type = "Succeed" }, Small = { Type = "Succeed" }, Never = { Type = "Succeed" },
  }

  it("takes the first rule whose Condition is true, with the rule's own Output", function()
    assert.equal("big 11", machine("C", states):run({ n = 11 }).output)
  end)

  it("has the state's Output for Default", function()
    assert.equal("small", machine("C", states):run({ n = 1 }).output)
  end)

  it("fails when a Condition gives no boolean", function()
    local x = machine("C", {
      C = { Type = "Choice", Choices = { { Condition = "{% 1 %}", Next = "D" } } }, D = { Type = "Succeed" },
    }):run {}
    assert.equal("States.QueryEvaluationError", x.error)
    assert.equal("The JSONata expression '1' specified for the field 'Condition' returned an unexpected result type. "
      .. "Expected 'boolean', but was 'number' for value: 1", cause_of(x))
  end)
end)

describe("Wait in JSONata", function()
  it("takes Seconds from an expression", function()
    local x = run_state({ Type = "Wait", Seconds = "{% $states.input.s %}" }, { s = 60 }, { driver = "virtual" })
    assert.equal(60, x.stop_date - x.start_date)
  end)

  it("fails when Timestamp is no instant, telling the text", function()
    local x = run_state({ Type = "Wait", Timestamp = "{% 'soon' %}" }, {})
    assert.equal("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: soon",
      cause_of(x))
    assert.equal(2, evaluation_failed(x).previousEventId)
  end)
end)

describe("Map in JSONata", function()
  local double = { StartAt = "D", States = { D = { Type = "Pass", Output = "{% $states.input * 2 %}", End = true } } }

  it("takes Items from an expression, each item through ItemSelector", function()
    assert.same({ 20, 30 }, output_of({
      Type = "Map", Items = "{% $states.input.list %}",
      ItemSelector = "{% $states.context.Map.Item.Value + 5 * ($states.context.Map.Item.Index + 1) %}",
      ItemProcessor = double,
    }, { list = { 5, 5 } }))
  end)

  it("fails when Items gives no array", function()
    local x = run_state({ Type = "Map", Items = "{% true %}", ItemProcessor = double }, {})
    assert.equal("The JSONata expression 'true' specified for the field 'Items' returned an unexpected result type. "
      .. "Expected 'array', but was 'boolean' for value: true", cause_of(x))
    assert.equal("Items", evaluation_failed(x).evaluationFailedEventDetails.location)
  end)

  it("needs an input that is an array without Items", function()
    local x = run_state({ Type = "Map", ItemProcessor = double }, { foo = "bar" })
    assert.equal('Map state input must be an array but was: {"foo":"bar"}', cause_of(x))
  end)
end)

describe("Fail in JSONata", function()
  it("takes Error and Cause from expressions", function()
    local x = run_state({ Type = "Fail", Error = "{% 'E' & $states.input.n %}", Cause = "{% 'why' %}" }, { n = 1 })
    assert.equal("E1", x.error)
    assert.equal("why", x.cause)
  end)
end)

describe("Catch in JSONata", function()
  it("sees the error as $states.errorOutput, in Output and Assign", function()
    local x = machine("T", {
      T = {
        Type = "Task", Resource = "lua:boom", End = true,
        Catch = { {
          ErrorEquals = { "Boom" }, Next = "After",
          Assign = { why = "{% $states.errorOutput.Cause %}" }, Output = "{% $states.errorOutput.Error %}",
        } },
      },
      After = { Type = "Pass", Output = { "{% $states.input %}", "{% $why %}" }, End = true },
    }):run({}, { tasks = boom })
    assert.same({ "Boom", "it blew up" }, x.output)
  end)

  it("gives the error output without Output", function()
    local x = machine("T", {
      T = {
        Type = "Task", Resource = "lua:boom", End = true,
        Catch = { { ErrorEquals = { "States.ALL" }, Next = "After" } },
      },
      After = { Type = "Succeed" },
    }):run({}, { tasks = boom })
    assert.same({ Error = "Boom", Cause = "it blew up" }, x.output)
  end)

  it("takes a failed evaluation, which Retry may try again", function()
    local x = machine("T", {
      T = {
        Type = "Task", Resource = "lua:boom", Arguments = "{% $nothing %}", Next = "After",
        Retry = { { ErrorEquals = { "States.QueryEvaluationError" }, MaxAttempts = 1 } },
        Catch = { { ErrorEquals = { "States.ALL" }, Output = "{% $states.errorOutput.Error %}", Next = "After" } },
      },
      After = { Type = "Succeed" },
    }):run({}, { tasks = boom, driver = "virtual" })
    assert.equal("States.QueryEvaluationError", x.output)
  end)
end)

describe("An evaluation that fails", function()
  it("names the expression and the field when it gives nothing", function()
    local x = run_state({ Type = "Pass", Output = { a = { b = "{%  $states.input.nope %}" } } }, {})
    assert.equal("States.QueryEvaluationError", x.error)
    assert.equal("The JSONata expression '$states.input.nope' specified for the field 'Output/a/b' returned nothing "
      .. "(undefined).", cause_of(x))
  end)

  it("quotes JSONata's own code and text", function()
    local x = run_state({ Type = "Pass", Output = "{% $nofunction() %}" }, {})
    assert.equal("The JSONata expression '$nofunction()' specified for the field 'Output' threw an error during "
      .. "evaluation. T1006: Attempted to invoke a non-function", cause_of(x))
  end)

  it("has no result type for a function", function()
    local x = run_state({ Type = "Pass", Output = "{% $sum %}" }, {})
    assert.equal("The JSONata expression '$sum' specified for the field 'Output' returned an unsupported result type.",
      cause_of(x))
  end)

  it("is told by an event that skips the Entered event before the work starts", function()
    local event = evaluation_failed(run_state({ Type = "Pass", Output = "{% $nope %}" }, {}))
    assert.equal(0, event.previousEventId)
    assert.equal("S", event.evaluationFailedEventDetails.state)
    assert.equal("Output", event.evaluationFailedEventDetails.location)
  end)

  it("needs a whole number for TimeoutSeconds", function()
    local x = run_state({ Type = "Task", Resource = "lua:boom", TimeoutSeconds = "{% 1.6 %}" }, {}, { tasks = boom })
    assert.equal("The TimeoutSeconds field cannot be parsed as an integer: 1.6", cause_of(x))
  end)
end)

describe("An evaluation may make", function()
  local double = "($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f(%s, 22)))"

  local function too_much(expression)
    local state = { Type = "Pass", Output = "{% " .. expression .. " %}" }
    local execution = run_state(state)
    assert.equal("States.QueryEvaluationError", execution.error)
    assert.matches("Expression evaluation memory limit exceeded", execution.cause, 1, true)
  end

  it("arrays of 873,782 elements", function()
    assert.equal(873782, output_of { Type = "Pass", Output = "{% $count([1..873782]) %}" })
    too_much "[1..873783]"
    too_much "$append([1..500000], [1..500000])"
  end)

  it("texts of 2^23 - 1 characters", function()
    assert.equal(4194304, output_of { Type = "Pass", Output = "{% " .. double:format "'x'" .. " %}" })
    assert.equal(8388607, output_of { Type = "Pass", Output = "{% $length($pad('', 8388607, '95t')) %}" })
    too_much(double:format "'xx'")
    too_much "$pad('', 8388608, '95t')"
    too_much "$join($map([1..9], function() { $pad('', 1000000) }))"
  end)

  it("evaluations about 100 deep", function()
    local count = "{%% ($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(%d)) %%}"
    assert.equal(20, output_of { Type = "Pass", Output = count:format(20) })
    assert.equal("States.QueryEvaluationError", run_state({ Type = "Pass", Output = count:format(100) }).error)
  end)

  it("more than that elsewhere", function()
    local jsonata = require "stepfn.jsonata"
    assert.equal(873783, jsonata.compile("$count([1..873783])", { dialect = "aws" }):evaluate())
    assert.equal(8388608, jsonata.compile("$length($pad('', 8388608))", { dialect = "aws" }):evaluate())
  end)
end)

describe("$states", function()
  it("has the context object", function()
    assert.equal("S", output_of { Type = "Pass", Output = "{% $states.context.State.Name %}" })
  end)

  it("has no result where there is none: refused at load", function()
    assert.same({ "Field '$states.result' does not exist. at /States/S/Output" },
      faults_of { Type = "Pass", Output = "{% $states.result %}" })
  end)

  it("has errorOutput in catchers alone: refused elsewhere", function()
    assert.same({ "Field '$states.errorOutput' does not exist. at /States/S/Output" },
      faults_of { Type = "Task", Resource = "lua:x", Output = "{% $states.errorOutput %}" })
  end)
end)

describe("A JSONata expression at load", function()
  it("is refused when it does not parse, with JSONata's text", function()
    local faults = faults_of { Type = "Pass", Output = { a = "{% [1, %}" } }
    assert.equal(1, #faults)
    assert.matches("at /States/S/Output/a$", faults[1])
  end)

  it("is refused when its delimiters are broken", function()
    assert.same({ "A JSONata expression must begin with '{%' and end with '%}' at /States/S/Output" },
      faults_of { Type = "Pass", Output = "{% 1" })
  end)
end)
