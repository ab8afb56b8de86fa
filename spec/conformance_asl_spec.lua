local compare = require "spec.conformance.compare"
local runner = require "spec.conformance.runner"
local stepfn = require "stepfn"
local system = require "spec.support.system"

local suites = runner.suites("spec/conformance/suite")

local FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:f"

-- A run of one Task state, as a recording has it.
local CASE = [[{
  "id": "topic/module/run", "kind": "execution", "workflow_type": "STANDARD",
  "definition": { "StartAt": "Send", "States": { "Send": {
    "Type": "Task", "Resource": "FUNCTION", "Assign": { "id.$": "States.UUID()" }, "End": true } } },
  "input": { "n": 1, "at": "2024-01-01T00:00:00Z" },
  "context": { "executionArn": "arn:aws:states:us-east-1:111111111111:execution:m:e", "executionName": "e",
    "stateMachineArn": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "stateMachineName": "m",
    "roleArn": "arn:aws:iam::111111111111:role/r", "startTime": "2024-01-01T00:00:00Z" },
  "tasks": [ { "eventId": 3, "state": "Send", "type": "lambda", "resource": "FUNCTION",
    "input": { "at": "2024-01-01T00:00:00Z", "n": 1.0 }, "result": { "ok": true } } ],
  "expected": { "status": "SUCCEEDED", "output": { "ok": true }, "history": [
    { "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": {
      "input": { "n": 1, "at": "2024-01-01T00:00:00Z" }, "roleArn": "arn:aws:iam::111111111111:role/r" } },
    { "id": 2, "previousEventId": 0, "type": "TaskStateEntered", "details": {
      "input": { "n": 1, "at": "2024-01-01T00:00:00Z" }, "name": "Send" } },
    { "id": 3, "previousEventId": 2, "type": "LambdaFunctionScheduled", "details": {
      "input": { "n": 1, "at": "2024-01-01T00:00:00Z" }, "resource": "FUNCTION" } },
    { "id": 4, "previousEventId": 3, "type": "LambdaFunctionStarted" },
    { "id": 5, "previousEventId": 4, "type": "LambdaFunctionSucceeded", "details": { "output": { "ok": true } } },
    { "id": 6, "previousEventId": 5, "type": "TaskStateExited", "details": {
      "assignedVariables": { "id": "<uuid:1>" }, "name": "Send", "output": { "ok": true } } },
    { "id": 7, "previousEventId": 6, "type": "ExecutionSucceeded", "details": { "output": { "ok": true } } } ] },
  "masked": [ "/expected/history/5/details/assignedVariables/id" ]
}]]

-- Two branches at once, as a recording that lost their order has them.
local PARALLEL = [[{
  "id": "topic/module/parallel", "kind": "execution", "workflow_type": "STANDARD",
  "definition": { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
    { "StartAt": "A", "States": { "A": { "Type": "Pass", "Result": 1, "End": true } } },
    { "StartAt": "B", "States": { "B": { "Type": "Pass", "Result": 2, "End": true } } } ] } } },
  "input": {}, "tasks": [],
  "context": { "roleArn": "r" },
  "expected": { "status": "SUCCEEDED", "output": [ 1, 2 ], "history": [
    { "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": { "input": {}, "roleArn": "r" } },
    { "id": 2, "previousEventId": 0, "type": "ParallelStateEntered", "details": { "input": {}, "name": "P" } },
    { "id": 3, "previousEventId": 2, "type": "ParallelStateStarted" },
    { "id": 4, "previousEventId": 3, "type": "PassStateEntered", "details": { "input": {}, "name": "B" } },
    { "id": 5, "previousEventId": 4, "type": "PassStateExited", "details": { "name": "B", "output": 2 } },
    { "id": 6, "previousEventId": 3, "type": "PassStateEntered", "details": { "input": {}, "name": "A" } },
    { "id": 7, "previousEventId": 6, "type": "PassStateExited", "details": { "name": "A", "output": 1 } },
    { "id": 8, "previousEventId": 5, "type": "ParallelStateSucceeded" },
    { "id": 9, "previousEventId": 5, "type": "ParallelStateExited", "details": { "name": "P", "output": [ 1, 2 ] } },
    { "id": 10, "previousEventId": 9, "type": "ExecutionSucceeded", "details": { "output": [ 1, 2 ] } } ] },
  "flags": { "interleaving": true }
}]]

