local stepfn = require "stepfn"

local ARN = "arn:aws:states:::"

---What a call of a service gets as its input, and the execution.
local function call(resource, parameters, answer)
  local machine = assert(stepfn.load {
    StartAt = "Call",
    States = { Call = { Type = "Task", Resource = ARN .. resource, Parameters = parameters, End = true } },
  })
  local seen
  local execution = machine:run({}, { driver = "virtual", tasks = function(_, input)
    seen = input
    return answer or {}
  end })
  return seen, execution
end

describe("The parameters of an integration", function()
  it("say who started an ECS task that is waited for", function()
    assert.same({ Cluster = "c", StartedBy = "AWS Step Functions" }, (call("ecs:runTask.sync", { Cluster = "c" })))
    assert.same({ StartedBy = "me" }, (call("ecs:runTask.sync", { StartedBy = "me" })))
    assert.same({ Cluster = "c" }, (call("ecs:runTask", { Cluster = "c" })))
  end)

  it("need lists as values of an API Gateway's headers", function()
    assert.same({ Headers = { a = { "x" } } }, (call("apigateway:invoke", { Headers = { a = { "x" } } })))
    local seen, execution = call("apigateway:invoke", { Headers = { a = "x" } })
    assert.is_nil(seen)
    assert.equal("States.Runtime", execution.error)
    assert.equal("An error occurred while executing the state 'Call' (entered at the event id #2). "
      .. [[The Parameters '{"Headers":{"a":"x"}}' could not be used to start the Task: ]]
      .. "[The value of the field 'Headers' has an invalid format]", execution.cause)
  end)
end)

describe("The answer of an integration", function()
  local function failure(resource, answer)
    local _, execution = call(resource, {}, answer)
    return execution.error, execution.cause
  end

  it("is a failure where events did not get through", function()
    local error_name, cause = failure("events:putEvents", { FailedEntryCount = 1, Entries = { { ErrorCode = "x" } } })
    assert.equal("EventBridge.FailedEntry", error_name)
    assert.equal('{"Entries":[{"ErrorCode":"x"}],"FailedEntryCount":1}', cause)
    assert.is_nil((failure("events:putEvents", { FailedEntryCount = 0 })))
  end)

  it("is a failure where the status of an API says so", function()
    assert.same({ "ApiGateway.403", '{"message":"no"}' },
      { failure("apigateway:invoke", { StatusCode = 403, ResponseBody = { message = "no" } }) })
    assert.is_nil((failure("apigateway:invoke", { StatusCode = 302 })))
  end)

  it("is a failure where the status of an HTTP endpoint says so", function()
    assert.same({ "States.Http.StatusCode.503", "later" },
      { failure("http:invoke", { StatusCode = 503, ResponseBody = "later" }) })
    assert.same({ "States.Http.StatusCode.404" }, { failure("http:invoke", { StatusCode = 404 }) })
    assert.is_nil((failure("http:invoke", { StatusCode = 200 })))
  end)

  it("can be retried and caught as any failure of a task", function()
    local machine = assert(stepfn.load { StartAt = "Call", States = {
      Call = { Type = "Task", Resource = ARN .. "http:invoke", Next = "Done",
        Parameters = { Method = "GET", ApiEndpoint = "e", InvocationConfig = { ConnectionArn = "c" } },
        Retry = { { ErrorEquals = { "States.Http.StatusCode.503" } } },
        Catch = { { ErrorEquals = { "States.TaskFailed" }, Next = "Done" } } },
      Done = { Type = "Succeed" },
    } })
    local execution = machine:run({}, { driver = "virtual", tasks = function(_, _, context)
      return { StatusCode = context.attempt == 0 and 503 or 500 }
    end })
    assert.equal("States.Http.StatusCode.500", execution.output.Error)
    assert.equal(2, execution:trace()[1].attempts)
  end)
end)
