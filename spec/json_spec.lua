local stepfn = require "stepfn"

local function fault_of(text)
  local value, message, detail = stepfn.decode(text)
  assert.is_nil(value)
  return detail, message
end

describe("stepfn.decode", function()
  it("reads all of JSON", function()
    assert.same({ a = { 1, 2.5, "x", true, stepfn.null }, b = {} },
      stepfn.decode ' { "a" : [ 1 , 2.5 , "x" , true , null ] , "b" : { } } ')
  end)

  it("marks arrays, so that they stay arrays when they are empty", function()
    assert.equal('{"a":[],"o":{}}', stepfn.encode(stepfn.decode '{"o":{},"a":[]}'))
  end)

  it("resolves escapes, also of U+0000 and surrogate pairs", function()
    assert.equal("a\0b\"\\/\b\f\n\r\t\195\169\240\157\132\158",
      stepfn.decode [["a\u0000b\"\\\/\b\f\n\r\t\u00e9\ud834\udd1e"]])
    assert.equal([["a\u0000b"]], stepfn.encode "a\0b")
  end)

  it("keeps 64-bit integers", function()
    assert.equal("[9223372036854775807,-9223372036854775808,18446744073709551615]",
      stepfn.encode(stepfn.decode "[9223372036854775807,-9223372036854775808,18446744073709551615]"))
  end)

  it("keeps numbers beyond a double", function()
    assert.equal("[1e999]", stepfn.encode(stepfn.decode "[1e999]"))
  end)

  it("lets the last of equal keys win", function()
    assert.same({ a = 2 }, stepfn.decode '{"a":1,"a":2}')
  end)

  it("refuses what RFC 8259 refuses", function()
    for _, text in ipairs {
      "", " ", "01", "1.", ".5", "+1", "1e", "0x1", "NaN", "Infinity", "-", "nul", "True",
      "[1,]", "[,1]", "[1 2]", '{"a":1,}', '{"a"}', "{a:1}", "{'a':1}", "[1", "]", '"a', "1 2", "{} x",
      '"\\x"', '"\\u12"', '"\n"', '"\t"', '"\1"', "// c\n1", "\239\187\1911",
    } do
      assert.equal("SYNTAX", fault_of(text).code, text)
    end
  end)

  it("refuses half surrogates and bytes that are no UTF-8", function()
    for _, text in ipairs { '"\255"', '"\192\128"', '"\237\160\128"', '"\244\144\128\128"', '"\226\130"' } do
      assert.equal("SYNTAX", fault_of(text).code)
    end
  end)

  it("says where", function()
    local detail, message = fault_of '{\n  "a": 01\n}'
    assert.same({ "SYNTAX", 2, 9 }, { detail.code, detail.line, detail.column })
    assert.matches("^2:9: ", message)
  end)

  it("survives 100,000 brackets", function()
    assert.is_string(select(2, fault_of(("["):rep(100000))))
    assert.is_string(select(2, fault_of(('{"a":'):rep(100000))))
  end)

  it("takes a thousand levels", function()
    local text = ("["):rep(1000) .. ("]"):rep(1000)
    assert.is_true(stepfn.encode(stepfn.decode(text)) == text)
  end)

  it("takes a thousand levels behind a long text", function()
    local text = ('["%s",%s1%s]'):format(("x"):rep(5000), ("["):rep(999), ("]"):rep(999))
    assert.equal(text, tostring(stepfn.value(text)))
    local inner = ("["):rep(999) .. ("1,"):rep(3000) .. "1" .. ("]"):rep(999)
    assert.equal(inner, tostring(stepfn.value(inner)))
  end)

  it("reads a long text as it reads a short one, wherever it is cut", function()
    local part = '{"k\\u0000":"v\\u0000","n":[18446744073709551616,1e999,-1],"%s":%s,"o":{"p":{}},"e":"\\n"}'
    for length = 900, 1200, 7 do
      local digits = ("9"):rep(length)
      local text = "[" .. (part:format(("x"):rep(length), digits) .. ","):rep(3) .. digits .. "]"
      assert.equal(text, tostring(stepfn.value(text)))
    end
  end)

  it("lets the last of equal keys win in a long text, too", function()
    local long = ("x"):rep(3000)
    assert.same({ a = { 2 }, b = long }, stepfn.decode(('{"a":["%s"],"b":"%s","a":[2]}'):format(long, long)))
  end)

  it("gives back what encode wrote", function()
    for _, number in ipairs { 0.1, 1e-7, 123456789.125, 1e21, 5e-324, 1.7976931348623157e308, -2.5 } do
      assert.equal(number, stepfn.decode(stepfn.encode(number)))
    end
  end)

  it("wants text", function()
    assert.error_matches(function() stepfn.decode {} end, "bad argument #1 to 'decode'")
  end)
end)
