local memory = require "spec.support.memory"
local stepfn = require "stepfn"

local has_ffi, ffi = pcall(require, "ffi")
local on_luajit = has_ffi and it or pending

---A list nested `levels` deep.
local function nested(levels)
  local list = stepfn.array()
  for _ = 2, levels do
    list = { list }
  end
  return list
end

local function fault_of(value)
  local text, message, detail = stepfn.encode(value)
  assert.is_nil(text)
  return message, detail
end

describe("A call without arguments", function()
  it("names the function and the argument", function()
    assert.error_matches(function() stepfn.integer() end, "bad argument #1 to '[%w.]*integer'")
    assert.error_matches(function() stepfn.decode() end, "bad argument #1 to '[%w.]*decode'")
    assert.error_matches(function() stepfn.value() end, "bad argument #1 to '[%w.]*value'")
  end)
end)

describe("stepfn.encode", function()
  it("writes scalars", function()
    assert.equal('[true,false,1,-2.5,"a"]', stepfn.encode { true, false, 1, -2.5, "a" })
    assert.equal("null", stepfn.encode(stepfn.null))
    assert.equal("null", stepfn.encode(nil))
  end)

  it("takes an empty table for an object, and a marked one for what it says", function()
    assert.equal("{}", stepfn.encode {})
    assert.equal("[]", stepfn.encode(stepfn.array {}))
    assert.equal("[]", stepfn.encode(stepfn.array()))
    assert.equal("{}", stepfn.encode(stepfn.object {}))
    assert.equal("[]", stepfn.encode(setmetatable({}, { __jsontype = "array" })))
    assert.equal("{}", stepfn.encode(setmetatable({}, { __jsontype = "object" })))
  end)

  it("puts the keys of tables in byte order", function()
    assert.equal('{"":0,"B":1,"a":2,"aa":3,"é":4}', stepfn.encode { aa = 3, a = 2, B = 1, [""] = 0, ["é"] = 4 })
  end)

  it("keeps the order of keys of a value from JSON text", function()
    assert.equal('{"b":1,"a":[]}', stepfn.encode(stepfn.value '{"b":1,"a":[]}'))
  end)

  it("reads tables raw", function()
    local proxy = setmetatable({ a = 1 }, {
      __index = function() error "not raw" end,
      __pairs = function() error "not raw" end,
      __len = function() error "not raw" end,
    })
    assert.equal('{"a":1}', stepfn.encode(proxy))
  end)

  it("writes integral floats within 2^53 as integers, and -0.0 as 0", function()
    assert.equal("[3,0,9007199254740992,1e+300]", stepfn.encode { 3.0, -0.0, 2 ^ 53, 1e300 })
  end)

  it("indents on demand", function()
    assert.equal('{\n  "a": [\n    1\n  ]\n}', stepfn.encode({ a = { 1 } }, { indent = true }))
  end)

  it("refuses NaN and infinities, and names the place", function()
    local message, detail = fault_of { items = { { price = 0 / 0 } } }
    assert.equal("value.items[1].price: NaN is no JSON number", message)
    assert.same({ code = "NAN", path = "value.items[1].price" }, detail)
    assert.matches("^value%.x: infinity is no JSON number$", (fault_of { x = 1 / 0 }))
    assert.matches("^value%.x: infinity is no JSON number$", (fault_of { x = -1 / 0 }))
  end)

  it("refuses holes and says what to put there", function()
    local message, detail = fault_of { list = { 1, nil, 3 } }
    assert.equal("value.list: an array has a hole at index 2: put stepfn.null there, or use text keys", message)
    assert.equal("HOLE", detail.code)
  end)

  it("refuses a table with one huge index without walking up to it", function()
    assert.equal("HOLE", select(2, fault_of { [2 ^ 30] = true }).code)
  end)

  it("refuses mixed keys and other keys than text", function()
    assert.matches('an array has the key "x"', (fault_of { 1, 2, x = 3 }))
    assert.matches("an object has the number 1 as a key", (fault_of(stepfn.object { 1 })))
    assert.matches('an array has the key "a"', (fault_of(stepfn.array { a = 1 })))
    assert.matches("the number 0 as a key", (fault_of { [0] = 1 }))
    assert.matches("the number 1.5 as a key", (fault_of { [1.5] = 1 }))
    assert.matches("a key is a boolean", (fault_of { [true] = 1 }))
  end)

  it("refuses a table that contains itself", function()
    local list = { { {} } }
    list[1][1].again = list
    local message, detail = fault_of { list = list }
    assert.equal("CYCLE", detail.code)
    assert.matches("a table contains itself$", message)
  end)

  it("takes the same table twice where it does not contain itself", function()
    local one = { 1 }
    assert.equal("[[1],[1]]", stepfn.encode { one, one })
  end)

  it("refuses more than 1000 levels", function()
    assert.is_true(stepfn.encode(nested(1000)) == ("["):rep(1000) .. ("]"):rep(1000))
    assert.equal("DEPTH", select(2, fault_of(nested(1001))).code)
    assert.equal("DEPTH", select(2, fault_of { stepfn.value(nested(1000)) }).code)
  end)

  it("refuses text that is no UTF-8, in values and keys", function()
    local message, detail = fault_of { a = "\255" }
    assert.equal("UTF8", detail.code)
    assert.matches("^value%.a: the text is not UTF%-8", message)
    assert.equal("UTF8", select(2, fault_of { ["\255"] = 1 }).code)
    assert.equal("UTF8", select(2, fault_of { "\237\160\128" }).code)
    assert.equal("UTF8", select(2, fault_of { "\192\128" }).code)
  end)

  it("refuses what has no form in JSON", function()
    assert.equal("value.f: a function has no form in JSON", (fault_of { f = print }))
    assert.equal("value: a userdata has no form in JSON", (fault_of(io.stdout)))
    assert.equal("value: a thread has no form in JSON", (fault_of(coroutine.create(function() end))))
  end)

  it("checks its options", function()
    assert.error_matches(function() stepfn.encode({}, true) end, "bad argument #2 to 'encode'")
  end)
end)

