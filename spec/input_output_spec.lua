package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"
local stepfn = require "stepfn"

local FUNCTION = "lua:f"

---The output of a Task whose function gives back {"got": its input}.
local function task(fields, input)
  fields.Type, fields.Resource = "Task", FUNCTION
  return asl.output(fields, input, { tasks = { f = function(given) return { got = given } end } })
end

describe("A state", function()
  it("hands its input on where no field says otherwise", function()
    assert.equal('{"a":1}', asl.output({ Type = "Pass" }, '{"a":1}'))
    assert.equal('{"a":1}', asl.output({ Type = "Wait", Seconds = 0 }, '{"a":1}'))
  end)

  it("takes any JSON value", function()
    assert.equal("null", asl.output({ Type = "Pass" }, "null"))
    assert.equal('"a"', asl.output({ Type = "Pass" }, '"a"'))
    assert.equal("[1,2.5]", asl.output({ Type = "Pass" }, "[1,2.5]"))
  end)
end)

describe("InputPath", function()
  it("selects what the state works on", function()
    assert.equal('{"got":{"b":1}}', task({ InputPath = "$.a" }, '{"a":{"b":1},"c":2}'))
  end)

  it("gives {} for null", function()
    assert.equal('{"got":{}}', task({ InputPath = stepfn.null }, '{"a":1}'))
  end)

  it("may read the context object", function()
    assert.equal('"S"', asl.output({ Type = "Pass", InputPath = "$$.State.Name" }, "{}"))
  end)

  it("fails where there is nothing", function()
    local error_name, cause = asl.failure({ Type = "Pass", InputPath = "$.x" }, "{}")
    assert.equal("States.Runtime", error_name)
    assert.equal("Invalid path '$.x' : No results for path: $['x']", cause)
    assert.equal("Invalid path '$.no.such' : Missing property in path $['no']",
      select(2, asl.failure({ Type = "Pass", InputPath = "$.no.such" }, "{}")))
  end)
end)

describe("Parameters", function()
  it("makes the input anew, after InputPath", function()
    assert.equal('{"got":{"x":2,"y":1}}', task({ InputPath = "$.a", Parameters = { ["y.$"] = "$.b", x = 2 } }, '{"a":{"b":1}}'))
  end)

  it("is the output of a Pass state", function()
    assert.equal('{"y":1}', asl.output({ Type = "Pass", Parameters = { ["y.$"] = "$.b" } }, '{"b":1}'))
  end)
end)

describe("Result", function()
  it("is the output of a Pass state, as it stands", function()
    assert.equal('{"a.$":"$.b"}', asl.output({ Type = "Pass", Result = { ["a.$"] = "$.b" } }, "{}"))
    assert.equal("null", asl.output({ Type = "Pass", Result = stepfn.null }, "{}"))
  end)
end)

describe("ResultSelector", function()
  it("makes the result anew, before ResultPath", function()
    assert.equal('{"n":1,"r":{"x":1}}',
      task({ ResultSelector = { ["x.$"] = "$.got.n" }, ResultPath = "$.r" }, '{"n":1}'))
  end)

  it("sees the result, not the input", function()
    local error_name, cause = asl.failure({
      Type = "Task", Resource = FUNCTION, ResultSelector = { ["x.$"] = "$.n" },
    }, '{"n":1}', { tasks = { f = function() return {} end } })
    assert.equal("States.Runtime", error_name)
    assert.equal("The JSONPath '$.n' specified for the field 'x.$' could not be found in the input '{}'", cause)
  end)
end)

describe("ResultPath", function()
  local function with(path, input)
    return asl.output({ Type = "Pass", Result = 5, ResultPath = path }, input)
  end

  it("replaces the input with $", function()
    assert.equal("5", with("$", '{"a":1}'))
  end)

  it("keeps the input with null", function()
    assert.equal('{"a":1}', with(stepfn.null, '{"a":1}'))
  end)

  it("puts the result into the input, making objects on the way", function()
    assert.equal('{"a":1,"b":5}', with("$.b", '{"a":1}'))
    assert.equal('{"a":5}', with("$.a", '{"a":1}'))
    assert.equal('{"a":{"b":{"c":5}}}', with("$.a.b.c", "{}"))
  end)

  it("writes to the raw input, whatever InputPath selected", function()
    assert.equal('{"a":{"b":1},"r":{"got":1}}', task({ InputPath = "$.a.b", ResultPath = "$.r" }, '{"a":{"b":1}}'))
  end)

  it("replaces elements that are there, and no others", function()
    assert.equal('{"a":[1,5]}', with("$.a[1]", '{"a":[1,2]}'))
    assert.equal("States.ResultPathMatchFailure",
      (asl.failure({ Type = "Pass", Result = 5, ResultPath = "$.a[2]" }, '{"a":[1,2]}')))
  end)

  it("fails where the input is no object", function()
    assert.equal("States.ResultPathMatchFailure", (asl.failure({ Type = "Pass", Result = 5, ResultPath = "$.a" }, "[1]")))
  end)
end)

describe("OutputPath", function()
  it("selects from what ResultPath made", function()
    assert.equal('{"got":1}', task({ InputPath = "$.n", ResultPath = "$.r", OutputPath = "$.r" }, '{"n":1}'))
  end)

  it("gives {} for null", function()
    assert.equal("{}", asl.output({ Type = "Pass", OutputPath = stepfn.null }, '{"a":1}'))
  end)
end)

describe("Null as input", function()
  it("stays null and is no missing value", function()
    assert.equal('{"v":null}', asl.output({ Type = "Pass", Parameters = { ["v.$"] = "$.a" } }, '{"a":null}'))
  end)
end)
