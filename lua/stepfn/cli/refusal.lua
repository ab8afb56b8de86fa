---What the command says where there is no machine.
local complain = require "stepfn.cli.complain"
local faults = require "stepfn.cli.report.text"

local M = {}

local INVALID, USAGE = 1, 2

---Prints why; errors alone, for what is wanted is no verdict.
---@param from stepfn.cli.Source
---@param message string
---@param diagnostics stepfn.Diagnostic[]?
---@param err file*
---@return integer status
function M.tell(from, message, diagnostics, err)
  if diagnostics then
    faults.print(from.path, from.text, diagnostics, err)
  else
    complain(err, message)
  end
  return from.missing and USAGE or INVALID
end

return M
