---`stepfn validate FILE…`: prints every fault of every definition.
local files = require "stepfn.cli.files"

local M = {}

local VALID, INVALID, USAGE = 0, 1, 2

---@param command table argparse's
function M.describe(command)
  command:argument("files", "Definitions in JSON, or Lua files that return a machine."):argname("FILE"):args "+"
end

local function check(path, err)
  local machine, message, diagnostics = files.machine(path, {})
  if diagnostics then
    files.print_diagnostics(err, path, diagnostics)
  end
  if machine then
    err:write(path, ": valid\n")
    return VALID
  elseif not diagnostics then
    err:write("stepfn: ", message, "\n")
  end
  return files.read(path) and INVALID or USAGE
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status the worst of all files
function M.run(options, streams)
  local worst = VALID
  for _, path in ipairs(options.files) do
    worst = math.max(worst, check(path, streams.err))
  end
  return worst
end

return M
