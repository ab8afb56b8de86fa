---Diagnostics as AWS's ValidateStateMachineDefinition answers them, one document
---a file and line; ours have pointer, line, column and hint besides.
local stepfn = require "stepfn"

local M = {}

local fields = { "severity", "code", "message", "location", "pointer", "line", "column", "hint" }

-- Names of files, and what Lua says of them, need not be UTF-8; JSON must.
local function text_of(value)
  if type(value) == "string" and not stepfn.encode(value) then
    return (value:gsub("[\128-\255]", "?"))
  end
  return value
end

local function diagnostics_of(report)
  local list = {}
  for i, diagnostic in ipairs(report.diagnostics) do
    list[i] = {}
    for _, name in ipairs(fields) do
      list[i][name] = text_of(diagnostic[name])
    end
  end
  return stepfn.array(list)
end

---@param reports stepfn.cli.Report[]
---@param streams stepfn.cli.Streams
function M.write(reports, streams)
  for _, report in ipairs(reports) do
    streams.out:write(stepfn.encode {
      file = #reports > 1 and text_of(report.path) or nil,
      result = report.valid and "OK" or "FAIL",
      diagnostics = diagnostics_of(report),
      truncated = report.diagnostics.truncated or false,
    }, "\n")
  end
end

return M
