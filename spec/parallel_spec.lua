package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"

local FAILS = { Type = "Fail", Error = "E", Cause = "C" }

local function parallel(branches, fields)
  local state = { Type = "Parallel", End = true, Branches = branches }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  return state
end

describe("A Parallel state", function()
  it("gives every branch its input, and a list of their outputs in order", function()
    local execution = asl.run({ S = parallel {
      asl.scope("A", { Type = "Wait", Seconds = 5 }), asl.scope("B", { Type = "Pass", Result = "b" }),
    } }, '{"n":1}')
    assert.equal('[{"n":1},"b"]', execution:output_json())
  end)

  it("runs its branches at the same time", function()
    local execution = asl.run { S = parallel {
      asl.scope("A", { Type = "Wait", Seconds = 5 }), asl.scope("B", { Type = "Wait", Seconds = 7 }),
    } }
    assert.equal(7, execution.stop_date - execution.start_date)
  end)

  it("takes Parameters, ResultSelector, ResultPath and OutputPath", function()
    local execution = asl.run({ S = parallel({ asl.scope("A", { Type = "Pass" }) }, {
      Parameters = { ["m.$"] = "$.n" }, ResultSelector = { ["first.$"] = "$[0].m" }, ResultPath = "$.r",
      OutputPath = "$.r",
    }) }, '{"n":1}')
    assert.equal('{"first":1}', execution:output_json())
  end)

  it("fails when a branch does, and stops the others at once", function()
    local execution = asl.run({ S = parallel {
      asl.scope("A", { Type = "Wait", Seconds = 100 }), asl.scope("B", FAILS),
    } }, "{}")
    assert.equal("E", execution.error)
    assert.equal("C", execution.cause)
    assert.equal(0, execution.stop_date - execution.start_date)
  end)

  it("may be caught as a whole", function()
    local execution = asl.run {
      S = parallel({ asl.scope("A", FAILS) }, { Catch = { { ErrorEquals = { "E" }, Next = "Caught" } } }),
      Caught = { Type = "Pass", End = true },
    }
    assert.equal('{"Error":"E","Cause":"C"}', execution:output_json())
  end)

  it("may be retried as a whole", function()
    local calls = { a = 0, b = 0 }
    local execution = asl.run({ S = parallel({
      asl.scope("A", { Type = "Task", Resource = "lua:a" }), asl.scope("B", { Type = "Task", Resource = "lua:b" }),
    }, { Retry = { { ErrorEquals = { "E" } } } }) }, "{}", { tasks = {
      a = function()
        calls.a = calls.a + 1
        return calls.a
      end,
      b = function()
        calls.b = calls.b + 1
        if calls.b == 1 then
          error { Error = "E" }
        end
        return "b"
      end,
    } })
    assert.equal('[2,"b"]', execution:output_json())
  end)
end)

describe("The history of a Parallel state", function()
  it("links each branch to the start, and the end to the last event inside", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 ParallelStateEntered",
      "3<-2 ParallelStateStarted",
      "4<-3 PassStateEntered",
      "5<-4 PassStateExited",
      "6<-3 PassStateEntered",
      "7<-6 PassStateExited",
      "8<-7 ParallelStateSucceeded",
      "9<-7 ParallelStateExited",
      "10<-9 ExecutionSucceeded",
    }, asl.history(asl.run { S = parallel { asl.scope("A", { Type = "Pass" }), asl.scope("B", { Type = "Pass" }) } }))
  end)

  it("has no event of its own for a branch that fails in a Fail state", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 ParallelStateEntered",
      "3<-2 ParallelStateStarted",
      "4<-3 FailStateEntered",
      "5<-4 ParallelStateFailed",
      "6<-5 ExecutionFailed",
    }, asl.history(asl.run { S = parallel { asl.scope("A", FAILS) } }))
  end)

  it("starts again at a retry, without being entered again", function()
    local execution = asl.run { S = parallel({ asl.scope("A", FAILS) }, {
      Retry = { { ErrorEquals = { "E" }, MaxAttempts = 1 } },
    }) }
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 ParallelStateEntered",
      "3<-2 ParallelStateStarted",
      "4<-3 FailStateEntered",
      "5<-4 ParallelStateStarted",
      "6<-5 FailStateEntered",
      "7<-6 ParallelStateFailed",
      "8<-7 ExecutionFailed",
    }, asl.history(execution))
  end)
end)
