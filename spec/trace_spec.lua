local trace = require "stepfn.trace"

local function row(changes)
  local made = {
    state = "Charge", type = "Task", input = { a = 1 }, output = { b = 2 },
    attempts = 1, entered = 100, exited = 103,
  }
  for name, value in pairs(changes or {}) do
    made[name] = value
  end
  return made
end

describe("stepfn.trace.span", function()
  it("writes seconds with their fraction", function()
    assert.equal("0s", trace.span(0))
    assert.equal("0.25s", trace.span(0.25))
    assert.equal("59s", trace.span(59))
  end)

  it("writes longer times in their units", function()
    assert.equal("1m05s", trace.span(65))
    assert.equal("1h00m00s", trace.span(3600))
    assert.equal("2d00h00m06s", trace.span(2 * 86400 + 6))
  end)
end)

describe("stepfn.trace.format", function()
  it("aligns its columns", function()
    local text = trace.format { row(), row { state = "Wait for it", type = "Wait", attempts = 0, entered = 103, exited = 163 } }
    assert.equal(table.concat({
      "state        type  tries  at   took  input    output",
      'Charge       Task      1  0s     3s  {"a":1}  {"b":2}',
      'Wait for it  Wait         3s  1m00s  {"a":1}  {"b":2}',
      "",
    }, "\n"), text)
  end)

  it("shows errors on a line of their own", function()
    local text = trace.format { row { error = "CardDeclined", cause = "no funds" } }
    assert.matches("\n  ! CardDeclined: no funds\n$", text)
  end)

  it("says which branch or iteration a row is of, and indents it", function()
    local text = trace.format { row(), row { state = "Work", path = { "Each", 2 } }, row { state = "In", path = { "Each", 2, "P", 0 } } }
    assert.matches("\n  Work %[2%] .*\n    In %[0%] ", text)
  end)

  it("shows the traceback of a Lua error", function()
    local text = trace.format { row { error = "LuaError", cause = "oops", traceback = "stack traceback:\n\tx.lua:1" } }
    assert.matches("\n    stack traceback:\n     x.lua:1\n$", text)
  end)

  it("leaves our own frames out of a traceback", function()
    local traceback = "stack traceback:\n\tx.lua:1: in f\n\t[C]: in function 'xpcall'\n\tstepfn/attempt.lua:1"
    assert.matches("\n     x.lua:1: in f\n$", trace.format { row { error = "LuaError", traceback = traceback } })
  end)

  it("keeps to the width", function()
    local text = trace.format({ row { input = { text = ("x"):rep(500) }, output = { text = ("ä"):rep(500) } } }, { width = 72 })
    for line in text:gmatch "[^\n]+" do
      assert.is_true(#line:gsub("[\128-\191]", "") <= 72)
    end
    assert.matches('{"text":"xx+…', text)
  end)

  it("leaves columns out where the terminal is too narrow for them", function()
    local text = trace.format({ row { entered = 100, exited = 5 * 86400 } }, { width = 50 })
    assert.equal("state   type  tries  at         took  output\n" .. "Charge  Task      1  0s  4d23h58m20s  {\"b\":2}\n", text)
    assert.equal("state   output\nCharge  {\"b\":2}\n", trace.format({ row {} }, { width = 20 }))
  end)

  it("uses colour only when asked to", function()
    local rows = { row { error = "E" } }
    assert.is_nil(trace.format(rows):find("\27", 1, true))
    assert.matches("\27%[31m  ! E\27%[0m", trace.format(rows, { colour = true }))
  end)

  it("writes nothing but the head for no rows", function()
    assert.equal("state  type  tries  at  took  input  output\n", trace.format {})
  end)
end)
