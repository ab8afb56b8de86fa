---`stepfn graph FILE`: writes a picture of a machine.
local faults = require "stepfn.cli.report.text"
local files = require "stepfn.cli.files"
local graph = require "stepfn.graph"
local picture = require "stepfn.cli.picture"

local M = {}

local DONE, INVALID, USAGE = 0, 1, 2

---@param command table argparse's
function M.describe(command)
  command:argument("file", "A definition in JSON or YAML, or a Lua file that returns a machine."):argname "FILE"
  command:option("--format", "What to write."):choices(graph.names):default "text"
end

-- Errors alone: a picture is wanted, not a verdict.
local function refuse(options, message, diagnostics, text, err)
  if diagnostics then
    faults.print(options.file, text, diagnostics, err)
  else
    err:write("stepfn: ", message, "\n")
  end
  return files.read(options.file) and INVALID or USAGE
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local machine, message, diagnostics, text = files.machine(options.file, {})
  if not machine then
    return refuse(options, message, diagnostics, text, streams.err)
  end
  local shown, missing = picture.show(machine, options.format, streams.out)
  if not shown then
    streams.err:write("stepfn: ", missing, "\n")
    return USAGE
  end
  return DONE
end

return M
