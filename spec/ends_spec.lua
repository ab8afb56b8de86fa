package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"

---The execution of one Fail state.
local function fail(fields, input)
  fields.Type = "Fail"
  return asl.run({ S = fields }, input)
end

describe("A Succeed state", function()
  it("ends the execution with its input as the output", function()
    local execution = asl.run({ S = { Type = "Succeed" } }, '{"a":1}')
    assert.equal("SUCCEEDED", execution.status)
    assert.equal('{"a":1}', execution:output_json())
  end)

  it("takes InputPath and OutputPath", function()
    assert.equal("1", asl.run({ S = { Type = "Succeed", InputPath = "$.a", OutputPath = "$.b" } }, '{"a":{"b":1}}'):output_json())
  end)

  it("ends its branch alone", function()
    local execution = asl.run({ S = {
      Type = "Parallel", End = true,
      Branches = { asl.scope("A", { Type = "Succeed" }), asl.scope("B", { Type = "Pass", Result = 2 }) },
    } }, "{}")
    assert.equal("[{},2]", execution:output_json())
  end)
end)

describe("A Fail state", function()
  it("ends the execution with its Error and Cause", function()
    local execution = fail { Error = "E", Cause = "C" }
    assert.equal("FAILED", execution.status)
    assert.equal("E", execution.error)
    assert.equal("C", execution.cause)
  end)

  it("needs neither of them", function()
    local execution = fail {}
    assert.equal("FAILED", execution.status)
    assert.is_nil(execution.error)
    assert.is_nil(execution.cause)
  end)

  it("may read both from the input, or make them by intrinsic functions", function()
    local execution = fail({ ErrorPath = "$.e", CausePath = "States.Format('n is {}', $.n)" }, '{"e":"E","n":1}')
    assert.equal("E", execution.error)
    assert.equal("n is 1", execution.cause)
  end)

  it("fails with States.Runtime when there is nothing to read", function()
    local execution = fail({ ErrorPath = "$.e" }, "{}")
    assert.equal("States.Runtime", execution.error)
    assert.truthy(execution.cause:find("The JSONPath '$.e' specified for the field 'ErrorPath'", 1, true))
  end)

  it("has an Entered event and no other", function()
    assert.same({ "1<-0 ExecutionStarted", "2<-0 FailStateEntered", "3<-2 ExecutionFailed" }, asl.history(fail { Error = "E" }))
  end)
end)
