package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"

local LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
local TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"

local function fails()
  error { Error = "E", Cause = "C" }
end

---The events of one Task, between those of the execution.
local function task(resource, fn, fields)
  local state = { Type = "Task", Resource = resource, End = true }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  return asl.run({ S = state, Caught = state.Catch and { Type = "Succeed" } }, '{"n":1}', { tasks = { ["state:S"] = fn } })
end

local function echo(input)
  return input
end

describe("The history", function()
  it("points both of the first two events at nothing, and each other one at the one before", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 PassStateEntered", "3<-2 PassStateExited", "4<-3 ExecutionSucceeded",
    }, asl.history(asl.run { S = { Type = "Pass", End = true } }))
  end)

  it("is told page by page to whom all of it is too much at once", function()
    local execution = asl.run { S = { Type = "Pass", End = true } }
    local all = execution:history()
    assert.same({ all[1], all[2], all[3] }, execution:history { max = 3 })
    assert.same({ all[4] }, execution:history { from = 4, max = 3 })
    assert.same({}, execution:history { from = 5 })
    assert.has_error(function() execution:history { from = 0 } end,
      "bad argument #1 to 'history' (option 'from': a whole number from 1 on expected)")
  end)

  it("tells a function by LambdaFunction events", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted",
      "5<-4 LambdaFunctionSucceeded", "6<-5 TaskStateExited", "7<-6 ExecutionSucceeded",
    }, asl.history(task(LAMBDA, echo)))
  end)

  it("tells an integration by Task events, with service, action and region", function()
    local execution = task("arn:aws:states:::aws-sdk:s3:getObject", echo, { TimeoutSeconds = 7 })
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 TaskScheduled", "4<-3 TaskStarted",
      "5<-4 TaskSucceeded", "6<-5 TaskStateExited", "7<-6 ExecutionSucceeded",
    }, asl.history(execution))
    assert.same({
      resourceType = "aws-sdk:s3", resource = "getObject", region = "us-east-1", parameters = '{"n":1}',
      timeoutInSeconds = 7,
    }, execution:history()[3].taskScheduledEventDetails)
  end)

  it("tells that a call was answered whose end comes later", function()
    local execution = task(TOKEN, function() return { MessageId = "m" } end)
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 TaskScheduled", "4<-3 TaskStarted", "5<-4 TaskSubmitted",
    }, asl.history(execution))
    execution:task_succeeded(execution:open_tasks()[1].token, { done = true })
    execution:run()
    assert.equal('{"done":true}', execution:output_json())
    assert.equal("6<-5 TaskSucceeded", asl.history(execution)[6])
  end)

  it("has no event for a retry: the next attempt points at the failure", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted",
      "5<-4 LambdaFunctionFailed", "6<-5 LambdaFunctionScheduled", "7<-6 LambdaFunctionStarted",
      "8<-7 LambdaFunctionFailed", "9<-8 ExecutionFailed",
    }, asl.history(task(LAMBDA, fails, { Retry = { { ErrorEquals = { "E" }, MaxAttempts = 1 } } })))
  end)

  it("leaves the state that failed when its error is caught", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted",
      "5<-4 LambdaFunctionFailed", "6<-5 TaskStateExited", "7<-6 SucceedStateEntered", "8<-7 SucceedStateExited",
      "9<-8 ExecutionSucceeded",
    }, asl.history(task(LAMBDA, fails, { Catch = { { ErrorEquals = { "E" }, Next = "Caught" } } })))
  end)

  it("ends right after the state that met an error of its own", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 PassStateEntered", "3<-2 ExecutionFailed",
    }, asl.history(asl.run({ S = { Type = "Pass", InputPath = "$.x", End = true } }, "{}")))
  end)

  it("tells a timeout by an event of the task, without a cause", function()
    local execution = task(LAMBDA, function(_, context) context:sleep(9) end, { TimeoutSeconds = 2 })
    assert.equal("5<-4 LambdaFunctionTimedOut", asl.history(execution)[5])
    assert.same({ error = "States.Timeout" }, execution:history()[5].lambdaFunctionTimedOutEventDetails)
  end)

  it("ends with 25,000 events, the last of which says so", function()
    local execution = asl.run({
      S = { Type = "Choice", Choices = { { Variable = "$.go", BooleanEquals = false, Next = "End" } }, Default = "S" },
      End = { Type = "Succeed" },
    }, '{"go":true}')
    assert.equal(25000, #execution:history())
    assert.equal("States.Runtime", execution.error)
    assert.equal("The execution reached the maximum number of history events (25000).", execution.cause)
  end)
end)
