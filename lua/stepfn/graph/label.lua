---Short words for a picture: what a Choice rule asks, what a Task calls.
local display = require "stepfn.display"
local values = require "stepfn.value"

local M = {}

M.clean, M.length, M.short = display.clean, display.width, display.short

-- Where a line may be broken: after a word; if that is too long, within its
-- name; if that is too long, anywhere. Each level marks its breaks.
local BREAK = "\1"
local levels = {
  function(text) return text:gsub(" +", "%0" .. BREAK) end,
  function(text) return text:gsub("[_%-%./:,]", "%0" .. BREAK):gsub("(%l)(%u)", "%1" .. BREAK .. "%2") end,
  function(text) return text:gsub(display.CHARACTER, "%0" .. BREAK) end,
}

local function trimmed(text)
  return (text:gsub(" +$", ""))
end

-- Adds to `pieces` those of `text`, none of them above `width`.
local function split(text, width, level, pieces)
  for piece in levels[level](text):gmatch("[^" .. BREAK .. "]+") do
    if level < #levels and display.width(trimmed(piece)) > width then
      split(piece, width, level + 1, pieces)
    else
      pieces[#pieces + 1] = piece
    end
  end
  return pieces
end

---`text` in lines of about `width` characters.
---@param text string
---@param width integer
---@param most integer lines; what is too much is cut
---@return string[]
function M.wrap(text, width, most)
  local lines, line = {}, ""
  for _, piece in ipairs(split(M.clean(text), width, 1, {})) do
    if line ~= "" and display.width(line .. trimmed(piece)) > width then
      lines[#lines + 1], line = trimmed(line), ""
    end
    line = line .. piece
  end
  lines[#lines + 1] = trimmed(line)
  if #lines > most then
    lines[most] = M.short(lines[most] .. " " .. lines[most + 1], width)
  end
  for i = #lines, most + 1, -1 do
    lines[i] = nil
  end
  return lines
end

-- What is left of a comparator's name without the type of its operand.
local relations = {
  Equals = "=", LessThan = "<", GreaterThan = ">", LessThanEquals = "≤", GreaterThanEquals = "≥", Matches = "~",
}

local types = { "String", "Numeric", "Boolean", "Timestamp" }

local function relation_of(operator)
  for _, kind in ipairs(types) do
    if operator:sub(1, #kind) == kind then
      return relations[(operator:sub(#kind + 1):gsub("Path$", ""))]
    end
  end
end

local function constant(value, operator)
  if type(value) == "string" then
    return operator:find "Path$" and value or "'" .. value .. "'"
  end
  return values.encode(value) or tostring(value)
end

-- "$.a = 3", "$.a is present", "$.a is not null".
local function test_text(rule)
  local variable = tostring(rule.Variable)
  for operator, operand in pairs(rule) do
    local relation = relation_of(operator)
    local kind = operator:match "^Is(%u%l+)$"
    if relation then
      return variable .. " " .. relation .. " " .. constant(operand, operator)
    elseif kind then
      return variable .. (operand and " is " or " is not ") .. kind:lower()
    end
  end
  return variable
end

local function joined(rules, word, most)
  local parts = {}
  for i, rule in ipairs(rules) do
    parts[i] = M.rule(rule, most)
    if rule.And or rule.Or then
      parts[i] = "(" .. parts[i] .. ")"
    end
  end
  return table.concat(parts, word)
end

---What a rule of a Choice asks.
---@param rule table
---@param most integer characters
---@return string
function M.rule(rule, most)
  local text
  if type(rule.Condition) == "string" then
    text = rule.Condition:gsub("^{%%%s*", ""):gsub("%s*%%}$", "")
  elseif rule.Condition ~= nil then
    text = tostring(rule.Condition)
  elseif rule.And then
    text = joined(rule.And, " and ", most)
  elseif rule.Or then
    text = joined(rule.Or, " or ", most)
  elseif rule.Not then
    text = "not (" .. M.rule(rule.Not, most) .. ")"
  else
    text = test_text(rule)
  end
  return M.short(text, most)
end

local function function_name(text)
  return text:match ":function:([^:]+)" or text:match ":activity:([^:]+)" or text
end

-- What a Task calls: the function, or service and action.
local function call_of(state)
  local resource = tostring(state.Resource)
  local called = state.Parameters or state.Arguments
  if resource:find("states:::lambda:invoke", 1, true) and type(called) == "table" and type(called.FunctionName) == "string" then
    return function_name(called.FunctionName)
  end
  return (function_name(resource):gsub("^arn:[^:]*:states:::", ""))
end

local function wait_of(state)
  if state.Seconds then
    return type(state.Seconds) == "string" and "Wait " .. state.Seconds or "Wait " .. values.encode(state.Seconds) .. " s"
  end
  return "Wait until " .. tostring(state.Timestamp or state.TimestampPath or state.SecondsPath)
end

local function map_of(state)
  local config = (state.ItemProcessor or {}).ProcessorConfig
  return config and config.Mode == "DISTRIBUTED" and "Map, distributed" or "Map"
end

local details = {
  Task = call_of, Wait = wait_of, Map = map_of,
  Fail = function(state) return type(state.Error) == "string" and "Fail " .. state.Error or "Fail" end,
}

---What stands below the name of a state.
---@param state table
---@param most integer characters
---@return string
function M.detail(state, most)
  local detail = details[state.Type]
  return M.short(detail and detail(state) or state.Type, most)
end

return M
