---Where the parts of a JSON text stand, found without the code under test.
local M = {}

---@class conformance.Place
---@field key? integer byte offset of the member's name
---@field value integer byte offset of the value
---@field members? table<string, conformance.Place> of an object, or "0", "1" ... of an array

local read

local function skip(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

-- The offset behind a string.
local function string_end(text, at)
  local last = at
  repeat
    last = text:find('["\\]', last + 1)
    local escaped = text:sub(last, last) == "\\"
    if escaped then
      last = last + 1
    end
  until not escaped
  return last + 1
end

local function unescaped(text, from, to)
  local plain = text:sub(from + 1, to - 2)
  return plain:find("\\", 1, true) and require("stepfn").decode(text:sub(from, to - 1)) or plain
end

local function read_object(text, at, place)
  at = skip(text, at + 1)
  while text:sub(at, at) ~= "}" do
    local key = at
    at = string_end(text, at)
    local name = unescaped(text, key, at)
    at = skip(text, skip(text, at) + 1)
    place.members[name], at = read(text, at)
    place.members[name].key = key
    at = skip(text, at)
    at = text:sub(at, at) == "," and skip(text, at + 1) or at
  end
  return at + 1
end

local function read_array(text, at, place)
  local index = 0
  at = skip(text, at + 1)
  while text:sub(at, at) ~= "]" do
    place.members[tostring(index)], at = read(text, at)
    index = index + 1
    at = skip(text, at)
    at = text:sub(at, at) == "," and skip(text, at + 1) or at
  end
  return at + 1
end

function read(text, at)
  local place, first = { value = at }, text:sub(at, at)
  if first == "{" or first == "[" then
    place.members = {}
    return place, (first == "{" and read_object or read_array)(text, at, place)
  elseif first == '"' then
    return place, string_end(text, at)
  end
  return place, text:match("^[%w.+-]+()", at)
end

---@param text string JSON
---@param pointer string RFC 6901
---@return conformance.Place?
function M.of(text, pointer)
  local place = read(text, skip(text, 1))
  for step in pointer:gmatch "/([^/]*)" do
    local name = step:gsub("~1", "/"):gsub("~0", "~")
    place = place and place.members and place.members[name]
  end
  return place
end

---@param text string
---@param offset integer byte
---@return integer line
---@return integer column in characters
function M.position(text, offset)
  local before = text:sub(1, offset - 1)
  local _, line = before:gsub("\n", "")
  local _, column = before:match("[^\n]*$"):gsub("[^\128-\191]", "")
  return line + 1, column + 1
end

---The token that begins there: a string with its quotes, a word, a number, else
---one character.
---@param text string
---@param offset integer byte
---@return string
function M.token(text, offset)
  if text:sub(offset, offset) == '"' then
    return text:sub(offset, string_end(text, offset) - 1)
  end
  return text:match("^[%w.+-]+", offset) or text:sub(offset, offset)
end

return M
