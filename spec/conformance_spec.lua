local runner = require "spec.conformance.runner"
local stepfn = require "stepfn"
local system = require "spec.support.system"

local suites = runner.suites("spec/conformance/suite")

local function cts_case(result)
  return { name = "names", selector = "$.a", document = { a = 1 }, result = result, result_paths = { "$['a']" } }
end

local function jayway_case(fields)
  local case = { id = "jw-1", tag = "definite", path = "$.a", doc = { a = 1 }, note = "", since = "1.2.0" }
  for key, value in pairs(fields) do
    case[key] = value
  end
  return case
end

describe("the conformance runner", function()
  local folder, lines

  ---Run on a folder with this file in it.
  local function run(data, known)
    local file = assert(io.open(folder .. "/any name.json", "w"))
    local text = assert(stepfn.encode(data))
    file:write(text)
    file:close()
    lines = {}
    local results = runner.run(folder, { suites = suites, known = known or {}, dump = folder })
    return runner.report(results, function(line)
      lines[#lines + 1] = line
    end)
  end

  local function dumped(name)
    local file = assert(io.open(folder .. "/" .. name .. ".jsonl"))
    local text = file:read("*a")
    file:close()
    return text
  end

  before_each(function()
    folder = system.new_folder()
  end)

  after_each(function()
    system.remove_folder(folder)
  end)

  it("passes what is right, in a file of any name", function()
    assert.is_true(run { tests = { cts_case { 1 } } })
    assert.same({ "cts: 1/1" }, lines)
  end)

  it("fails on another node list and names the case", function()
    assert.is_false(run { tests = { cts_case { 2 } } })
    assert.same({ "cts: 0/1", "cts names: FAILED" }, lines)
  end)

  it("fails on other locations of the right nodes", function()
    local case = cts_case { 1 }
    case.result_paths = { "$['b']" }
    assert.is_false(run { tests = { case } })
  end)

  it("fails when a valid selector is expected to be refused", function()
    assert.is_false(run { tests = { { name = "names", selector = "$.a", invalid_selector = true } } })
  end)

  it("fails on another value of a recorded path", function()
    assert.is_true(run { cases = { jayway_case { expected = 1 } } })
    assert.is_false(run { cases = { jayway_case { expected = 2 } } })
    assert.is_false(run { cases = { jayway_case { expected = { 1 } } } })
    assert.is_false(run { cases = { jayway_case { error = true } } })
  end)

  it("counts apart the cases that are decided, and lets no decision turn a verdict of all", function()
    local case = { id = "floe-101", source = "floe", valid = false, where = "/elsewhere", definition = {
      StartAt = "FirstState", States = { FirstState = {
        Type = "Task", Resource = "lua:f", TimeoutSeconds = 1, TimeoutSecondsPath = "$.t", End = true } } } }
    assert.is_true(run { cases = { case } })
    assert.same({ "carets: 1/1", "validation: 1/1 (decided 1)" }, lines)
    case.valid, case.consensus = true, true
    assert.is_false(run { cases = { case } })
    assert.same({ "carets: 1/1", "validation: 0/1", "validation floe-101: FAILED: decided against the verdict of all" }, lines)
  end)

  it("knows carets that stand elsewhere", function()
    local suite = dofile "spec/conformance/suite/carets.lua"
    local case = { id = "x", value = stepfn.value { definition = { StartAt = "A", States = { A = { Type = "Wait", End = 1 } } } } }
    local actual = suite.run(case)
    assert.same({ "/States/A", 4, 5, '"A"' }, { actual.pointer, actual.line, actual.column, actual.token })
    assert.is_true(suite.right(case, actual))
    for field, other in pairs { line = 5, column = 6, shown = 3, token = '"States"' } do
      local wrong = suite.run(case)
      wrong[field] = other
      assert.is_false((suite.right(case, wrong)))
    end
  end)

  it("takes the answer of either document model", function()
    assert.is_true(run { cases = { jayway_case { error = true, jackson_tree = { expected = 1 } } } })
  end)

  it("fails on a missing answer where an error was recorded as a value", function()
    assert.is_false(run { cases = { jayway_case { path = "$.x", expected = stepfn.null } } })
    assert.is_true(run { cases = { jayway_case { path = "$.x", error = true } } })
  end)

  it("lets pass what is listed, up to one case in a hundred", function()
    local tests = { cts_case { 2 } }
    assert.is_false(run({ tests = tests }, { cts = { names = "because" } }))
    for i = 2, 100 do
      tests[i] = cts_case { 1 }
      tests[i].name = "names " .. i
    end
    assert.is_true(run({ tests = tests }, { cts = { names = "because" } }))
    assert.same({ "cts: 99/100", "cts names: known: because" }, lines)
  end)

  it("does not count listed quirks", function()
    local case = jayway_case { expected = 2, note = "quirk: no reason" }
    assert.is_true(run({ cases = { case } }, { jayway = { ["jw-1"] = "because" } }))
  end)

  it("writes what was computed, a line a case", function()
    run { tests = { cts_case { 1 }, { name = "bad", selector = "$[", invalid_selector = true } } }
    assert.equal('{"actual":[1],"id":"names"}\n{"actual":{"invalid":true},"id":"bad"}\n', dumped("cts"))
  end)
end)
