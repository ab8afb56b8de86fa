---From the text of a definition back to the builder's objects. What the builder
---has objects for becomes one; everything else stays the text that it is.
local branch = require "stepfn.step.branch"
local check = require "stepfn.step.check"
local policy = require "stepfn.step.policy"
local rules = require "stepfn.step.rule"
local states = require "stepfn.step.state"

local M = {}

-- --- one level of JSON text, known to be well-formed and without blanks ---

local function end_of_string(text, from)
  local at = from + 1
  while true do
    local quote = text:find('["\\]', at)
    if text:sub(quote, quote) == '"' then
      return quote
    end
    at = quote + 2
  end
end

-- The last byte of the value that begins at 'from'.
local function end_of_value(text, from)
  local depth, at = 0, from
  while true do
    local found = text:find('[%[%]{}",]', at)
    local byte = text:sub(found, found)
    if byte == '"' then
      at = end_of_string(text, found) + 1
      if depth == 0 then
        return at - 1
      end
    elseif byte == "[" or byte == "{" then
      depth, at = depth + 1, found + 1
    elseif depth == 0 then
      return found - 1 -- after a number or a word
    else
      depth, at = depth - (byte ~= "," and 1 or 0), found + 1
      if depth == 0 and byte ~= "," then
        return found
      end
    end
  end
end

-- The texts of an array's elements.
local function elements(text)
  local list, at = {}, 2
  while at < #text do
    local last = end_of_value(text, at)
    list[#list + 1] = text:sub(at, last)
    at = last + 2
  end
  return list
end

local function decoded(text)
  return (require("stepfn").decode(text))
end

-- The members of an object, in their order: { name, text }.
local function members(text)
  local list, at = {}, 2
  while at < #text do
    local name_end = end_of_string(text, at)
    local last = end_of_value(text, name_end + 2)
    list[#list + 1] = { decoded(text:sub(at, name_end)), text:sub(name_end + 2, last) }
    at = last + 2
  end
  return list
end

-- --- objects ---

local readers

-- 'named' are the states of the scope by name.
local function fields_of(text, named)
  local fields = {}
  for _, member in ipairs(members(text)) do
    local reader = readers[member[1]]
    fields[member[1]] = reader and reader(member[2], named) or member[2]
  end
  return fields
end

local function target(text, named)
  local name = decoded(text)
  return named[name] or name
end

local function each(make)
  return function(text, named)
    local list = {}
    for index, element in ipairs(elements(text)) do
      list[index] = make(fields_of(element, named))
    end
    return list
  end
end

local function policies(kind)
  return each(function(fields) return policy.from_fields(kind, fields) end)
end

local read_scope

local function processor(text)
  return { scope = read_scope(text) }
end

readers = {
  Next = target,
  Default = target,
  Choices = each(rules.from_fields),
  And = each(rules.from_fields),
  Or = each(rules.from_fields),
  Not = function(text, named) return rules.from_fields(fields_of(text, named)) end,
  Retry = policies "retrier",
  Catch = policies "catcher",
  ErrorEquals = elements,
  ItemProcessor = processor,
  Iterator = processor,
  Branches = function(text)
    local list = {}
    for index, element in ipairs(elements(text)) do
      list[index] = read_scope(element)
    end
    return list
  end,
}

-- A state without its fields, which may lead to states that come later.
local function bare_state(name, text)
  for _, member in ipairs(members(text)) do
    if member[1] == "Type" then
      return states.from_fields(decoded(member[2]), name, {})
    end
  end
end

local function read_states(text)
  local list, named, texts = {}, {}, {}
  for _, member in ipairs(members(text)) do
    local state = bare_state(member[1], member[2])
    list[#list + 1], named[member[1]], texts[state] = state, state, member[2]
  end
  for _, state in ipairs(list) do
    state.fields = fields_of(texts[state], named)
    state.fields.Type = nil
    if state.fields.End == "true" then
      state.fields.End = nil -- written where there is no Next
    end
  end
  return list, named
end

---@param text string of a machine, branch or processor that can be loaded, without blanks
---@return stepfn.step.Scope
function read_scope(text)
  local fields, start = {}, nil
  local list, named
  for _, member in ipairs(members(text)) do
    if member[1] == "States" then
      list, named = read_states(member[2])
    elseif member[1] == "StartAt" then
      start = decoded(member[2])
    else
      fields[member[1]] = member[2]
    end
  end
  return branch.of {
    start = named[start], fields = fields, language = fields.QueryLanguage, declared = named, declared_order = list,
  }
end

M.scope = read_scope

---A scope that is one already.
---@param value any
---@return stepfn.step.Scope?
function M.as_scope(value)
  return check.kind_of(value) == "scope" and value or nil
end

return M
