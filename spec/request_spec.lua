local request = require "stepfn.request"

local GROUP = { cloudWatchLogsLogGroup = { logGroupArn = "arn:aws:logs:us-east-1:000000000000:log-group:g:*" } }
local ONE = "Invalid Logging Configuration: Must specify exactly one Log Destination."

local function fault(fields, of)
  return table.concat({ of(fields) }, ": ")
end

describe("a request to create a state machine", function()
  it("may have a name, a definition, a role", function()
    assert.is_nil(request.create_fault { name = "orders", definition = "{}", roleArn = "r" })
  end)

  it("has no name that AWS would not take", function()
    assert.equal("InvalidName: Invalid Name: 'a b'", fault({ name = "a b" }, request.create_fault))
    assert.equal("InvalidName: Invalid Name: ''", fault({ name = "" }, request.create_fault))
  end)

  it("logs to one place, when it logs", function()
    assert.is_nil(request.create_fault { loggingConfiguration = { level = "ALL", destinations = { GROUP } } })
    assert.is_nil(request.create_fault { loggingConfiguration = { level = "OFF" } })
    for _, destinations in ipairs { {}, { GROUP, GROUP } } do
      assert.equal("InvalidLoggingConfiguration: " .. ONE,
        fault({ loggingConfiguration = { level = "ALL", destinations = destinations } }, request.create_fault))
    end
  end)

  it("describes a version only where it publishes one", function()
    assert.is_nil(request.create_fault { publish = true, versionDescription = "first" })
    assert.equal("ValidationException: Version description can only be set when publish is true",
      fault({ versionDescription = "first" }, request.create_fault))
  end)
end)

describe("a request to update a state machine", function()
  it("changes something", function()
    assert.is_nil(request.update_fault { roleArn = "r" })
    assert.equal("MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, "
      .. "or the TracingConfiguration must be specified", fault({}, request.update_fault))
  end)

  it("logs to one place, when it logs", function()
    assert.equal("InvalidLoggingConfiguration: " .. ONE,
      fault({ loggingConfiguration = { level = "ALL" } }, request.update_fault))
  end)
end)

describe("a request to start an execution", function()
  local function input_fault(input)
    return fault({ input = input }, request.start_fault)
  end

  local INPUT = "InvalidExecutionInput: Invalid State Machine Execution Input: "

  it("may have a name and an input", function()
    assert.is_nil(request.start_fault {})
    assert.is_nil(request.start_fault { name = "first", input = "null" })
  end)

  it("has no name that AWS would not take", function()
    assert.equal("InvalidName: Invalid Name: 'a b'", fault({ name = "a b", input = "x" }, request.start_fault))
  end)

  it("has an input that is JSON, else it is refused in the words of the service", function()
    assert.equal(INPUT .. "'Unrecognized token 'some': was expecting (JSON String, Number, Array, Object or token "
      .. "'null', 'true' or 'false')'", input_fault "some text")
    assert.equal(INPUT .. "'Unexpected character (''' (code 39)): was expecting double-quote to start field name'",
      input_fault "{'a': 1}")
    assert.equal(INPUT .. "'1:4: expected nothing more after the value'", input_fault "{} {}")
  end)

  it("has no empty input", function()
    assert.equal(INPUT .. "'Invalid execution input.'", input_fault "")
    assert.equal(INPUT .. "'Invalid execution input.'", input_fault " \n")
  end)
end)
