local core = require "stepfn.core"
local jsonata = require "stepfn.jsonata"
local memory = require "spec.support.memory"
local stepfn = require "stepfn"

local order = stepfn.value [[{
  "customer": "Ada",
  "items": [
    {"sku": "a", "price": 2.5, "quantity": 4, "tags": ["x"]},
    {"sku": "b", "price": 10, "quantity": 1, "tags": []},
    {"sku": "c", "price": 4, "quantity": 2}
  ],
  "none": null
}]]

---What an expression gives, as JSON.
local function eval(text, input, bindings, options)
  local value = assert(assert(jsonata.compile(text, options)):evaluate(input or order, bindings))
  return stepfn.encode(value)
end

local function aws(text, bindings)
  return eval(text, nil, bindings, { dialect = "aws" })
end

---The error of an expression, while it is compiled or evaluated.
local function fault(text, options, bindings)
  local expression, message, detail = jsonata.compile(text, options)
  if expression then
    local value
    value, message, detail = expression:evaluate(order, bindings)
    assert.is_nil(value)
  end
  assert.is_string(message)
  return detail, message
end

local function nothing(text, input)
  local value, message = jsonata.compile(text):evaluate(input or order)
  assert.is_nil(message)
  return value == nil
end

describe("a JSONata path", function()
  it("maps each step over what the one before gave", function()
    assert.equal('["a","b","c"]', eval "items.sku")
    assert.equal("28", eval "$sum(items.(price * quantity))")
  end)

  it("gives one result as itself, several as an array, none as nil", function()
    assert.equal('"Ada"', eval "customer")
    assert.equal('"a"', eval "items[0].sku")
    assert.is_true(nothing "items[7]")
  end)

  it("keeps an array of one where [] says so", function()
    assert.equal('["a"]', eval "items[0].sku[]")
  end)

  it("takes elements by condition, from the end, and by lists of indices", function()
    assert.equal('"b"', eval "items[price > 5].sku")
    assert.equal('"c"', eval "items[-1].sku")
    assert.equal('["a","c"]', eval "items[[0, 2]].sku")
  end)

  it("finds the parent, binds focus and position", function()
    assert.equal('["Ada","Ada","Ada"]', eval "items.%.customer")
    assert.equal('[{"n":0,"sku":"a"},{"n":1,"sku":"b"},{"n":2,"sku":"c"}]', eval "items#$i.{'sku': sku, 'n': $i}")
    assert.equal('["a","c"]', eval "items@$x.items@$y[$x.price < 5 and $x.sku = $y.sku].$x.sku")
  end)

  it("orders and groups", function()
    assert.equal('["b","c","a"]', eval "items^(>price).sku")
    assert.equal('{"a":2.5,"b":10,"c":4}', eval "items{sku: price}")
  end)

  it("descends", function()
    assert.equal("[2.5,10,4]", eval "**.price")
  end)
end)

describe("a JSONata expression", function()
  it("has functions as values, closures and partial application", function()
    assert.equal("7", eval "($add := function($x){ function($y){ $x + $y } }; $add(3)(4))")
    assert.equal('"He"', eval [[($first := $substring(?, 0, ?); $first("Hello", 2))]])
    assert.equal('"ADA"', eval "customer ~> $uppercase()")
  end)

  it("makes tail calls in constant space", function()
    local text = "($f := function($n, $a){ $n = 0 ? $a : $f($n - 1, $a + 1) }; $f(100000, 0))"
    assert.equal("100000", eval(text, nil, nil, { limits = { memory = 20000 } }))
  end)

  it("builds long arrays and texts piece by piece", function()
    local options = { limits = { memory = 5000000 } }
    assert.equal("20000", eval("$count($reduce([1..20000], $append, []))", nil, nil, options))
    assert.equal("20000", eval("$length($reduce([1..20000], function($a, $b){ $a & 'x' }, ''))", nil, nil, options))
  end)

  it("transforms a copy", function()
    assert.equal('"Ada Lovelace"', eval "($ ~> |$|{'customer': 'Ada Lovelace'}, 'items'|).customer")
    assert.equal('"Ada"', eval "customer")
  end)

  it("knows regular expressions", function()
    assert.equal('"2-1"', eval [[$replace("12", /(1)(2)/, "$2-$1")]])
    assert.equal('["a","b"]', eval [[$split("a, b", /,\s*/)]])
  end)

  it("formats numbers and times by pictures", function()
    assert.equal('"1,234.50"', eval "$formatNumber(1234.5, '#,##0.00')")
    assert.equal('"twenty-first"', eval "$formatInteger(21, 'w;o')")
    assert.equal('"23rd March 2018"', eval "$fromMillis(1521801216617, '[D1o] [MNn] [Y]')")
  end)

  it("takes absent values by ?? and what counts as false by ?:", function()
    assert.equal("1", eval "missing ?? 1")
    assert.equal("null", eval "none ?? 1")
    assert.equal("1", eval "none ?: 1")
  end)

  it("passes integers of 64 bits through", function()
    assert.equal("9007199254740993", eval("id", stepfn.value '{"id": 9007199254740993}'))
  end)
end)

