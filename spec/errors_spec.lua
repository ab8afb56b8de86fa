package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"
local stepfn = require "stepfn"

---A Task "S" whose function fails with these errors in turn, then returns "ok".
---@return stepfn.Execution execution
---@return number[] attempts times of the calls, from the start
local function run(fields, errors, states)
  local attempts, count = {}, 0
  local state = { Type = "Task", Resource = "lua:f", End = true }
  for name, value in pairs(fields) do
    state[name] = value
  end
  local all = { S = state }
  for name, other in pairs(states or {}) do
    all[name] = other
  end
  local execution = asl.run(all, "{}", { start_time = 1767225600, tasks = { f = function(_, context)
    count = count + 1
    attempts[count] = context:now() - 1767225600
    if errors[count] then
      error { Error = errors[count], Cause = "because" }
    end
    return "ok"
  end } })
  return execution, attempts
end

local function retry(fields)
  local retrier = { ErrorEquals = { "E" } }
  for name, value in pairs(fields or {}) do
    retrier[name] = value
  end
  return { Retry = { retrier } }
end

local E4 = { "E", "E", "E", "E", "E", "E" }

local function rounded(times)
  local list = {}
  for i, t in ipairs(times) do
    list[i] = math.floor(t * 1000 + 0.5) / 1000
  end
  return list
end

