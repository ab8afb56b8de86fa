---What functions of templates are given.
local document = require "stepfn.template.document"
local fault = require "stepfn.template.fault"

local M = {}

---The arguments of a function that takes several.
---@param node stepfn.yaml.Node
---@param name string of the function
---@param least integer
---@param most integer
---@return stepfn.yaml.Node[]
function M.list(node, name, least, most)
  local count = node.values and not node.keys and #node.values or -1
  if count < least or count > most then
    fault.raise(node, "INVALID_FUNCTION", "%s takes a list of %s", name, least == most and least or least .. " to " .. most)
  end
  return node.values
end

---An argument that is text.
---@param scope stepfn.template.Scope
---@param node stepfn.yaml.Node
---@param name string of the function
---@return string
function M.text(scope, node, name)
  local text = scope:text(node)
  if not text then
    fault.raise(node, "INVALID_FUNCTION", "%s takes text here", name)
  end
  return text
end

---The elements of an argument that is a list.
---@param scope stepfn.template.Scope
---@param node stepfn.yaml.Node
---@param name string of the function
---@return stepfn.yaml.Node[]
function M.items(scope, node, name)
  local list = scope:resolve(node)
  if list == document.NOTHING or not list.values or list.keys then
    fault.raise(node, "INVALID_FUNCTION", "%s takes a list here", name)
  end
  return list.values
end

---The parts of a text between delimiters.
---@param text string
---@param delimiter string not empty
---@return string[]
function M.split(text, delimiter)
  local parts, at = {}, 1
  while true do
    local first, last = text:find(delimiter, at, true)
    if not first then
      parts[#parts + 1] = text:sub(at)
      return parts
    end
    parts[#parts + 1] = text:sub(at, first - 1)
    at = last + 1
  end
end

return M
