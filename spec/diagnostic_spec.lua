package.path = "spec/support/?.lua;" .. package.path
local snippet = require "stepfn.snippet"
local stepfn = require "stepfn"
local support = require "cli"

teardown(support.clean)

---The hints of a definition's diagnostics.
local function hints_of(definition)
  local hints = {}
  for _, diagnostic in ipairs(stepfn.validate(definition)) do
    hints[#hints + 1] = diagnostic.hint
  end
  return hints
end

describe("a hint", function()
  it("names the state that was meant", function()
    assert.same({ "did you mean 'SendMessage2'?" }, hints_of [[{"StartAt":"SendMessage","States":{
      "SendMessage2":{"Type":"Pass","End":true}}}]])
  end)

  it("is not given when no state is near", function()
    assert.same({}, hints_of [[{"StartAt":"Charge","States":{"Ship":{"Type":"Pass","End":true}}}]])
  end)

  it("says that a transition does not leave its States", function()
    assert.same({ "a transition stays in its own States; 'In' stands at /States/P/Branches/0/States/In" },
      hints_of [[{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[
        {"Variable":"$.x","IsPresent":true,"Next":"In"}],"Default":"P"},
      "P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"In","States":{"In":{"Type":"Succeed"}}}]}}}]])
  end)

  it("names the field that was meant", function()
    assert.same({ "did you mean 'ResultPath'?" },
      hints_of [[{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPaht":"$.x","End":true}}}]])
  end)

  it("names the types that have the field", function()
    assert.same({ "states of these types have it: Task, Parallel, Map" },
      hints_of [[{"StartAt":"A","States":{"A":{"Type":"Pass","Retry":[],"End":true}}}]])
  end)

  it("names the type that was meant", function()
    assert.same({ "did you mean 'Succeed'?" }, hints_of [[{"StartAt":"A","States":{"A":{"Type":"Success"}}}]])
  end)

  it("names the Choice operator that was meant", function()
    assert.same({ "did you mean 'StringEquals'?" }, hints_of [[{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[
      {"Variable":"$.a","StringEqual":"b","Next":"B"}]},"B":{"Type":"Succeed"}}}]])
  end)

  ---The hint of a Pass state's template, or of a JSONata state's Output.
  local function hint_of(field, value)
    return hints_of { StartAt = "A", States = { A = {
      Type = "Pass", QueryLanguage = field == "Output" and "JSONata" or nil, [field] = value, End = true } } }[1]
  end

  it("names the intrinsic function that was meant, nested ones too", function()
    assert.equal("did you mean 'States.Format'?", hint_of("Parameters", { ["a.$"] = "States.Fromat('{}', $.b)" }))
    assert.equal("did you mean 'States.UUID'?", hint_of("Parameters", { ["a.$"] = "States.Array(1, States.UIID())" }))
  end)

  it("says why a text is no path or no call, and where", function()
    assert.equal("',' or ')' must follow an argument (character 19)",
      hint_of("Parameters", { ["a.$"] = "States.Format('é' $.b)" }))
    assert.equal("States.MathAdd takes 2 arguments, not 1", hint_of("Parameters", { ["a.$"] = "States.MathAdd(1)" }))
    assert.equal("a path must not end with '.'", hint_of("InputPath", "$.a."))
    assert.equal("a call of an intrinsic function cannot stand here", hint_of("InputPath", "States.UUID()"))
  end)

  it("names the member of $states that was meant", function()
    assert.equal("did you mean '$states.input'?", hint_of("Output", "{% $states.inptu.a %}"))
  end)

  it("names the word that was meant", function()
    assert.same({ "did you mean 'FULL'?" }, hints_of [[{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:f",
      "Retry":[{"ErrorEquals":["E"],"JitterStrategy":"full"}],"End":true}}}]])
  end)

  it("follows the message of stepfn.load, in the same line", function()
    local _, message = stepfn.load [[{"StartAt":"a1b","States":{"a1bc":{"Type":"Succeed"}}}]]
    assert.equal("1:12: error MISSING_TRANSITION_TARGET: Missing 'StartAt' target: a1b at /StartAt (did you mean 'a1bc'?)",
      message:match "^[^\n]+")
  end)
end)

describe("a text that is no definition at all", function()
  it("has a place, too", function()
    local _, message, diagnostics = stepfn.load ""
    assert.matches("^1:1: error ", message)
    assert.same({ 1, 1 }, { diagnostics[1].line, diagnostics[1].column })
  end)
end)

describe("what steers a terminal", function()
  local STEERS = [[{"StartAt":"A\u001b[31mred\n::error::x","States":{"B":{"Type":"Succeed"}}}]]
  local FAILS = [[{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E\u001b[31m","Cause":"c\n::error::x"}}}]]

  it("is not in the message of stepfn.load: one fault a line", function()
    local _, message, diagnostics = stepfn.load(STEERS)
    assert.not_matches("\27", message)
    assert.equal(#diagnostics - 1, select(2, message:gsub("\n", "")))
    assert.matches("A %[31mred ::error::x", message)
  end)

  it("is in no line that the command prints for people", function()
    for _, arguments in ipairs { { "validate" }, { "run" }, { "validate", "--format", "github" } } do
      arguments[#arguments + 1] = support.file(".json", STEERS)
      local _, out, err = support.call(arguments)
      assert.not_matches("\27", out .. err)
      assert.not_matches("\n::error::x", out .. err)
      assert.matches("A %[31mred", out .. err)
    end
  end)

  it("is not in the line of a run that failed", function()
    local _, _, err = support.call { "run", support.file(".json", FAILS) }
    assert.equal("FAILED at /States/F: E [31m: c ::error::x\n", err)
  end)

  it("is not in the name of a state without a function", function()
    local _, _, err = support.call { "run", support.file(".json",
      [[{"StartAt":"T\u001b","States":{"T\u001b":{"Type":"Task","Resource":"lua:f\u001b","End":true}}}]]) }
    assert.not_matches("\27", err)
  end)
end)

describe("stepfn.snippet", function()
  local function shown(text, line, column, width)
    return { snippet.of(text, line, column, width or 80) }
  end

  it("shows the line with carets under a string", function()
    assert.same({ '  "Next": "B",', '          ^^^' }, shown('{\n  "Next": "B",\n}', 2, 11))
  end)

  it("shows carets under a number, a word, a brace", function()
    assert.same({ '[-1.5e3]', ' ^^^^^^' }, shown('[-1.5e3]', 1, 2))
    assert.same({ '[true]', ' ^^^^' }, shown('[true]', 1, 2))
    assert.same({ '[{}]', ' ^' }, shown('[{}]', 1, 2))
  end)

  it("knows where a string with quotes inside ends", function()
    assert.same({ [["a\"b":1]], "^^^^^^" }, shown([["a\"b":1]], 1, 1))
  end)

  it("counts characters, not bytes", function()
    assert.same({ '"Grüße": 1', '         ^' }, shown('"Grüße": 1', 1, 10))
  end)

  it("counts columns where characters are wide or stand on another", function()
    assert.same({ '"日本": 1', '        ^' }, shown('"日本": 1', 1, 7))
    assert.same({ '"日本"', '^^^^^^' }, shown('"日本"', 1, 1))
    assert.same({ '"e\204\129": 1', '     ^' }, shown('"e\204\129": 1', 1, 7))
    assert.same({ '日本日', '  ^^' }, { snippet.of("日本日", 1, 2, 80, 1) })
  end)

  it("shows no character that turns the direction of writing", function()
    assert.same({ '"a b": 1', '       ^' }, shown('"a\226\128\174b": 1', 1, 8))
  end)

  it("shows tabs as blanks", function()
    assert.same({ '  "a"', '  ^^^' }, shown('\t"a"', 1, 2))
  end)

  it("shows the part around the place of a long line", function()
    local text = ("x"):rep(100) .. '"here"' .. ("y"):rep(100)
    assert.same({ '…xxxxxxxxxx"here"yyyyyyyyyyyyyy…', '           ^^^^^^' }, shown(text, 1, 101, 30))
  end)

  it("has nothing to show when there is no such line", function()
    assert.same({}, shown("{}", 2, 1))
  end)
end)

describe("stepfn validate", function()
  local FAULTY = '{"StartAt":"A",\n "States":{\n  "A":{"Type":"Pass","Next":"Bb"},\n  "Bbb":{"Type":"Succeed","Comment":1}}}'
  local DOUBTFUL = '{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"$.b"},"End":true}}}'

  local function validate(definition, ...)
    local path = support.file(".json", definition)
    local status, out, err = support.call { "validate", path, ... }
    return out:gsub(path:gsub("%p", "%%%0"), "F"), (err:gsub(path:gsub("%p", "%%%0"), "F")), status
  end

  it("shows the source line, carets under the place, and a hint", function()
    local out, err, status = validate('{"StartAt":"A",\n "States":{\n  "A":{"Type":"Pass","Next":"Endd"},\n  "Ende":{"Type":"Succeed"}}}')
    assert.equal("", out)
    assert.equal([[
F:3:29: error MISSING_TRANSITION_TARGET: Missing 'Next' target: Endd at /States/A/Next
     3 |   "A":{"Type":"Pass","Next":"Endd"},
       |                             ^^^^^^
       = hint: did you mean 'Ende'?
F:4:3: error MISSING_TRANSITION_TARGET: State "Ende" is not reachable. at /States/Ende
     4 |   "Ende":{"Type":"Succeed"}}}
       |   ^^^^^^
F: 2 errors
]], err)
    assert.equal(1, status)
  end)

  it("counts warnings, which do not make a definition invalid", function()
    local _, err, status = validate(DOUBTFUL)
    assert.matches("F: valid, 1 warning\n$", err)
    assert.equal(0, status)
  end)

  it("accepts JSONata", function()
    local _, err, status = validate '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% 1 %}","End":true}}}'
    assert.equal("F: valid\n", err)
    assert.equal(0, status)
  end)

  it("answers in JSON as ValidateStateMachineDefinition does", function()
    local out, err, status = validate(FAULTY, "--format", "json")
    assert.equal("", err)
    local answer = stepfn.decode(out)
    assert.equal("FAIL", answer.result)
    assert.is_false(answer.truncated)
    assert.same({
      severity = "ERROR", code = "MISSING_TRANSITION_TARGET", message = "Missing 'Next' target: Bb",
      location = "/States/A/Next", pointer = "/States/A/Next", line = 3, column = 29, hint = "did you mean 'Bbb'?",
    }, answer.diagnostics[2])
    assert.equal(1, status)
  end)

  it("answers with an empty list when all is well", function()
    local out = validate('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}', "--format", "json")
    assert.equal('{"diagnostics":[],"result":"OK","truncated":false}\n', out)
  end)

  it("tells of bytes that are not UTF-8 in every format, in UTF-8", function()
    local out, _, status = validate('{"StartAt":"\255\254"}', "--format", "json")
    local fault = stepfn.decode(out).diagnostics[1]
    assert.same({ "INVALID_JSON_DESCRIPTION", 1, 13, "JSON is UTF-8: save the text so", 1 },
      { fault.code, fault.line, fault.column, fault.hint, status })
    assert.equal("Invalid UTF-8 start byte 0xff\n at [Source: (String)\"{\"StartAt\":\"\239\191\189\239\191\189\"}\"; "
      .. "line: 1, column: 13]", fault.message)
    local _, err = validate '{"StartAt":"\255\254"}'
    assert.matches("F:1:13: error INVALID_JSON_DESCRIPTION: Invalid UTF-8 start byte 0xff\n", err, 1, true)
  end)

  it("tells of files whose name is not UTF-8", function()
    local _, out = support.call { "validate", "--format", "json", "no\255where.json" }
    assert.matches("no?where.json", stepfn.decode(out).diagnostics[1].message, 1, true)
  end)

  it("refuses what is too long, too deep, empty, no file, each with its status", function()
    local function told(definition)
      local _, err, status = validate(definition)
      return { err:match "error ([^\n]+)", status }
    end
    assert.same({ "SCHEMA_VALIDATION_FAILED: The definition is longer than 1048576 bytes", 1 }, told((" "):rep(5e6) .. "{}"))
    assert.same({ "INVALID_JSON_DESCRIPTION: nested deeper than 1000 levels", 1 }, told(("["):rep(1e5)))
    assert.same({ "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object", 1 }, told "")
    local status, _, err = support.call { "validate", "spec" }
    assert.same({ 2, "stepfn: spec: Is a directory\n" }, { status, err })
    status, _, err = support.call { "validate", "nowhere.json" }
    assert.same({ 2, "stepfn: nowhere.json: No such file or directory\n" }, { status, err })
  end)

  it("escapes what ends a property of an annotation, and has no ends of lines in its text", function()
    local path = support.file(",a:b%.json", '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"x\\r\\n,%:":1}}}')
    local _, out = support.call { "validate", "--format", "github", path }
    assert.matches("%2Ca%3Ab%25.json,line=1,col=56,title=SCHEMA_VALIDATION_FAILED::Field 'x  ,%25:' is not supported",
      out, 1, true)
  end)

  it("says that there was more to tell than 100 errors", function()
    local definition = { StartAt = "A", States = { A = { Type = "Succeed" } } }
    for i = 1, 101 do
      definition["x" .. i] = 1
    end
    local answer = stepfn.decode((validate(stepfn.encode(definition), "--format", "json")))
    assert.equal(100, #answer.diagnostics)
    assert.is_true(answer.truncated)
  end)

  it("writes a document a file", function()
    local _, out = support.call { "validate", "--format", "json", "examples/loop/definition.json", "nowhere.json" }
    local second = stepfn.decode(out:match "\n(.+)$")
    assert.equal("nowhere.json", second.file)
    assert.equal("FILE_NOT_READABLE", second.diagnostics[1].code)
  end)

  it("writes annotations for GitHub", function()
    local out, err, status = validate(FAULTY, "--format", "github")
    assert.equal("", err)
    assert.equal("::error file=F,line=3,col=29,title=MISSING_TRANSITION_TARGET::"
      .. "Missing 'Next' target: Bb at /States/A/Next%0Adid you mean 'Bbb'?", out:match "\n([^\n]+)")
    assert.equal(1, status)
  end)

  it("refuses other formats", function()
    local _, err, status = validate(FAULTY, "--format", "xml")
    assert.matches("'--format' must be one of 'text', 'json', 'github'", err, 1, true)
    assert.equal(2, status)
  end)
end)

describe("stepfn validate of a Lua file", function()
  local DOUBTFUL = [[
    local step = require "stepfn.step"
    return step.new_state_machine("M", step.new_pass_state("A"):with_parameters { Message = "$.msg" })]]
  local FAULTY = [[
    local step = require "stepfn.step"
    local first = step.new_pass_state("A"):with_input_path("$.a.")
    first:next(step.new_pass_state("B"):with_input_path("$.b."))
    local machine = step.new_state_machine("M", first)
    return machine]]
  local RETURNS = [[return require("stepfn").load '{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}']]
  local ASSERTS = [[return assert(require("stepfn").load '{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}')]]

  local function validate(script, ...)
    local path = support.file(".lua", script)
    local status, out, err = support.call { "validate", path, ... }
    return (out .. err):gsub(path:gsub("%p", "%%%0"), "F"), status
  end

  it("tells what is doubtful in the machine", function()
    local text, status = validate(DOUBTFUL)
    assert.matches("F: warning NO_DOLLAR: ", text, 1, true)
    assert.matches("F: valid, 1 warning\n$", text)
    assert.equal(0, status)
  end)

  it("tells each fault that the builder raises, at the line of the script", function()
    local text, status = validate(FAULTY)
    assert.equal(2, select(2, text:gsub("F:4:1: error SCHEMA_VALIDATION_FAILED: ", "")), text)
    assert.matches("F: 2 errors\n$", text)
    assert.equal(1, status)
  end)

  it("tells each fault of what it loads", function()
    for _, script in ipairs { RETURNS, ASSERTS } do
      local text, status = validate(script, "--format", "json")
      local diagnostics = stepfn.decode(text).diagnostics
      assert.equal("MISSING_TRANSITION_TARGET", diagnostics[1].code)
      assert.equal(1, status)
    end
  end)

  it("tells that the script fails", function()
    local text, status = validate "error 'no'"
    assert.equal("stepfn: F:1: no\n", text)
    assert.equal(1, status)
  end)
end)
