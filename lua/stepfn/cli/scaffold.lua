---The files of a new project: a definition, the functions behind it, a module
---that puts both together, a spec, a rockspec and what else a project has.
local M = {}

---@alias stepfn.cli.ProjectKind "json"|"yaml"|"builder"

---@class stepfn.cli.ProjectFile
---@field path string below the project's folder
---@field text string

-- --- the definition ---

local JSON = [[
{
  "Comment": "Greets somebody, and asks a day later",
  "StartAt": "Greet",
  "States": {
    "Greet": {
      "Type": "Task",
      "Resource": "${greet}",
      "Retry": [
        { "ErrorEquals": ["MailServer.Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2 }
      ],
      "ResultPath": "$.greeting",
      "Next": "WaitADay"
    },
    "WaitADay": {
      "Type": "Wait",
      "Seconds": 86400,
      "Next": "Ask"
    },
    "Ask": {
      "Type": "Task",
      "Resource": "${ask}",
      "End": true
    }
  }
}
]]

local YAML = [[
Comment: Greets somebody, and asks a day later
StartAt: Greet
States:
  Greet:
    Type: Task
    Resource: ${greet}
    Retry:
      - ErrorEquals: [MailServer.Busy]
        IntervalSeconds: 2
        MaxAttempts: 3
        BackoffRate: 2
    ResultPath: $.greeting
    Next: WaitADay
  WaitADay:
    Type: Wait
    Seconds: 86400
    Next: Ask
  Ask:
    Type: Task
    Resource: ${ask}
    End: true
]]

-- --- the modules ---

local TASKS = [[
---The functions that the Task states of @NAME@ call.
local M = {}

---@param input { name: string? }
function M.greet(input)
  return { text = "Hello, " .. (input.name or "world") }
end

---Gets the greeting besides.
---@param input { greeting: { text: string } }
function M.ask(input)
  return { text = input.greeting.text .. "! Are you still there?" }
end

return M
]]

local LOADS = [[
---The state machine of @NAME@ with its functions:
---
---    local execution = require("@NAME@"):run { name = "Ada" }
local stepfn = require "stepfn"
local tasks = require "@TASKS@"

-- The definition lies beside this file, also when both are installed.
local folder = debug.getinfo(1, "S").source:match "^@(.*/)" or ""

return assert(stepfn.load_file(folder .. "@DEFINITION@", { name = "@NAME@", functions = tasks }))
]]

local BUILDS = [[
---The state machine of @NAME@ with its functions:
---
---    local execution = require("@NAME@"):run { name = "Ada" }
local step = require "stepfn.step"
local tasks = require "@TASKS@"

local greet = step.new_task_state("Greet", tasks.greet)
  :with_result_path "$.greeting"
  :with_retriers(step.new_task_retry():with_errors("MailServer.Busy")
    :with_interval(2 * step.Second):with_max_attempts(3):with_backoff_rate(2))
local wait = step.new_wait_delay_state("WaitADay", step.Day)
local ask = step.new_task_state("Ask", tasks.ask)

greet:next(wait):next(ask)

return step.new_state_machine("@NAME@", greet):with_comment "Greets somebody, and asks a day later"
]]

-- --- what goes round it ---

local SPEC = [[
local machine = require "@NAME@"
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local function run(input, tasks)
  return machine:run(input, { tasks = tasks, driver = virtual.new { start = "2026-01-01T00:00:00Z" } })
end

describe("@NAME@", function()
  it("greets by name, and asks a day later", function()
    local execution = run { name = "Ada" }
    assert.equal("SUCCEEDED", execution.status)
    assert.same({ text = "Hello, Ada! Are you still there?" }, execution.output)
    assert.equal(24 * 60 * 60, execution.stop_date - execution.start_date)
  end)

  it("greets again when the mail server was busy", function()
    local calls = 0
    local execution = run({}, {
      @GREET@ = function()
        calls = calls + 1
        return calls == 3 and { text = "At last" } or stepfn.fail("MailServer.Busy", "try later")
      end,
    })
    assert.same({ text = "At last! Are you still there?" }, execution.output)
    assert.equal(3, calls)
  end)

  it("fails when the mail server stays busy", function()
    local execution = run({}, {
      @GREET@ = function()
        stepfn.fail("MailServer.Busy", "never")
      end,
    })
    assert.equal("FAILED", execution.status)
    assert.equal("MailServer.Busy", execution.error)
  end)
end)
]]

local ROCKSPEC = [[
rockspec_format = "3.0"
package = "@NAME@"
version = "scm-1"
source = {
  url = "git+https://example.org/@NAME@.git",
}
description = {
  summary = "A workflow in the Amazon States Language",
}
dependencies = {
  "lua >= 5.1, < 5.5",
  "stepfn",@LYAML@
}
test_dependencies = {
  "busted >= 2.0",
}
test = {
  type = "busted",
}
build = {
  type = "builtin",
  modules = {
    ["@NAME@"] = "@NAME@.lua",
    ["@TASKS@"] = "@TASKS@.lua",
  },@INSTALL@
}
]]

local INSTALL = [[

  install = {
    lua = { "@DEFINITION@" },
  },]]

local README = [[
# @NAME@

| file | |
| --- | --- |
@ROWS@

    @RUN@
    busted                              # the specs, in virtual time
    luarocks make                       # installs it: require("@NAME@"):run(input)

@NOTE@
]]

local DEFINITION_ROW = [[
| `@DEFINITION@` | the definition |
| `@TASKS@.lua` | the functions that its Task states call |
| `@NAME@.lua` | the machine, with both |]]

local BUILDER_ROWS = [[
| `@NAME@.lua` | the machine, built with `stepfn.step` |
| `@TASKS@.lua` | the functions that its Task states call |]]

local DEFINITION_NOTE = [[
`${greet}` and `${ask}` are the functions of these names here. On AWS they are what `DefinitionSubstitutions` says: the
ARNs of Lambda functions.]]

local BUILDER_NOTE = [[
`print(require("@NAME@"):to_json())` writes the definition.]]

local LUACHECK = [[
std = "min"
files["spec"].std = "min+busted"
]]

local BUSTED = [[
return {
  default = { lpath = "./?.lua;./?/init.lua" },
}
]]

local GITIGNORE = [[
/lua_modules/
/.luarocks/
*.rock
]]

-- --- putting it together ---

local extensions = { json = ".asl.json", yaml = ".asl.yaml" }

local INPUT = [[--input '{"name":"Ada"}' --virtual-time --trace]]

local function words_of(name, kind)
  local is_built = kind == "builder"
  local words = {
    NAME = name,
    TASKS = name .. "_tasks",
    DEFINITION = not is_built and name .. extensions[kind] or "",
    GREET = is_built and '["state:Greet"]' or "greet",
    LYAML = kind == "yaml" and '\n  "lyaml",' or "",
    INSTALL = is_built and "" or INSTALL,
    ROWS = is_built and BUILDER_ROWS or DEFINITION_ROW,
    NOTE = is_built and BUILDER_NOTE or DEFINITION_NOTE,
  }
  words.RUN = is_built and ("stepfn run %s.lua %s"):format(name, INPUT)
    or ("stepfn run %s --tasks %s.lua %s"):format(words.DEFINITION, words.TASKS, INPUT)
  return words
end

-- Words in what words stand for are replaced too.
local function fill(text, words)
  local again = function(word)
    return words[word] and fill(words[word], words)
  end
  return (text:gsub("@(%u+)@", again))
end

---@param name string
---@param kind stepfn.cli.ProjectKind
---@return stepfn.cli.ProjectFile[] files
---@return string run the command that runs it
function M.files(name, kind)
  local words = words_of(name, kind)
  local files = {}
  local function add(path, text)
    files[#files + 1] = { path = path, text = fill(text, words) }
  end
  if kind ~= "builder" then
    add(words.DEFINITION, kind == "yaml" and YAML or JSON)
  end
  add(words.TASKS .. ".lua", TASKS)
  add(name .. ".lua", kind == "builder" and BUILDS or LOADS)
  add("spec/" .. name .. "_spec.lua", SPEC)
  add(name .. "-scm-1.rockspec", ROCKSPEC)
  add("README.md", README)
  add(".busted", BUSTED)
  add(".luacheckrc", LUACHECK)
  add(".gitignore", GITIGNORE)
  return files, words.RUN
end

return M
