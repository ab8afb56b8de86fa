local core = require "stepfn.core"
local stepfn = require "stepfn"

local VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
local NO_VALUE = "expected a valid value " .. VALUES
local COMMENT = "maybe a (non-standard) comment? "
  .. "(not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"

-- Text, what the parser behind the service (Jackson) says of it, and the column at which it says it.
local FAULTS = {
  { "not a definition", "Unrecognized token 'not': was expecting " .. VALUES, 4 },
  { "[tru]", "Unrecognized token 'tru': was expecting " .. VALUES, 5 },
  { "[true1]", "Unrecognized token 'true1': was expecting " .. VALUES, 7 },
  { "[undefined]", "Unrecognized token 'undefined': was expecting " .. VALUES, 11 },
  { "[" .. ("x"):rep(300) .. "]", "Unrecognized token '" .. ("x"):rep(256) .. "...': was expecting " .. VALUES, 258 },
  { "{'a':1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 3 },
  { "{a:1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 3 },
  { '{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 9 },
  { "{“a”:1}", "Unexpected character ('“' (code 8220 / 0x201c)): was expecting double-quote to start field name", 3 },
  { '{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 7 },
  { '{"a":1 "b":2}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", 9 },
  { "[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 5 },
  { "[1,]", "Unexpected character (']' (code 93)): " .. NO_VALUE, 5 },
  { "[1,,2]", "Unexpected character (',' (code 44)): " .. NO_VALUE, 5 },
  { '{"a":}', "Unexpected character ('}' (code 125)): expected a value", 7 },
  { "['a']", "Unexpected character (''' (code 39)): " .. NO_VALUE, 3 },
  { "[.5]", "Unexpected character ('.' (code 46)): " .. NO_VALUE, 3 },
  { "[01]", "Invalid numeric value: Leading zeroes not allowed", 3 },
  { "[-x]", "Unexpected character ('x' (code 120)) in numeric value: "
    .. "expected digit (0-9) to follow minus sign, for valid numeric value", 4 },
  { "[1.x]", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed by a digit", 4 },
  { "[0.x]", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed by a digit", 5 },
  { "[1e]", "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by a digit", 4 },
  { "1x", "Unexpected character ('x' (code 120)): Expected space separating root-level values", 3 },
  { "[NaN]", "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", 5 },
  { '["\\x"]', "Unrecognized character escape 'x' (code 120)", 5 },
  { '["\\u12x4"]', "Unexpected character ('x' (code 120)): expected a hex-digit for character escape sequence", 8 },
  { '["a\nb"]', "Illegal unquoted character ((CTRL-CHAR, code 10)): "
    .. "has to be escaped using backslash to be included in string value", 5 },
  { '{"a\n":1}', "Illegal unquoted character ((CTRL-CHAR, code 10)): "
    .. "has to be escaped using backslash to be included in name", 5 },
  { "[1 /*]", "Unexpected character ('/' (code 47)): " .. COMMENT, 5 },
  { '["😀" x]', "Unexpected character ('x' (code 120)): was expecting comma to separate Array entries", 8 },
  { '{"a', "Unexpected end-of-input in field name", 4 },
  { '{"a"', "Unexpected end-of-input within/between Object entries", 5 },
  { "[1,", "Unexpected end-of-input within/between Array entries", 4 },
  { '["a', "Unexpected end-of-input: was expecting closing quote for a string value", 4 },
  { '["a\\', "Unexpected end-of-input in character escape sequence", 5 },
}

-- Messages that name where an array or object begins, with a second source in them.
local SOURCE = '[Source: (String)"%s"; line: %d, column: %d]'
local OPEN = {
  { '{"a":1', "Unexpected end-of-input: expected close marker for Object (start marker at %s)", 1, 7 },
  { "[[1], [2", "Unexpected end-of-input: expected close marker for Array (start marker at %s)", 7, 9 },
  { '{"a":1]', "Unexpected close marker ']': expected '}' (for Object starting at %s)", 1, 8 },
  { '{"a":[1}', "Unexpected close marker '}': expected ']' (for Array starting at %s)", 6, 9 },
  { "{} }", "Unexpected close marker '}': expected ']' (for root starting at %s)", 0, 5 },
}

local function source(text, line, column)
  return SOURCE:format(text, line, column)
end

describe("a text that is no JSON", function()
  for _, row in ipairs(FAULTS) do
    local text, message, column = row[1], row[2], row[3]
    it(("is refused in the words of the service: %q"):format(text:sub(1, 20)), function()
      assert.equal(message, core.json_fault(text))
      local fault = stepfn.validate(text)[1]
      assert.equal("INVALID_JSON_DESCRIPTION", fault.code)
      assert.equal(source(text, 1, column), fault.location)
      assert.equal(message .. "\n at " .. source(text, 1, column), fault.message)
    end)
  end

  for _, row in ipairs(OPEN) do
    local text, message, begin, column = row[1], row[2], row[3], row[4]
    it(("is told with what is open in it: %q"):format(text), function()
      assert.equal(message:format(source(text, 1, begin)), core.json_fault(text))
      assert.equal(source(text, 1, column), stepfn.validate(text)[1].location)
    end)
  end

  it("counts line ends of every kind", function()
    assert.equal(source("[\n1,\r\n x]", 3, 3), stepfn.validate("[\n1,\r\n x]")[1].location)
  end)

  it("is quoted to 500 characters, without control characters", function()
    local text = '["\t' .. ("a"):rep(600)
    assert.equal('[Source: (String)"["\\u0009' .. ("a"):rep(497) .. '"[truncated 103 chars]; line: 1, column: 4]',
      stepfn.validate(text)[1].location)
  end)

  it("has our own words and our own place beside them", function()
    local fault = stepfn.validate('{"a": 1,\n "b" 2}')[1]
    assert.equal("expected ':' after a member's name", fault.hint)
    assert.same({ 2, 6 }, { fault.line, fault.column })
  end)

  it("that the service's parser would take is refused in our own words", function()
    assert.is_nil(core.json_fault '["\\uD800"]')
    assert.is_nil(core.json_fault "{} {}")
    assert.truthy(stepfn.validate('["\\uD800"]')[1].message:find("half of a surrogate pair in a string", 1, true))
    assert.truthy(stepfn.validate("{} {}")[1].message:find("expected nothing more after the value", 1, true))
  end)

  it("is judged in a time that grows with its length alone", function()
    local deep = ("["):rep(2000)
    assert.is_nil(core.json_fault(deep))
    assert.truthy(core.json_fault(("[],"):rep(100000) .. "x"))
    assert.truthy(core.json_fault("[" .. ("[],"):rep(100000) .. "x"))
  end)
end)