describe("A retrier", function()
  it("makes three more attempts, after 1, 2 and 4 seconds, when nothing else is said", function()
    local execution, attempts = run(retry(), E4)
    assert.equal("FAILED", execution.status)
    assert.same({ 0, 1, 3, 7 }, rounded(attempts))
  end)

  it("stops with the first success", function()
    local execution, attempts = run(retry(), { "E" })
    assert.equal("ok", execution.output)
    assert.equal(2, #attempts)
  end)

  it("multiplies the interval by BackoffRate, up to MaxDelaySeconds", function()
    local _, attempts = run(retry { IntervalSeconds = 2, BackoffRate = 3, MaxDelaySeconds = 10, MaxAttempts = 4 }, E4)
    assert.same({ 0, 2, 8, 18, 28 }, rounded(attempts))
  end)

  it("makes no attempt more with MaxAttempts 0", function()
    local _, attempts = run(retry { MaxAttempts = 0 }, E4)
    assert.equal(1, #attempts)
  end)

  it("with full jitter waits for less, and the same with the same seed", function()
    local _, attempts = run(retry { IntervalSeconds = 100, BackoffRate = 1, JitterStrategy = "FULL", MaxAttempts = 2 }, E4)
    local _, again = run(retry { IntervalSeconds = 100, BackoffRate = 1, JitterStrategy = "FULL", MaxAttempts = 2 }, E4)
    assert.is_true(attempts[2] < 100 and attempts[3] - attempts[2] < 100)
    assert.same(attempts, again)
  end)

  it("counts for its own errors alone", function()
    local fields = { Retry = {
      { ErrorEquals = { "E" }, MaxAttempts = 1 }, { ErrorEquals = { "F" }, MaxAttempts = 1 },
    } }
    assert.equal("ok", run(fields, { "E", "F" }).output)
    assert.equal("E", run(fields, { "E", "F", "E" }).error)
  end)

  it("that is spent ends it, even where a later one names the error too", function()
    local fields = { Retry = {
      { ErrorEquals = { "E" }, MaxAttempts = 1 }, { ErrorEquals = { "States.ALL" }, MaxAttempts = 5 },
    } }
    local _, attempts = run(fields, E4)
    assert.equal(2, #attempts)
  end)

  it("starts anew at each visit of the state", function()
    local count = 0
    local execution = asl.run({
      S = {
        Type = "Task", Resource = "lua:f", Retry = { { ErrorEquals = { "E" }, MaxAttempts = 1 } }, ResultPath = "$.n",
        Next = "Again",
      },
      Again = { Type = "Choice", Choices = { { Variable = "$.n", NumericEquals = 2, Next = "S" } }, Default = "Done" },
      Done = { Type = "Succeed" },
    }, "{}", { tasks = { f = function()
      count = count + 1
      if count % 2 == 1 then
        error { Error = "E" }
      end
      return count
    end } })
    assert.equal('{"n":4}', execution:output_json())
  end)

  it("is told to the context object as State.RetryCount", function()
    local seen = {}
    asl.run({ S = {
      Type = "Task", Resource = "lua:f", Parameters = { ["n.$"] = "$$.State.RetryCount" }, End = true,
      Retry = { { ErrorEquals = { "E" } } },
    } }, "{}", { tasks = { f = function(input)
      seen[#seen + 1] = input.n
      error { Error = "E" }
    end } })
    assert.same({ 0, 1, 2, 3 }, seen)
  end)
end)

describe("A catcher", function()
  local function catch(fields, errors)
    local catcher = { ErrorEquals = { "E" }, Next = "Caught" }
    for name, value in pairs(fields or {}) do
      catcher[name] = value
    end
    return (run({ Catch = { catcher } }, errors or E4, { Caught = { Type = "Pass", End = true } }))
  end

  it("goes on with error and cause as the data", function()
    assert.equal('{"Error":"E","Cause":"because"}', catch():output_json())
  end)

  it("puts them where its ResultPath says, into the state's input", function()
    assert.equal('{"e":{"Error":"E","Cause":"because"}}', catch({ ResultPath = "$.e" }):output_json())
    assert.equal("{}", catch({ ResultPath = stepfn.null }):output_json())
  end)

  it("leaves the errors of others alone", function()
    assert.equal("F", catch(nil, { "F" }).error)
  end)

  it("comes after the retriers", function()
    local execution, attempts = run({
      Retry = { { ErrorEquals = { "E" }, MaxAttempts = 1 } },
      Catch = { { ErrorEquals = { "E" }, Next = "Caught" } },
    }, E4, { Caught = { Type = "Succeed" } })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal(2, #attempts)
  end)

  it("is tried in order", function()
    local execution = run({ Catch = {
      { ErrorEquals = { "F" }, Next = "First" }, { ErrorEquals = { "E" }, Next = "Second" },
    } }, E4, {
      First = { Type = "Pass", Result = 1, End = true }, Second = { Type = "Pass", Result = 2, End = true },
    })
    assert.equal(2, execution.output)
  end)
end)

describe("The names of errors", function()
  local function is_caught(name, thrown)
    return run({ Catch = { { ErrorEquals = { name }, Next = "Caught" } } }, { thrown }, {
      Caught = { Type = "Succeed" },
    }).status == "SUCCEEDED"
  end

  it("are compared as a whole", function()
    assert.is_true(is_caught("E", "E"))
    assert.is_false(is_caught("E", "EE"))
    assert.is_false(is_caught("State.ALL", "E"))
  end)

  it("States.ALL stands for every one", function()
    assert.is_true(is_caught("States.ALL", "E"))
    assert.is_true(is_caught("States.ALL", "States.Timeout"))
  end)

  it("States.TaskFailed stands for every one but States.Timeout", function()
    assert.is_true(is_caught("States.TaskFailed", "E"))
    assert.is_false(is_caught("States.TaskFailed", "States.Timeout"))
  end)
end)

describe("States.Runtime", function()
  it("is neither retried nor caught, not even by its name", function()
    for _, name in ipairs { "States.ALL", "States.TaskFailed", "States.Runtime" } do
      local execution, attempts = run({
        InputPath = "$.nope",
        Retry = { { ErrorEquals = { name } } },
        Catch = { { ErrorEquals = { name }, Next = "Caught" } },
      }, {}, { Caught = { Type = "Succeed" } })
      assert.equal("States.Runtime", execution.error)
      assert.same({}, attempts)
    end
  end)
end)

describe("States.DataLimitExceeded", function()
  local BIG = ("x"):rep(262144)

  local function caught_by(name)
    return asl.run({
      S = {
        Type = "Task", Resource = "lua:f", End = true, Catch = { { ErrorEquals = { name }, Next = "Caught" } },
      },
      Caught = { Type = "Succeed" },
    }, "{}", { tasks = { f = function() return BIG end } })
  end

  it("is the error of a result past 256 KiB", function()
    assert.equal("States.DataLimitExceeded", caught_by "E".error)
  end)

  it("can be caught", function()
    assert.equal("SUCCEEDED", caught_by "States.DataLimitExceeded".status)
    assert.equal("SUCCEEDED", caught_by "States.ALL".status)
  end)

  it("names the state where no task was asked", function()
    local error_name, cause = asl.failure({ Type = "Pass", Parameters = { a = BIG } })
    assert.equal("States.DataLimitExceeded", error_name)
    assert.equal("The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.", cause)
  end)
end)

describe("Timeouts", function()
  local function timed_out(fields, task)
    fields.Type, fields.Resource = "Task", "lua:f"
    return asl.failure(fields, '{"s":2}', { tasks = { f = task } })
  end

  local function sleeper(_, context)
    context:sleep(10)
    return {}
  end

  it("end an attempt with States.Timeout and no cause", function()
    local execution = asl.run({ S = { Type = "Task", Resource = "lua:f", TimeoutSeconds = 2, End = true } }, "{}",
      { tasks = { f = sleeper } })
    assert.equal("States.Timeout", execution.error)
    assert.is_nil(execution.cause)
    assert.equal(2, execution.stop_date - execution.start_date)
  end)

  it("may come from the input", function()
    assert.equal("States.Timeout", (timed_out({ TimeoutSecondsPath = "$.s" }, sleeper)))
  end)

  it("are caught by name and by States.ALL", function()
    local execution = asl.run({
      S = {
        Type = "Task", Resource = "lua:f", TimeoutSeconds = 2, End = true,
        Catch = { { ErrorEquals = { "States.Timeout" }, Next = "Caught" } },
      },
      Caught = { Type = "Pass", End = true },
    }, "{}", { tasks = { f = sleeper } })
    assert.equal("States.Timeout", execution.output.Error)
  end)

  it("without a heartbeat in time come sooner", function()
    local execution = asl.run({ S = {
      Type = "Task", Resource = "lua:f", TimeoutSeconds = 9, HeartbeatSeconds = 3, End = true,
    } }, "{}", { tasks = { f = sleeper } })
    assert.equal("States.Timeout", execution.error)
    assert.equal(3, execution.stop_date - execution.start_date)
  end)

  it("of the machine end it TIMED_OUT, with neither error nor cause", function()
    local machine = assert(stepfn.load {
      StartAt = "S", TimeoutSeconds = 5, States = { S = { Type = "Wait", Seconds = 60, End = true } },
    })
    local execution = machine:run({}, { driver = "virtual" })
    assert.equal("TIMED_OUT", execution.status)
    assert.is_nil(execution.error)
    assert.equal(5, execution.stop_date - execution.start_date)
  end)
end)
