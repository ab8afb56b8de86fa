local stepfn = require "stepfn"

local function pass(parameters)
  return {
    StartAt = "S",
    States = { S = { Type = "Pass", Parameters = parameters, OutputPath = "$.v", End = true } },
  }
end

-- Run a Pass state whose Parameters hold the call.
local function run(call, input)
  return assert(stepfn.load(pass { ["v.$"] = call })):run(stepfn.value(input or "{}"))
end

-- The JSON text that the call gives for an input (JSON text, too).
local function result(call, input)
  local execution = run(call, input)
  assert.equal("SUCCEEDED", execution.status, execution.cause)
  return execution:output_json()
end

-- Why the call fails when the state runs.
local function failure(call, input)
  local execution = run(call, input)
  assert.equal("FAILED", execution.status)
  return (assert(execution.cause:match "There was an error while evaluating the intrinsic function: (.*)"))
end

-- Is a definition with that call refused?
local function is_refused(call)
  return stepfn.load(pass { ["v.$"] = call }) == nil
end

describe("a call of an intrinsic function", function()
  it("takes text, numbers, booleans, null, paths and calls", function()
    assert.equal(
      '["x",1.5,true,false,null,[2],3]',
      result("States.Array('x', 1.5, true, false, null, $.a, States.MathAdd(1, 2))", '{"a":[2]}')
    )
  end)

  it("may have blanks around its arguments and behind it", function()
    assert.equal("[1,2,3]", result "States.Array( 1 ,2, 3 )  ")
    assert.is_true(is_refused "  States.Array(1)")
    assert.is_true(is_refused "States.Array (1)")
  end)

  it("takes paths on the context object", function()
    assert.equal('["S"]', result "States.Array($$.State.Name)")
  end)

  it("finds the end of a path behind brackets, quotes and filters", function()
    assert.equal("[1,2]", result("States.Array($['a, b)'], $.c[0])", '{"a, b)":1,"c":[2]}'))
    assert.equal(
      "[[3],4]",
      result("States.Array($.l[?(@.n == 'x), y' && (@.v > 1))].v, $.b)", '{"l":[{"n":"x), y","v":3}],"b":4}')
    )
  end)

  it("escapes a quote, a backslash and braces in text, nothing else", function()
    assert.equal([==[["it's \\ {}"]]==], result [[States.Array('it\'s \\ \{\}')]])
    assert.is_true(is_refused [[States.Array('a\nb')]])
    assert.is_true(is_refused [[States.StringToJson('{"text":"An \"escaped\" quote"}')]])
    assert.is_true(is_refused [[States.Array('abc\')]])
  end)

  it("nests ten deep, not deeper", function()
    local ten = ("States.Array("):rep(10) .. (")"):rep(10)
    assert.equal(("["):rep(10) .. ("]"):rep(10), result(ten))
    assert.is_true(is_refused("States.Array(" .. ten .. ")"))
  end)

  it("is refused when the name is unknown", function()
    assert.is_true(is_refused "States.Nope(1)")
    assert.is_true(is_refused "MathAdd(1, 2)")
  end)

  it("is refused when the number of arguments is wrong", function()
    assert.is_true(is_refused "States.MathAdd(1)")
    assert.is_true(is_refused "States.UUID(1)")
    assert.is_true(is_refused "States.Format()")
    assert.is_true(is_refused "States.MathRandom(1, 2, 3, 4)")
  end)

  it("is refused when it is malformed", function()
    assert.is_true(is_refused "States.Array(1,)")
    assert.is_true(is_refused "States.Array(1 2)")
    assert.is_true(is_refused "States.Array(01)")
    assert.is_true(is_refused "States.Array('abc)")
    assert.is_true(is_refused "States.Array(1")
    assert.is_true(is_refused "States.Array($.a $.b)")
    assert.is_true(is_refused "States.ArrayGetItem($.a, 0)[0]")
  end)

  it("fails with its own text and the reason", function()
    assert.equal(
      "States.Format('{', 1). Invalid template in States.Format: matching '}' not found for '{'.",
      failure "States.Format('{', 1)"
    )
  end)
end)

describe("States.Array", function()
  it("makes an array of its arguments", function()
    assert.equal("[]", result "States.Array()")
    assert.equal('[1,"a"]', result "States.Array(1, 'a')")
  end)
end)

describe("States.ArrayContains", function()
  it("compares what elements are written like", function()
    assert.equal("true", result("States.ArrayContains($, 3)", "[1,2,3]"))
    assert.equal("false", result("States.ArrayContains($, 4)", "[1,2,3]"))
    assert.equal("true", result("States.ArrayContains($, 9007199254740991)", '["9007199254740991"]'))
    assert.equal("true", result("States.ArrayContains($, true)", '["true"]'))
  end)

  it("does not find an object whose members come in another order", function()
    assert.equal("true", result("States.ArrayContains($, $[0])", '[{"a":1,"b":2}]'))
    assert.equal("false", result("States.ArrayContains($.l, $.v)", '{"l":[{"a":1,"b":2}],"v":{"b":2,"a":1}}'))
  end)
end)

describe("States.ArrayGetItem", function()
  it("counts from zero and cuts fractions off", function()
    assert.equal('"b"', result("States.ArrayGetItem($, 1)", '["a","b"]'))
    assert.equal('"b"', result("States.ArrayGetItem($, 1.9)", '["a","b"]'))
  end)

  it("fails outside of the array", function()
    assert.matches("Invalid arguments in States.ArrayGetItem", failure("States.ArrayGetItem($, 2)", "[1,2]"))
    assert.matches("Invalid arguments in States.ArrayGetItem", failure("States.ArrayGetItem($, -1)", "[1,2]"))
  end)

  it("gives null for an empty array", function()
    assert.equal("null", result("States.ArrayGetItem($, 999)", "[]"))
  end)
end)

describe("States.ArrayLength", function()
  it("counts the elements of an array, of nothing else", function()
    assert.equal("3", result("States.ArrayLength($)", "[1,[],null]"))
    assert.matches("Invalid arguments in States.ArrayLength", failure "States.ArrayLength('abc')")
  end)
end)

describe("States.ArrayPartition", function()
  it("cuts an array into pieces, the last one perhaps shorter", function()
    assert.equal("[[1,2],[3]]", result("States.ArrayPartition($, 2)", "[1,2,3]"))
    assert.equal("[[1,2],[3]]", result("States.ArrayPartition($, 2.6)", "[1,2,3]"))
    assert.equal("[]", result("States.ArrayPartition($, 2)", "[]"))
  end)

  it("needs a size of at least one", function()
    assert.matches("Invalid arguments in States.ArrayPartition", failure("States.ArrayPartition($, 0.6)", "[1]"))
  end)
end)

describe("States.ArrayRange", function()
  it("includes the end when a step hits it", function()
    assert.equal("[0,3,6,9]", result "States.ArrayRange(0, 9, 3)")
    assert.equal("[0,3,6,9]", result "States.ArrayRange(0, 10, 3)")
    assert.equal("[1]", result "States.ArrayRange(1, 1, 5)")
  end)

  it("counts down with a negative step, and is empty when the step leads away", function()
    assert.equal("[5,3,1]", result "States.ArrayRange(5.4, -0.6, -2.4)")
    assert.equal("[]", result "States.ArrayRange(1, 9, -1)")
  end)

  it("has at most 1000 elements and no step of zero", function()
    assert.equal("1000", result "States.ArrayLength(States.ArrayRange(1, 1000, 1))")
    assert.matches("Invalid arguments in States.ArrayRange", failure "States.ArrayRange(1, 1001, 1)")
    assert.matches("Invalid arguments in States.ArrayRange", failure "States.ArrayRange(1, 9, 0.5)")
  end)
end)

describe("States.ArrayUnique", function()
  it("keeps one of each, objects being equal whatever their order", function()
    assert.equal('[1,2,"b"]', result("States.ArrayUnique($)", '[1,2,1,"b","b"]'))
    assert.equal('[{"a":1,"b":2}]', result("States.ArrayUnique($)", '[{"a":1,"b":2},{"b":2,"a":1}]'))
    assert.equal('[1,"1"]', result("States.ArrayUnique($)", '[1,1.0,"1"]'))
  end)

  it("lists them in the order of a Java HashSet", function()
    assert.equal("[false,true]", result("States.ArrayUnique($)", "[true,false,true]"))
    assert.equal("[[2,1],[1,2]]", result("States.ArrayUnique($)", "[[1,2],[2,1]]"))
  end)
end)

describe("States.Base64Encode", function()
  it("encodes the text's UTF-8", function()
    assert.equal('"RGF0YSDDpA=="', result "States.Base64Encode('Data ä')")
  end)

  it("takes 10,000 characters, not more", function()
    assert.equal(
      "1",
      result("States.ArrayLength(States.Array(States.Base64Encode($)))", '"' .. ("ä"):rep(10000) .. '"')
    )
    assert.matches(
      "Invalid arguments in States.Base64Encode",
      failure("States.Base64Encode($)", '"' .. ("a"):rep(10001) .. '"')
    )
  end)
end)

describe("States.Base64Decode", function()
  it("passes over what is no digit and ends at the first '='", function()
    assert.equal('"Data ä"', result "States.Base64Decode('RGF0YSDDpA==')")
    assert.equal('"Data ä"', result "States.Base64Decode(' R*GF0YSDDpA')")
    assert.equal('"abc"', result "States.Base64Decode('YWJj=ZGVm')")
  end)

  it("replaces bytes that are no UTF-8", function()
    assert.equal('"\239\191\189("', result "States.Base64Decode('4oIo')")
  end)
end)

describe("States.Format", function()
  it("replaces each {} by the next argument", function()
    assert.equal('"x 1 1.5 true null"', result "States.Format('{} {} {} {} {}', 'x', 1, 1.5, true, null)")
    assert.equal([["it's {1}"]], result([[States.Format('it\'s \{{}\}', $.n)]], '{"n":1}'))
  end)

  it("shows arrays and objects as Java prints them", function()
    assert.equal('"{a=1, b=[2, x]}"', result("States.Format('{}', $)", '{"a":1,"b":[2,"x"]}'))
  end)

  it("takes its template from a path, too", function()
    assert.equal('"a{ 1"', result("States.Format($.t, 1)", [[{"t":"a\\{ {}"}]]))
  end)

  it("needs as many arguments as there are {}", function()
    assert.matches("Invalid arguments in States.Format", failure "States.Format('{}')")
    assert.matches("Invalid arguments in States.Format", failure "States.Format('x', 1)")
  end)

  it("fails at a lone brace, naming what is missing", function()
    assert.matches("matching '{' not found for '}'", failure "States.Format('a}')", 1, true)
    assert.matches("matching '}' not found for '{'", failure "States.Format('{0}', 1)", 1, true)
  end)
end)

describe("States.Hash", function()
  it("hashes text, and anything else as its JSON text", function()
    assert.equal(
      '"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"',
      result "States.Hash('input data', 'SHA-256')"
    )
    assert.equal('"c20ad4d76fe97759aa27a0c99bff6710"', result "States.Hash(12, 'MD5')")
  end)

  it("wants the exact name of the algorithm", function()
    assert.matches("Invalid arguments in States.Hash", failure "States.Hash('a', 'SHA256')")
    assert.matches("Invalid arguments in States.Hash", failure "States.Hash('a', 'sha-256')")
  end)
end)

describe("States.JsonMerge", function()
  local two = '{"a":{"x":1,"y":{"p":1}},"b":{"y":{"q":2},"z":3}}'

  it("lets the second object win, member by member", function()
    assert.equal('{"x":1,"y":{"q":2},"z":3}', result("States.JsonMerge($.a, $.b, false)", two))
  end)

  it("takes what is no boolean for false, and refuses true", function()
    assert.equal('{"x":1,"y":{"q":2},"z":3}', result("States.JsonMerge($.a, $.b, 'deep')", two))
    assert.matches("Invalid arguments in States.JsonMerge", failure("States.JsonMerge($.a, $.b, true)", two))
  end)
end)

describe("States.JsonToString and States.StringToJson", function()
  it("write and read compact JSON", function()
    assert.equal([["{\"a\":[1,null]}"]], result("States.JsonToString($)", '{"a": [1, null]}'))
    assert.equal('{"a":[1,null]}', result("States.StringToJson($.s)", [[{"s":" {\"a\": [1, null]} "}]]))
  end)

  it("read null from an empty or blank text", function()
    assert.equal("null", result "States.StringToJson('')")
    assert.equal("null", result "States.StringToJson('  ')")
  end)

  it("fail at what is no JSON", function()
    assert.matches("Invalid arguments in States.StringToJson", failure "States.StringToJson('{no')")
    assert.matches("Invalid arguments in States.StringToJson", failure "States.StringToJson(12)")
  end)
end)

describe("States.MathAdd", function()
  it("rounds each operand first, halves upwards", function()
    assert.equal("3", result "States.MathAdd(1.49, 1.5)")
    assert.equal("-3", result "States.MathAdd(-1.5, -1.51)")
    assert.equal("1", result "States.MathAdd(-0.5, 0.5)")
    assert.equal("0", result "States.MathAdd(0.49999999999999994, 0)")
  end)

  it("stays within 32 bits", function()
    assert.equal("2147483647", result "States.MathAdd(2147483647, 0)")
    assert.matches("Invalid arguments in States.MathAdd", failure "States.MathAdd(2147483647, 1)")
    assert.matches("Invalid arguments in States.MathAdd", failure "States.MathAdd(2147483648, 0)")
    assert.matches("Invalid arguments in States.MathAdd", failure "States.MathAdd(1, '-1')")
  end)
end)

describe("States.MathRandom", function()
  it("includes the start and excludes the end", function()
    assert.equal("5", result "States.MathRandom(5, 6)")
    assert.matches("Invalid arguments in States.MathRandom", failure "States.MathRandom(5, 5)")
    assert.matches("Invalid arguments in States.MathRandom", failure "States.MathRandom(1.4, 1.6)")
  end)

  it("draws the number of java.util.Random for a seed", function()
    assert.equal("30", result "States.MathRandom(0, 100, 42)")
    assert.equal("-870", result "States.MathRandom(-1000, 0, 42.9)")
  end)
end)

describe("States.StringSplit", function()
  it("separates at every character of the second argument and drops empty parts", function()
    assert.equal('["This","is","a","test"]', result "States.StringSplit('This.is+a,test', '.+,')")
    assert.equal('[" "," "]', result "States.StringSplit(', , ,', ',')")
    assert.equal("[]", result "States.StringSplit(',,', ',')")
    assert.equal('["a"]', result "States.StringSplit('a', '')")
    assert.equal('["x","y"]', result "States.StringSplit('xäy', 'ä')")
  end)
end)

describe("States.UUID", function()
  it("gives another one to each item of a Map, and behind the work of a state", function()
    for _, config in ipairs { {}, { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" } } do
      local items = assert(stepfn.load { StartAt = "M", States = { M = {
        Type = "Map", End = true, ItemSelector = { ["id.$"] = "States.UUID()" },
        ItemProcessor = { ProcessorConfig = config, StartAt = "P", States = { P = { Type = "Pass", End = true } } },
      } } }):run({ 1, 2, 3 }, { driver = "virtual" }).output
      assert.not_equal(items[1].id, items[2].id)
      assert.not_equal(items[2].id, items[3].id)
    end
    local ids = assert(stepfn.load { QueryLanguage = "JSONata", StartAt = "T", States = { T = {
      Type = "Task", Resource = "lua:id", End = true,
      Arguments = "{% $uuid() %}", Output = "{% [$states.result, $uuid()] %}",
    } } }):run({}, { tasks = { id = function(id) return id end } }).output
    assert.not_equal(ids[1], ids[2])
  end)

  it("gives a version 4 UUID, another one each time", function()
    assert.matches('^"%x+%-%x+%-4%x+%-[89ab]%x+%-%x+"$', result "States.UUID()")
    assert.equal("2", result "States.ArrayLength(States.ArrayUnique(States.Array(States.UUID(), States.UUID())))")
  end)
end)
