---A definition that stands in a template as text over several lines (`DefinitionString:
---!Sub |`): where a place in the text is in the template.
local document = require "stepfn.template.document"

local M = {}

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    lines[#lines + 1] = line
  end
  return lines
end

-- The text as it stands there, not what a function made of it.
local function scalar_of(node)
  local argument = document.member(node, "Fn::Sub")
  argument = argument and argument.values and argument.values[1] or argument
  return node.json and node or argument and argument.json and argument or nil
end

local function trimmed(line)
  return (line or ""):match "^%s*(.-)%s*$"
end

-- Does the template have these lines below that one, as they are?
local function is_block(lines, outer, first)
  for index, line in ipairs(lines) do
    local is_end = index == #lines and line == ""
    if not is_end and trimmed(line) ~= trimmed(outer[first + index]) then
      return false
    end
  end
  return #lines > 2
end

local CHARACTER = "[^\128-\191][\128-\191]*"

local function split(line)
  local list = {}
  for character in line:gmatch(CHARACTER) do
    list[#list + 1] = character
  end
  return list
end

-- Where a column of a line stands in the same line before anything was put in:
-- counted from the begin as far as both are alike, or from the end.
local function column_before(raw, own, column)
  local a, b = split(raw), split(own)
  local alike = 0
  while alike < #a and a[alike + 1] == b[alike + 1] do
    alike = alike + 1
  end
  if column <= alike + 1 then
    return column
  end
  local from_end = #b - column
  for back = 0, from_end do
    if a[#a - back] ~= b[#b - back] then
      return alike + 1
    end
  end
  return #a - from_end
end

local function column_in(outer, raw, own, column)
  return column_before(raw, own, column) + #split(outer:match "^%s*") - #split(raw:match "^%s*")
end

---@param source stepfn.template.Document
---@param node stepfn.yaml.Node of the definition
---@param text string what it came to
---@param diagnostics stepfn.Diagnostic[] their places become those of the template
---@return boolean done
function M.relocate(source, node, text, diagnostics)
  local scalar = scalar_of(node)
  if not scalar then
    return false
  end
  local first = source:place(scalar)
  local raw, own, outer = lines_of(document.text(scalar) or ""), lines_of(text), lines_of(source.text)
  if #raw ~= #own or not is_block(raw, outer, first) then
    return false
  end
  for _, diagnostic in ipairs(diagnostics) do
    local line = diagnostic.line
    if line and raw[line] then
      diagnostic.column = column_in(outer[first + line], raw[line], own[line], diagnostic.column)
      diagnostic.line = first + line
    end
  end
  return true
end

return M
