---A template as it was read: a tree of nodes that know their places.
local core = require "stepfn.core"
local json = require "stepfn.template.json"
local places = require "stepfn.yaml.places"
local scalar = require "stepfn.yaml.scalar"
local writer = require "stepfn.yaml.writer"

local M = {}

---@class stepfn.template.Document
---@field path string
---@field text string
---@field root stepfn.yaml.Node
---@field places stepfn.yaml.Places
local Document = {}
Document.__index = Document

-- --- nodes ---

---What AWS::NoValue comes to: the member or element is left out.
---@type stepfn.yaml.Node
M.NOTHING = { first = 0, last = 0, json = "null" }

---The member of a mapping.
---@param node stepfn.yaml.Node?
---@param name string
---@return stepfn.yaml.Node? value
---@return stepfn.yaml.Node? key
function M.member(node, name)
  for index, key in ipairs(node and node.keys or {}) do
    if key.name == name then
      return node.values[index], key
    end
  end
end

---What a scalar says: text, a number as text, "true" …; nil for null and collections.
---@param node stepfn.yaml.Node?
---@return string?
function M.text(node)
  if not node or not node.json or node.json == "null" then
    return nil
  elseif node.json:sub(1, 1) == '"' then
    return (core.decode(node.json))
  end
  return node.json
end

---A new node in the place of another one.
---@param text string
---@param like stepfn.yaml.Node
---@return stepfn.yaml.Node
function M.new_text(text, like)
  return { first = like.first, last = like.last, json = scalar.quote(text), name = text }
end

---@param texts string[]
---@param like stepfn.yaml.Node
---@return stepfn.yaml.Node
function M.new_list(texts, like)
  local node = { first = like.first, last = like.last, values = {} }
  for index, text in ipairs(texts) do
    node.values[index] = M.new_text(text, like)
  end
  return node
end

-- --- documents ---

---@param node stepfn.yaml.Node
---@return integer line
---@return integer column
---@return integer length
function Document:place(node)
  local line, column = self.places:at(node.first)
  local last_line, last_column = self.places:at(node.last)
  local length = not node.json and 1 or last_line == line and last_column - column or self.places:length(line) - column + 1
  return line, column, math.max(length, 1)
end

---The JSON text of a node, and a function that turns the places of diagnostics
---of that text into those of this document.
---@param node stepfn.yaml.Node
---@return string? json
---@return string|fun(diagnostics: stepfn.Diagnostic[]) relocate a message when it would be too large
function Document:write(node)
  local written, message = writer.write(node)
  if not written then
    return nil, message
  end
  return written.json, function(diagnostics)
    for _, diagnostic in ipairs(diagnostics) do
      local origin = diagnostic.line and written.nodes[diagnostic.line]
      if origin then
        diagnostic.line, diagnostic.column, diagnostic.length = self:place(origin)
      end
    end
  end
end

-- --- tags ---

-- Short forms of the functions; the others are "Fn::" and their name.
local tags = { ["!Ref"] = "Ref", ["!Condition"] = "Condition" }

local function tag(name, kind, text)
  local short = name:match "^!(%u[%w:]*)$"
  if not short then
    return nil, "the tag '" .. name .. "' is no function of CloudFormation"
  elseif short == "GetAtt" and kind == "scalar" then
    local id, attribute = text:match "^([^.]+)%.(.+)$"
    return "Fn::GetAtt", id and { id, attribute } or nil
  end
  return tags[name] or "Fn::" .. short
end

local function read_yaml(text)
  local document, message, detail = require("stepfn.yaml").read(text, { tag = tag })
  if not document then
    return nil, message, detail
  end
  return document.root
end

---@param path string for messages, and its extension tells YAML from JSON, else the first character does
---@param text string
---@return stepfn.template.Document? document
---@return string? message
---@return { line: integer?, column: integer?, code: string? }? detail
function M.read(path, text)
  local is_json = path:find "%.json$" or not path:find "%.ya?ml$" and text:find "^%s*{"
  local read = is_json and json.read or read_yaml
  local root, message, detail = read(text)
  if not root then
    return nil, message, detail
  end
  local source = places.new(text)
  return setmetatable({ path = path, text = source.text, root = root, places = source }, Document)
end

return M