describe("the aws dialect", function()
  it("has the functions that Step Functions adds", function()
    assert.equal("[[1,2],[3]]", aws "$partition([1..3], 2)")
    assert.equal("[0,3,6,9]", aws "$range(0, 10, 3)")
    assert.equal('"900150983cd24fb0d6963f7d28e17f72"', aws "$hash('abc', 'MD5')")
    assert.equal("true", aws "$random(42) = $random(42)")
    assert.equal("36", aws "$length($uuid())")
    assert.equal('{"a":[1]}', aws [[$parse('{"a":[1]}')]])
  end)

  it("has no $eval and none of the newer operators", function()
    assert.equal("T1006", fault("$eval('1')", { dialect = "aws" }).code)
    assert.equal("S0211", fault("a ?? 1", { dialect = "aws" }).code)
    assert.equal("S0211", fault("a ?: 1", { dialect = "aws" }).code)
  end)

  it("makes a text of what JSON has no number for, within arrays and objects", function()
    local numbers = "[1/0, {'a': -1/0, 'b': [0/0, 1]}]"
    assert.equal('["Infinity",{"a":"-Infinity","b":["NaN",1]}]', aws(numbers))
    assert.equal('[null,{"a":null,"b":[null,1]}]', eval(numbers))
    assert.equal("D1001", fault("$string([1/0])", { dialect = "aws" }).code)
    assert.equal('"number"', aws "$type([1/0][0])")
  end)
end)

describe("expr:evaluate", function()
  it("binds variables, Lua functions among them", function()
    local bindings = { rate = 2, double = function(x) return x * 2 end }
    assert.equal("8", eval("$double($rate) * 2", nil, bindings))
  end)

  it("gives Lua functions value, index and array in $map", function()
    local seen = {}
    eval("$map(['x', 'y'], $note)", nil, { note = function(value, index, array)
      seen[#seen + 1] = value .. index .. #array
      return value
    end })
    assert.same({ "x02", "y12" }, seen)
  end)

  it("tells what a Lua function raised", function()
    local detail, message = fault("$f()", nil, { f = function() error("no luck", 0) end })
    assert.equal("no luck", message)
    assert.equal("f", detail.token)
  end)

  it("refuses a yield across an expression", function()
    local _, message = fault("$f()", nil, { f = function() coroutine.yield() end })
    assert.matches("can't yield", message)
  end)

  it("gives the time and the random numbers that it is given", function()
    local expression = jsonata.compile "[$millis(), $random()]"
    local first = expression:evaluate(nil, nil, { now = 1.5, seed = 7 })
    assert.equal(1500, first[1])
    assert.same(first, expression:evaluate(nil, nil, { now = 1.5, seed = 7 }))
  end)

  it("names the variables that come from outside", function()
    assert.same({ "a", "b" }, jsonata.compile("$a + $sum($b) + ($c := $a; $c)"):variables())
  end)

  it("has no value for a function", function()
    assert.is_true(nothing "$sum")
  end)
end)

describe("a JSONata error", function()
  it("has the code, position and token of the reference implementation", function()
    assert.same({ code = "S0201", position = 3, token = "b" }, (fault "a b"))
    assert.same({ code = "T2001", position = 5, token = "+" }, (fault [["a" + 1]]))
    assert.same({ code = "T1006", position = 9, token = "unknown" }, (fault "$unknown()"))
  end)

  it("says what is wrong", function()
    local _, message = fault "$number('x')"
    assert.equal('Unable to cast value to a number: "x"', message)
  end)
end)

describe("a JSONata limit", function()
  it("of depth ends endless recursion", function()
    assert.equal("U1001", fault("($f := function(){ 1 + $f() }; $f())").code)
  end)

  it("of steps ends an endless loop", function()
    assert.equal("U1001", fault("($f := function(){ $f() }; $f())", { limits = { steps = 10000 } }).code)
  end)

  it("of memory ends a value that grows without end", function()
    local text = "($f := function($a){ $f($append($a, $a)) }; $f([1]))"
    assert.equal("U1001", fault(text, { limits = { memory = 1000000 } }).code)
  end)

  it("of a sequence is D2015", function()
    assert.equal("D2015", fault("[1..100]", { limits = { sequence = 10 } }).code)
  end)

  it("of nesting refuses an expression", function()
    assert.equal("U1001", fault(("("):rep(10000) .. "1" .. (")"):rep(10000)).code)
  end)
end)

describe("jsonata.compile", function()
  it("raises for arguments of the wrong type", function()
    assert.has_error(function() jsonata.compile(1) end, "bad argument #1 to 'compile' (string expected, got number)")
    assert.has_error(function() jsonata.compile("1", { dialect = "3" }) end, "bad argument #2 to 'compile' (unknown dialect '3')")
  end)
end)

describe("an expression for which memory runs out", function()
  local cases = {
    "items^(price).{'n': $uppercase(sku) & $string(price)} ~> $map(function($x){ $x.n })",
    "items@$x.items#$i[$x.price < price]{ $x.sku: $sum(price) }",
    "($f := function($n, $a){ $n = 0 ? $a : $f($n - 1, $a & 'x') }; $f(20, ''))",
    "[$split('a1b2', /\\d/), $match('abc', /b(c)/).groups, $replace('ab', 'a', 'é') ~> $uppercase()]",
    "[$formatNumber(1.5, '#0.00'), $formatInteger(7, 'w'), $toMillis('2020-01', '[Y]-[M01]') ~> $fromMillis()]",
    "$ ~> |items|{'x': $distinct([1, 'a', 'a'])}, ['sku']|",
    "$eval('$sort([3,1,2], function($a, $b){ $a > $b })')",
    "$f(items)",
  }

  for _, text in ipairs(cases) do
    it("fails cleanly wherever that is: " .. text, function()
      local live = memory.live()
      memory.fail_each(function()
        local expression = assert(core.jsonata(text, "2.2"))
        expression:evaluate(order, { f = function(value) return value end })
      end)
      assert.equal(live, memory.live())
    end)
  end
end)
