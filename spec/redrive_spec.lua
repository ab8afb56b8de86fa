package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"
local stepfn = require "stepfn"

-- A task that fails the first time, and counts its calls by input.
local function failing_once()
  local calls = {}
  return function(input)
    calls[input] = (calls[input] or 0) + 1
    if calls[input] == 1 then
      stepfn.fail("NotYet", "later")
    end
    return input
  end, calls
end

local TASK = { Type = "Task", Resource = "lua:f", End = true }

local function redriven(execution, options)
  assert(execution:redrive())
  return execution:run(options)
end

describe("An execution that is redriven", function()
  it("has visits in its trace that were over and go on", function()
    local wait = assert(stepfn.load [[{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"lua:f","End":true}}}]])
    local execution = wait:run({}, { tasks = { f = function() stepfn.fail("E", "c") end } })
    assert.equal(execution.stop_date, execution:trace()[1].ended)
    redriven(execution, { tasks = { f = function() return 1 end } })
    local row = execution:trace()[1]
    assert.is_nil(row.ended)
    assert.is_number(row.exited)
  end)

  it("goes on at the state that failed, with what there was before it", function()
    local before = 0
    local execution = asl.run({
      S = { Type = "Task", Resource = "lua:g", Assign = { v = 7 }, Next = "T" },
      T = { Type = "Task", Resource = "lua:f", Parameters = { ["in.$"] = "$", ["v.$"] = "$v" }, End = true },
    }, "{}", { tasks = {
      g = function()
        before = before + 1
        return "made"
      end,
      f = function(input, context)
        return context.execution.RedriveCount == 1 and input or stepfn.fail "E"
      end,
    } })
    assert.equal("E", execution.error)
    assert.equal('{"in":"made","v":7}', redriven(execution):output_json())
    assert.equal(1, before)
    assert.is_nil(execution.error)
  end)

  it("does the state's work again without entering it again", function()
    local execution = redriven(asl.run({ S = TASK }, "1", { tasks = { f = failing_once() } }))
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted",
      "5<-4 LambdaFunctionFailed", "6<-5 ExecutionFailed", "7<-6 ExecutionRedriven", "8<-7 LambdaFunctionScheduled",
      "9<-8 LambdaFunctionStarted", "10<-9 LambdaFunctionSucceeded", "11<-10 TaskStateExited", "12<-11 ExecutionSucceeded",
    }, asl.history(execution))
    assert.same({ redriveCount = 1 }, execution:history()[7].executionRedrivenEventDetails)
  end)

  it("does in a Parallel again what failed or was stopped there, and no more", function()
    local f, calls = failing_once()
    local execution = redriven(asl.run({ S = {
      Type = "Parallel", End = true,
      Branches = {
        asl.scope("A", { Type = "Task", Resource = "lua:f", Parameters = "done", Retry = { { ErrorEquals = { "NotYet" } } } }),
        asl.scope("B", { Type = "Task", Resource = "lua:f", Parameters = "late", TimeoutSeconds = 100 }),
        asl.scope("C", { Type = "Wait", Seconds = 60 }),
      },
    } }, "0", { tasks = { f = function(input, context)
      context:sleep(input == "late" and 10 or 0)
      return f(input)
    end } }))
    assert.equal('["done","late",0]', execution:output_json())
    assert.same({ done = 2, late = 2 }, calls)
  end)

  it("does in a Map again the iterations that have no result, and those that had not begun", function()
    local f, calls = failing_once()
    local execution = asl.run({ S = {
      Type = "Map", MaxConcurrency = 2, End = true, ItemSelector = { ["i.$"] = "$$.Map.Item.Value" },
      ItemProcessor = asl.scope("T", { Type = "Task", Resource = "lua:f", InputPath = "$.i" }),
    } }, "[1,2,3,4,5]", { tasks = { f = function(input, context)
      context:sleep(input)
      return input == 3 and f(input) or input
    end } })
    assert.equal("NotYet", execution.error)
    assert.equal("[1,2,3,4,5]", redriven(execution):output_json())
    assert.same({ [3] = 2 }, calls)
  end)

  it("goes on in a Map whose next iteration could not be begun", function()
    local calls = {}
    local execution = asl.run({ S = {
      Type = "Map", MaxConcurrency = 1, End = true,
      ItemSelector = { ["n.$"] = "States.MathAdd($$.Map.Item.Value, $$.Execution.RedriveCount)" },
      ItemProcessor = asl.scope("T", { Type = "Task", Resource = "lua:f", InputPath = "$.n" }),
    } }, "[1,2147483648,3]", { tasks = { f = function(n)
      calls[#calls + 1] = n
      return n
    end } })
    assert.equal("States.Runtime", execution.error)
    assert.equal("States.Runtime", redriven(execution).error)
    assert.same({ 1 }, calls)
  end)

  it("does a state again whose results were too large together", function()
    local size = 140000
    local execution = asl.run({ S = { Type = "Parallel", End = true, Branches = {
      asl.scope("A", { Type = "Task", Resource = "lua:f" }), asl.scope("B", { Type = "Task", Resource = "lua:f" }),
    } } }, "{}", { tasks = { f = function() return ("x"):rep(size) end } })
    assert.equal("States.DataLimitExceeded", execution.error)
    size = 1
    assert.same({ "x", "x" }, redriven(execution).output)
  end)

  it("has its retries anew", function()
    local calls = 0
    local state = { Type = "Task", Resource = "lua:f", End = true, Retry = { { ErrorEquals = { "E" }, MaxAttempts = 2 } } }
    local execution = asl.run({ S = state }, "{}", { tasks = { f = function()
      calls = calls + 1
      stepfn.fail "E"
    end } })
    assert.equal(3, calls)
    redriven(execution)
    assert.equal(6, calls)
  end)

  it("has its TimeoutSeconds anew", function()
    local machine = assert(stepfn.load {
      StartAt = "S", TimeoutSeconds = 10,
      States = { S = { Type = "Task", Resource = "lua:f", Next = "W" }, W = { Type = "Wait", Seconds = 8, End = true } },
    })
    local execution = machine:run("x", { driver = "virtual", tasks = { f = failing_once() } })
    assert.equal("SUCCEEDED", redriven(execution).status)
    execution = machine:run("x", { driver = "virtual", tasks = { f = function(_, context) context:sleep(4) end } })
    assert.equal("TIMED_OUT", execution.status)
    assert.equal("SUCCEEDED", redriven(execution).status)
  end)

  it("enters what it had not entered when it was stopped", function()
    local execution = assert(stepfn.load { StartAt = "S", States = { S = { Type = "Succeed" } } }):start({}, { start_time = 0 })
    assert(execution:stop(nil, nil, 0))
    assert(execution:redrive(5))
    assert.same({ "1<-0 ExecutionStarted", "2<-0 ExecutionAborted", "3<-2 ExecutionRedriven", "4<-3 SucceedStateEntered",
      "5<-4 SucceedStateExited", "6<-5 ExecutionSucceeded" }, asl.history(execution))
    assert.equal(5, execution.stop_date)
  end)

  it("evaluates a Choice again, and fails again in a Fail state", function()
    local choice = asl.run {
      S = { Type = "Choice", Choices = { { Variable = "$.no", IsNull = true, Next = "D" } } }, D = { Type = "Succeed" },
    }
    assert.equal("States.Runtime", redriven(choice).error)
    local fail = asl.run { S = { Type = "Fail", Error = "E" } }
    assert.equal("E", redriven(fail).error)
    assert.equal(1, #asl.history(fail) - #asl.history(asl.run { S = { Type = "Fail", Error = "E" } }) - 1)
  end)

  it("draws other random values", function()
    local seen = {}
    local execution = asl.run({ S = {
      Type = "Task", Resource = "lua:f", Parameters = { ["id.$"] = "States.UUID()" }, End = true,
    } }, "{}", { tasks = { f = function(input)
      seen[#seen + 1] = input.id
      stepfn.fail "E"
    end } })
    redriven(execution)
    assert.are_not.equal(seen[1], seen[2])
  end)

  it("tells of it: context object, description, log", function()
    local execution = redriven(asl.run({ S = {
      Type = "Task", Resource = "lua:f", Parameters = { ["at.$"] = "$$.Execution" }, End = true,
    } }, "{}", { start_time = 1767225600, tasks = { f = function(input)
      return input.at.RedriveCount == 1 and input.at.RedriveTime or stepfn.fail "E"
    end } }))
    assert.equal("2026-01-01T00:00:00Z", execution.output)
    local description = execution:describe()
    assert.same({ 1, 1767225600 }, { description.redriveCount, description.redriveDate })
    local entries = execution:logs()
    assert.same({ "0", "1" }, { entries[1].redrive_count, entries[#entries].redrive_count })
  end)

  it("goes on from a snapshot, too, and can be in one", function()
    local execution = asl.run({ S = TASK }, "1", { tasks = { f = failing_once() } })
    local resumed = assert(execution.machine:resume(execution:snapshot(), { driver = "virtual", tasks = { f = tostring } }))
    assert(resumed:redrive())
    local again = assert(execution.machine:resume(resumed:snapshot(), { driver = "virtual", tasks = { f = tostring } }))
    assert.equal(resumed:fingerprint(), again:fingerprint())
    again:run()
    assert.equal("1", again.output)
    assert.equal(1, again:describe().redriveCount)
  end)

  it("may be driven by a loop, as before", function()
    local driver = require("stepfn.driver.virtual").new()
    local execution = assert(stepfn.load { StartAt = "S", States = { S = TASK } })
      :spawn("x", { driver = driver, tasks = { f = failing_once() } })
    driver:advance(1)
    assert.equal("NotYet", execution.error)
    assert(execution:redrive())
    execution:spawn()
    driver:advance(1)
    assert.equal("x", execution.output)
  end)
end)

describe("An execution can't be redriven", function()
  local function refusal(execution, now)
    local done, message, detail = execution:redrive(now)
    assert.is_nil(done)
    assert.equal("ExecutionNotRedrivable", detail.code)
    return message
  end

  it("while it runs, or when it succeeded", function()
    assert.equal("Execution is SUCCEEDED and cannot be redriven", refusal(asl.run { S = { Type = "Succeed" } }))
    local waiting = asl.run({ S = { Type = "Wait", Seconds = 9, End = true } }, "{}", { pause = true })
    assert.equal("Execution is RUNNING and cannot be redriven", refusal(waiting))
  end)

  it("when it is EXPRESS", function()
    local machine = assert(stepfn.load({ StartAt = "S", States = { S = { Type = "Fail" } } }, { type = "EXPRESS" }))
    assert.matches("^the execution can't be redriven: it is EXPRESS", refusal(machine:run({}, { driver = "virtual" })))
  end)

  it("more than 14 days after its end", function()
    local execution = asl.run { S = { Type = "Fail" } }
    refusal(execution, execution.stop_date + 14 * 86400 + 1)
    assert(execution:redrive(execution.stop_date + 14 * 86400))
  end)

  it("when its history is full", function()
    local execution = asl.run({
      S = { Type = "Choice", Choices = { { Variable = "$.go", BooleanEquals = false, Next = "End" } }, Default = "S" },
      End = { Type = "Succeed" },
    }, '{"go":true}')
    refusal(execution)
  end)

  it("where a Map Run would have to go on", function()
    refusal(asl.run({ S = { Type = "Map", End = true, ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" }, StartAt = "F", States = { F = { Type = "Fail" } },
    } } }, "[1]"))
  end)
end)
