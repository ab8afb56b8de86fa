local stepfn = require "stepfn"
local yaml = require "stepfn.yaml"

local has_lyaml = pcall(require, "yaml")
local with_lyaml = has_lyaml and describe or pending

local function json(text, settings)
  local document = assert(yaml.read(text, settings))
  return (document.json:gsub("\n", ""))
end

local function refused(text, message, line, column)
  local document, told, detail = yaml.read(text)
  assert.is_nil(document)
  assert.equal(message, told)
  assert.same({ code = "INVALID_YAML_DESCRIPTION", line = line, column = column }, detail)
end

with_lyaml("stepfn.yaml.read raises at the caller's line", function()
  local rows = {
    { nil, nil, "#1 to 'read' (string expected, got nil)" },
    { "a", { tags = 1 }, "#2 to 'read' (unknown option 'tags' (did you mean 'tag'?))" },
    { "a: !X b", { tag = function() return 3 end }, "#2 to 'read' (option 'tag': text or nil expected of the function, got number)" },
    { "a: !X b", { tag = function() return "x", "b" end },
      "#2 to 'read' (option 'tag': a list of texts expected as the function's second result)" },
  }
  for _, row in ipairs(rows) do
    it(row[3], function()
      local _, message = pcall(function() yaml.read(row[1], row[2]) end)
      assert.matches("^spec/yaml_spec.lua:%d+: bad argument ", message)
      assert.matches(row[3], message, 1, true)
    end)
  end
end)

describe("without lyaml, stepfn.yaml", function()
  local loaded = package.loaded.yaml

  after_each(function()
    package.loaded.yaml = loaded
  end)

  it("says what is missing and how to get it, also when another module has its name", function()
    package.loaded.yaml = { version = "another" }
    local document, message, detail = yaml.read "a: b"
    assert.is_nil(document)
    assert.matches("lyaml, which is not installed for this Lua: luarocks install lyaml, or Debian's lua%-yaml$", message)
    assert.equal("YAML_NOT_AVAILABLE", detail.code)
  end)
end)

with_lyaml("stepfn.yaml.read", function()
  it("keeps the order of members, whatever their style", function()
    assert.equal('{"z": 1,"a": [true,null],"m": {"k": "v"}}',
      (json("z: 1\na:\n  - true\n  - ~\n'm': {k: v}\n"):gsub(":(%S)", ": %1")))
  end)

  it("reads JSON as JSON", function()
    local text = '{"a":[1,-2.5,1.0e+3,"x\\ny\\u00e9",{},[]],"b":{"c":null}}'
    assert.equal(stepfn.encode(stepfn.value(text)), stepfn.encode(stepfn.value(json(text))))
  end)

  it("keeps integers that no double holds", function()
    assert.equal("[9007199254740993,123456789012345678901234567890]",
      json "[9007199254740993, 123456789012345678901234567890]")
  end)

  it("reads blocks of text", function()
    assert.equal('{"l":"a\\nb\\n","f":"a b"}', json "l: |\n  a\n  b\nf: >-\n  a\n  b\n")
  end)

  it("writes numbers as JSON has them", function()
    assert.equal("[0.5,-5.0,7,31,0.25e-2]", json "[.5, -5., +7, 0x1F, 00.25e-2]")
  end)

  it("takes quoted words, dates and `!!str` for text", function()
    assert.equal('["true","12","2026-01-01","2026-01-01T00:00:00Z","12","1.2.3","null"]',
      json "['true', \"12\", 2026-01-01, 2026-01-01T00:00:00Z, !!str 12, 1.2.3, ! null]")
  end)

  it("follows aliases", function()
    assert.equal('{"a":{"x":1},"b":[{"x":1},{"x":1}]}', json "a: &a {x: 1}\nb: [*a, *a]")
  end)

  it("merges, the mapping's own members first in rank, not in order", function()
    assert.equal('{"a":{"x":1,"y":2},"b":{"x":1,"z":3,"y":4}}', json [[
a: &a {x: 1, y: 2}
b:
  <<: [*a, {x: 7, z: 3}]
  y: 4
]])
  end)

  it("takes a byte order mark and CRLF", function()
    assert.equal('{"a":"b","c":"d\\ne\\n"}', json "\239\187\191a: b\r\nc: |\r\n  d\r\n  e\r\n")
  end)
end)

