---Lua source text for values: strings, keys, and whatever JSON text holds.
local check = require "stepfn.step.check"
local sorted_keys = require "stepfn.sorted_keys"

local M = {}

local WIDTH, DEPTH_MAX = 110, 40
local TEXT_MAX = 16384 -- a function has room for so many constants; nobody reads so many
local SAFE_INTEGER = 2 ^ 53

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch "%a+" do
  keywords[word] = true
end

---May `text` be a name in Lua, of any version?
---@param text string
---@return boolean
function M.is_name(text)
  return text:find "^[%a_][%w_]*$" ~= nil and not keywords[text]
end

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

---A string in quotes, in one line.
---@param text string
---@return string
function M.quote(text)
  return '"' .. text:gsub('[%c\\"]', function(byte)
    return escapes[byte] or ("\\%03d"):format(byte:byte())
  end) .. '"'
end

---A key of a table constructor with its "=".
---@param key string
---@return string
function M.key(key)
  return (M.is_name(key) and key or "[" .. M.quote(key) .. "]") .. " = "
end

---A table constructor: in one line, or a line each.
---@param items string[]
---@param indent integer of the line that it begins in
---@param room integer? that is left of that line
---@return string
function M.table_of(items, indent, room)
  if #items == 0 then
    return "{}"
  end
  local inline = "{ " .. table.concat(items, ", ") .. " }"
  if #inline <= (room or WIDTH - indent) and not inline:find "\n" then
    return inline
  end
  local inner = "\n" .. (" "):rep(indent + 2)
  return "{" .. inner .. table.concat(items, "," .. inner) .. ",\n" .. (" "):rep(indent) .. "}"
end

local function number_text(value)
  if value % 1 == 0 and math.abs(value) <= SAFE_INTEGER then
    return ("%.0f"):format(value)
  end
  for digits = 14, 17 do
    local text = ("%%.%dg"):format(digits):format(value)
    if tonumber(text) == value then
      return text
    end
  end
end

local write

local function write_table(value, indent, depth)
  local stepfn, items = require "stepfn", {}
  if stepfn.is_array(value) then
    for i, item in ipairs(value) do
      items[i] = write(item, indent + 2, depth)
    end
    return #items == 0 and "stepfn.array {}" or M.table_of(items, indent)
  end
  for i, key in ipairs(sorted_keys(value)) do
    items[i] = M.key(key) .. write(value[key], indent + 2, depth)
  end
  return M.table_of(items, indent)
end

local writers = {
  string = M.quote,
  boolean = tostring,
  number = function(value)
    local is_exact = value == value and math.abs(value) < math.huge and (value % 1 ~= 0 or math.abs(value) <= SAFE_INTEGER)
    return is_exact and number_text(value) or error "inexact"
  end,
}

-- Raises where a table would not be the same value everywhere.
function write(value, indent, depth)
  if type(value) == "table" then
    return depth < DEPTH_MAX and write_table(value, indent, depth + 1) or error "deep"
  elseif value == require("stepfn").null then
    return "stepfn.null"
  end
  return (writers[type(value)] or error)(value)
end

---The value of JSON text as an expression in Lua, and as a value. What a table
---cannot hold as it is (the order of keys, large numbers), and what is very long,
---stays JSON text.
---@param text string without blanks
---@param indent integer
---@return string expression
---@return any value
function M.of_json(text, indent)
  local stepfn = require "stepfn"
  local value = stepfn.decode(text)
  if #text <= TEXT_MAX and check.encode(value) == text then
    local written, expression = pcall(write, value, indent, 0)
    if written then
      return expression, value
    end
  end
  local level = ""
  while text:find("]" .. level .. "]", 1, true) or text:sub(-1) == "]" and level == "" do
    level = level .. "="
  end
  return ("stepfn.value [%s[%s]%s]"):format(level, text, level), stepfn.value(text)
end

return M
