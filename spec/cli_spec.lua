package.path = "spec/support/?.lua;" .. package.path
local cli = require "stepfn.cli"
local stepfn = require "stepfn"
local support = require "cli"

local HELLO = [[{"StartAt":"Hello","States":{"Hello":{"Type":"Pass","End":true}}}]]
local WAITS = [[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"Next":"F"},"F":{"Type":"Fail","Error":"E","Cause":"c"}}}]]
local CALLS = [[{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"lua:add","End":true}}}]]
local TOKEN = [[{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
  "Parameters":{"FunctionName":"ask","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}]]
local BROKEN = "{\"StartAt\":\"A\",\n\"States\":{\n  \"A\":{\"Type\":\"Pass\",\"Next\":\"B\"}}}"

teardown(support.clean)

local function run(definition, ...)
  local status, out, err = support.call { "run", support.file(".json", definition), ... }
  return status, out, err
end

describe("stepfn run", function()
  it("prints the output as JSON, alone, and succeeds", function()
    local status, out, err = run(HELLO, "--input", '{"b":1,"a":[true,null]}')
    assert.equal('{"b":1,"a":[true,null]}\n', out)
    assert.equal("", err)
    assert.equal(0, status)
  end)

  it("takes an empty object when no input is given", function()
    local _, out = run(HELLO)
    assert.equal("{}\n", out)
  end)

  it("reads the input from a file", function()
    local _, out = run(HELLO, "--input", "@" .. support.file(".json", '{"n": 1}'))
    assert.equal('{"n":1}\n', out)
  end)

  it("reads the input from standard input", function()
    local _, out = support.call({ "run", support.file(".json", HELLO), "--input", "-" }, "[1, 2]")
    assert.equal("[1,2]\n", out)
  end)

  it("ends with 1 when its output can't be written, and says so", function()
    local full = { write = function() return nil, "No space left on device", 28 end }
    local err = { text = "", write = function(self, ...) self.text = self.text .. table.concat { ... } end }
    local late = { write = function(self) return self end, flush = full.write }
    for _, out in ipairs { full, late } do
      err.text = ""
      local status = cli.main({ "run", support.file(".json", HELLO) }, { out = out, err = err })
      assert.equal("stepfn: standard output: No space left on device\n", err.text)
      assert.equal(1, status)
    end
  end)

  it("names a path that is no file", function()
    local status, _, err = support.call { "run", "spec" }
    assert.matches("^stepfn: spec: ", err)
    assert.equal(2, status)
  end)

  it("takes negative numbers", function()
    local _, out = run(HELLO, "--seed", "-7", "--input", "-1")
    assert.equal("-1\n", out)
  end)

  it("refuses a seed that is no whole number in range", function()
    for text, fault in pairs { ["1e20"] = "out of range", ["-1e20"] = "out of range", ["1.5"] = "not a whole", x = "not a whole" } do
      local status, _, err = run(HELLO, "--seed", text)
      assert.matches("%-%-seed: '" .. text:gsub("%-", "%%-") .. "' is " .. fault, err)
      assert.equal(2, status)
    end
  end)

  it("ends with 1 when the workflow fails, and says how", function()
    local status, out, err = run(WAITS, "--virtual-time")
    assert.equal("", out)
    assert.equal("FAILED at /States/F: E: c\n", err)
    assert.equal(1, status)
  end)

  it("calls the functions of a tasks file", function()
    local tasks = support.file(".lua", "return { add = function(input) return input.a + input.b end }")
    local status, out = run(CALLS, "--tasks", tasks, "--input", '{"a":1,"b":2}')
    assert.equal("3\n", out)
    assert.equal(0, status)
  end)

  it("ends with 2 when a function is missing", function()
    local status, out, err = run(CALLS)
    assert.equal("", out)
    assert.matches("^stepfn: .*lua:add", err)
    assert.equal(2, status)
  end)

  it("ends with 3 when the workflow waits for a callback, and names its token", function()
    local tasks = support.file(".lua", "return { ask = function() end }")
    local status, out, err = run(TOKEN, "--tasks", tasks)
    assert.equal("", out)
    assert.matches("RUNNING", err)
    assert.matches("Ask waits for token %S+\n$", err)
    assert.equal(3, status)
  end)

  it("shows what was visited", function()
    local _, out, err = run(WAITS, "--virtual-time", "--trace")
    assert.equal("", out)
    assert.matches("\nW +Wait +0s +1d00h00m00s ", err)
    assert.matches("\n  ! E: c\n", err)
  end)

  it("writes the history as lines of JSON", function()
    local _, _, err = run(HELLO, "--history")
    local first = stepfn.decode(err:match "^[^\n]+")
    assert.equal("ExecutionStarted", first.type)
    assert.equal(4, select(2, err:gsub("\n", "")))
  end)

  it("names the execution", function()
    local named = [[{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"name.$":"$$.Execution.Name"},"End":true}}}]]
    local _, out = run(named, "--name", "order-7")
    assert.equal('{"name":"order-7"}\n', out)
  end)

  it("runs as EXPRESS", function()
    local _, _, err = run(HELLO, "--express", "--history")
    assert.equal("", err:match "taskScheduled" or "")
    local status = run(HELLO, "--express")
    assert.equal(0, status)
  end)

  it("runs a Lua file that returns a machine", function()
    local status, out = support.call { "run", "examples/roll_die/roll_die.lua", "--virtual-time", "--seed", "42" }
    assert.matches('^{"roll":[456]}\n$', out)
    assert.equal(0, status)
  end)

  it("refuses a definition with faults, naming file, line and column", function()
    local status, out, err = run(BROKEN)
    assert.equal("", out)
    assert.matches("%.json:3:%d+: error [A-Z_]+: .*B", err)
    assert.equal(1, status)
  end)

  it("says where a Lua file raises", function()
    local path = support.file(".lua", "\nerror 'oops'")
    local status, _, err = support.call { "run", path }
    assert.equal("stepfn: " .. path .. ":2: oops\n", err)
    assert.equal(1, status)
  end)

  it("names the Lua file that builds a machine with faults", function()
    local path = support.file(".lua", [[
      local step = require "stepfn.step"
      local a = step.new_pass_state "a"
      a:next("b")
      return step.new_state_machine("M", a)
    ]])
    local status, _, err = support.call { "run", path }
    assert.equal(path, err:match "^stepfn: (.-%.lua)")
    assert.matches("state machine 'M' is invalid\n.* at /States/a/Next\n$", err)
    assert.equal(1, status)
  end)

  it("says how to learn where a Lua function failed", function()
    local tasks = support.file(".lua", "return { add = function(input) return input.a.b.c end }")
    local _, _, err = run(CALLS, "--tasks", tasks)
    assert.matches("LuaError: .*\n  %-%-trace shows where\n$", err)
    local _, _, traced = run(CALLS, "--tasks", tasks, "--trace")
    assert.matches(tasks:gsub("%p", "%%%0") .. ":1: ", traced)
  end)

  it("refuses a Lua file that returns something else", function()
    local path = support.file(".lua", "return 1")
    local status, _, err = support.call { "run", path }
    assert.equal("stepfn: " .. path .. ": does not return a machine, as stepfn.load and stepfn.step make them, but a number\n", err)
    assert.equal(1, status)
  end)
end)

describe("wrong usage of stepfn", function()
  local function refused(expected, ...)
    local status, out, err = support.call { ... }
    assert.equal("", out)
    assert.matches(expected, err)
    assert.equal(2, status)
  end

  it("is no command", function()
    refused("Usage: stepfn")
  end)

  it("is an unknown command", function()
    refused("unknown command 'frob'", "frob")
  end)

  it("is a missing argument", function()
    refused("Usage: stepfn run .*missing argument 'file'", "run")
  end)

  it("is a file that is not there", function()
    refused("^stepfn: nowhere.json: No such file", "run", "nowhere.json")
    refused("^stepfn: nowhere.json: No such file", "validate", "nowhere.json")
  end)

  it("is an input that is not JSON, and the message says where it is wrong", function()
    local path = support.file(".json", "[1,\n2,]")
    refused("^stepfn: the input is not JSON: %-%-input:1:2: ", "run", "examples/roll_die/definition.json", "--input", "{")
    refused("^stepfn: the input is not JSON: " .. path:gsub("%p", "%%%0") .. ":2:3: ", "run",
      "examples/roll_die/definition.json", "--input", "@" .. path)
    refused(" %(for the file: %-%-input @" .. path:gsub("%p", "%%%0") .. "%)\n$", "run",
      "examples/roll_die/definition.json", "--input", path)
  end)

  it("is standard input that is not JSON, is not there, or has no end", function()
    local hello = support.file(".json", HELLO)
    local function told(read)
      local err = { text = "", write = function(self, ...) self.text = self.text .. table.concat { ... } end }
      local out = { write = function(self) return self end }
      assert.equal(2, cli.main({ "run", hello, "--input", "-" }, { out = out, err = err, input = { read = read } }))
      return err.text
    end
    assert.matches("^stepfn: the input is not JSON: standard input:1:1: ", told(function() return nil end))
    assert.equal("stepfn: standard input: Is a directory\n", told(function() return nil, "Is a directory", 21 end))
    assert.equal("stepfn: standard input: more than 16777216 bytes\n",
      told(function(_, count) return (" "):rep(count) end))
  end)

  it("is a name that no execution can have", function()
    refused("^stepfn: %-%-name: 1 to 80 characters expected, got 0\n$", "run", support.file(".json", HELLO), "--name", "")
  end)

  it("is a tasks file without functions, and the message says what it should return", function()
    for text, got in pairs { [""] = "nothing", ["return 5"] = "a number" } do
      local tasks = support.file(".lua", text)
      refused("does not return a table of task functions, { name = function%(input%) … end }, but " .. got .. "\n$",
        "run", support.file(".json", CALLS), "--tasks", tasks)
    end
    refused(": it raises a table\n$", "run", support.file(".json", CALLS), "--tasks", support.file(".lua", "error {}"))
  end)

  it("is a task without a function, and the message says how to give it one", function()
    refused("%-%-tasks FILE names a Lua file", "run", support.file(".json", CALLS))
  end)

  it("says how to learn more", function()
    refused("\nstepfn %-%-help tells more\n$", "frob")
    refused("\nstepfn run %-%-help tells more\n$", "run", "--nope")
  end)

  it("is a seed that is no number", function()
    refused("'x' is not a whole number", "run", "examples/roll_die/definition.json", "--seed", "x")
  end)
end)

describe("stepfn --version", function()
  it("writes the version, and the Lua it runs on", function()
    local status, out, err = support.call { "--version" }
    assert.same({ 0, "" }, { status, err })
    assert.matches("^stepfn %d+%.%d+%.%d+ %(Lua.*%)\n$", out)
  end)
end)

describe("stepfn validate", function()
  it("succeeds for valid definitions in JSON and Lua", function()
    local status, out, err = support.call { "validate", "examples/loop/definition.json", "examples/loop/loop.lua" }
    assert.equal("", out)
    assert.equal("examples/loop/definition.json: valid\nexamples/loop/loop.lua: valid\n", err)
    assert.equal(0, status)
  end)

  it("prints every fault of every file as file:line:column: severity code message", function()
    local path = support.file(".json", BROKEN)
    local status, _, err = support.call { "validate", path, "examples/loop/definition.json" }
    assert.matches(path:gsub("%p", "%%%0") .. ":3:%d+: error [A-Z_]+: ", err)
    assert.matches("definition.json: valid", err)
    assert.equal(1, status)
  end)
end)

describe("a fault of a definition", function()
  it("takes one line, however long the service's own words are", function()
    local path = support.file(".json", '{"StartAt": }')
    local _, _, err = support.call { "validate", path }
    assert.matches(":1:13: error INVALID_JSON_DESCRIPTION: [^\n]*\n +1 | {\"StartAt\": }\n", err)
  end)
end)

describe("the script bin/stepfn", function()
  it("prints the output and ends with the status", function()
    local die = "examples/roll_die/definition.json --tasks examples/roll_die/tasks.lua"
    local out = support.process("bin/stepfn run " .. die .. " --virtual-time; echo $?")
    assert.matches('^{"roll":[456]}\n0\n$', out)
  end)
end)

describe("stepfn convert", function()
  it("writes a definition as a program, named after its file, and that as the definition", function()
    local status, program, err = support.call { "convert", "examples/loop/definition.json" }
    assert.same({ 0, "" }, { status, err })
    assert.matches('^%-%-%-The state machine definition%.\nlocal step = require "stepfn%.step"\n', program)
    local _, json = support.call { "convert", support.file(".lua", program) }
    assert.equal(assert(stepfn.load_file "examples/loop/definition.json"):to_json(), assert(stepfn.load(json)):to_json())
  end)

  it("writes the other form when told to", function()
    local _, program = support.call { "convert", "--to", "lua", "examples/loop/loop.lua" }
    assert.matches("\nreturn step.new_state_machine(", program, 1, true)
    local _, json = support.call { "convert", "--to", "json", "examples/loop/definition.json" }
    assert.matches('^{\n  "', json)
  end)

  it("shows the faults of a definition", function()
    local status, out, err = support.call { "convert", support.file(".json", '{"StartAt":"A","States":{}}') }
    assert.same({ 1, "" }, { status, out })
    assert.matches("Value cannot be empty", err)
  end)
end)
