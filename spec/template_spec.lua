local stepfn = require "stepfn"

-- A machine of one Pass state; parameters are JSON text.
local function load(parameters)
  return stepfn.load(
    '{"StartAt":"S","States":{"S":{"Type":"Pass","Parameters":' .. parameters .. ',"End":true}}}'
  )
end

local function result(parameters, input)
  local execution = assert(load(parameters)):run(stepfn.value(input or "{}"))
  assert.equal("SUCCEEDED", execution.status, execution.cause)
  return execution:output_json()
end

local function refusal(parameters)
  local machine, message = load(parameters)
  assert.is_nil(machine)
  return message
end

describe("a payload template", function()
  it("evaluates members whose name ends in '.$' and drops that ending", function()
    assert.equal('{"a":5}', result('{"a.$":"$.i"}', '{"i":5}'))
  end)

  it("takes the rest as it is", function()
    assert.equal('{"a":"$.i","b":[1,"$.i",null]}', result('{"a":"$.i","b":[1,"$.i",null]}', '{"i":5}'))
  end)

  it("reads paths on the input, the context object and calls", function()
    assert.equal(
      '{"input":5,"state":"S","call":6}',
      result('{"input.$":"$.i","state.$":"$$.State.Name","call.$":"States.MathAdd($.i, 1)"}', '{"i":5}')
    )
  end)

  it("reads null where an array has no such element, but fails on what would be in it", function()
    assert.equal('{"a":null,"b":null}', result('{"a.$":"$.l[1]","b.$":"$$.Execution.Input.l[9]"}', '{"l":[0]}'))
    assert.equal('{"a":"null"}', result('{"a.$":"States.Format(\'{}\', $.l[1])"}', '{"l":[0]}'))
    for _, path in ipairs { "$.l[1].x", "$.o[0]", "$.x[0]" } do
      assert.equal("States.Runtime", load('{"a.$":"' .. path .. '"}'):run(stepfn.value '{"l":[0],"o":{}}').error)
    end
  end)

  it("is evaluated inside objects and inside objects in arrays", function()
    assert.equal(
      '{"a":{"b":5},"c":[1,{"d":5},[{"e":5}]]}',
      result('{"a":{"b.$":"$.i"},"c":[1,{"d.$":"$.i"},[{"e.$":"$.i"}]]}', '{"i":5}')
    )
  end)

  it("puts literal members first, each group in the order of the definition", function()
    assert.equal('{"b":1,"d":2,"a":5,"c":5}', result('{"a.$":"$.i","b":1,"c.$":"$.i","d":2}', '{"i":5}'))
  end)

  it("may nest deeply", function()
    assert.equal(
      ('{"x":'):rep(100) .. '{"y":5}' .. ("}"):rep(100),
      result(('{"x":'):rep(100) .. '{"y.$":"$.i"}' .. ("}"):rep(100), '{"i":5}')
    )
  end)

  it("may not have the same name with and without '.$'", function()
    assert.matches("Parameters", refusal '{"a":1,"a.$":"$.i"}')
  end)

  it("needs a path or a call behind '.$'", function()
    assert.matches("'a.$'", refusal '{"a.$":"text"}', 1, true)
    assert.matches("'a.$'", refusal '{"a.$":23}', 1, true)
    assert.matches("'a.$'", refusal '{"x":[{"a.$":null}]}', 1, true)
    assert.matches("'a.$'", refusal '{"a.$":"$$23"}', 1, true)
  end)

  it("takes an empty list where a path that may name many names nothing", function()
    assert.equal('{"a":[],"b":[]}', result('{"a.$":"$.nope[*]","b.$":"$.nope[1:].x"}', "{}"))
  end)

  it("fails when a path names nothing", function()
    local execution = assert(load '{"a.$":"$.nope"}'):run {}
    assert.equal("FAILED", execution.status)
    assert.matches("$.nope", execution.cause, 1, true)
    assert.matches("a.$", execution.cause, 1, true)
  end)
end)
