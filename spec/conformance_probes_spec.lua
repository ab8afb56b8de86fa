local runner = require "spec.conformance.runner"
local stepfn = require "stepfn"

local suite

for _, each in ipairs(runner.suites "spec/conformance/suite") do
  suite = each.name == "probes" and each or suite
end

local HANDLERS = {
  echo = { kind = "echo" },
  boom = { kind = "throw", error = "Boom", cause = "up" },
  slow = { kind = "sleep", seconds = 3, value = 1 },
  callback = { kind = "callback", value = { called = "back" } },
}

---Is a probe of one Task right?
local function judge(resource, expect, fields)
  local state = { Type = "Task", Resource = resource, End = true }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  local probe = { id = "x", definition = { StartAt = "S", States = { S = state } }, input = { a = 1 }, expect = expect }
  local case = suite.cases({ data = stepfn.value { handlers = HANDLERS, probes = { probe } } })[1]
  return (suite.right(case, suite.run(case)))
end

describe("the suite of probes", function()
  it("compares outputs", function()
    assert.is_true(judge("lua:echo", { output = { a = 1 } }))
    assert.is_false(judge("lua:echo", { output = { a = 2 } }))
    assert.is_false(judge("lua:boom", { output = { a = 1 } }))
  end)

  it("compares errors and causes", function()
    assert.is_true(judge("lua:boom", { error = "Boom", cause = "up" }))
    assert.is_false(judge("lua:boom", { error = "Bang" }))
    assert.is_false(judge("lua:boom", { error = "Boom", cause = "down" }))
    assert.is_true(judge("lua:boom", { error_any = { "Bang", "Boom" } }))
    assert.is_false(judge("lua:boom", { no_error = true }))
  end)

  it("compares how long it takes", function()
    assert.is_true(judge("lua:slow", { output = 1, min_s = 3, max_s = 3 }))
    assert.is_false(judge("lua:slow", { output = 1, max_s = 2 }))
    assert.is_false(judge("lua:slow", { output = 1, min_s = 4 }))
  end)

  it("answers who waits for a token", function()
    local call = { Parameters = { FunctionName = "callback", Payload = { ["token.$"] = "$$.Task.Token" } } }
    assert.is_true(judge("arn:aws:states:::lambda:invoke.waitForTaskToken", { output = { called = "back" } }, call))
  end)

  it("finds machines wrong that are refused", function()
    assert.is_false(judge("no resource", { error = "Boom" }))
  end)
end)
