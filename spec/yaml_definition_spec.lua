package.path = "spec/support/?.lua;" .. package.path
local stepfn = require "stepfn"
local support = require "cli"

local has_lyaml, lyaml = pcall(require, "yaml")
local with_lyaml = has_lyaml and describe or pending

local PASS = "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n"

teardown(support.clean)

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

with_lyaml("A definition in YAML", function()
  it("is loaded by the extension of its file, or when the option says so", function()
    for _, extension in ipairs { ".yaml", ".yml", ".YML" } do
      assert.is_table(stepfn.load_file(support.file(extension, PASS)))
    end
    assert.is_table(stepfn.load(PASS, { format = "yaml" }))
    assert.is_table(stepfn.load_file(support.file(".asl", PASS), { format = "yaml" }))
    assert.same({}, stepfn.validate(PASS, { format = "yaml" }))
  end)

  for _, name in ipairs { "onboarding", "registration_saga", "roll_die", "loop", "approval" } do
    it("is the machine that it is in JSON: " .. name, function()
      local text = read("examples/" .. name .. "/definition.json")
      local from_json, from_yaml = assert(stepfn.load(text)), assert(stepfn.load(text, { format = "yaml" }))
      assert.equal(from_json:to_json(), from_yaml:to_json())
    end)
  end

  it("keeps the order of its members, aliases or not", function()
    local in_json = assert(stepfn.load_file "examples/registration_saga/definition.json")
    local in_yaml = assert(stepfn.load_file "examples/registration_saga/definition.yaml")
    assert.equal(in_json:to_json(), in_yaml:to_json())
  end)

  it("has the history that it has in JSON", function()
    local tasks = dofile "examples/registration_saga/tasks.lua"
    local histories = {}
    for i, extension in ipairs { "json", "yaml" } do
      local machine = assert(stepfn.load_file("examples/registration_saga/definition." .. extension))
      local execution = machine:run({ user = "ada", broken = "products" }, {
        tasks = tasks, driver = require("stepfn.driver.virtual").new { start = "2026-01-01T00:00:00Z" }, seed = 7, name = "one",
      })
      histories[i] = stepfn.encode(execution:history())
    end
    assert.matches("RegistrationFailed", histories[1])
    assert.equal(histories[1], histories[2])
  end)

  it("takes the options of one in JSON", function()
    local machine = assert(stepfn.load("StartAt: A\nStates:\n  A: {Type: Task, Resource: '${F}', End: true}", {
      format = "yaml", name = "m", type = "EXPRESS", substitutions = { F = "lua:f" },
    }))
    assert.same({ "m", "EXPRESS", "lua:f" }, { machine.name, machine.type, machine:resources()[1].resource })
  end)

  it("has the faults that it has in JSON, at the same places and in the same order", function()
    local text = [[{
      "StartAt": "A",
      "States": {
        "Lost": { "Type": "Fail" },
        "A": { "Type": "Task", "Resource": "lua:f", "Catcher": [], "Retry": [{ "ErrorEquals": [7] }], "Next": "B" }
      }
    }]]
    local in_yaml = stepfn.validate(text, { format = "yaml" })
    for _, diagnostic in ipairs(in_yaml) do
      assert.is_true(diagnostic.length > 0)
      diagnostic.length = nil
    end
    assert.is_true(#in_yaml > 3)
    assert.same(stepfn.validate(text), in_yaml)
  end)

  it("warns of what other readers of YAML read otherwise, last", function()
    local machine, _, warnings = stepfn.load(
      "StartAt: A\nStates:\n  A: {Type: Pass, Result: $.x, Comment: yes, End: true}\n", { format = "yaml" })
    assert.is_table(machine)
    assert.same({ "PASS_RESULT_IS_STATIC", "AMBIGUOUS_SCALAR" }, { warnings[1].code, warnings[2].code })
    assert.equal("/States/A/Comment", warnings[2].location)
  end)

  it("is read with lyaml, and where that is missing the fault says so", function()
    package.loaded.yaml = {}
    local machine, message, diagnostics = stepfn.load(PASS, { format = "yaml" })
    local status, _, told = support.call { "validate", support.file(".yaml", PASS) }
    package.loaded.yaml = lyaml
    assert.is_nil(machine)
    assert.matches("luarocks install lyaml", message)
    assert.equal("YAML_NOT_AVAILABLE", diagnostics[1].code)
    assert.matches("luarocks install lyaml", told)
    assert.equal(2, status)
  end)
end)

describe("The format of a definition", function()
  it("is JSON when nothing says otherwise, and a hint tells where that may be wrong", function()
    for _, text in ipairs { PASS, "---\n" .. PASS, "# A\n" .. PASS } do
      local _, _, diagnostics = stepfn.load(text)
      assert.equal("INVALID_JSON_DESCRIPTION", diagnostics[1].code)
      assert.matches("format = \"yaml\"", diagnostics[1].hint)
    end
    assert.equal("expected a member's name or '}', but the text ends", stepfn.validate("{")[1].hint)
    assert.matches("byte order mark", stepfn.validate("\239\187\191{}")[1].hint)
  end)

  it("is one of two", function()
    assert.has_error(function()
      stepfn.load(PASS, { format = "yml" })
    end, "bad argument #2 to 'load' (option 'format': \"json\" or \"yaml\" expected)")
  end)
end)

-- The lines that show the fault: place, source, carets.
local function shown(text)
  local path = support.file(".yaml", text)
  local status, _, err = support.call { "validate", path }
  assert.equal(1, status)
  local name = path:gsub("%p", "%%%0")
  return (err:match "^[^\n]*\n[^\n]*\n[^\n]*\n":gsub(name, "F"):gsub("(error [A-Z_]+):[^\n]*", "%1"))
end

local places = {
  { "in block style", "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n", [[
F:5:11: error MISSING_TRANSITION_TARGET
     5 |     Next: B
       |           ^
]] },
  { "in flow style", "StartAt: A\nStates: {A: {Type: Wait, Seconds: -12, End: true}}", [[
F:2:35: error SCHEMA_VALIDATION_FAILED
     2 | States: {A: {Type: Wait, Seconds: -12, End: true}}
       |                                   ^^^
]] },
  { "over several lines of flow style", "{\n  StartAt: A, States: {\n    A: {\n      Type: Pass,\n      Next: B}}}", [[
F:5:13: error MISSING_TRANSITION_TARGET
     5 |       Next: B}}}
       |             ^
]] },
  { "at a quoted name", "StartAt: A\nStates:\n  A: {Type: Pass, \"Foo Bar\": 1, End: true}", [[
F:3:19: error SCHEMA_VALIDATION_FAILED
     3 |   A: {Type: Pass, "Foo Bar": 1, End: true}
       |                   ^^^^^^^^^
]] },
  { "at a quoted value", "StartAt: 'B ''q'''\nStates:\n  A: {Type: Pass, End: true}", [[
F:1:10: error MISSING_TRANSITION_TARGET
     1 | StartAt: 'B ''q'''
       |          ^^^^^^^^^
]] },
  { "at a literal block", "StartAt: A\nStates:\n  A:\n    Type: Pass\n    InputPath: |\n      $..[\n    End: true\n", [[
F:5:16: error SCHEMA_VALIDATION_FAILED
     5 |     InputPath: |
       |                ^
]] },
  { "behind a literal block", "StartAt: A\nComment: |\n  one\n\n  two\nStates:\n  A: {Type: Pss}\n", [[
F:7:13: error SCHEMA_VALIDATION_FAILED
     7 |   A: {Type: Pss}
       |             ^^^
]] },
  { "where an anchor stands", "StartAt: A\nStates:\n  A: {Type: Pass, Next: &n X}\n  B: {Type: Pass, Next: *n}", [[
F:3:25: error MISSING_TRANSITION_TARGET
     3 |   A: {Type: Pass, Next: &n X}
       |                         ^^^^
]] },
  { "before a remark", "# A remark: é\nStartAt: A # and\nStates: # more\n  A: # of\n    Type: Pass\n    Next: B # them", [[
F:6:11: error MISSING_TRANSITION_TARGET
     6 |     Next: B # them
       |           ^
]] },
  { "with CRLF", "StartAt: A\r\nStates:\r\n  A:\r\n    Type: Pass\r\n    Next: B\r\n", [[
F:5:11: error MISSING_TRANSITION_TARGET
     5 |     Next: B
       |           ^
]] },
  { "behind tabs", "StartAt: A\nStates: {\n\tA:\t{Type:\tPass,\tNext: B}}", [[
F:3:24: error MISSING_TRANSITION_TARGET
     3 |   A:  {Type:  Pass,  Next: B}}
       |                            ^
]] },
  { "behind a byte order mark", "\239\187\191StartAt: é\nStates:\n  A: {Type: Pass, End: true}", [[
F:1:10: error MISSING_TRANSITION_TARGET
     1 | StartAt: é
       |          ^
]] },
  { "behind wide characters", "StartAt: A\nStates:\n  A: {Comment: \"日本\\u65e5\", Type: Pass, Next: é}", [[
F:3:46: error MISSING_TRANSITION_TARGET
     3 |   A: {Comment: "日本\u65e5", Type: Pass, Next: é}
       |                                                ^
]] },
  { "behind what YAML calls the end of a line", "StartAt: A\nComment: \"a\226\128\168b\"\nStates:\n  A: {Type: Pass, Next: B}", [[
F:4:25: error MISSING_TRANSITION_TARGET
     4 |   A: {Type: Pass, Next: B}
       |                         ^
]] },
  { "of a state that is not reached, at its name", "StartAt: A\nStates:\n  A: {Type: Succeed}\n  ? B b\n  : Type: Succeed\n", [[
F:4:5: error MISSING_TRANSITION_TARGET
     4 |   ? B b
       |     ^^^
]] },
  { "of the whole", "- a\n- b", [[
F:1:1: error SCHEMA_VALIDATION_FAILED
     1 | - a
       | ^
]] },
  { "that is no UTF-8", "StartAt: A\nComment: é\255", [[
F:2:11: error INVALID_YAML_DESCRIPTION
     2 | Comment: é.
       |           ^
]] },
  { "of the YAML itself", "StartAt: A\nStates:\n  A: {Type: Pass\n  B: x", [[
F:4:4: error INVALID_YAML_DESCRIPTION
     4 |   B: x
       |    ^
]] },
  { "of a name used twice", "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n  A: {Type: Pass, End: true}\n", [[
F:4:3: error INVALID_YAML_DESCRIPTION
     4 |   A: {Type: Pass, End: true}
       |   ^
]] },
  { "of tags that templates have", "StartAt: A\nStates:\n  A: {Type: Task, Resource: !GetAtt F.Arn, End: true}\n", [[
F:3:29: error INVALID_YAML_DESCRIPTION
     3 |   A: {Type: Task, Resource: !GetAtt F.Arn, End: true}
       |                             ^
]] },
  { "of an empty document", "# nothing\n", [[
F:1:1: error INVALID_YAML_DESCRIPTION
     1 | # nothing
       | ^
]] },
}

