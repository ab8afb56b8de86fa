---JSON text as the tree of nodes that `stepfn.yaml` makes of YAML, so that a
---template is read the same way in both.
local core = require "stepfn.core"
local places = require "stepfn.yaml.places"

local M = {}

---@class stepfn.template.Reading
---@field text string
---@field at integer byte of the next token
---@field index integer characters before it

local function characters(text)
  return select(2, text:gsub("[^\128-\191]", ""))
end

local function advance(reading, count)
  reading.index = reading.index + characters(reading.text:sub(reading.at, reading.at + count - 1))
  reading.at = reading.at + count
end

local function skip_blanks(reading)
  local _, last = reading.text:find("^[ \t\r\n]*", reading.at)
  advance(reading, last - reading.at + 1)
end

-- The next character that is no blank.
local function peek(reading)
  skip_blanks(reading)
  return reading.text:sub(reading.at, reading.at)
end

local function string_length(text, first)
  local at = first + 1
  while true do
    local found = text:find('["\\]', at)
    if text:sub(found, found) == '"' then
      return found - first + 1
    end
    at = found + 2
  end
end

local function read_scalar(reading)
  local first, at, text = reading.index, reading.at, reading.text
  local is_text = text:sub(at, at) == '"'
  local length = is_text and string_length(text, at) or #text:match("^[^%s,%]}]+", at)
  advance(reading, length)
  local json = text:sub(at, at + length - 1)
  return {
    first = first, last = reading.index, json = json, name = is_text and core.decode(json) or json,
    is_null = json == "null" or nil,
  }
end

local read_node

-- The first member that is there twice.
local function note_twice(reading, seen, key)
  if seen[key.name] and not reading.twice then
    reading.twice = { key = key, before = seen[key.name] }
  end
  seen[key.name] = key.first
end

local function read_member(reading, node, seen)
  local key = read_scalar(reading)
  note_twice(reading, seen, key)
  table.insert(node.keys, key)
  peek(reading)
  advance(reading, 1) -- the colon
  peek(reading)
  table.insert(node.values, read_node(reading))
end

local function read_collection(reading, close)
  local node = { first = reading.index, values = {}, keys = close == "}" and {} or nil }
  local seen = {}
  advance(reading, 1)
  local following = peek(reading)
  while following ~= close do
    if following == "," then
      advance(reading, 1)
    elseif node.keys then
      read_member(reading, node, seen)
    else
      table.insert(node.values, read_node(reading))
    end
    following = peek(reading)
  end
  advance(reading, 1)
  node.last = reading.index
  return node
end

local closing = { ["{"] = "}", ["["] = "]" }

-- The depth of JSON is limited, so is this recursion.
read_node = function(reading)
  local close = closing[peek(reading)]
  if close then
    return read_collection(reading, close)
  end
  return read_scalar(reading)
end

local function refuse_twice(text, twice)
  local at = places.new(text)
  local line, column = at:at(twice.key.first)
  return nil, ("the member '%s' is there already, in line %d"):format(twice.key.name, (at:at(twice.before))),
    { line = line, column = column }
end

---@param text string
---@return stepfn.yaml.Node? root
---@return string? message
---@return { line: integer, column: integer }? place
function M.read(text)
  local value, message, place = core.value(text)
  if value == nil then
    return nil, (message:gsub("^%d+:%d+: ", "")), place
  end
  local reading = { text = text, at = 1, index = 0 }
  local root = read_node(reading)
  if reading.twice then
    return refuse_twice(text, reading.twice)
  end
  return root
end

return M