with_lyaml("words that versions of YAML read differently", function()
  local function warning(text)
    local document = assert(yaml.read(text))
    return document.json:gsub("\n", ""), document.warnings[1] or {}
  end

  for _, word in ipairs { "yes", "No", "ON", "off", "010", "09", "0o17", "0b11", "1_000", "12:30", "-190:20:30" } do
    it("are text, with a warning: " .. word, function()
      local read, told = warning("a: [" .. word .. "]")
      assert.equal('{"a":["' .. word .. '"]}', read)
      assert.equal("AMBIGUOUS_SCALAR", told.code)
      assert.equal("/a/0", told.pointer)
      assert.same({ 1, 5, #word }, { told.line, told.column, told.length })
    end)
  end

  for _, word in ipairs { "y", "N", "oN", "1.2.3", "2026-01-01", "a:b", "12:30 h", "$.x", "_", "Infinity", "'yes'", "0" } do
    it("are not: " .. word, function()
      local _, told = warning("- " .. word)
      assert.is_nil(told.code)
    end)
  end

  it("warn as names of members too", function()
    local read, told = warning "a/b:\n  on: 1"
    assert.equal('{"a/b":{"on":1}}', read)
    assert.equal("/a~1b/on", told.pointer)
  end)

  it("are numbers where JSON has them as numbers", function()
    local read, told = warning "[1e3]"
    assert.equal("[1e3]", read)
    assert.matches("text for tools that read YAML 1.1", told.message)
  end)
end)

with_lyaml("stepfn.yaml.read refuses", function()
  local faults = {
    { "a: 1\nb: 2\na: 3", "the member 'a' is there already, in line 1", 3, 1 },
    { "a: *b", "nothing before has the anchor '&b'", 1, 4 },
    { "&a [*a]", "the alias '*a' stands within what it names", 1, 5 },
    { "", "the document is empty", 1, 1 },
    { "# nothing\n", "the document is empty", 1, 1 },
    { "a: 1\n---\nb: 2", "a second document begins here: one is wanted", 2, 1 },
    { "? [a]\n: b", "the name of a member must be text", 1, 3 },
    { "~: b", "a member has no name", 1, 1 },
    { "a: !Sub b", "the tag '!Sub' means nothing here", 1, 4 },
    { "a: !!set {b}", "the tag '!!set' has no meaning in JSON", 1, 4 },
    { "a: !!int b", "'b' is no '!!int'", 1, 4 },
    { "a: -.inf", "JSON has no number like '-.inf'", 1, 4 },
    { "a: 0x20000000000000", "'0x20000000000000' is too large: write it in decimal", 1, 4 },
    { "<<: 1", "'<<' takes a mapping, or a sequence of mappings", 1, 1 },
    { 'é: "\\0"', "a text with the character U+0000 cannot be read from YAML", 1, 4 },
    { "é: b\nö: \255", "invalid leading UTF-8 octet", 2, 4 },
    { "a: b\n\1", "control characters are not allowed", 2, 1 },
    { "\255\254a\0", "the text is not UTF-8", 1, 1 },
    { "a: [", "did not find expected node content", 1, 5 },
    { "a: b\n\tc: d", "found a tab character that violates indentation", 2, 1 },
    { "é: b\r\nc: @", "found character that cannot start any token", 2, 4 },
    { "a: b: c", "mapping values are not allowed in this context", 1, 5 },
  }

  for _, row in ipairs(faults) do
    it(("%q"):format(row[1]) .. ", saying where", function()
      refused(row[1], row[2], row[3], row[4])
    end)
  end

  it("what is nested more than 1000 levels deep", function()
    assert.is_table(yaml.read(("["):rep(1000) .. ("]"):rep(1000)))
    refused(("["):rep(1001) .. ("]"):rep(1001), "nested more than 1000 levels deep", 1, 1001)
    refused(("- "):rep(100000), "nested more than 1000 levels deep", 1, 2001)
  end)

  it("a text of more than 2 MB", function()
    refused(("#"):rep(2097153), "the text has more than 2097152 bytes", 1, 1)
  end)

  it("more than 250000 values", function()
    refused("[" .. ("a,"):rep(250000) .. "]", "the text has more than 250000 values", 1, 500000)
  end)

  it("aliases that make too much of little, at the one where it is too much", function()
    local lines = { "a0: &a0 [x, x, x, x, x, x, x, x, x, x]" }
    for i = 1, 9 do
      lines[i + 1] = ("a%d: &a%d [%s]"):format(i, i, ("*a" .. i - 1 .. ","):rep(10))
    end
    refused(table.concat(lines, "\n"),
      "with its aliases the document has more than 8388608 bytes, or 1000000 lines, of JSON", 6, 38)
  end)

  it("merges that copy too much", function()
    local lines = { "a: &a {" }
    for i = 1, 1000 do
      lines[#lines + 1] = "k" .. i .. ": 1,"
    end
    lines[#lines + 1] = "}"
    for i = 1, 260 do
      lines[#lines + 1] = "b" .. i .. ": {<<: *a}"
    end
    local document, message = yaml.read(table.concat(lines, "\n"))
    assert.is_nil(document)
    assert.equal("the text has more than 250000 values", message)
  end)
end)

with_lyaml("tags in stepfn.yaml.read", function()
  local function tag(name, kind, text)
    if name == "!GetAtt" and text then
      return "Fn::GetAtt", { text:match "^(.-)%.(.*)$" }
    elseif name == "!Ref" then
      return "Ref"
    elseif name == "!Sub" then
      return "Fn::Sub"
    elseif name == "!Kind" then
      return kind
    end
    return nil, "what is " .. name .. "?"
  end

  it("become members of the names that the callback gives", function()
    assert.equal('{"a":{"Ref":"B"},"c":{"Fn::Sub":["${x}",{"x":{"Ref":"12"}}]}}',
      json("a: !Ref B\nc: !Sub\n  - ${x}\n  - {x: !Ref 12}\n", { tag = tag }))
  end)

  it("know what they stand on", function()
    assert.equal('[{"scalar":""},{"sequence":[]},{"mapping":{}}]', json("[!Kind , !Kind [], !Kind {}]", { tag = tag }))
  end)

  it("may put texts in the place of a scalar", function()
    assert.equal('{"a":{"Fn::GetAtt":["X","Arn"]}}', json("a: !GetAtt X.Arn", { tag = tag }))
  end)

  it("go with the aliases of what they stand on", function()
    assert.equal('[{"Ref":"A"},{"Ref":"A"}]', json("[&a !Ref A, *a]", { tag = tag }))
  end)

  it("are refused where the callback knows none", function()
    local document, message, detail = yaml.read("a:\n  - !Foo x", { tag = tag })
    assert.is_nil(document)
    assert.equal("what is !Foo?", message)
    assert.same({ 2, 5 }, { detail.line, detail.column })
  end)

  it("let errors of the callback through", function()
    assert.has_error(function()
      yaml.read("a: !Foo x", { tag = function() error("mine", 0) end })
    end, "mine")
  end)
end)

with_lyaml("a document from YAML", function()
  local text = "\239\187\191ä: &x\r\n  - \"b\\n\"\r\n  - {c/d: 'e'}\r\nf: *x\r\ng: plain words # remark\r\nh:\r\n  many\r\n  lines\r\n"

  local document
  before_each(function()
    document = assert(yaml.read(text))
  end)

  it("knows where each value and its name stand", function()
    local value, name = document:position "/g"
    assert.same({ line = 5, column = 4, length = 11 }, value)
    assert.same({ line = 5, column = 1, length = 1 }, name)
    assert.same({ line = 2, column = 5, length = 5 }, (document:position "/ä/0"))
    assert.same({ line = 3, column = 11, length = 3 }, (document:position "/ä/1/c~1d"))
  end)

  it("knows the first line of what goes on in several", function()
    assert.same({ line = 7, column = 3, length = 4 }, (document:position "/h"))
  end)

  it("finds what an alias names where it was written", function()
    assert.same({ line = 2, column = 5, length = 5 }, (document:position "/f/0"))
  end)

  it("says nothing of what is not there", function()
    assert.is_nil(document:position "/f/7")
    assert.is_nil(document:position "/q")
    assert.is_nil(document:position "/g/x")
  end)

  it("knows the place of every line of its JSON", function()
    local number = 0
    for line in document.json:gmatch "[^\n]+" do
      number = number + 1
      assert.is_table(document:place(number), line)
    end
    assert.is_nil(document:place(number + 1))
  end)

  it("gives a part as a document with the same places", function()
    local part = assert(document:part "/ä/1")
    assert.equal("{\n\"c/d\":\n\"e\"\n}\n", part.json)
    assert.same({ line = 3, column = 11, length = 3 }, (part:position "/c~1d"))
    assert.is_nil(document:part "/nowhere")
  end)
end)
