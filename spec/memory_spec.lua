local core = require "stepfn.core"
local memory = require "spec.support.memory"
local stepfn = require "stepfn"
local system = require "spec.support.system"

local definitions = {
  ["a loop of Pass and Choice"] = [[{ "StartAt": "Count", "States": {
    "Count": { "Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 1)" }, "Next": "Enough" },
    "Enough": { "Type": "Choice", "Default": "Count",
      "Choices": [ { "Variable": "$.n", "NumericGreaterThan": 3, "Next": "Done" } ] },
    "Done": { "Type": "Succeed" } } }]],
  ["a Map of tasks with a Retry"] = [[{ "StartAt": "Each", "States": { "Each": {
    "Type": "Map", "ItemsPath": "$.items", "End": true, "ResultPath": "$.result",
    "ItemSelector": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" },
    "ItemProcessor": { "StartAt": "Work", "States": { "Work": {
      "Type": "Task", "Resource": "lua:work", "End": true,
      "Retry": [ { "ErrorEquals": [ "Again" ], "IntervalSeconds": 1, "MaxAttempts": 2 } ] } } } } } }]],
  ["a Parallel that fails and is caught"] = [[{ "StartAt": "Both", "States": {
    "Both": { "Type": "Parallel", "Next": "After",
      "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "After" } ],
      "Branches": [
        { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 5, "End": true } } },
        { "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "E", "Cause": "c" } } } ] },
    "After": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "work", "Payload.$": "$" }, "End": true } } }]],
}

local input = { n = 0, items = { { a = 1 }, { a = 2 }, { a = 3 } } }

local tasks = { work = function(item, context)
  if item.i == 1 and context.attempt == 0 then
    stepfn.fail "Again"
  end
  return { item, context.execution.Name, tostring(context:raw()) }
end }

local examples = {
  onboarding = { user = "ada" },
  registration_saga = { user = "ada", broken = "products" },
  roll_die = {},
  loop = {},
  approval = { request = "a chair" },
}

---One run from text to outcome, with all that may be read.
local function story(definition, start, functions)
  local machine = assert(stepfn.load(definition))
  local execution = machine:run(start, { driver = "virtual", seed = 1, tasks = functions })
  local told = { tostring(execution), stepfn.encode(execution.output), #execution:history(), #execution:trace() }
  execution:close()
  return table.concat(told, " ")
end

---The same with every allocation failing in its turn.
---@return integer failures how often the outcome was another
local function failing_stories(definition, start, functions)
  return (memory.fail_each(function()
    return story(definition, start, functions)
  end, story(definition, start, functions)))
end

describe("The core's memory", function()
  for name, definition in pairs(definitions) do
    it("is given back after " .. name, function()
      story(definition, input, tasks)
      local before = memory.live()
      story(definition, input, tasks)
      assert.equal(before, memory.live())
    end)

    it("is given back whichever allocation fails in " .. name, function()
      story(definition, input, tasks)
      local before = memory.live()
      assert.is_true(failing_stories(definition, input, tasks) > 50)
      assert.equal(before, memory.live())
    end)
  end

  for name, start in pairs(examples) do
    it("is given back whichever allocation fails in the example " .. name, function()
      local definition = system.read("examples/" .. name .. "/definition.json")
      local functions = dofile("examples/" .. name .. "/tasks.lua")
      story(definition, start, functions)
      local before = memory.live()
      assert.is_true(failing_stories(definition, start, functions) > 50)
      assert.equal(before, memory.live())
    end)
  end

  it("is given back by close alone", function()
    local machine = assert(stepfn.load '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}')
    machine:run({}, { driver = "virtual", pause = true }):close() -- what its runs share is the machine's
    collectgarbage()
    collectgarbage "stop"
    local before = core.memory()
    local execution = machine:run({ text = ("x"):rep(10000) }, { driver = "virtual", pause = true })
    assert.is_true(core.memory() - before > 10000)
    execution:close()
    collectgarbage "restart"
    assert.equal(before, memory.live())
  end)
end)

describe("A parked execution", function()
  local PARKED = 200
  local machine = assert(stepfn.load '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}')

  local function park(order)
    local execution = machine:start({ order = order }, { history = false, start_time = 0 })
    execution:advance(0)
    return execution
  end

  it("takes at most 1,024 bytes of the core, and little of Lua", function()
    local parked = { park(0) }
    for i = 1, PARKED do
      parked[i] = false -- so that the list itself does not grow
    end
    local before = memory.live()
    local lua_before = collectgarbage "count"
    for i = 1, PARKED do
      parked[i] = park(i)
    end
    local bytes = memory.live() - before
    assert.is_true(bytes / PARKED <= 1024, bytes / PARKED .. " bytes")
    local lua_bytes = (collectgarbage "count" - lua_before) * 1024
    assert.equal(PARKED, #parked)
    assert.is_true(lua_bytes / PARKED <= 700, lua_bytes / PARKED .. " bytes of Lua")
  end)

  it("has a name and an ARN all the same, those of its seed", function()
    local settings = { seed = 7, start_time = 0 }
    local one, other = machine:start({}, settings), machine:run({}, { seed = 7, driver = "virtual" })
    assert.equal(one.name, other.name)
    assert.equal("arn:aws:states:us-east-1:000000000000:execution:machine:" .. one.name, one.arn)
    one:close()
    assert.equal(other.name, one.name)
    assert.equal(other.arn, one.arn)
  end)
end)

describe("stepfn.validate", function()
  it("tells the same faults and doubts, or that there is no memory", function()
    for _, definition in ipairs {
      [[{ "StartAt": "W", "TimeoutSeconds": "${T}", "States": {
        "W": { "Type": "Wait", "Seconds": "${N}", "Next": "C" },
        "C": { "Type": "Choice", "QueryLanguage": "JSONata", "Default": "P", "Choices": [
          { "Condition": "{% $a %}", "Next": "P" }, { "Condition": "{% $not($a) %}", "Next": "P" } ] },
        "P": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": { "x": [ "{% $uperCase($cuont) %}" ] },
          "Assign": { "count": "{% ${N} %}" }, "Next": "Q" },
        "Q": { "Type": "Pass", "Parameters": { "a": { "b.$": "$nothing.x", "c.$": "${P}" } }, "End": true } } }]],
      [[{ "StartAt": "W", "States": {
        "": { "Type": "Pass", "End": true },
        "W": { "Type": "Pass", "InputPath": "x", "Next": "Z", "Parameters": {
          "in": { "a": 1, "a.$": "$.b", "c.$": "States.Fromat(1)", "d.$": "States.Format('é' 1)" } } },
        "O": { "Type": "Task", "Resource": "x", "QueryLanguage": "JSONata", "Output": { "a": [ "{% $states.resul %}" ] },
          "End": true } } }]],
    } do
      local told = #stepfn.validate(definition)
      assert.truthy(memory.fail_each(function()
        return #stepfn.validate(definition)
      end, told) > 0)
    end
  end)
end)
