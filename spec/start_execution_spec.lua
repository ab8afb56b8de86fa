local history = require "spec.support.history"
local stepfn = require "stepfn"

local ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:kid"

local function parent(pattern, parameters, fields)
  local state = {
    Type = "Task", Resource = "arn:aws:states:::" .. (pattern:find "^aws" and pattern or "states:startExecution" .. pattern),
    Parameters = parameters or { StateMachineArn = ARN, Name = "joe", ["Input.$"] = "$" }, End = true,
  }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  return assert(stepfn.load { StartAt = "Call", States = { Call = state } })
end

local kid = assert(stepfn.load({
  StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:work", End = true } },
}, { name = "kid" }))

local function work(input, context)
  context:sleep(10)
  if input.bad then
    stepfn.fail("Bad", "very")
  end
  return { doubled = input.n * 2 }
end

local function run(machine, input, settings)
  settings = settings or {}
  return machine:run(input, {
    driver = "virtual", seed = 1, tasks = { work = settings.work or work },
    machines = settings.machines or { kid = kid }, on_child = settings.on_child,
  })
end

describe("states:startExecution", function()
  it("answers as soon as the execution has started", function()
    local execution = run(parent "", { n = 1 })
    assert.equal("arn:aws:states:us-east-1:000000000000:execution:kid:joe", execution.output.ExecutionArn)
    assert.equal(1767225600000, execution.output.StartDate)
    assert.equal(0, execution.stop_date - execution.start_date)
  end)

  it("with .sync waits for its end and gives Input and Output as JSON text", function()
    local execution = run(parent ".sync", { n = 1 })
    assert.equal(10, execution.stop_date - execution.start_date)
    assert.equal('{"ExecutionArn":"arn:aws:states:us-east-1:000000000000:execution:kid:joe","Input":"{\\"n\\":1}",'
      .. '"InputDetails":{"Included":true},"Name":"joe","Output":"{\\"doubled\\":2}","OutputDetails":{"Included":true},'
      .. '"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE",'
      .. '"RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1767225600000,'
      .. '"StateMachineArn":"' .. ARN .. '","Status":"SUCCEEDED","StopDate":1767225610000}', execution:output_json())
  end)

  it("with .sync:2 gives Input and Output as they are", function()
    local output = run(parent ".sync:2", { n = 1 }).output
    assert.same({ n = 1 }, output.Input)
    assert.same({ doubled = 2 }, output.Output)
  end)

  it("with .sync tells in the history when it was submitted", function()
    local execution = run(parent ".sync", { n = 1 })
    assert.same({
      "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded",
      "TaskStateExited", "ExecutionSucceeded",
    }, history.types(execution))
    local submitted = stepfn.decode(execution:history()[5].taskSubmittedEventDetails.output)
    assert.equal(200, submitted.SdkHttpMetadata.HttpStatusCode)
    assert.equal("application/x-amz-json-1.0", submitted.SdkHttpMetadata.HttpHeaders["Content-Type"])
    assert.same({ "keep-alive" }, submitted.SdkHttpMetadata.AllHttpHeaders.connection)
    assert.is_nil(submitted.Status)
  end)

  it("fails with States.TaskFailed and the description of a child that failed", function()
    local execution = run(parent ".sync:2", { bad = true })
    assert.equal("States.TaskFailed", execution.error)
    local cause = stepfn.decode(execution.cause)
    assert.same({ "very", "Bad", "FAILED", '{"bad":true}' }, { cause.Cause, cause.Error, cause.Status, cause.Input })
    assert.equal('{"Cause":"very","Error":"Bad","ExecutionArn"', execution.cause:sub(1, 44))
    assert.is_nil(cause.Output)
  end)

  it("tells of a timeout inside without a cause", function()
    local slow = assert(stepfn.load({
      StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:work", TimeoutSeconds = 5, End = true } },
    }, { name = "kid" }))
    local cause = stepfn.decode(run(parent ".sync", { n = 1 }, { machines = { kid = slow } }).cause)
    assert.equal("States.Timeout", cause.Error)
    assert.is_nil(cause.Cause)
  end)

  it("can be retried", function()
    local tries = 0
    local retry = { { ErrorEquals = { "States.TaskFailed" } } }
    local machine = parent(".sync", { StateMachineArn = ARN, ["Input.$"] = "$" }, { Retry = retry })
    local execution = run(machine, { n = 1 }, { work = function(input)
      tries = tries + 1
      return work({ n = input.n, bad = tries < 3 }, { sleep = function() end })
    end })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal(3, tries)
  end)

  it("takes an Input that is text as JSON text, and none as an empty object", function()
    local function input_of(input)
      local seen
      run(parent(".sync", { StateMachineArn = ARN, Input = input }), {}, { work = function(given) seen = given return {} end })
      return seen
    end
    assert.same({ 1, 2 }, input_of "[1, 2]")
    assert.same({}, input_of(nil))
    assert.same({}, input_of(stepfn.null))
  end)

  it("refuses an Input that is not JSON", function()
    local execution = run(parent(".sync", { StateMachineArn = ARN, Input = "{" }), {})
    assert.equal("StepFunctions.InvalidExecutionInputException", execution.error)
  end)

  it("fails in the words of AWS when there is no such machine", function()
    local execution = run(parent "", {}, { machines = {} })
    assert.equal("StepFunctions.StateMachineDoesNotExistException", execution.error)
    local cause = execution.cause:gsub("Request ID: [%x-]+", "Request ID: <id>")
    assert.equal("State Machine Does Not Exist: '" .. ARN .. "' (Service: AWSStepFunctions; Status Code: 400; "
      .. "Error Code: StateMachineDoesNotExist; Request ID: <id>; Proxy: null)", cause)
  end)

  it("finds the machine by its ARN, its name, or a function", function()
    local asked
    for _, machines in ipairs { { [ARN] = kid }, { kid = kid }, function(arn) asked = arn return kid end } do
      assert.equal("SUCCEEDED", run(parent(".sync"), { n = 1 }, { machines = machines }).status)
    end
    assert.equal(ARN, asked)
  end)

  it("is the user's own where `tasks` names the state or the Resource", function()
    local execution = parent(".sync"):run({ n = 1 }, {
      driver = "virtual", machines = { kid = kid }, tasks = { ["state:Call"] = function() return "mine" end },
    })
    assert.equal("mine", execution.output)
  end)

  it("needs the option: else it is a task like any other", function()
    local good, message = pcall(function()
      parent(".sync"):run({}, { driver = "virtual" })
    end)
    assert.is_false(good)
    assert.truthy(message:find("no task function for the state 'Call'", 1, true))
  end)

  it("stops the child when it times out", function()
    local ends = {}
    local machine = parent(".sync", nil, { TimeoutSeconds = 5 })
    local execution = run(machine, { n = 1 }, { on_child = function(child) ends[#ends + 1] = child.status end })
    assert.equal("States.Timeout", execution.error)
    assert.same({ "ABORTED" }, ends)
  end)

  it("gives the answers of tokens to the child", function()
    local waiting = assert(stepfn.load({ StartAt = "Ask", States = { Ask = {
      Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters = { ["MessageBody.$"] = "$$.Task.Token", QueueUrl = "q" }, End = true,
    } } }, { name = "kid" }))
    local execution = parent(".sync:2"):run({}, {
      driver = "virtual", machines = { kid = waiting },
      tasks = { ["arn:aws:states:::sqs:sendMessage.waitForTaskToken"] = function() return {} end },
    })
    assert.equal("RUNNING", execution.status)
    assert.is_true(execution:task_succeeded(execution:open_tasks()[1].token, "yes"))
    execution:run()
    assert.equal("yes", execution.output.Output)
  end)
end)

describe("aws-sdk:sfn:startExecution", function()
  it("answers in the manner of the SDK", function()
    local output = run(parent "aws-sdk:sfn:startExecution", { n = 1 }).output
    assert.equal("arn:aws:states:us-east-1:000000000000:execution:kid:joe", output.ExecutionArn)
    assert.equal("2026-01-01T00:00:00.000Z", output.StartDate)
  end)

  it("fails in the words of the SDK", function()
    assert.equal("Sfn.StateMachineDoesNotExistException", run(parent "aws-sdk:sfn:startExecution", {}, { machines = {} }).error)
  end)
end)

describe("A task that starts executions", function()
  it("names the option that is missing", function()
    assert.error_matches(function() parent(".sync"):run({ n = 1 }, {}) end,
      "nothing is registered; the option 'machines' names machines that it may start$")
  end)
end)

describe("aws-sdk:sfn:startSyncExecution", function()
  local quick = assert(stepfn.load({
    StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:work", End = true } },
  }, { name = "kid", type = "EXPRESS" }))

  local function start_sync(input, machines)
    return run(parent("aws-sdk:sfn:startSyncExecution"), input, { machines = machines or { kid = quick } })
  end

  it("waits for the end of an EXPRESS execution and tells of it", function()
    local execution = start_sync { n = 1 }
    assert.equal(10, execution.stop_date - execution.start_date)
    local output = execution.output
    assert.same({ '{"n":1}', '{"doubled":2}', "SUCCEEDED", "joe" }, { output.Input, output.Output, output.Status, output.Name })
    assert.same({ "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:10.000Z" }, { output.StartDate, output.StopDate })
    assert.same({ BilledDurationInMilliseconds = 10000, BilledMemoryUsedInMB = 64 }, output.BillingDetails)
    assert.matches(":express:kid:joe:", output.ExecutionArn)
    assert.is_nil(output.RedriveCount)
  end)

  it("succeeds also where that one failed", function()
    local output = start_sync({ bad = true }).output
    assert.same({ "FAILED", "Bad", "very" }, { output.Status, output.Error, output.Cause })
    assert.is_nil(output.Output)
  end)

  it("is for EXPRESS alone", function()
    local execution = start_sync({ n = 1 }, { kid = kid })
    assert.equal("Sfn.StateMachineTypeNotSupportedException", execution.error)
    assert.matches("^This operation is not supported by this type of state machine %(Service: Sfn", execution.cause)
  end)
end)
