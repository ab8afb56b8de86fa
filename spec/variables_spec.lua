package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"

---The output of a last state that shows variables: { name = "$name", ... }
local function show(template)
  return { Type = "Pass", Parameters = template, End = true }
end

describe("Assign", function()
  it("sets variables that later states read", function()
    local execution = asl.run({
      S = { Type = "Pass", Assign = { x = 42, ["y.$"] = "$.a" }, Next = "Show" },
      Show = show { ["x.$"] = "$x", ["y.$"] = "$y.b[0]" },
    }, '{"a":{"b":[7]}}')
    assert.equal('{"x":42,"y":7}', execution:output_json())
  end)

  it("leaves the output alone", function()
    assert.equal('{"a":1}', asl.output({ Type = "Pass", Assign = { x = 1 } }, '{"a":1}'))
  end)

  it("sees the values from before the state, in every member", function()
    local execution = asl.run({
      S = { Type = "Pass", Assign = { x = 1, y = 2 }, Next = "Swap" },
      Swap = { Type = "Pass", Assign = { ["x.$"] = "$y", ["y.$"] = "$x" }, Next = "Show" },
      Show = show { ["x.$"] = "$x", ["y.$"] = "$y" },
    })
    assert.equal('{"x":2,"y":1}', execution:output_json())
  end)

  it("is not seen by the other fields of its own state", function()
    local execution = asl.run {
      S = { Type = "Pass", Assign = { x = "old" }, Next = "Again" },
      Again = { Type = "Pass", Assign = { x = "new" }, OutputPath = "$x", End = true },
    }
    assert.equal('"old"', execution:output_json())
  end)

  it("sees the result of a Task as $, before ResultPath", function()
    local execution = asl.run({
      S = {
        Type = "Task", Resource = "lua:f", Assign = { ["x.$"] = "$.n" }, ResultPath = "$.r", Next = "Show",
      },
      Show = show { ["x.$"] = "$x" },
    }, "{}", { tasks = { f = function() return { n = 3 } end } })
    assert.equal('{"x":3}', execution:output_json())
  end)

  it("in a catcher sees the error and the variables", function()
    local execution = asl.run({
      S = { Type = "Pass", Assign = { x = 1 }, Next = "Fails" },
      Fails = {
        Type = "Task", Resource = "lua:f", Assign = { x = 2 }, End = true,
        Catch = { { ErrorEquals = { "E" }, Assign = { ["e.$"] = "$.Error", ["was.$"] = "$x" }, Next = "Show" } },
      },
      Show = show { ["e.$"] = "$e", ["was.$"] = "$was", ["x.$"] = "$x" },
    }, "{}", { tasks = { f = function() error { Error = "E", Cause = "C" } end } })
    assert.equal('{"e":"E","was":1,"x":1}', execution:output_json())
  end)

  it("of a Choice rule counts for its rule, that of the state for Default", function()
    local function chosen(input)
      return asl.run({
        S = {
          Type = "Choice", Default = "Show", Assign = { by = "default" },
          Choices = { { Variable = "$.a", NumericEquals = 1, Assign = { by = "rule" }, Next = "Show" } },
        },
        Show = show { ["by.$"] = "$by" },
      }, input):output_json()
    end
    assert.equal('{"by":"rule"}', chosen '{"a":1}')
    assert.equal('{"by":"default"}', chosen '{"a":2}')
  end)

  it("is told by the Exited event: what this state assigned, as JSON text", function()
    local execution = asl.run {
      S = { Type = "Pass", Assign = { x = "1", y = { 1 } }, Next = "T" },
      T = { Type = "Pass", End = true },
    }
    local events = execution:history()
    assert.same({ x = '"1"', y = "[1]" }, events[3].stateExitedEventDetails.assignedVariables)
    assert.is_nil(events[5].stateExitedEventDetails.assignedVariables)
  end)
end)

describe("The scope of a variable", function()
  it("reaches into branches and iterations", function()
    local execution = asl.run({
      S = { Type = "Pass", Assign = { x = 1 }, Next = "P" },
      P = {
        Type = "Parallel", Next = "M", ResultPath = "$.p",
        Branches = { asl.scope("A", { Type = "Pass", Parameters = { ["x.$"] = "$x" } }) },
      },
      M = {
        Type = "Map", ItemsPath = "$.items", ResultPath = "$.m", End = true,
        ItemProcessor = asl.scope("I", { Type = "Pass", Parameters = { ["x.$"] = "$x" } }),
      },
    }, '{"items":[0]}')
    assert.equal('{"items":[0],"p":[{"x":1}],"m":[{"x":1}]}', execution:output_json())
  end)

  it("ends with its branch or iteration", function()
    local execution = asl.run {
      S = {
        Type = "Parallel", Next = "Show",
        Branches = { asl.scope("A", { Type = "Pass", Assign = { inner = 1 } }) },
      },
      Show = show { ["v.$"] = "$inner" },
    }
    assert.equal("States.Runtime", execution.error)
  end)

  it("keeps branches apart, even with the same name", function()
    local function branch(name, value)
      return {
        StartAt = name,
        States = {
          [name] = { Type = "Pass", Assign = { v = value }, Next = name .. "2" },
          [name .. "2"] = { Type = "Pass", InputPath = "$v", End = true },
        },
      }
    end
    local execution = asl.run { S = { Type = "Parallel", End = true, Branches = { branch("A", 1), branch("B", 2) } } }
    assert.equal("[1,2]", execution:output_json())
  end)

  it("takes what a Parallel or Map assigns, to the state's own scope", function()
    local execution = asl.run({
      S = {
        Type = "Map", Assign = { ["all.$"] = "$" }, ResultPath = "$.r", Next = "Show",
        ItemsPath = "$.items", ItemProcessor = asl.scope("I", { Type = "Pass" }),
      },
      Show = show { ["all.$"] = "$all" },
    }, '{"items":[1,2]}')
    assert.equal('{"all":[1,2]}', execution:output_json())
  end)
end)
