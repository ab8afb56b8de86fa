---Diagnostics as text: one line each, as compilers print theirs.  Names that they
---quote may hold anything: no more of it is shown than is fit to be.
local display = require "stepfn.display"

local M = {}

---@class stepfn.Diagnostic
---@field severity "ERROR"|"WARNING"
---@field code string
---@field message string
---@field location? string as AWS writes it
---@field pointer string RFC 6901
---@field hint? string what to do about it
---@field line? integer
---@field column? integer in characters
---@field length? integer characters that are meant, in a definition in YAML

-- A message in which the service quotes the whole text, without that: line and
-- column say enough, also of the place at which something was opened.
local function unquoted(message)
  local text = message:gsub("\n at %[Source: .*", "")
  return (text:gsub("%[Source: .*; line: (%d+), column: (%d+)%]", "%1:%2"))
end

---Message and location in one line.
---@param diagnostic stepfn.Diagnostic
---@return string
function M.message(diagnostic)
  local message, location = diagnostic.message, diagnostic.location
  if location and location:find("[Source: ", 1, true) == 1 then
    return display.clean(unquoted(message))
  end
  return display.clean(message .. (location and " at " .. location or ""))
end

---"file:line:column:", as far as it is known.
---@param diagnostic stepfn.Diagnostic
---@param file? string
---@return string
function M.place(diagnostic, file)
  local place = file and display.clean(file) .. ":" or ""
  if diagnostic.line then
    place = place .. diagnostic.line .. ":" .. diagnostic.column .. ":"
  end
  return place
end

---"error CODE".
---@param diagnostic stepfn.Diagnostic
---@return string
function M.kind(diagnostic)
  return diagnostic.severity:lower() .. " " .. diagnostic.code
end

---What to do about it, in one line.
---@param diagnostic stepfn.Diagnostic
---@return string?
function M.hint(diagnostic)
  return diagnostic.hint and display.clean(diagnostic.hint)
end

---@param diagnostic stepfn.Diagnostic
---@param file? string
---@return string
function M.line(diagnostic, file)
  local place = M.place(diagnostic, file)
  return (place ~= "" and place .. " " or "") .. M.kind(diagnostic) .. ": " .. M.message(diagnostic)
end

---The printed list: one fault a line, hints in brackets.
---@param diagnostics stepfn.Diagnostic[]
---@param file? string
---@return string
function M.list(diagnostics, file)
  local lines = {}
  for i, diagnostic in ipairs(diagnostics) do
    local hint = M.hint(diagnostic)
    lines[i] = M.line(diagnostic, file) .. (hint and " (" .. hint .. ")" or "")
  end
  return table.concat(lines, "\n")
end

---Those of one severity.
---@param diagnostics stepfn.Diagnostic[]
---@param severity "ERROR"|"WARNING"
---@return stepfn.Diagnostic[]
function M.only(diagnostics, severity)
  local found = {}
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.severity == severity then
      found[#found + 1] = diagnostic
    end
  end
  return found
end

return M
