---Diagnostics for people: the line, carets under the place, a hint.
local complain = require "stepfn.cli.complain"
local display = require "stepfn.display"
local wording = require "stepfn.diagnostic"
local snippet = require "stepfn.snippet"
local terminal = require "stepfn.cli.terminal"

local M = {}

local styles = { ERROR = "\27[31m", WARNING = "\27[33m", place = "\27[1m", dim = "\27[2m", help = "\27[36m" }
local PLAIN = "\27[0m"
local MARGIN = 10

-- A function that puts text into a style, or leaves it as it is.
local function painter(colour)
  return function(text, style)
    return colour and styles[style] .. text .. PLAIN or text
  end
end

local function head(diagnostic, path, paint)
  return paint(wording.place(diagnostic, path), "place") .. " " .. paint(wording.kind(diagnostic), diagnostic.severity)
    .. ": " .. wording.message(diagnostic)
end

---One diagnostic, with its source where there is one.
---@param diagnostic stepfn.Diagnostic
---@param path string
---@param text string?
---@param look { width: integer, colour: boolean }
---@return string lines
function M.format(diagnostic, path, text, look)
  local paint = painter(look.colour)
  local lines = { head(diagnostic, path, paint) }
  local source, carets
  if text and diagnostic.line then
    source, carets = snippet.of(text, diagnostic.line, diagnostic.column, math.max(look.width - MARGIN, 20),
      diagnostic.length)
  end
  if source then
    lines[2] = paint(("%6d | "):format(diagnostic.line), "dim") .. source
    lines[3] = paint("       | ", "dim") .. paint(carets, diagnostic.severity)
  end
  if diagnostic.hint then
    lines[#lines + 1] = paint("       = ", "dim") .. paint("hint: ", "help") .. wording.hint(diagnostic)
  end
  return table.concat(lines, "\n") .. "\n"
end

---How it looks on this stream.
---@param err file*
---@return { width: integer, colour: boolean }
function M.look(err)
  local is_terminal = err == io.stderr and terminal.is_terminal()
  return { width = terminal.width(is_terminal), colour = terminal.colour(is_terminal) }
end

---@param path string
---@param text string?
---@param diagnostics stepfn.Diagnostic[]
---@param err file*
function M.print(path, text, diagnostics, err)
  local look = M.look(err)
  for _, diagnostic in ipairs(diagnostics) do
    err:write(M.format(diagnostic, path, text, look))
  end
end

local function counted(count, word)
  return count > 0 and ("%d %s%s"):format(count, word, count > 1 and "s" or "") or nil
end

-- "2 errors, 1 warning", "valid", "valid, 1 warning".
local function summary(report)
  local errors = counted(#wording.only(report.diagnostics, "ERROR"), "error")
  local warnings = counted(#wording.only(report.diagnostics, "WARNING"), "warning")
  local more = report.diagnostics.truncated and " (there are more)" or ""
  return (errors or "valid") .. (warnings and ", " .. warnings or "") .. more
end

---@param reports stepfn.cli.Report[]
---@param streams stepfn.cli.Streams
function M.write(reports, streams)
  for _, report in ipairs(reports) do
    if report.text or report.is_judged then
      M.print(report.path, report.text, report.diagnostics, streams.err)
      streams.err:write(display.clean(report.path), ": ", summary(report), "\n")
    else
      complain(streams.err, report.diagnostics[1].message)
    end
  end
end

return M
