package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"

local PASS = asl.scope("I", { Type = "Pass" })

---A Map "S" over what its processor does.
local function map(processor, fields)
  local state = { Type = "Map", ItemProcessor = processor, End = true }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  return { S = state }
end

describe("A Map state", function()
  it("works on each item of its input, and gives the outputs in order", function()
    assert.equal("[1,2,3]", asl.run(map(PASS), "[1,2,3]"):output_json())
    assert.equal("[]", asl.run(map(PASS), "[]"):output_json())
  end)

  it("takes the items that ItemsPath names", function()
    assert.equal('["a","b"]', asl.run(map(PASS, { ItemsPath = "$.x.items" }), '{"x":{"items":["a","b"]}}'):output_json())
  end)

  it("makes each item anew by ItemSelector, which sees the item, its index and the Map's input", function()
    local execution = asl.run(map(PASS, {
      ItemsPath = "$.items",
      ItemSelector = { ["v.$"] = "$$.Map.Item.Value", ["i.$"] = "$$.Map.Item.Index", ["all.$"] = "$.n" },
    }), '{"items":["a","b"],"n":2}')
    assert.equal('[{"all":2,"i":0,"v":"a"},{"all":2,"i":1,"v":"b"}]', execution:output_json())
  end)

  it("still knows Parameters and Iterator, the old names", function()
    local execution = asl.run({ S = {
      Type = "Map", Iterator = PASS, Parameters = { ["v.$"] = "$$.Map.Item.Value" }, End = true,
    } }, "[1]")
    assert.equal('[{"v":1}]', execution:output_json())
  end)

  it("has the item in the context object for ItemSelector alone", function()
    local inside = asl.scope("I", { Type = "Pass", Parameters = { ["i.$"] = "$$.Map.Item.Index" } })
    assert.equal("States.Runtime", asl.run(map(inside), '["a","b"]').error)
  end)

  it("runs its iterations at the same time, or as many as MaxConcurrency says", function()
    local waits = asl.scope("I", { Type = "Wait", Seconds = 10 })
    local function seconds(fields, items)
      local execution = asl.run(map(waits, fields), items)
      return execution.stop_date - execution.start_date
    end
    assert.equal(10, seconds({}, "[1,2,3,4]"))
    assert.equal(20, seconds({ MaxConcurrency = 2 }, "[1,2,3,4]"))
    assert.equal(40, seconds({ MaxConcurrency = 1 }, "[1,2,3,4]"))
  end)

  it("may read MaxConcurrency from its input", function()
    local execution = asl.run(map(PASS, { ItemsPath = "$.items", MaxConcurrencyPath = "$.m" }), '{"items":[1],"m":"x"}')
    assert.equal("States.Runtime", execution.error)
    assert.truthy(execution.cause:find('The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.m', 1, true))
  end)

  it("may be nested", function()
    assert.equal("[[1],[2,3]]", asl.run(map(asl.scope("J", map(PASS).S)), "[[1],[2,3]]"):output_json())
  end)

  it("fails when an iteration does", function()
    local execution = asl.run(map(asl.scope("I", { Type = "Fail", Error = "E" })), "[1,2]")
    assert.equal("E", execution.error)
  end)

  it("fails where the items are no list", function()
    local execution = asl.run(map(PASS), '{"a":1}')
    assert.equal("States.Runtime", execution.error)
  end)
end)

describe("The history of a Map state", function()
  it("starts all iterations first, each from the start of the Map", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 MapStateEntered",
      "3<-2 MapStateStarted",
      "4<-3 MapIterationStarted",
      "5<-3 MapIterationStarted",
      "6<-4 PassStateEntered",
      "7<-6 PassStateExited",
      "8<-7 MapIterationSucceeded",
      "9<-5 PassStateEntered",
      "10<-9 PassStateExited",
      "11<-10 MapIterationSucceeded",
      "12<-11 MapStateSucceeded",
      "13<-11 MapStateExited",
      "14<-13 ExecutionSucceeded",
    }, asl.history(asl.run(map(PASS), "[1,2]")))
  end)

  it("links an iteration that waited its turn to the last event inside the one before", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 MapStateEntered",
      "3<-2 MapStateStarted",
      "4<-3 MapIterationStarted",
      "5<-4 PassStateEntered",
      "6<-5 PassStateExited",
      "7<-6 MapIterationSucceeded",
      "8<-6 MapIterationStarted",
      "9<-8 PassStateEntered",
      "10<-9 PassStateExited",
      "11<-10 MapIterationSucceeded",
      "12<-11 MapStateSucceeded",
      "13<-11 MapStateExited",
      "14<-13 ExecutionSucceeded",
    }, asl.history(asl.run(map(PASS, { MaxConcurrency = 1 }), "[1,2]")))
  end)

  it("of an empty list has no iterations", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 MapStateEntered",
      "3<-2 MapStateStarted",
      "4<-3 MapStateSucceeded",
      "5<-3 MapStateExited",
      "6<-5 ExecutionSucceeded",
    }, asl.history(asl.run(map(PASS), "[]")))
  end)

  it("ends an iteration that fails, then the Map", function()
    assert.same({
      "1<-0 ExecutionStarted",
      "2<-0 MapStateEntered",
      "3<-2 MapStateStarted",
      "4<-3 MapIterationStarted",
      "5<-4 FailStateEntered",
      "6<-5 MapIterationFailed",
      "7<-5 MapStateFailed",
      "8<-7 ExecutionFailed",
    }, asl.history(asl.run(map(asl.scope("I", { Type = "Fail" })), "[1]")))
  end)
end)