describe("stepfn.array and stepfn.object", function()
  it("mark the table itself", function()
    local list = { 1 }
    assert.equal(list, stepfn.array(list))
    assert.is_true(stepfn.is_array(list))
    assert.is_false(stepfn.is_array(stepfn.object {}))
  end)

  it("leave unmarked tables to what is in them", function()
    assert.is_true(stepfn.is_array { 1 })
    assert.is_false(stepfn.is_array {})
    assert.is_false(stepfn.is_array { a = 1 })
    assert.is_false(stepfn.is_array "text")
  end)

  it("refuse anything but tables", function()
    assert.error_matches(function() stepfn.array(1) end, "bad argument #1 to 'array' %(table expected, got number%)")
  end)
end)

describe("stepfn.null", function()
  it("is what decode gives for null", function()
    assert.equal(stepfn.null, stepfn.decode "null")
    assert.equal(stepfn.null, stepfn.decode('{"a":null}').a)
  end)

  it("is the null of lua-cjson", function()
    local has_cjson, cjson = pcall(require, "cjson")
    assert.equal(stepfn.null, has_cjson and cjson.null or stepfn.null)
  end)
end)

describe("stepfn.value", function()
  local value = stepfn.value '{"b":[1,{"c":null}],"a":"x"}'

  it("keeps a value and gives its JSON text", function()
    assert.equal('{"b":[1,{"c":null}],"a":"x"}', tostring(value))
  end)

  it("gives one level at a time", function()
    assert.equal("x", value.a)
    assert.equal("[1,{\"c\":null}]", tostring(value.b))
    assert.equal(1, value.b[1])
    assert.equal(stepfn.null, value.b[2].c)
    assert.is_nil(value.missing)
    assert.is_nil(value.b[3])
    assert.is_nil(value.b[0])
    assert.is_nil(value.b.length)
  end)

  it("has a length", function()
    assert.equal(2, #value)
    assert.equal(2, #value.b)
    assert.equal(0, #stepfn.value(7))
  end)

  it("gives the Lua value with get", function()
    assert.same({ b = { 1, { c = stepfn.null } }, a = "x" }, value:get())
  end)

  it("is made from Lua values too, and goes into them", function()
    assert.equal('{"v":{"a":1}}', stepfn.encode { v = stepfn.value { a = 1 } })
    assert.equal('"text"', tostring(stepfn.value '"text"'))
  end)

  it("equals a value with the same content, whatever the order", function()
    assert.is_true(stepfn.value '{"a":1,"b":2.0}' == stepfn.value '{"b":2,"a":1}')
    assert.is_false(stepfn.value "[1]" == stepfn.value "[2]")
  end)

  it("gives nil, message, detail for bad text and bad tables", function()
    local bad, message, detail = stepfn.value "[1,"
    assert.is_nil(bad)
    assert.matches("^1:4: ", message)
    assert.equal("SYNTAX", detail.code)
    bad, message, detail = stepfn.value { 0 / 0 }
    assert.is_nil(bad)
    assert.matches("^value%[1%]: NaN", message)
    assert.equal("NAN", detail.code)
  end)
end)

describe("stepfn.integer", function()
  it("is exact beyond 64 bits", function()
    local big = stepfn.integer "123456789012345678901234567890"
    assert.equal("123456789012345678901234567890", tostring(big))
    assert.equal("[123456789012345678901234567890]", stepfn.encode { big })
  end)

  it("comes out of JSON text where Lua has no number for it", function()
    local big = stepfn.decode "123456789012345678901234567890"
    assert.equal("userdata", type(big))
    assert.equal("123456789012345678901234567890", tostring(big))
    assert.equal("[9223372036854775807,-9223372036854775808]",
      stepfn.encode(stepfn.decode "[9223372036854775807,-9223372036854775808]"))
  end)

  it("compares by value", function()
    local a, b = stepfn.integer "9007199254740993", stepfn.integer "9007199254740994"
    assert.is_true(a < b)
    assert.is_true(a <= b)
    assert.is_false(a == b)
    assert.is_true(a == stepfn.integer "9007199254740993")
  end)

  it("takes numbers that are integers", function()
    assert.equal("42", tostring(stepfn.integer(42)))
    assert.error_matches(function() stepfn.integer(1.5) end, "an integer expected")
  end)

  on_luajit("is not needed for LuaJIT's own 64-bit integers", function()
    local numbers = { ffi.cast("int64_t", -2 ^ 53) - 1, ffi.cast("uint64_t", ffi.cast("int64_t", -1)) }
    assert.equal("[-9007199254740993,18446744073709551615]", stepfn.encode(numbers))
    assert.equal("value[1]: a cdata has no form in JSON", select(2, stepfn.encode { ffi.new "int[1]" }))
  end)

  it("gives nil, message for text that is none", function()
    for _, text in ipairs { "", "-", "01", "1.0", "1e3", "0x10", " 1" } do
      local integer, message = stepfn.integer(text)
      assert.is_nil(integer)
      assert.equal("not the digits of an integer", message)
    end
  end)
end)

describe("Values under a failing allocator", function()
  local document = { list = { 1, 2, { a = "text", b = { c = {} } } }, big = stepfn.integer(("9"):rep(40)) }

  it("give the memory back for every allocation that fails", function()
    local text, before = stepfn.encode(document), memory.live()
    local failures = memory.fail_each(function()
      return (stepfn.encode(stepfn.decode(stepfn.encode(document))))
    end, text)
    assert.equal(before, memory.live())
    assert.is_true(failures > 5)
  end)
end)
