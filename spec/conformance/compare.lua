---Expected against actual data.  Numbers are compared by value, objects without
---order.  A place that a case marks as masked is a wildcard: its tokens ("<uuid:1>")
---match any text, the same text wherever the token comes again; a masked text
---without tokens matches anything.  In a case whose lists are unordered each expected
---element finds an actual one of its own, wherever that stands.
local stepfn = require "stepfn"

---@class conformance.Masks
---@field pointers table<string, true> RFC 6901, from the root of the case
---@field tokens table<string, string> what each token has stood for so far
---@field unordered boolean? is the order inside lists not significant?

---@class conformance.Difference
---@field pointer string
---@field expected any nil: should not be there
---@field actual any nil: is missing

local M = {}

---@param pointers? string[]
---@param flags? table<string, boolean> of the case
---@return conformance.Masks
function M.masks(pointers, flags)
  local set = {}
  for _, pointer in ipairs(pointers or {}) do
    set[pointer] = true
  end
  return { pointers = set, tokens = {}, unordered = (flags or {}).unordered_lists }
end

local function is_number(v)
  return type(v) == "number" or type(v) == "userdata" and v ~= stepfn.null and tonumber(tostring(v)) ~= nil
end

local function same_number(a, b)
  return a == b or tostring(a) == tostring(b)
    or (type(a) ~= type(b) and tonumber(tostring(a)) == tonumber(tostring(b)))
end

local function kind_of(v)
  if v == nil then
    return "nothing"
  elseif v == stepfn.null then
    return "null"
  elseif is_number(v) then
    return "number"
  elseif type(v) == "table" then
    return stepfn.is_array(v) and "array" or "object"
  end
  return type(v)
end

local function escaped(key)
  return (tostring(key):gsub("~", "~0"):gsub("/", "~1"))
end

-- The tokens of a masked text, and a pattern whose captures they are.
local function mask_pattern(text)
  local tokens = {}
  local pattern = text:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("<[^<>]+>", function(token)
    tokens[#tokens + 1] = token
    return "(.+)"
  end)
  return "^" .. pattern .. "$", tokens
end

-- A text that is one token without a number stands for a value of any type.
local function mask_allows(masks, expected, actual)
  if type(expected) ~= "string" or not expected:find "<[^<>]+>" or expected:find "^<[^<>:]+>$" then
    return actual ~= nil
  end
  local pattern, tokens = mask_pattern(expected)
  local captures = { tostring(actual):match(pattern) }
  if type(actual) ~= "string" or #captures == 0 then
    return false
  end
  for i, token in ipairs(tokens) do
    local before = masks.tokens[token]
    if before and token:find ":%d+>$" and before ~= captures[i] then
      return false
    end
    masks.tokens[token] = captures[i]
  end
  return true
end

local match

-- The first that has no partner yet and agrees; tokens stand for what is in that one.
local function partner_of(expected, actual, taken, pointer, masks)
  for i = 1, #actual do
    if not taken[i] and not M.difference(expected, actual[i], pointer, masks) then
      return i
    end
  end
end

local function match_sets(expected, actual, pointer, masks)
  local taken = {}
  for i = 1, #expected do
    local place = pointer .. "/" .. (i - 1)
    local partner = partner_of(expected[i], actual, taken, place, masks)
    if not partner then
      return { pointer = place, expected = expected[i] }
    end
    taken[partner] = true
  end
  for i = 1, #actual do
    if not taken[i] then
      return { pointer = pointer, actual = actual[i] }
    end
  end
end

local function match_arrays(expected, actual, pointer, masks)
  if masks.unordered then
    return match_sets(expected, actual, pointer, masks)
  end
  for i = 1, math.max(#expected, #actual) do
    local difference = match(expected[i], actual[i], pointer .. "/" .. (i - 1), masks)
    if difference then
      return difference
    end
  end
end

local function sorted_keys(a, b)
  local keys, seen = {}, {}
  for _, object in ipairs { a, b } do
    for key in pairs(object) do
      if not seen[key] then
        seen[key] = true
        keys[#keys + 1] = key
      end
    end
  end
  table.sort(keys)
  return keys
end

local function match_objects(expected, actual, pointer, masks)
  for _, key in ipairs(sorted_keys(expected, actual)) do
    local difference = match(expected[key], actual[key], pointer .. "/" .. escaped(key), masks)
    if difference then
      return difference
    end
  end
end

function match(expected, actual, pointer, masks)
  local kind = kind_of(expected)
  local difference = { pointer = pointer, expected = expected, actual = actual }
  if masks.pointers[pointer] then
    return not mask_allows(masks, expected, actual) and difference or nil
  elseif kind ~= kind_of(actual) then
    return difference
  elseif kind == "array" then
    return match_arrays(expected, actual, pointer, masks)
  elseif kind == "object" then
    return match_objects(expected, actual, pointer, masks)
  elseif kind == "number" then
    return not same_number(expected, actual) and difference or nil
  end
  return expected ~= actual and difference or nil
end

---Masks on trial: what tokens come to stand for is forgotten with them.
---@param masks conformance.Masks
---@return conformance.Masks
function M.trial(masks)
  return {
    pointers = masks.pointers, unordered = masks.unordered, tokens = setmetatable({}, { __index = masks.tokens }),
  }
end

---The first difference, or nil when actual is what was expected; only then do the
---tokens stand for what they met.
---@param expected any decoded JSON, nil for nothing
---@param actual any
---@param pointer? string where `expected` stands in the case
---@param masks? conformance.Masks
---@return conformance.Difference?
function M.difference(expected, actual, pointer, masks)
  masks = masks or M.masks()
  local trial = M.trial(masks)
  local difference = match(expected, actual, pointer or "", trial)
  if not difference then
    for token, text in pairs(trial.tokens) do
      masks.tokens[token] = text
    end
  end
  return difference
end

local TEXT_MAX = 300

local function shown(v)
  if v == nil then
    return "nothing"
  end
  local text = stepfn.encode(v) or tostring(v)
  return #text <= TEXT_MAX and text or text:sub(1, TEXT_MAX) .. "..."
end

---@param difference conformance.Difference
---@return string
function M.describe(difference)
  return difference.pointer .. ": expected " .. shown(difference.expected) .. ", got " .. shown(difference.actual)
end

return M
