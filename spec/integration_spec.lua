local stepfn = require "stepfn"

local ARN = "arn:aws:states:::"

---What a call of a service gets as its input, and the execution.
local function call(resource, parameters)
  local machine = assert(stepfn.load {
    StartAt = "Call",
    States = { Call = { Type = "Task", Resource = ARN .. resource, Parameters = parameters, End = true } },
  })
  local seen
  local execution = machine:run({}, { driver = "virtual", tasks = function(_, input)
    seen = input
    return {}
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