-- A run whose log was recorded.
local LOGGED = [[{
  "id": "topic/module/logged", "kind": "execution", "workflow_type": "STANDARD",
  "definition": { "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "E", "Cause": "C" } } },
  "input": {}, "tasks": [], "logging": { "level": "ERROR", "includeExecutionData": false },
  "expected": { "status": "FAILED", "error": "E", "cause": "C", "logs": [
    { "id": "2", "previous_event_id": "0", "type": "FailStateEntered", "details": { "name": "F" } },
    { "id": "3", "previous_event_id": "2", "type": "ExecutionFailed", "details": { "error": "E", "cause": "C" } } ] }
}]]

-- Children leave no history: what their tasks did is a fixture.
local HIDDEN = [[{
  "id": "topic/module/hidden", "kind": "execution", "workflow_type": "STANDARD",
  "definition": { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "FUNCTION", "End": true,
      "TimeoutSeconds": 9, "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "C" } ] },
      "C": { "Type": "Pass", "OutputPath": "$.Error", "End": true } } } } } },
  "input": [ "a", "b" ], "tasks": [], "flags": { "distributed_map": true, "hidden_tasks": true },
  "fixtures": { "lambdas": [ { "arn": "FUNCTION", "returns": "input" } ] },
  "expected": { "status": "SUCCEEDED", "output": [ "a", "b" ] }
}]]

local MOCKED = HIDDEN:gsub('"fixtures": %b{}', [["mock_config": { "testCase": "Good", "config": {
  "StateMachines": { "any": { "TestCases": { "Good": { "T": "answer" } } } },
  "MockedResponses": { "answer": { "0": { "Return": { "StatusCode": 200, "Payload": "x" } },
    "1-2": { "Throw": { "Error": "E", "Cause": "C" } } } } } }]])

local REFUSED = [[{
  "id": "topic/module/refused", "kind": "table", "common": { "kind": "create_error", "workflow_type": "STANDARD" },
  "rows": [ { "key": "no start", "definition": { "States": { "A": { "Type": "Succeed" } } },
    "expected": { "exception": { "code": "InvalidDefinition",
      "message": "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /'" } } } ]
}]]

local REFERENCES = [[{
  "id": "topic/module/references", "kind": "variable_references", "workflow_type": "STANDARD",
  "definition": { "StartAt": "S", "States": { "S": {
    "Type": "Pass", "Parameters": { "a.$": "$b.c", "d.$": "States.Array($a, $b)" }, "End": true } } },
  "expected": { "S": [ "b", "a" ] }
}]]

-- Without a history: the task's answer was taken from the output of the whole.
local INFERRED = [[{
  "id": "topic/module/inferred", "kind": "execution", "workflow_type": "EXPRESS",
  "definition": { "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "FUNCTION", "Next": "P" },
    "P": { "Type": "Pass", "ResultPath": "$.final", "End": true } } },
  "input": {}, "flags": { "tasks_inferred": true },
  "tasks": [ { "state": "T", "type": "lambda", "resource": "FUNCTION", "result": { "a": 1, "final": { "a": 1 } } } ],
  "expected": { "status": "SUCCEEDED", "output": { "a": 1, "final": { "a": 1 } } }
}]]

local REQUEST = [[{
  "id": "topic/module/request", "kind": "create_error", "workflow_type": "STANDARD",
  "definition": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } },
  "request": { "name": "m", "loggingConfiguration": { "level": "ALL", "destinations": [] } },
  "expected": { "exception": { "code": "InvalidLoggingConfiguration",
    "message": "Invalid Logging Configuration: Must specify exactly one Log Destination." } }
}]]

local STARTED = [[{
  "id": "topic/module/started", "kind": "start_error", "workflow_type": "STANDARD",
  "definition": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } },
  "request": { "api": "start_execution", "input": "" },
  "expected": { "exception": { "code": "InvalidExecutionInput",
    "message": "Invalid State Machine Execution Input: 'Invalid execution input.'" } }
}]]

