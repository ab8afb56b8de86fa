---The command `stepfn`. Output that a program reads goes to standard output,
---everything for people to standard error.
---
---Exit status: 0 succeeded, 1 the workflow failed or a definition is invalid or
---the output could not be written, 2 wrong usage, 3 still running (waits for a callback).
local M = {}

local DONE, USAGE, UNWRITTEN = 0, 2, 1

---@class stepfn.cli.Streams
---@field out file* what a program reads
---@field err file* what people read
---@field input file*

local commands = {
  run = "stepfn.cli.run",
  package = "stepfn.cli.package",
  graph = "stepfn.cli.graph",
  convert = "stepfn.cli.convert",
  new = "stepfn.cli.new",
  validate = "stepfn.cli.validate",
}

local NO_ARGPARSE = [[
stepfn: the command needs the Lua module argparse, which is not installed for this Lua:
  luarocks install argparse        or, on Debian:  apt-get install lua-argparse
]]

-- The parser, and the parsers of the commands by name.
local function new_parser(argparse)
  local parser = argparse("stepfn", "Runs and checks definitions in the Amazon States Language.")
  parser:command_target("command")
  parser:require_command(true)
  parser:flag("--version", "Show the version and exit.")
  local by_name = {
    run = parser:command("run", "Run a state machine to its end."),
    graph = parser:command("graph", "Draw a state machine."),
    convert = parser:command("convert", "Write a definition as a Lua program, or the other way."),
    new = parser:command("new", "Begin a project."),
    package = parser:command("package", "Write a template of CloudFormation or SAM for a state machine."),
    validate = parser:command("validate", "Check definitions."),
  }
  for name, command in pairs(by_name) do
    require(commands[name]).describe(command)
  end
  return parser, by_name
end

-- Options whose value may be a negative number, which looks like an option.
local numeric = { ["--seed"] = true, ["--input"] = true }

-- "--seed", "-1" as "--seed=-1".
local function joined(arguments)
  local list, i = {}, 1
  while i <= #arguments do
    local word, value = arguments[i], arguments[i + 1]
    if numeric[word] and value and value:find "^%-%d" then
      word, i = word .. "=" .. value, i + 1
    end
    list[#list + 1] = word
    i = i + 1
  end
  return list
end

-- Standard output that remembers its first fault.
local function watched(out)
  return {
    of = out,
    write = function(self, ...)
      local good, message = out:write(...)
      self.fault = self.fault or not good and message or nil
      return self
    end,
    flush = function(self)
      local good, message = true, nil
      if out.flush then
        good, message = out:flush()
      end
      self.fault = self.fault or not good and message or nil
    end,
  }
end

-- Run a command.  -> its exit status, which is no success when its output is lost
local function run(options, streams)
  local out = watched(streams.out)
  local status = require(commands[options.command]).run(options, { out = out, err = streams.err, input = streams.input })
  out:flush()
  if out.fault then
    streams.err:write("stepfn: standard output: ", out.fault, "\n")
    return math.max(status, UNWRITTEN)
  end
  return status
end

local function write_version(streams)
  local jit = rawget(_G, "jit")
  streams.out:write("stepfn ", require("stepfn")._VERSION, " (", jit and jit.version or _VERSION, ")\n")
  return DONE
end

-- A usage alone tells little.
local function refuse(used, name, fault, err)
  err:write(used:get_usage(), "\nstepfn: ", fault, "\n", name and "stepfn " .. name or "stepfn", " --help tells more\n")
  return USAGE
end

-- What a command finds wrong with arguments that argparse takes.
local function fault_of(options)
  local check = require(commands[options.command]).check
  return check and check(options)
end

---@param arguments string[]
---@param streams stepfn.cli.Streams? those of the process
---@return integer status
function M.main(arguments, streams)
  streams = streams or { out = io.stdout, err = io.stderr, input = io.stdin }
  local found, argparse = pcall(require, "argparse")
  if not found then
    streams.err:write(NO_ARGPARSE)
    return USAGE
  end
  if arguments[1] == "--version" then
    return write_version(streams)
  end
  local parser, by_name = new_parser(argparse)
  local ok, options = parser:pparse(joined(arguments))
  local fault = not ok and options or fault_of(options)
  if fault then
    local used = by_name[arguments[1]]
    return refuse(used or parser, used and arguments[1], fault, streams.err)
  end
  return run(options, streams)
end

return M
