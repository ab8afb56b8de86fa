---Diagnostics as annotations of a GitHub Actions run.
local wording = require "stepfn.diagnostic"

local M = {}

local commands = { ERROR = "error", WARNING = "warning" }

local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }

local function data(text)
  return (text:gsub("[%%\r\n]", escapes))
end

local function property(text)
  return (text:gsub("[%%\r\n:,]", escapes))
end

-- Where an annotation can stand: in a file.
local function place_of(report, diagnostic)
  local outer = report.stands_in
  if outer then
    return outer.path, outer, diagnostic.line and (" (line %d of the definition)"):format(diagnostic.line) or ""
  end
  return report.path, diagnostic, ""
end

local function annotation(report, diagnostic)
  local path, place, inside = place_of(report, diagnostic)
  local position = place.line and (",line=%d,col=%d"):format(place.line, place.column) or ""
  local hint = diagnostic.hint and "\n" .. wording.hint(diagnostic) or ""
  return ("::%s file=%s%s,title=%s::%s"):format(commands[diagnostic.severity], property(path), position,
    property(diagnostic.code), data(wording.message(diagnostic) .. inside .. hint))
end

---@param reports stepfn.cli.Report[]
---@param streams stepfn.cli.Streams
function M.write(reports, streams)
  for _, report in ipairs(reports) do
    for _, diagnostic in ipairs(report.diagnostics) do
      streams.out:write(annotation(report, diagnostic), "\n")
    end
  end
end

return M
