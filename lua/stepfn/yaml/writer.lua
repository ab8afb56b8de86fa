---A tree of nodes as JSON text in which every name, value and closing bracket
---begins a line: so the line of a fault in the JSON tells its place in the YAML.
local quote = require("stepfn.yaml.scalar").quote

local M = {}

local BYTES_MAX = 8 * 1024 * 1024
local LINES_MAX = 1000000

---@class stepfn.yaml.Written
---@field json string
---@field nodes stepfn.yaml.Node[] what stands in each line of it

-- nil when there is no more room: aliases make much of little.
local function add_line(out, text, node)
  local count = #out.lines + 1
  out.bytes = out.bytes + #text + 2
  if count > LINES_MAX or out.bytes > BYTES_MAX then
    return false
  end
  out.lines[count], out.nodes[count] = text, node
  return true
end

local function add_node(out, node)
  if node.json then
    return add_line(out, node.json, node)
  end
  table.insert(out.open, { node = node, at = 0 })
  return add_line(out, node.keys and "{" or "[", node)
end

local function close(out, node)
  table.remove(out.open)
  return add_line(out, node.keys and "}" or "]", node)
end

-- The next member or element of the innermost that is open.
local function go_on(out)
  local frame = out.open[#out.open]
  local node, at = frame.node, frame.at + 1
  frame.at = at
  local value = node.values[at]
  if not value then
    return close(out, node)
  elseif at > 1 then
    out.lines[#out.lines] = out.lines[#out.lines] .. ","
  end
  local key = node.keys and node.keys[at]
  return (not key or add_line(out, quote(key.name) .. ":", key)) and add_node(out, value)
end

-- The alias, outermost of all, in which it was too much.
local function alias_of(out)
  for _, frame in ipairs(out.open) do
    local aliases = frame.node.aliases
    if aliases and aliases[frame.at] then
      return aliases[frame.at]
    end
  end
end

---@param root stepfn.yaml.Node
---@return stepfn.yaml.Written? written nil when it would be too large
---@return string? message
---@return integer? index where the alias stands that makes it so
function M.write(root)
  local out = { lines = {}, nodes = {}, open = {}, bytes = 0 }
  local good = add_node(out, root)
  while good and #out.open > 0 do
    good = go_on(out)
  end
  if not good then
    return nil, ("with its aliases the document has more than %d bytes, or %d lines, of JSON"):format(BYTES_MAX, LINES_MAX),
      alias_of(out)
  end
  return { json = table.concat(out.lines, "\n") .. "\n", nodes = out.nodes }
end

return M
