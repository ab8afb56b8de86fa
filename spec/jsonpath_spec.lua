local core = require "stepfn.core"
local jsonpath = require "stepfn.jsonpath"
local memory = require "spec.support.memory"
local stepfn = require "stepfn"

local null = stepfn.null

local store = stepfn.value [[{
  "book": [
    {"title": "Sayings", "price": 8.95, "tags": ["a", "b"]},
    {"title": "Sword", "price": 12.99, "tags": []},
    {"title": "Moby Dick", "price": 8.99, "isbn": "0-553"}
  ],
  "bicycle": {"color": "red", "price": 19.95},
  "limit": 10, "none": null
}]]

local function values(text, document)
  return stepfn.encode(assert(jsonpath.values(document or store, text)))
end

local function locations(text)
  return stepfn.encode(assert(jsonpath.compile(text):locations(store)))
end

---What AWS reads, as JSON; the message when there is nothing.
local function aws(text, document)
  local value, message = jsonpath.read(document or store, text, { dialect = "aws" })
  if value == nil then
    return message
  end
  return stepfn.encode(value)
end

local function fault(text, options)
  local path, message, detail = jsonpath.compile(text, options)
  assert.is_nil(path)
  assert.is_string(message)
  return detail
end

describe("a path of RFC 9535", function()
  it("selects members and elements by name and position", function()
    assert.equal('["Sword"]', values "$.book[1].title")
    assert.equal('["Moby Dick"]', values "$['book'][-1][\"title\"]")
    assert.equal("[]", values "$.book[9].title")
    assert.equal("[null]", values "$.none")
  end)

  it("selects all children with a wildcard", function()
    assert.equal('["red",19.95]', values "$.bicycle.*")
    assert.equal("[8.95,12.99,8.99]", values "$.book[*].price")
  end)

  it("cuts slices, also backwards", function()
    assert.equal('["Sayings","Sword"]', values "$.book[:2].title")
    assert.equal('["Moby Dick","Sayings"]', values "$.book[::-2].title")
    assert.equal("[]", values "$.book[::0]")
  end)

  it("keeps the order and the repetitions of several selectors", function()
    assert.equal('["Sword","Sayings","Sword"]', values "$.book[1,0,1].title")
    assert.equal('[10,null]', values "$['limit','none','absent']")
  end)

  it("goes down to every level", function()
    assert.equal("[8.95,12.99,8.99,19.95]", values "$..price")
    assert.equal('["a"]', values "$..tags[0]")
  end)

  it("filters by comparison and by existence", function()
    assert.equal('["Sayings","Moby Dick"]', values "$.book[?@.price < $.limit].title")
    assert.equal('["Moby Dick"]', values "$.book[?@.isbn].title")
    assert.equal('["Sayings","Sword"]', values "$.book[?!@.isbn].title")
    assert.equal('["Sword"]', values "$.book[?@.price > 9 && (@.title == 'Sword' || @.isbn)].title")
  end)

  it("compares what is absent with what is absent", function()
    assert.equal("3", tostring(#jsonpath.values(store, "$.book[?@.x == @.y]")))
    assert.equal("[]", values "$.book[?@.x == null]")
  end)

  it("has the five functions", function()
    assert.equal('["Sayings"]', values "$.book[?length(@.tags) == 2].title")
    assert.equal('["Sayings"]', values "$.book[?count(@.tags[*]) == 2].title")
    assert.equal('["Sword"]', values "$.book[?match(@.title, 'S.*d')].title")
    assert.equal('["Sayings","Sword"]', values "$.book[?search(@.title, '^S')].title")
    assert.equal('["Sword"]', values "$.book[?value(@..price) == 12.99].title")
  end)

  it("matches nothing with a pattern that is no I-Regexp", function()
    assert.equal("[]", values "$.book[?search(@.title, '(?i)s')]")
    assert.equal("[]", values "$.book[?search(@.title, 'a**')]")
  end)

  it("knows where its nodes lie", function()
    assert.equal([=[["$['book'][0]['price']","$['book'][1]['price']","$['book'][2]['price']","$['bicycle']['price']"]]=],
      locations "$..price")
    assert.equal([=[["$['book'][2]"]]=], locations "$.book[-1]")
  end)

  it("is refused when it is no path, with the place", function()
    assert.same({ code = "SYNTAX", position = 3 }, fault "$.")
    assert.same({ code = "SYNTAX", position = 1 }, fault "a")
    assert.equal("SYNTAX", fault("$ ").code)
    assert.equal("SYNTAX", fault("$[01]").code)
    assert.equal("SYNTAX", fault("$['a").code)
    assert.equal("SYNTAX", fault("\255").code)
  end)

  it("is refused when its types do not fit", function()
    assert.equal("SYNTAX", fault("$[?@.* == 1]").code)
    assert.equal("SYNTAX", fault("$[?length(@.*) == 1]").code)
    assert.equal("SYNTAX", fault("$[?length(@.a)]").code)
    assert.equal("SYNTAX", fault("$[?match(@.a, 'x') == true]").code)
    assert.equal("SYNTAX", fault("$[?count(1) == 1]").code)
    assert.equal("SYNTAX", fault("$[?none(@)]").code)
  end)
end)

describe("a Path of AWS", function()
  it("gives the value itself when it is definite", function()
    assert.equal('"Sword"', aws "$.book[1].title")
    assert.equal("null", aws "$.none")
  end)

  it("gives an array when it is not, however many there are", function()
    assert.equal('["Sword"]', aws "$.book[?(@.title == 'Sword')].title")
    assert.equal("[]", aws "$.book[?(@.price > 100)]")
    assert.equal("[]", aws "$.book[?(@.title == 'Sword')][0]")
  end)

  it("fails when it is definite and names nothing, as the service words it", function()
    assert.equal("No results for path: $['a']", aws "$.a")
    assert.equal("No results for path: $['book'][9]['title']", aws "$.book[9].title")
    assert.equal("Missing property in path $['no']", aws "$.no.such")
    assert.equal("Missing property in path $['no']", aws "$.no[*]")
  end)

  it("gives one object for several names at its end", function()
    assert.equal('{"color":"red"}', aws "$.bicycle['color','size']")
    assert.equal('[{"title":"Sayings"},{"title":"Sword"},{"isbn":"0-553","title":"Moby Dick"}]',
      aws "$.book[*]['isbn','title']")
    assert.equal("[19.95]", aws "$['bicycle','nothing'].price")
  end)

  it("may leave out '$' and may put a bracket after a dot", function()
    assert.equal("10", aws "limit")
    assert.equal('"red"', aws "$.['bicycle'].['color']")
  end)

  it("takes almost any character in a name", function()
    assert.equal("1", aws("$.detail-type", { ["detail-type"] = 1 }))
    assert.equal("2", aws("$['a\\'b']", { ["a'b"] = 2 }))
    assert.equal("SYNTAX", fault("$.a b", { dialect = "aws" }).code)
  end)

  it("wants its filters in parentheses", function()
    assert.equal("SYNTAX", fault("$.book[?@.isbn]", { dialect = "aws" }).code)
  end)

  it("tests an object itself with a filter, not its members", function()
    assert.equal('["red"]', aws "$.bicycle[?(@.price > 10)].color")
  end)

  it("compares numbers with their text", function()
    local list = { { n = 5 }, { n = "5" }, { n = "x" } }
    assert.equal('[{"n":5},{"n":"5"}]', aws("$[?(@.n == 5)]", list))
    assert.equal('[{"n":5}]', aws("$[?(@.n === 5)]", list))
  end)

  it("takes text without quotes in a comparison", function()
    assert.equal("[12.99]", aws "$.book[?(@.title==Sword)].price")
  end)

  it("has word operators and regular expressions", function()
    assert.equal('["Sayings"]', aws "$.book[?('a' in @.tags)].title")
    assert.equal('["Sayings"]', aws "$.book[?(@.tags anyof ['b','c'])].title")
    assert.equal('["Sword"]', aws "$.book[?(@.tags empty true)].title")
    assert.equal('["Moby Dick"]', aws "$.book[?(@.title =~ /moby.*/i)].title")
    assert.equal("[]", aws "$.book[?(@.title =~ /moby/i)].title")
  end)

  it("has functions at its end", function()
    assert.equal("3", aws "$.book.length()")
    assert.equal("[2,0]", aws "$.book[*].tags.size()")
    assert.equal("6", aws("$.sum()", { 1, 2, 3 }))
    assert.equal("[1,2]", aws("$.append(2)", { 1 }))
    assert.equal('["color","price"]', aws "$.bicycle.keys()")
  end)

  it("says what the guide calls unsupported", function()
    local function doubt(text)
      return jsonpath.compile(text, { dialect = "aws" }):doubtful()
    end
    assert.is_nil(doubt "$.a[?(@.b == 'c')]")
    assert.equal("functions in paths", doubt "$.a.length()")
    assert.equal("word operators in filters", doubt "$.a[?(@.b in ['c'])]")
    assert.equal("regular expressions in filters", doubt "$.a[?(@.b =~ /c/)]")
    assert.equal("references to other values in filters", doubt "$.a[?(@.b == $.c)]")
    assert.equal("'@' for scalars in filters", doubt "$.a[?(@ == 1)]")
  end)
end)

describe("path:is_reference", function()
  local function is_reference(text)
    return jsonpath.compile(text, { dialect = "aws" }):is_reference()
  end

  it("is true for '$' and then names and positions only", function()
    assert.is_true(is_reference "$")
    assert.is_true(is_reference "$.a['b c'][0].d")
  end)

  it("is false for whatever may name more than one node, or counts from the end", function()
    assert.is_false(is_reference "$.a[*]")
    assert.is_false(is_reference "$..a")
    assert.is_false(is_reference "$.a[0:1]")
    assert.is_false(is_reference "$['a','b']")
    assert.is_false(is_reference "$.a[?(@.b)]")
    assert.is_false(is_reference "$.a[-1]")
    assert.is_false(is_reference "$.a.length()")
    assert.is_false(is_reference "a.b")
  end)
end)

describe("stepfn.jsonpath", function()
  it("reads Lua values and held values alike", function()
    assert.same({ 1 }, jsonpath.values({ a = 1 }, "$.a"))
    assert.same({ 1 }, jsonpath.values(stepfn.value '{"a":1}', "$.a"))
  end)

  it("selects nodes that stay as they are", function()
    local nodes = jsonpath.compile("$.book[?@.tags]"):select(store)
    assert.equal(2, #nodes)
    assert.equal("Sword", nodes[2].title)
    assert.equal("b", nodes[1].tags[2])
  end)

  it("marks its lists as arrays", function()
    assert.equal("[]", stepfn.encode(jsonpath.values({}, "$.a")))
  end)

  it("gives null for a null that is there and nil for nothing", function()
    assert.equal(null, jsonpath.read({ a = null }, "$.a", { dialect = "aws" }))
    local value, message, detail = jsonpath.read({}, "$.a", { dialect = "aws" })
    assert.is_nil(value)
    assert.equal("No results for path: $['a']", message)
    assert.equal("NOT_FOUND", detail.code)
  end)

  it("compiles what it was given once only, and keeps a bounded number", function()
    local live
    for i = 1, 3 * jsonpath.CACHE_SIZE do
      jsonpath.values({}, "$.a" .. i)
      if i == 2 * jsonpath.CACHE_SIZE then
        collectgarbage()
        live = core.memory()
      end
    end
    collectgarbage()
    assert.is_true(core.memory() < live * 1.5)
  end)

  it("raises for wrong arguments", function()
    assert.has_error(function()
      jsonpath.compile(1)
    end, "bad argument #1 to 'compile' (string expected, got number)")
    assert.has_error(function()
      jsonpath.compile("$", { dialect = "xpath" })
    end, "bad argument #2 to 'compile' (unknown dialect 'xpath')")
  end)

  it("shows the text of a path", function()
    assert.equal("$.a", tostring(jsonpath.compile "$.a"))
  end)
end)

describe("a path for which memory runs out", function()
  local cases = {
    { "rfc9535", "$..book[?@.price < 10 && match(@.title, 'S.*')]['title','price']" },
    { "aws", "$..book[?(@.title =~ /s.*/i || @.tags anyof ['a'])]['title','price']" },
    { "aws", "$.book[*].tags.append('x', 1, $.limit).concat(\"a\")" },
  }

  for _, case in ipairs(cases) do
    it("fails cleanly wherever that is: " .. case[2], function()
      local live = memory.live()
      memory.fail_each(function()
        local path = assert(core.path(case[2], case[1]))
        path:select(store)
        path:locations(store)
      end)
      assert.equal(live, memory.live())
    end)
  end
end)

describe("the limits of a path", function()
  local function limited(document, text, options)
    local value, message, detail = jsonpath.values(document, text, options)
    assert.is_nil(value)
    assert.equal("LIMIT", detail.code)
    return message
  end

  local ones = stepfn.value("[" .. ("1,"):rep(999) .. "1]")

  it("end what would take too long", function()
    assert.matches("needs more work than it is allowed", limited(ones, "$[?count($[?count($[*]) > 0]) > 0]"))
    assert.matches("needs more work", limited(ones, "$..*", { steps = 500 }))
  end)

  it("end a regular expression that runs away", function()
    local text = ("a"):rep(60) .. "bc"
    assert.matches("regular expression", limited({ text }, "$[?match(@, '(a|aa)+b')]"))
    assert.matches("regular expression", limited({ text }, "$[?(@ =~ /(a+)+b/)]", { dialect = "aws" }))
  end)

  it("bound its length, its nesting and its branches", function()
    assert.equal("LIMIT", fault("$" .. (".a"):rep(33000)).code)
    assert.equal("LIMIT", fault("$" .. ("[?@"):rep(101) .. ("]"):rep(101)).code)
    assert.equal("LIMIT", fault("$[?" .. ("("):rep(101) .. "@" .. (")"):rep(101) .. "]").code)
    assert.equal("LIMIT", fault("$" .. ("[*]"):rep(501)).code)
    assert.is_truthy(jsonpath.compile("$[?" .. ("@.a || "):rep(1000) .. "@.b]"))
  end)

  it("leave a filter over 100,000 elements without an allocation for each", function()
    local list = {}
    for i = 1, 100000 do
      list[i] = { n = i, s = "x" .. i % 7 }
    end
    local document = stepfn.value(list)
    local path = jsonpath.compile "$[?@.n > 10 && @.s == 'none']"
    local _, before = core.memory()
    assert.same({}, path:values(document))
    local _, after = core.memory()
    assert.is_true(after - before < 50)
  end)
end)
