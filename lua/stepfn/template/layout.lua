---A template as text, JSON or YAML: members in the order in which people write
---them, the same bytes each time.
local core = require "stepfn.core"
local json_nodes = require "stepfn.template.json"
local value = require "stepfn.value"

local M = {}

-- These come first, in this order; all others after them by their bytes.
local first = {}
for index, name in ipairs {
  "AWSTemplateFormatVersion", "Transform", "Description", "Globals", "Parameters", "Mappings", "Conditions", "Resources",
  "Outputs", "Type", "DeletionPolicy", "UpdateReplacePolicy", "Properties", "StateMachineName", "Name", "StateMachineType",
  "Version", "Effect", "Principal", "Action", "Resource", "Condition",
  "DefinitionUri", "Definition", "DefinitionString", "DefinitionSubstitutions", "RoleArn", "Role", "Policies",
} do
  first[name] = index
end

local function sorted_names(object)
  local names = {}
  for name in pairs(object) do
    names[#names + 1] = name
  end
  table.sort(names, function(a, b)
    local x, y = first[a] or math.huge, first[b] or math.huge
    if x ~= y then
      return x < y
    end
    return a < b
  end)
  return names
end

-- What JSON has as it is and YAML takes for the end of a line, or not at all.
local escapes = { ["\127"] = "\\u007f", ["\194\133"] = "\\u0085", ["\226\128\168"] = "\\u2028", ["\226\128\169"] = "\\u2029" }

local function has_odd(text)
  for odd in pairs(escapes) do
    if text:find(odd, 1, true) then
      return true
    end
  end
  return false
end

local function escaped(json)
  for odd, escape in pairs(escapes) do
    json = json:gsub(odd, escape)
  end
  return json
end

local function quoted(text)
  return escaped(assert(core.encode(text)))
end

local function is_leaf(node)
  return type(node) ~= "table"
end

-- A value is written as JSON, indented to where it stands.
local function leaf(node, indent)
  if type(node) == "userdata" then
    return (escaped(assert(core.encode(node, true))):gsub("\n+$", ""):gsub("\n", "\n" .. indent))
  end
  return quoted(node)
end

-- --- JSON ---

local function write_json(out, node, indent)
  if is_leaf(node) then
    out[#out + 1] = leaf(node, indent)
    return
  end
  local is_array = value.is_array(node)
  local open, close = "{", "}"
  if is_array then
    open, close = "[", "]"
  end
  local keys = is_array and node or sorted_names(node)
  if #keys == 0 then
    out[#out + 1] = open .. close
    return
  end
  local inner = indent .. "  "
  out[#out + 1] = open
  for index, key in ipairs(keys) do
    out[#out + 1] = (index > 1 and "," or "") .. "\n" .. inner .. (is_array and "" or quoted(key) .. ": ")
    write_json(out, is_array and key or node[key], inner)
  end
  out[#out + 1] = "\n" .. indent .. close
end

---@param template table
---@return string
function M.json(template)
  local out = {}
  write_json(out, template, "")
  return table.concat(out) .. "\n"
end

-- --- YAML ---

-- Words that YAML may take for something else than text.
local reserved = {
  y = true, n = true, yes = true, no = true, on = true, off = true, ["true"] = true, ["false"] = true, null = true,
}

local function is_plain(text)
  return text:find "^%a[%w_./:%-]*$" and not text:find ":$" and not reserved[text:lower()]
end

local function is_block(text)
  return text:find "\n." and not text:find "[%z\1-\9\11-\31]" and not text:find "^[ \n]" and not has_odd(text)
end

local function block(text, indent)
  local body, ends = text:match "^(.-)(\n*)$"
  local mark = ends == "" and "|-" or ends == "\n" and "|" or "|+"
  return mark .. "\n" .. indent .. (body:gsub("\n", "\n" .. indent)) .. (mark == "|+" and ends:sub(2) or "")
end

local function scalar(node, indent)
  if type(node) ~= "string" then
    return leaf(node, indent)
  elseif is_plain(node) then
    return node
  elseif is_block(node) then
    return block(node, indent)
  end
  return quoted(node)
end

-- Functions with one text have a short form.
local function short_form(node)
  local name, argument = next(node)
  if name == nil or next(node, name) ~= nil then
    return nil
  elseif name == "Ref" and type(argument) == "string" then
    return "!Ref " .. scalar(argument, "")
  elseif name == "Fn::Sub" and type(argument) == "string" then
    return "!Sub " .. quoted(argument)
  elseif name == "Fn::GetAtt" and type(argument) == "table" then
    return "!GetAtt " .. table.concat(argument, ".")
  end
end

-- A name, or the dash of an item, and what stands behind it: on its line, or below.
local function write_entry(out, indent, name, text, write_below)
  local head = indent .. (name and (is_plain(name) and name or quoted(name)) .. ":" or "-")
  if text then
    out[#out + 1] = head .. " " .. text .. "\n"
    return
  elseif name then
    out[#out + 1] = head .. "\n"
    write_below()
    return
  end
  local at = #out + 1 -- the first entry begins on the line of the dash
  write_below()
  out[at] = head .. " " .. out[at]:sub(#indent + 3)
end

local function line_of_node(node, indent)
  if node.json then
    return node.json:sub(1, 1) == '"' and scalar(node.name, indent) or node.json
  elseif not node.values[1] then
    return node.keys and "{}" or "[]"
  end
end

-- A definition, in its own order.
local function write_node(out, node, indent)
  local inner = indent .. "  "
  for index, child in ipairs(node.values) do
    write_entry(out, indent, node.keys and node.keys[index].name, line_of_node(child, inner), function()
      write_node(out, child, inner)
    end)
  end
end

-- The tree of a value that has members; nil for what stands on one line.
local function tree_of(node)
  if type(node) ~= "userdata" then
    return nil
  end
  local tree = json_nodes.read(assert(core.encode(node)))
  return tree and tree.values and tree.values[1] and tree or nil
end

-- What stands on one line, or nil.
local function one_line(node, indent)
  if tree_of(node) then
    return nil
  elseif is_leaf(node) then
    return scalar(node, indent)
  elseif next(node) == nil then
    return value.is_array(node) and "[]" or "{}"
  end
  return not value.is_array(node) and short_form(node) or nil
end

local write_members

write_members = function(out, node, indent)
  local tree, inner = tree_of(node), indent .. "  "
  if tree then
    write_node(out, tree, indent)
    return
  end
  local is_array = value.is_array(node)
  for _, key in ipairs(is_array and node or sorted_names(node)) do
    local child = is_array and key or node[key]
    write_entry(out, indent, not is_array and key or nil, one_line(child, inner), function()
      write_members(out, child, inner)
    end)
  end
end

---@param template table
---@return string
function M.yaml(template)
  local out = {}
  write_members(out, template, "")
  return table.concat(out)
end

return M