describe("the conformance suites of the States Language", function()
  local folder

  before_each(function()
    folder = system.new_folder()
  end)

  after_each(function()
    system.remove_folder(folder)
  end)

  ---Run on this case, with texts in it replaced.
  local function run(case, old, new)
    local text = case:gsub("FUNCTION", FUNCTION)
    if old then
      local from, to = assert(text:find(old, 1, true))
      text = text:sub(1, from - 1) .. new .. text:sub(to + 1)
    end
    local file = assert(io.open(folder .. "/any.json", "w"))
    file:write(text)
    file:close()
    local lines = {}
    local results = runner.run(folder, { suites = suites, known = {}, dump = folder })
    local fine = runner.report(results, function(line)
      lines[#lines + 1] = line
    end)
    return fine, lines
  end

  local function dumped(name)
    local file = assert(io.open(folder .. "/" .. name .. ".jsonl"))
    local line = file:read "*l"
    file:close()
    return stepfn.decode(line)
  end

  it("pass what was recorded", function()
    local fine, lines = run(CASE)
    assert.same({ "asl-jsonpath: 1/1" }, lines)
    assert.is_true(fine)
  end)

  it("compare numbers by value", function()
    assert.is_true((run(CASE, '"n": 1,', '"n": 1.00,')))
  end)

  for what, change in pairs {
    ["status"] = { '"status": "SUCCEEDED"', '"status": "FAILED"' },
    ["output"] = { '"output": { "ok": true }, "history"', '"output": { "ok": false }, "history"' },
    ["member of the output that is missing"] = { '"output": { "ok": true }, "history"',
      '"output": { "ok": true, "a": null }, "history"' },
    ["error"] = { '"status": "SUCCEEDED"', '"error": "E", "status": "SUCCEEDED"' },
    ["event type"] = { '"type": "LambdaFunctionStarted"', '"type": "TaskStarted"' },
    ["event id"] = { '"id": 4,', '"id": 40,' },
    ["link"] = { '"previousEventId": 4', '"previousEventId": 3' },
    ["detail"] = { '"name": "Send", "output"', '"name": "Sent", "output"' },
    ["detail that is missing"] = { '"type": "LambdaFunctionStarted"',
      '"type": "LambdaFunctionStarted", "details": { "a": 1 }' },
    ["length of the history"] = { '{ "id": 4, "previousEventId": 3, "type": "LambdaFunctionStarted" },', "" },
    ["input of a task"] = { '"at": "2024-01-01T00:00:00Z", "n": 1.0', '"at": "2024-01-01T00:00:00Z", "n": 2' },
    ["kind of task"] = { '"type": "lambda"', '"type": "task"' },
    ["resource of a task"] = { '"type": "lambda", "resource": "', '"type": "lambda", "resource": "x' },
    ["event that schedules a task"] = { '"eventId": 3', '"eventId": 4' },
    ["number of attempts"] = { '"tasks": [', '"tasks": [ { "state": "Send", "type": "lambda", "result": 1 },' },
    ["state that was asked"] = { '"tasks": [', '"tasks": [ { "state": "Sent", "type": "lambda", "result": 1 },' },
    ["timeout of a task"] = { '"eventId": 3', '"eventId": 3, "timeoutInSeconds": 5' },
    ["heartbeat of a task"] = { '"eventId": 3', '"eventId": 3, "heartbeatInSeconds": 5' },
    ["role of a task"] = { '"eventId": 3', '"eventId": 3, "taskCredentials": { "roleArn": "r" }' },
    ["timeout that was not sent"] = { '"Assign": {', '"TimeoutSeconds": 5, "Assign": {' },
    ["masked text that does not fit its token"] = { '"id": "<uuid:1>"', '"id": "x<uuid:1>"' },
    ["place that is not masked"] = { '"masked": [ "/expected/history/5/', '"masked": [ "/expected/history/4/' },
  } do
    it("fail on another " .. what, function()
      assert.is_false((run(CASE, change[1], change[2])))
    end)
  end

  it("fail on a state without a recorded answer", function()
    local fine, lines = run(CASE, '"state": "Send"', '"state": "Other"')
    assert.is_false(fine)
    assert.truthy(lines[2]:find("no answer was recorded", 1, true))
  end)

  it("want what was sent beside the input to be what was recorded", function()
    local case = CASE:gsub('"Resource": "FUNCTION",', '%0 "TimeoutSeconds": 60, "Credentials": { "RoleArn": "r" },')
      :gsub('"resource": "FUNCTION" } }', '"resource": "FUNCTION", "timeoutInSeconds": 60, "taskCredentials": {"roleArn": "r"} } }')
      :gsub('"eventId": 3', '%0, "timeoutInSeconds": 60, "taskCredentials": { "roleArn": "r" }')
    local fine, lines = run(case)
    assert.same({ "asl-jsonpath: 1/1" }, lines)
    assert.is_true(fine)
    assert.is_false((run(case, '"eventId": 3, "timeoutInSeconds": 60', '"eventId": 3, "timeoutInSeconds": 61')))
    assert.is_false((run(case, '60, "taskCredentials": { "roleArn": "r" }', '60, "taskCredentials": { "roleArn": "s" }')))
  end)

  it("want no more of a recording that stops than it has", function()
    local left = '"tasks": [ { "state": "Later", "type": "lambda", "result": 1 },'
    assert.is_true((run((CASE:gsub('"masked"', '"flags": { "not_terminal": true }, %0')), '"tasks": [', left)))
  end)

  it("answer hidden calls as the function was seen to do", function()
    local fine, lines = run(HIDDEN)
    assert.same({ "asl-jsonpath: 1/1" }, lines)
    assert.is_true(fine)
    local function expects(behaviour, output)
      local case = HIDDEN:gsub('"output": %[.-%]', '"output": ' .. output)
      return (run(case, '"returns": "input"', behaviour))
    end
    assert.is_true(expects('"returns_text": "x"', '[ "x", "x" ]'))
    assert.is_true(expects('"returns_text": "a string of 1*3 letters a"', '[ "aaa", "aaa" ]'))
    assert.is_true(expects('"returns_text": "a string of 257*1024 letters a"',
      '[ "States.DataLimitExceeded", "States.DataLimitExceeded" ]'))
    assert.is_true(expects('"sleeps_seconds": 8, "returns_value": 1', "[ 1, 1 ]"))
    assert.is_true(expects('"sleeps_seconds": 8', "[ null, null ]"))
    assert.is_true(expects('"sleeps_seconds": 9', '[ "States.Timeout", "States.Timeout" ]'))
    assert.is_false(expects('"returns_value": 1', "[ 1, 2 ]"))
    assert.is_false(expects('"unheard": 1', "[ 1, 2 ]"))
  end)

  it("answer hidden calls as the mock configuration has them, in the order of the calls", function()
    local case = MOCKED:gsub('"output": %[.-%]', '"output": [ "x", "E" ]')
    local fine, lines = run(case)
    assert.same({ "asl-jsonpath: 1/1" }, lines)
    assert.is_true(fine)
    assert.is_false((run(case, '"1-2"', '"2-3"')))
    assert.is_false((run(case, '"output": [ "x"', '"output": [ "y"')))
  end)

  it("take lists in any order where the recording says so", function()
    local case = HIDDEN:gsub('"output": %[.-%]', '"output": [ "b", "a" ]')
    assert.is_false((run(case)))
    assert.is_true((run(case, '"hidden_tasks": true', '"hidden_tasks": true, "unordered_lists": true')))
    case = case:gsub('"hidden_tasks": true', '%0, "unordered_lists": true')
    assert.is_false((run(case, '"output": [ "b", "a" ]', '"output": [ "b", "b" ]')))
    assert.is_false((run(case, '"output": [ "b", "a" ]', '"output": [ "b" ]')))
    assert.is_false((run(case, '"output": [ "b", "a" ]', '"output": [ "b", "a", "a" ]')))
  end)

  it("take events in any order where the recording lost it", function()
    assert.is_true((run(PARALLEL)))
    assert.is_false((run(PARALLEL, '"flags": { "interleaving": true }', '"flags": {}')))
  end)

  it("still want every event, with its chain of ancestors", function()
    assert.is_false((run(PARALLEL, '"output": 2 }', '"output": 3 }')))
    assert.is_false((run(PARALLEL, '"id": 7, "previousEventId": 6', '"id": 7, "previousEventId": 4')))
  end)

  it("compare references to variables, in any order", function()
    assert.is_true((run(REFERENCES)))
    assert.is_false((run(REFERENCES, '[ "b", "a" ]', '[ "b" ]')))
  end)

  it("compare logs", function()
    assert.is_true((run(LOGGED)))
    assert.is_false((run(LOGGED, '"name": "F"', '"name": "G"')))
    assert.is_false((run(LOGGED, '"level": "ERROR"', '"level": "ALL"')))
  end)

  it("expand tables to rows and compare refusals to the letter", function()
    assert.is_true((run(REFUSED)))
    local fine, lines = run(REFUSED, "are required", "is required")
    assert.is_false(fine)
    assert.truthy(lines[2]:find("asl-jsonpath topic/module/refused#no start: FAILED", 1, true))
  end)

  it("compare what is refused of a request", function()
    assert.is_true((run(REQUEST)))
    assert.is_false((run(REQUEST, '"level": "ALL"', '"level": "OFF"')))
  end)

  it("compare what is refused of a start", function()
    assert.is_true((run(STARTED)))
    assert.is_false((run(STARTED, '"input": ""', '"input": "{}"')))
    assert.is_false((run(STARTED, '"message": "', '"message": "x')))
  end)

  it("leave out of an inferred answer what states behind the task put there", function()
    assert.is_true((run(INFERRED)))
    assert.is_false((run(INFERRED, '"output": { "a": 1, "final"', '"output": { "a": 2, "final"')))
    assert.is_false((run(INFERRED, '"tasks_inferred": true', '"tasks_inferred": false')))
  end)

  it("write what was computed in the shape of what is expected", function()
    run(CASE)
    local line = dumped "asl-jsonpath"
    assert.equal("topic/module/run", line.id)
    assert.same({ output = { ok = true } }, line.actual.history[5].details)
    assert.same({ ok = true }, line.actual.output)
    run(REFUSED)
    assert.equal("no start", dumped "asl-jsonpath".key)
  end)

  it("count cases of kinds that nothing answers apart: neither passed nor failed", function()
    local fine, lines = run(REFUSED, '"kind": "create_error"', '"kind": "test_state"')
    assert.is_true(fine)
    assert.same({ "asl-teststate: 0/1",
      "asl-teststate: 1 of kind test_state not supported: TestState, which tests one state, isn't there yet" }, lines)
  end)

  it("count cases as failed that raise", function()
    local fine, lines = run(REFUSED, '"kind": "create_error"', '"kind": "map_run"')
    assert.is_false(fine)
    assert.equal("asl-api: 0/1", lines[1])
  end)
end)

describe("the conformance suites of definitions", function()
  it("fail on the other verdict and on another place", function()
    local verdict = require "spec.conformance.verdict"
    local actual, errors = verdict.of "{}"
    assert.same({ valid = false, pointer = "" }, actual)
    assert.is_true(verdict.judge({ valid = false }, errors))
    assert.is_true(verdict.judge({ valid = false, pointer = "" }, errors))
    assert.is_false(verdict.judge({ valid = true }, errors))
    assert.is_false(verdict.judge({ valid = false, pointer = "/States" }, errors))
    assert.is_false(verdict.judge({ valid = false }, {}))
  end)

  it("fail where check and load disagree", function()
    local verdict = require "spec.conformance.verdict"
    local load = stub(stepfn, "load", nil, "no", { { severity = "ERROR", pointer = "/States", message = "no" } })
    local actual, errors, conflict = verdict.of [[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]]
    load:revert()
    assert.same({ valid = false, pointer = "/States" }, actual)
    assert.equal("accepted, but it does not load: no", conflict)
    assert.is_false(verdict.judge({ valid = true }, errors, conflict))
    assert.is_false(verdict.judge({ valid = false }, errors, conflict))
    load = stub(stepfn, "load", {}, nil, {})
    actual, errors, conflict = verdict.of "{}"
    load:revert()
    assert.same({ valid = false, pointer = "" }, actual)
    assert.is_false(verdict.judge({ valid = false }, errors, conflict))
  end)
end)

describe("masked values", function()
  local function masks()
    return compare.masks { "/a", "/b" }
  end

  it("stand for the same text wherever the token comes again", function()
    local expected = { a = "<uuid:1>", b = "arn:<uuid:1>" }
    assert.is_nil(compare.difference(expected, { a = "x", b = "arn:x" }, "", masks()))
    assert.truthy(compare.difference(expected, { a = "x", b = "arn:y" }, "", masks()))
  end)

  it("match anything where no token is named, but something", function()
    assert.is_nil(compare.difference({ a = "date" }, { a = 1 }, "", masks()))
    assert.truthy(compare.difference({ a = "date" }, {}, "", masks()))
  end)
end)
