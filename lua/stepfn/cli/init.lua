---The command `stepfn`. Output that a program reads goes to standard output,
---everything for people to standard error.
---
---Exit status: 0 succeeded, 1 the workflow failed or a definition is invalid,
---2 wrong usage, 3 still running (waits for a callback).
local M = {}

local USAGE = 2

---@class stepfn.cli.Streams
---@field out file* what a program reads
---@field err file* what people read
---@field input file*

local commands = {
  run = "stepfn.cli.run",
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
  local by_name = {
    run = parser:command("run", "Run a state machine to its end."),
    validate = parser:command("validate", "Check definitions."),
  }
  for name, command in pairs(by_name) do
    require(commands[name]).describe(command)
  end
  return parser, by_name
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
  local parser, by_name = new_parser(argparse)
  local ok, options = parser:pparse(arguments)
  if not ok then
    local used = by_name[arguments[1]] or parser
    streams.err:write(used:get_usage(), "\nstepfn: ", options, "\n")
    return USAGE
  end
  return require(commands[options.command]).run(options, streams)
end

return M
