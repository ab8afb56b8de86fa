---What the builder's arguments may be. A kind takes the value that the user
---gave and returns what the builder keeps (mostly JSON text, so that a table
---changed later changes nothing), or nil and what it expected instead.
---
---Wrong arguments are raised at the line outside the builder that gave them.
local M = {}

local SOURCE = debug.getinfo(1, "S").source:gsub("[^/\\]*$", "")

---@class stepfn.step.List a kind of argument that may be repeated
---@field each fun(value: any): any, string?

-- How many levels above raise() the first frame outside this folder is.
-- Counting calls would go wrong where Lua 5.1 counts a tail call as a level.
local function level_of_user()
  local level = 3
  while true do
    local info = debug.getinfo(level, "S")
    if not info then
      return 0
    end
    local inside = info.what == "tail" or info.source:sub(1, #SOURCE) == SOURCE
    if not inside then
      return level - 1
    end
    level = level + 1
  end
end

---Raises `message` at the user's line.
---@param message string
function M.raise(message)
  error(message, level_of_user())
end

local function described(value)
  local kind = type(value)
  if kind == "string" then
    return ("%q"):format(value)
  elseif kind == "number" or kind == "boolean" then
    return tostring(value)
  end
  return kind == "nil" and "nothing" or kind
end

---@param what string where the value stands: "bad argument #1 to 'next'"
---@param problem string what was expected, or the whole problem after "!"
---@param value any
local function complain(what, problem, value)
  if problem:sub(1, 1) == "!" then
    M.raise(("%s (%s)"):format(what, problem:sub(2)))
  end
  M.raise(("%s (%s expected, got %s)"):format(what, problem, described(value)))
end

---The kept form of argument `position` of `name`; raises when it is wrong.
---@param name string the function, as the user knows it
---@param position integer
---@param kind fun(value: any): any, string?
---@param value any
---@return any
function M.argument(name, position, kind, value)
  local kept, problem = kind(value)
  if kept == nil then
    complain(("bad argument #%d to '%s'"):format(position, name), problem, value)
  end
  return kept
end

---The same for a field of a table argument.
---@param name string
---@param position integer
---@param field string
---@param kind fun(value: any): any, string?
---@param value any
---@return any
function M.field(name, position, field, kind, value)
  local kept, problem = kind(value)
  if kept == nil then
    complain(("bad argument #%d to '%s': %s"):format(position, name, field), problem, value)
  end
  return kept
end

---What the builder made `value` to be: "state", "rule", "retrier", "catcher",
---"lambda", "activity", "source", "scope"; nil for anything else.
---@param value any
---@return string?
function M.kind_of(value)
  local meta = type(value) == "table" and getmetatable(value)
  return type(meta) == "table" and meta.step_kind or nil
end

---JSON text of any value, as `stepfn.encode` writes it.
---@param value any
---@return string? text
---@return string? problem
function M.encode(value)
  local ok, text, message = pcall(require("stepfn").encode, value)
  if ok and text then
    return text
  end
  return nil, "!" .. tostring(ok and message or text)
end

local function is_whole(value)
  return type(value) == "number" and value % 1 == 0 and value < math.huge
end

---A number that `accepts` agrees to, written as JSON.
local function number_kind(expected, accepts)
  return function(value)
    if type(value) == "number" and value == value and accepts(value) then
      return M.encode(value)
    end
    return nil, expected
  end
end

local function text_kind(expected, pattern)
  return function(value)
    if type(value) == "string" and value:find(pattern) then
      return M.encode(value)
    end
    return nil, expected
  end
end

M.text = text_kind("string", "")
M.path = text_kind("path beginning with '$'", "^%$")
M.path_or_call = text_kind("path beginning with '$' or an intrinsic function", "^[%$S]")

-- "{% … %}", the whole of the text.
local function is_expression(value)
  return type(value) == "string" and value:find "^{%%.*%%}$" ~= nil
end

---A JSONata expression.
function M.expression(value)
  return is_expression(value) and M.encode(value) or nil, "JSONata expression in {% %}"
end

---What `kind` takes, or the JSONata expression that gives it.
---@param kind fun(value: any): any, string?
function M.or_expression(kind)
  return function(value)
    if is_expression(value) then
      return M.encode(value)
    end
    return kind(value)
  end
end

local plain_number = number_kind("number", function(value) return math.abs(value) < math.huge end)

---A number; of those that Lua has none for, a `stepfn.integer` or `stepfn.value`.
function M.number(value)
  local text = type(value) == "userdata" and M.encode(value)
  if text and text:find "^-?%d" then
    return text
  end
  return plain_number(value)
end

M.seconds = number_kind("whole number of seconds above 0", function(value) return is_whole(value) and value > 0 end)
M.delay = number_kind("whole number of seconds", function(value) return is_whole(value) and value >= 0 end)
M.count = number_kind("whole number from 0 on", function(value) return is_whole(value) and value >= 0 end)
M.rate = number_kind("number from 1 on", function(value) return value >= 1 and value < math.huge end)
M.percentage = number_kind("number from 0 to 100", function(value) return value >= 0 and value <= 100 end)

---A path, or null for none at all.
function M.path_or_null(value)
  if value ~= nil and type(value) ~= "string" and M.encode(value) == "null" then
    return "null"
  end
  local text = M.path(value)
  return text, text == nil and "path beginning with '$', or stepfn.null" or nil
end

function M.boolean(value)
  if type(value) == "boolean" then
    return tostring(value)
  end
  return nil, "boolean"
end

---Any value that JSON can hold.
function M.data(value)
  if value == nil then
    return nil, "value"
  end
  return M.encode(value)
end

---A value that is written as a JSON object.
function M.object(value)
  if type(value) ~= "table" and type(value) ~= "userdata" then
    return nil, "table"
  end
  local text, problem = M.encode(value)
  if text and text:sub(1, 1) ~= "{" then
    return nil, "table with string keys"
  end
  return text, problem
end

local TIME_MAX = 9223372036 -- seconds from 1970: the years 1677 to 2262, as the engine has them

---RFC 3339 text, or a whole number as os.time() gives it.
function M.timestamp(value)
  if is_whole(value) and math.abs(value) <= TIME_MAX then
    value = os.date("!%Y-%m-%dT%H:%M:%SZ", value)
  end
  local text = type(value) == "string" and value:find("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d") and M.encode(value)
  return text or nil, "time (RFC 3339, or a whole number as of os.time)"
end

---`kind`, which tells who gives it a path what takes one.
---@param kind fun(value: any): any, string?
---@param twin string
function M.with_twin(kind, twin)
  return function(value)
    local kept, problem = kind(value)
    if kept == nil and type(value) == "string" and value:find "^%$" then
      problem = ("!%s expected; a path is for '%s'"):format(problem, twin)
    end
    return kept, problem
  end
end

---One of a few words.
---@param ... string
function M.one_of(...)
  local words = { ... }
  return function(value)
    for _, word in ipairs(words) do
      if value == word then
        return M.encode(word)
      end
    end
    return nil, '"' .. table.concat(words, '" or "') .. '"'
  end
end

---A name that is kept as it is.
function M.name(value)
  if type(value) ~= "string" or value == "" then
    return nil, "name"
  end
  return M.encode(value) and value, "!the name is not UTF-8"
end

---Where to go: a state, or the name of one.
function M.target(value)
  if M.kind_of(value) == "state" then
    return value
  end
  local name, problem = M.name(value)
  return name, problem == "name" and "state or name of a state" or problem
end

---A thing that the builder made.
---@param kind string
function M.made(kind)
  return function(value)
    if M.kind_of(value) == kind then
      return value
    end
    return nil, kind
  end
end

---Any number of values, given one by one or as a list, each of one kind.
---@param each fun(value: any): any, string?
---@return stepfn.step.List
function M.list(each)
  return { each = each }
end

---Is it a list that a user wrote, and no object that was meant as one element?
---@param value any
---@return boolean
function M.is_list(value)
  return type(value) == "table" and getmetatable(value) == nil and (value[1] ~= nil or next(value) == nil)
end

---@param name string
---@param kind stepfn.step.List
---@param ... any
---@return any[]
function M.arguments(name, kind, ...)
  local values, kept = { ... }, {}
  local count = select("#", ...)
  if count == 1 and M.is_list(values[1]) then
    values, count = values[1], #values[1]
  end
  for position = 1, count do
    kept[position] = M.argument(name, position, kind.each, values[position])
  end
  return kept
end

return M