with_lyaml("The place of a fault in YAML", function()
  for _, row in ipairs(places) do
    it("is told " .. row[1], function()
      assert.equal(row[3], shown(row[2]))
    end)
  end

  it("begins each line of the message", function()
    local path = support.file(".yaml", "StartAt: B\nStates:\n  A: {Type: Pass, End: true}")
    local _, message = stepfn.load_file(path)
    assert.equal(path .. ":1:10: error MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt",
      message:match "^[^\n]+")
  end)

  it("is not that of the JSON that was made of it, deep as that may be", function()
    local lines = { "StartAt: A", "x0: &x0 [1]" }
    for i = 1, 1001 do
      lines[#lines + 1] = ("x%d: &x%d [*x%d]"):format(i, i, i - 1)
    end
    local fault = stepfn.validate(table.concat(lines, "\n"), { format = "yaml" })[1]
    assert.is_nil(fault.message:find "Source")
    assert.is_nil(fault.location)
    assert.is_true(fault.line <= 1003)
  end)
end)

with_lyaml("The command on YAML", function()
  it("runs, draws and checks it", function()
    local path = support.file(".yaml", PASS)
    local status, out = support.call { "run", path, "--input", "[1]" }
    assert.same({ 0, "[1]\n" }, { status, out })
    local drawn, picture = support.call { "graph", path, "--format", "mermaid" }
    assert.equal(0, drawn)
    assert.matches("^flowchart TD", picture)
    local checked, _, err = support.call { "validate", path }
    assert.same({ 0, path .. ": valid\n" }, { checked, err })
  end)

  it("gives the place in every format of its report", function()
    local path = support.file(".yaml", "StartAt: B\nStates:\n  A: {Type: Pass, End: true}")
    local _, annotation = support.call { "validate", "--format", "github", path }
    assert.matches("line=1,col=10,", annotation)
    local _, document = support.call { "validate", "--format", "json", path }
    assert.same({ 1, 10 }, { stepfn.decode(document).diagnostics[1].line, stepfn.decode(document).diagnostics[1].column })
  end)
end)
