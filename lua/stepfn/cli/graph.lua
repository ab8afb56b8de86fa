---`stepfn graph FILE`: writes a picture of a machine.
local complain = require "stepfn.cli.complain"
local graph = require "stepfn.graph"
local picture = require "stepfn.cli.picture"
local refusal = require "stepfn.cli.refusal"
local source = require "stepfn.cli.source"

local M = { check = source.check }

local DONE, USAGE = 0, 2

---@param command table argparse's
function M.describe(command)
  source.describe(command, "A definition in JSON or YAML, or a Lua file that returns a machine.")
  command:option("--format", "What to write."):choices(graph.names):default "text"
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local machine, message, diagnostics, from = source.machine(options, {})
  if not machine then
    return refusal.tell(from, message, diagnostics, streams.err)
  end
  local shown, missing = picture.show(machine, options.format, streams.out)
  if not shown then
    complain(streams.err, missing)
    return USAGE
  end
  return DONE
end

return M
