local stepfn = require "stepfn"

---The diagnostics of one severity, as AWS writes them: "CODE: message at location".
local function tell(definition, options, severity)
  local lines = {}
  for _, d in ipairs(stepfn.validate(definition, options)) do
    if d.severity == severity then
      lines[#lines + 1] = d.code .. ": " .. d.message .. (d.location and " at " .. d.location or "")
    end
  end
  return lines
end

local function errors_of(definition, options)
  return tell(definition, options, "ERROR")
end

local function warnings_of(definition)
  return tell(definition, nil, "WARNING")
end

---A machine of one state named X; fields are added to `state`.
local function machine_of(state)
  if state.Next == nil and state.End == nil and state.Type ~= "Succeed" and state.Type ~= "Fail" and state.Type ~= "Choice" then
    state.End = true
  end
  return { StartAt = "X", States = { X = state } }
end

local function faults_of(state, options)
  return errors_of(machine_of(state), options)
end

local FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"

---A Task with more fields.
local function task_with(fields)
  local state = { Type = "Task", Resource = FUNCTION }
  for name, value in pairs(fields) do
    state[name] = value
  end
  return state
end

local function one_branch(states)
  return { StartAt = "B", States = states }
end

local function schema(message, location)
  return { "SCHEMA_VALIDATION_FAILED: " .. message .. " at " .. (location or "/States/X") }
end

describe("a definition's text", function()
  it("must be JSON, and what is not is told in the service's words", function()
    local d = stepfn.validate "not a definition"
    assert.equal("INVALID_JSON_DESCRIPTION", d[1].code)
    assert.equal('[Source: (String)"not a definition"; line: 1, column: 4]', d[1].location)
    assert.equal("Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or "
      .. "'false')\n at " .. d[1].location, d[1].message)
  end)

  it("must be an object", function()
    assert.same({ "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object" }, errors_of "")
    assert.same({ "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object" }, errors_of "[]")
  end)

  it("names no member twice", function()
    local d = stepfn.validate('{"StartAt":"X",\n "States":{"X":{"Type":"Succeed",\n "Type":"Succeed"}}}')
    assert.equal("INVALID_JSON_DESCRIPTION", d[1].code)
    assert.truthy(d[1].message:find("Duplicate field 'Type'", 1, true))
    assert.same({ 3, 2 }, { d[1].line, d[1].column })
  end)

  it("is pointed into: line, column and JSON pointer", function()
    local d = stepfn.validate('{"StartAt":"X",\n "States":{"X":{"Type":"Wait",\n  "Seconds":-1,"End":true}}}')
    assert.same({ "/States/X/Seconds", 3, 13 }, { d[1].pointer, d[1].line, d[1].column })
  end)

  ---The places of all diagnostics.
  local function places_of(definition)
    local places = {}
    for i, diagnostic in ipairs(stepfn.validate(definition)) do
      places[i] = diagnostic.pointer
    end
    return places
  end

  it("is told all its faults at once: fields, then values, then names and targets, each in the order of the text", function()
    assert.same({ "/States/X/Bogus", "/More", "/States/X/InputPath", "/StartAt", "/States/Z/Branches/0/States/X" }, places_of [[{
      "StartAt":"Nowhere","States":{"X":{"Type":"Succeed","InputPath":"here","Bogus":1},
      "Z":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"X","States":{"X":{"Type":"Fail"}}}]}},"More":2}]])
  end)

  it("is told of targets that are missing before states that are not reached", function()
    assert.same({ "/States/C/Next", "/States/B" }, places_of [[{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},
      "B":{"Type":"Succeed"},"C":{"Type":"Pass","Next":"Bb"}}}]])
  end)

  it("is told its faults in the same order when it is a table", function()
    assert.same({ "/States/X/Bogus", "/States/X/InputPath", "/StartAt" }, places_of {
      StartAt = "Nowhere", States = { X = { Type = "Succeed", InputPath = "here", Bogus = 1 } } })
  end)

  it("names the object of which two fields exclude one another, also over query languages", function()
    assert.same({ "/States/X", "/States/X/ItemsPath" }, places_of [[{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{
      "Type":"Map","Items":[],"ItemsPath":"$.a","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}}}]])
    assert.same({ "/States/X/Parameters/in" }, places_of [[{"StartAt":"X","States":{"X":{
      "Type":"Pass","Parameters":{"in":{"a":1,"a.$":"$.a"}},"End":true}}}]])
  end)

  it("names States where a state's name is wrong, line and column those of the name", function()
    local d = stepfn.validate('{"StartAt":"X",\n "States":{"X":{"Type":"Pass","Next":""},\n  "":{"Type":"Succeed"}}}')
    assert.same({ "INVALID_STATE_NAME", "/States", "/States", 3, 3 },
      { d[1].code, d[1].pointer, d[1].location, d[1].line, d[1].column })
  end)

  it("is refused however many warnings come before the error", function()
    local parameters = {}
    for i = 1, 150 do
      parameters["a" .. i] = "$.path"
    end
    local definition = { StartAt = "A", States = { A = { Type = "Pass", Parameters = parameters, Next = "B" }, B = { Type = "Jump" } } }
    assert.is_nil((stepfn.load(definition)))
    assert.equal(100, #warnings_of(definition))
    assert.equal(1, #errors_of(definition))
  end)

  it("has locations as AWS writes them, and pointers as RFC 6901 does", function()
    local d = stepfn.validate(machine_of {
      Type = "Parallel",
      Branches = stepfn.array { one_branch { B = { Type = "Wait", Seconds = 1.5, End = true } } },
    })
    assert.equal("/States/X/Branches[0]/States/B/Seconds", d[1].location)
    assert.equal("/States/X/Branches/0/States/B/Seconds", d[1].pointer)
  end)
end)

describe("stepfn.load", function()
  it("gives a machine and the warnings of a sound definition", function()
    local machine, message, warnings = stepfn.load(machine_of { Type = "Pass", Parameters = { a = "$.b" } })
    assert.truthy(machine)
    assert.is_nil(message)
    assert.equal("NO_DOLLAR", warnings[1].code)
  end)

  it("gives nil, a text with one fault a line, and the diagnostics", function()
    local machine, message, diagnostics = stepfn.load(machine_of { Type = "Pass", Bogus = 1 })
    assert.is_nil(machine)
    assert.truthy(message:find("Field 'Bogus' is not supported", 1, true))
    assert.equal(1, #diagnostics)
  end)

  it("replaces ${Name} where a substitution is given, before anything is checked", function()
    local definition = machine_of { Type = "Task", Resource = "arn:aws:states:::${Service}:publish" }
    assert.same({}, errors_of(definition))
    assert.same({}, errors_of(definition, { substitutions = { Service = "sns" } }))
    assert.same(1, #errors_of(definition, { substitutions = { Service = "dynamodb" } }))
  end)
end)

describe("the machine", function()
  it("needs StartAt and States", function()
    assert.same({ "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /" }, errors_of {})
    assert.same({ "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /" }, errors_of { StartAt = "X" })
  end)

  it("has states", function()
    assert.same({ "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States" }, errors_of { States = {}, StartAt = "X" })
  end)

  it("starts at a state of its own", function()
    assert.same({
      "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: Y at /StartAt",
    }, errors_of { StartAt = "Y", States = { X = { Type = "Succeed" } } })
  end)

  it("has version 1.0 or none", function()
    local definition = machine_of { Type = "Succeed" }
    definition.Version = "2.0"
    assert.same({ "SCHEMA_VALIDATION_FAILED: The field 'Version' should have one of these values: [1.0] at /Version" },
      errors_of(definition))
  end)

  it("has no field that the table does not know", function()
    local definition = machine_of { Type = "Succeed" }
    definition.Bogus = true
    assert.same({ "SCHEMA_VALIDATION_FAILED: Field 'Bogus' is not supported at /" }, errors_of(definition))
  end)

  it("has a terminal state", function()
    local definition = { StartAt = "A", States = { A = { Type = "Pass", Next = "B" }, B = { Type = "Pass", Next = "A" } } }
    assert.same({ "MISSING_END_STATE: Workflow has no terminal state" }, errors_of(definition))
  end)

  it("reaches every state", function()
    local definition = machine_of { Type = "Succeed" }
    definition.States.Lost = { Type = "Succeed" }
    assert.same({ 'MISSING_TRANSITION_TARGET: State "Lost" is not reachable. at /States/Lost' }, errors_of(definition))
  end)

  it("reaches states by Catch, Choices and Default too", function()
    assert.same({}, errors_of {
      StartAt = "T",
      States = {
        T = task_with {
          Next = "C",
          Catch = stepfn.array { { ErrorEquals = stepfn.array { "States.ALL" }, Next = "Caught" } },
        },
        C = {
          Type = "Choice",
          Choices = stepfn.array { { Variable = "$.a", IsNull = true, Next = "Chosen" } },
          Default = "Defaulted",
        },
        Caught = { Type = "Fail" },
        Chosen = { Type = "Succeed" },
        Defaulted = { Type = "Succeed" },
      },
    })
  end)

  it("goes only to states of the same scope", function()
    assert.same({
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/X/Branches[0]/States/B/Next",
    }, faults_of {
      Type = "Parallel",
      Branches = stepfn.array { one_branch { B = { Type = "Pass", Next = "X" } } },
    })
  end)

  it("names no two states alike, whatever their scopes", function()
    assert.same({ "DUPLICATE_STATE_NAME: State name 'B' appears more than once at /States/X/Branches[1]/States/B" },
      faults_of {
        Type = "Parallel",
        Branches = stepfn.array {
          one_branch { B = { Type = "Succeed" } },
          one_branch { B = { Type = "Succeed" } },
        },
      })
  end)

  it("has names of at most 80 characters, not bytes", function()
    local fine, long = ("é"):rep(80), ("é"):rep(81)
    assert.same({}, errors_of { StartAt = fine, States = { [fine] = { Type = "Succeed" } } })
    assert.same({ "INVALID_STATE_NAME: State name cannot exceed 80 characters at /States" },
      errors_of { StartAt = long, States = { [long] = { Type = "Succeed" } } })
  end)

  it("nests Parallel and Map up to a limit", function()
    local inner = { StartAt = "s0", States = { s0 = { Type = "Succeed" } } }
    for i = 1, 101 do
      inner = { StartAt = "s" .. i, States = { ["s" .. i] = { Type = "Parallel", Branches = stepfn.array { inner }, End = true } } }
    end
    assert.equal("TOO_DEEPLY_NESTED", stepfn.validate(inner)[1].code)
  end)
end)

describe("a state", function()
  it("has one of the eight types", function()
    assert.same(schema "These fields are required: [Type]", faults_of {})
    assert.same(schema("The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, "
      .. "Parallel, Map]", "/States/X/Type"), faults_of { Type = "Jump" })
  end)

  it("has no field of another type", function()
    assert.same(schema "Field 'ResultPath' is not supported", faults_of { Type = "Wait", Seconds = 1, ResultPath = "$" })
    assert.same(schema "Field 'Parameters' is not supported", faults_of { Type = "Succeed", Parameters = {} })
    assert.same(schema "Field 'Next' is not supported", faults_of { Type = "Fail", Next = "X" })
  end)

  it("has Next or End", function()
    assert.same(schema "Only one of these fields is allowed: [Next, End]", faults_of { Type = "Pass", Next = "X", End = true })
    assert.same({
      "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/A",
    }, errors_of { StartAt = "A", States = { A = { Type = "Pass" } } })
  end)

  it("has fields of the right JSON type", function()
    assert.same(schema("Expected value of type String", "/States/X/Comment"), faults_of { Type = "Succeed", Comment = 1 })
    assert.same(schema("Expected value of type Array", "/States/X/Retry"), faults_of(task_with { Retry = {} }))
  end)

  it("has no JSONata field in a JSONPath state, nor the reverse", function()
    assert.same(
      schema "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
      faults_of { Type = "Pass", Output = 1 })
    assert.same(
      schema "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage",
      faults_of { Type = "Pass", QueryLanguage = "JSONata", Parameters = {} })
  end)

  it("does not go back to JSONPath in a JSONata machine", function()
    local definition = machine_of { Type = "Pass", QueryLanguage = "JSONPath" }
    definition.QueryLanguage = "JSONata"
    assert.same(schema "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", errors_of(definition))
  end)
end)

describe("paths", function()
  local function pass_with(field, value)
    return faults_of { Type = "Pass", [field] = value }
  end

  it("are paths: InputPath takes no text and no intrinsic call", function()
    assert.same(schema("Value is not a valid JSONPath", "/States/X/InputPath"), pass_with("InputPath", "a.b"))
    assert.same(schema("Value is not a valid JSONPath", "/States/X/InputPath"), pass_with("InputPath", "States.UUID()"))
    assert.same({}, pass_with("InputPath", "$.a[?(@.b > 1)]"))
  end)

  it("may be null for InputPath, OutputPath and ResultPath", function()
    assert.same({}, faults_of { Type = "Pass", InputPath = stepfn.null, OutputPath = stepfn.null, ResultPath = stepfn.null })
  end)

  it("may read the context object and variables, but not in ResultPath", function()
    assert.same({}, pass_with("InputPath", "$$.Execution.Input"))
    assert.same({}, pass_with("InputPath", "$order.items"))
    assert.equal(1, #pass_with("ResultPath", "$$.a"))
    assert.equal(1, #pass_with("ResultPath", "$order.a"))
  end)

  it("are Reference Paths in ResultPath", function()
    assert.same(schema("Value is not a Reference Path", "/States/X/ResultPath"), pass_with("ResultPath", "$.a[*]"))
    assert.same({}, pass_with("ResultPath", "$.a.b[0]"))
  end)

  it("are Reference Paths where they give a number", function()
    assert.same(schema("Value is not a Reference Path", "/States/X/SecondsPath"), faults_of { Type = "Wait", SecondsPath = "$..a" })
  end)
end)

describe("payload templates", function()
  local function parameters(value)
    return faults_of { Type = "Pass", Parameters = value }
  end

  it("have a path or an intrinsic call behind '.$'", function()
    assert.same(schema("The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
      "/States/X/Parameters"), parameters { ["a.$"] = "oops" })
    assert.same({}, parameters { ["a.$"] = "States.Format('{}', $.b)", ["c.$"] = "$$.Execution.Id" })
  end)

  it("are checked at any depth, and located at the object around", function()
    assert.same(schema("The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call",
      "/States/X/Parameters/list[1]"), parameters { list = stepfn.array { 1, { ["b.$"] = "$.a[0" } } })
  end)

  it("have no two members of one name once the '.$' is gone", function()
    assert.same(schema("The field 'a.$' appears both with and without '.$'", "/States/X/Parameters"),
      parameters { a = 1, ["a.$"] = "$.a" })
  end)

  it("may be any JSON", function()
    assert.same({}, parameters "text")
    assert.same({}, parameters(stepfn.array { 1, 2 }))
  end)

  it("are warned of a path under a name without '.$'", function()
    assert.same(
      { "NO_DOLLAR: The value looks like a path or an intrinsic function call, but the field's name does not end with '.$' "
        .. "at /States/X/Parameters/a" },
      warnings_of(machine_of { Type = "Pass", Parameters = { a = "$.b" } }))
  end)
end)

describe("a Pass state", function()
  it("is warned of paths in its Result, which is not evaluated", function()
    assert.same(
      { "PASS_RESULT_IS_STATIC: The Result of a Pass state is not evaluated: paths in it stay text at /States/X/Result/a.$" },
      warnings_of(machine_of { Type = "Pass", Result = { ["a.$"] = "$.b" } }))
  end)
end)

describe("a Task state", function()
  local function resource(text, options)
    return faults_of({ Type = "Task", Resource = text }, options)
  end

  local function unknown(text)
    return schema("The resource provided " .. text .. " is not recognized. The value is not a valid resource ARN, or the "
      .. "resource is not available in this region.", "/States/X/Resource")
  end

  it("needs a Resource", function()
    assert.same(schema "These fields are required: [Resource]", faults_of { Type = "Task" })
  end)

  it("takes functions, activities and integrations by ARN", function()
    assert.same({}, resource(FUNCTION))
    assert.same({}, resource "arn:aws:states:us-east-1:123456789012:activity:work")
    assert.same({}, resource "arn:aws:states:::sqs:sendMessage.waitForTaskToken")
    assert.same({}, resource "arn:aws:states:::aws-sdk:s3:getObject")
    assert.same({}, resource "arn:aws:states:::states:startExecution.sync:2")
  end)

  it("takes placeholders and the host's own functions", function()
    assert.same({}, resource "${ChargeFunctionArn}")
    assert.same({}, resource "lua:charge")
  end)

  it("refuses other texts, and integrations that are not there", function()
    assert.same(unknown "charge", resource "charge")
    assert.same(unknown "arn:aws:states:::dynamodb:query", resource "arn:aws:states:::dynamodb:query")
    assert.same(unknown "arn:aws:states:::nothing:do", resource "arn:aws:states:::nothing:do")
    assert.same(unknown "arn:aws:states:::dynamodb:getItem.sync", resource "arn:aws:states:::dynamodb:getItem.sync")
  end)

  it("waits for nobody in an Express machine", function()
    local express = { type = "EXPRESS" }
    assert.same(schema("Express state machine does not support '.sync' service integration", "/States/X/Resource"),
      resource("arn:aws:states:::states:startExecution.sync", express))
    assert.same(schema("Express state machine does not support '.waitForTaskToken' service integration ", "/States/X/Resource"),
      resource("arn:aws:states:::sqs:sendMessage.waitForTaskToken", express))
    assert.same(schema("Express state machine does not support Activity ARN", "/States/X/Resource"),
      resource("arn:aws:states:us-east-1:123456789012:activity:work", express))
  end)

  it("has timeouts of 1 to 99,999,999 seconds", function()
    assert.same(schema("Value must be greater than or equal to 1", "/States/X/TimeoutSeconds"),
      faults_of(task_with { TimeoutSeconds = 0 }))
    assert.same(schema("Value must be less than or equal to 99999999", "/States/X/TimeoutSeconds"),
      faults_of(task_with { TimeoutSeconds = 100000000 }))
    assert.same(schema("Expected value of type Integer", "/States/X/TimeoutSeconds"),
      faults_of(task_with { TimeoutSeconds = 1.5 }))
  end)

  it("gives a timeout once: as a number or as a path", function()
    assert.same(schema "Only one of these fields is allowed: [TimeoutSeconds, TimeoutSecondsPath]",
      faults_of(task_with { TimeoutSeconds = 1, TimeoutSecondsPath = "$.t" }))
  end)

  it("has a heartbeat shorter than its timeout", function()
    assert.same(schema "HeartbeatSeconds must be smaller than TimeoutSeconds",
      faults_of(task_with { TimeoutSeconds = 10, HeartbeatSeconds = 10 }))
  end)

  it("has Credentials with a RoleArn", function()
    assert.same(schema("The field 'RoleArn' is required but was missing", "/States/X/Credentials"),
      faults_of(task_with { Credentials = { other = 1 } }))
    assert.same({}, faults_of(task_with { Credentials = { ["RoleArn.$"] = "$.role" } }))
  end)
end)

describe("Retry and Catch", function()
  local function retry(...)
    return faults_of(task_with { Retry = stepfn.array { ... } })
  end

  local function for_all(fields)
    fields.ErrorEquals = stepfn.array { "States.ALL" }
    return fields
  end

  it("name errors", function()
    assert.same(schema("These fields are required: [ErrorEquals]", "/States/X/Retry[0]"), retry {})
    assert.same(schema("Value cannot be empty", "/States/X/Retry[0]/ErrorEquals"), retry { ErrorEquals = stepfn.array {} })
    assert.same(schema("Expected value of type String", "/States/X/Retry[0]/ErrorEquals[0]"),
      retry { ErrorEquals = stepfn.array { 1 } })
  end)

  it("have States.ALL alone, and in the last place", function()
    local message = "States.ALL must appear alone and at end of list"
    assert.same(schema(message, "/States/X/Retry[0]"), retry { ErrorEquals = stepfn.array { "States.ALL", "A" } })
    assert.same(schema(message, "/States/X/Retry[0]"), retry(for_all {}, { ErrorEquals = stepfn.array { "A" } }))
    assert.same({}, retry({ ErrorEquals = stepfn.array { "A" } }, for_all {}))
  end)

  it("may be empty", function()
    assert.same({}, faults_of(task_with { Retry = stepfn.array {}, Catch = stepfn.array {} }))
  end)

  it("keep to the ranges of a retrier", function()
    assert.equal(1, #retry(for_all { IntervalSeconds = 0 }))
    assert.equal(1, #retry(for_all { MaxAttempts = -1 }))
    assert.equal(1, #retry(for_all { BackoffRate = 0.5 }))
    assert.equal(1, #retry(for_all { MaxDelaySeconds = 31622401 }))
    assert.equal(1, #retry(for_all { JitterStrategy = "SOME" }))
    assert.same({}, retry(for_all {
      IntervalSeconds = 99999999, MaxAttempts = 0, BackoffRate = 1, MaxDelaySeconds = 31622400, JitterStrategy = "FULL",
    }))
  end)

  it("say where a catcher goes", function()
    assert.same(schema("These fields are required: [Next]", "/States/X/Catch[0]"),
      faults_of(task_with { Catch = stepfn.array { for_all {} } }))
    assert.same({ "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/X/Catch[0]/Next" },
      faults_of(task_with { Catch = stepfn.array { for_all { Next = "Y" } } }))
  end)
end)

describe("a Wait state", function()
  it("has exactly one of its four fields", function()
    assert.same(schema "One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]", faults_of { Type = "Wait" })
    assert.same(schema "Only one of these fields is allowed: [Seconds, SecondsPath, Timestamp, TimestampPath]",
      faults_of { Type = "Wait", Seconds = 1, SecondsPath = "$.s" })
  end)

  it("waits whole seconds from 0 to 99,999,999", function()
    assert.same({}, faults_of { Type = "Wait", Seconds = 0 })
    assert.equal(1, #faults_of { Type = "Wait", Seconds = -1 })
    assert.equal(1, #faults_of { Type = "Wait", Seconds = 1.5 })
    assert.equal(1, #faults_of { Type = "Wait", Seconds = 100000000 })
  end)

  it("has a timestamp with 'T', and with 'Z' or an offset", function()
    local message = schema("String does not match RFC3339 timestamp", "/States/X/Timestamp")
    assert.same(message, faults_of { Type = "Wait", Timestamp = "2016-12-05 21:29:29Z" })
    assert.same(message, faults_of { Type = "Wait", Timestamp = "2016-12-05T21:29:29" })
    assert.same(message, faults_of { Type = "Wait", Timestamp = "2016-13-05T21:29:29Z" })
    assert.same(message, faults_of { Type = "Wait", Timestamp = "{% '2016-03-14T01:59:00Z' %}" })
    assert.same({}, faults_of { Type = "Wait", Timestamp = "2016-12-05T21:29:29+01:00" })
  end)
end)

describe("a Fail state", function()
  it("gives Error and Cause once each: as text or as path", function()
    assert.same(schema "Only one of these fields is allowed: [Cause, CausePath]",
      faults_of { Type = "Fail", Cause = "a", CausePath = "$.a" })
  end)

  it("takes a path or a call that gives a text", function()
    assert.same({}, faults_of { Type = "Fail", ErrorPath = "$.e", CausePath = "States.Format('{}', $.c)" })
    assert.equal(1, #faults_of { Type = "Fail", ErrorPath = "States.ArrayLength($.e)" })
  end)

  it("is warned of a path that stands in Error or Cause", function()
    assert.equal(1, #warnings_of(machine_of { Type = "Fail", Cause = "$.cause" }))
  end)
end)

describe("Parallel and Map states", function()
  it("have branches, or a processor", function()
    assert.same(schema "These fields are required: [Branches]", faults_of { Type = "Parallel" })
    assert.same(schema("Value cannot be empty", "/States/X/Branches"),
      faults_of { Type = "Parallel", Branches = stepfn.array {} })
    assert.same(schema "One of these fields is required: [ItemProcessor, Iterator]", faults_of { Type = "Map" })
  end)

  it("have a terminal state in each scope", function()
    assert.same({ "MISSING_END_STATE: Workflow has no terminal state at /States/X/Iterator" }, faults_of {
      Type = "Map",
      Iterator = { StartAt = "A", States = { A = { Type = "Pass", Next = "A" } } },
    })
  end)

  it("have no QueryLanguage in the processor", function()
    assert.same(schema("Field 'QueryLanguage' is not supported", "/States/X/ItemProcessor"), faults_of {
      Type = "Map",
      ItemProcessor = { StartAt = "B", States = { B = { Type = "Succeed" } }, QueryLanguage = "JSONata" },
    })
  end)

  it("need the type of the executions of a distributed Map", function()
    assert.same(schema("These fields are required: [ExecutionType]", "/States/X/ItemProcessor/ProcessorConfig"), faults_of {
      Type = "Map",
      ItemProcessor = { StartAt = "B", States = { B = { Type = "Succeed" } }, ProcessorConfig = { Mode = "DISTRIBUTED" } },
    })
  end)
end)

describe("Assign", function()
  local function assign(value)
    return faults_of { Type = "Pass", Assign = value }
  end

  it("names variables by identifiers of at most 80 characters", function()
    assert.same({}, assign { x = 1, ["größe.$"] = "$.a", _y2 = {} })
    assert.same(schema("The variable name 'x.y' is not an identifier", "/States/X/Assign"), assign { ["x.y"] = 1 })
    assert.same(schema("The variable name 'x[2]' is not an identifier", "/States/X/Assign"), assign { ["x[2]"] = 1 })
    assert.equal(1, #assign { [("x"):rep(81)] = 1 })
  end)

  it("leaves the name 'states' alone", function()
    assert.same(schema("The variable name 'states' is reserved", "/States/X/Assign"), assign { states = 1 })
  end)

  it("does not assign a variable of an outer scope in an inner one", function()
    assert.same(schema("The variable 'x' is assigned in an outer scope already", "/States/X/Branches[0]/States/B/Assign"),
      faults_of {
        Type = "Parallel",
        Assign = { x = 1 },
        Branches = stepfn.array { one_branch { B = { Type = "Pass", Assign = { x = 2 }, End = true } } },
      })
  end)

  it("stands in no Succeed and no Fail", function()
    assert.same(schema "Field 'Assign' is not supported", faults_of { Type = "Succeed", Assign = { x = 1 } })
  end)
end)

describe("the message of a failed load", function()
  it("is one line a fault, also where AWS quotes the whole text", function()
    local _, message = stepfn.load "{"
    assert.equal("1:2: error INVALID_JSON_DESCRIPTION: Unexpected end-of-input: expected close marker for Object "
      .. "(start marker at 1:1) (expected a member's name or '}', but the text ends)", message)
    _, message = stepfn.load '{\n"a": [1\n}'
    assert.equal("3:1: error INVALID_JSON_DESCRIPTION: Unexpected close marker '}': expected ']' "
      .. "(for Array starting at 2:6) (expected ',' or ']' after an element)", message)
  end)
end)

describe("machine:variable_references", function()
  it("tells the variables that each state reads, once, in nested scopes too", function()
    local machine = assert(stepfn.load {
      StartAt = "Choose",
      States = {
        Choose = {
          Type = "Choice", Assign = { ["n.$"] = "$m" }, Default = "Each",
          Choices = stepfn.array { { Variable = "$a.b", NumericEqualsPath = "$c", Next = "Each" } },
        },
        Each = {
          Type = "Map", ItemsPath = "$items", ItemSelector = { ["x.$"] = "States.Format('{}{}', $c, $c)" }, End = true,
          ItemProcessor = {
            StartAt = "Wait",
            States = { Wait = { Type = "Wait", SecondsPath = "$seconds", OutputPath = "$.x", End = true } },
          },
        },
      },
    })
    local references = machine:variable_references()
    table.sort(references.Choose)
    table.sort(references.Each)
    assert.same({ Choose = { "a", "c", "m" }, Each = { "c", "items" }, Wait = { "seconds" } }, references)
  end)

  it("leaves out states that read none", function()
    local machine = assert(stepfn.load { StartAt = "S", States = { S = { Type = "Pass", Assign = { a = 1 }, End = true } } })
    assert.same({}, machine:variable_references())
  end)
end)
