local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local START = 1704067200
local ARN = "arn:aws:states:eu-west-1:111111111111:execution:m:e"

---An execution that has come to its end.
local function run(state)
  local machine = assert(stepfn.load { StartAt = "S", States = { S = state } })
  return machine:run(stepfn.value '{"b":1,"a":2}', {
    driver = virtual.new { start = START }, name = "e", arn = ARN, machine_arn = "arn:m", seed = 1,
  })
end

local good = run { Type = "Pass", Result = { done = true }, End = true }
local bad = run { Type = "Fail", Error = "E", Cause = "C" }

describe("execution:describe", function()
  it("tells what DescribeExecution tells", function()
    assert.same({
      executionArn = ARN, stateMachineArn = "arn:m", name = "e", status = "SUCCEEDED",
      startDate = START, stopDate = START,
      input = '{"b":1,"a":2}', inputDetails = { included = true },
      output = '{"done":true}', outputDetails = { included = true },
      redriveCount = 0, redriveStatus = "NOT_REDRIVABLE",
      redriveStatusReason = "Execution is SUCCEEDED and cannot be redriven",
    }, good:describe())
  end)

  it("tells error and cause, and that a redrive is possible", function()
    local description = bad:describe()
    assert.equal("E", description.error)
    assert.equal("C", description.cause)
    assert.equal("REDRIVABLE", description.redriveStatus)
    assert.is_nil(description.redriveStatusReason)
    assert.is_nil(description.outputDetails)
  end)
end)

describe("execution:status_changes", function()
  it("has one event for the beginning and one for the end, null where nothing is set", function()
    local changes = good:status_changes()
    assert.equal(2, #changes)
    assert.equal("RUNNING", changes[1].detail.status)
    assert.equal(stepfn.null, changes[1].detail.output)
    assert.equal("SUCCEEDED", changes[2].detail.status)
    assert.equal('{"done":true}', changes[2].detail.output)
    assert.equal(START * 1000, changes[2].detail.stopDate)
    assert.equal(stepfn.null, changes[2].detail.error)
  end)

  it("says whose it is and when it was", function()
    local change = good:status_changes()[1]
    assert.equal("eu-west-1", change.region)
    assert.equal("111111111111", change.account)
    assert.same({ ARN }, change.resources)
    assert.equal("2024-01-01T00:00:00.000Z", change.time)
  end)
end)

describe("execution:logs", function()
  local function types(execution, level)
    local list = {}
    for i, entry in ipairs(execution:logs { level = level }) do
      list[i] = entry.type
    end
    return list
  end

  it("holds the events that the level lets through", function()
    assert.same({ "ExecutionStarted", "FailStateEntered", "ExecutionFailed" }, types(bad, "ALL"))
    assert.same({ "FailStateEntered", "ExecutionFailed" }, types(bad, "ERROR"))
    assert.same({ "ExecutionFailed" }, types(bad, "FATAL"))
    assert.same({}, types(bad, "OFF"))
    assert.same({}, types(good, "ERROR"))
  end)

  it("writes ids and times as text", function()
    assert.same({
      id = "2", previous_event_id = "0", type = "FailStateEntered", event_timestamp = "1704067200000",
      execution_arn = ARN, redrive_count = "0",
      details = { name = "S", input = '{"b":1,"a":2}', inputDetails = { truncated = false } },
    }, bad:logs()[2])
  end)

  it("leaves execution data out when told so, but not names and causes", function()
    local entries = bad:logs { include_execution_data = false }
    assert.same({ name = "S" }, entries[2].details)
    assert.same({ error = "E", cause = "C" }, entries[3].details)
  end)

  it("knows four levels", function()
    assert.has_error(function() good:logs { level = "SOME" } end)
  end)
end)
