---History events: those of an execution in the shape in which cases hold them,
---and what of two histories must agree.
local compare = require "spec.conformance.compare"
local stepfn = require "stepfn"

local M = {}

local PAYLOADS = { "input", "output", "parameters" }
local DETAILS = { "inputDetails", "outputDetails", "assignedVariablesDetails" }

---JSON text as data; other text stays as it is.
---@param text any
---@return any
function M.decoded(text)
  if type(text) ~= "string" then
    return text
  end
  local value = stepfn.decode(text)
  if value == nil then
    return text
  end
  return value
end

---A cause is shown as an object where it is the text of one and an object is
---expected.
---@param cause string?
---@param expected any
---@return any
function M.cause(cause, expected)
  if type(expected) ~= "table" then
    return cause
  end
  local value = M.decoded(cause)
  return type(value) == "table" and value or cause
end

local function shaped_details(details, expected)
  for _, name in ipairs(PAYLOADS) do
    details[name] = M.decoded(details[name])
  end
  for name, text in pairs(details.assignedVariables or {}) do
    details.assignedVariables[name] = M.decoded(text)
  end
  for _, name in ipairs(DETAILS) do
    if details[name] and details[name].truncated == false then
      details[name] = nil
    end
  end
  details.cause = M.cause(details.cause, expected and expected.cause)
  return details
end

---Payloads decoded, details that say nothing left out.
---@param details table? changed
---@param expected? table
---@return table?
function M.details(details, expected)
  if details == nil or next(details) == nil then
    return nil
  end
  return shaped_details(details, expected)
end

---One event of an execution as cases have it: they leave out details that say
---nothing.
---@param event table
---@param expected? table the event in its place
---@return table
function M.shaped(event, expected)
  local shaped = { id = event.id, previousEventId = event.previousEventId, type = event.type }
  for name, value in pairs(event) do
    if name:find "EventDetails$" then
      shaped.details = M.details(value, expected and expected.details)
    end
  end
  return shaped
end

-- Where events may stand elsewhere: is any cause an object?
local function any_cause(expected)
  for _, event in ipairs(expected) do
    if event.details and type(event.details.cause) == "table" then
      return event
    end
  end
end

---@param events table[]
---@param expected table[]
---@param flags table<string, boolean>
---@return table[]
function M.shape(events, expected, flags)
  local shaped = stepfn.array {}
  local moved = flags.interleaving or flags.ids_sanitised
  for i, event in ipairs(events) do
    shaped[i] = M.shaped(event, moved and any_cause(expected) or expected[i])
  end
  return shaped
end

-- --- comparing ---

local function copy_without(event, ...)
  local copy = {}
  for key, value in pairs(event) do
    copy[key] = value
  end
  for _, key in ipairs { "reconstructed", ... } do
    copy[key] = nil
  end
  return copy
end

local function is_stale(event, flags)
  return flags.stale_links and event.type == "MapStateExited"
end

local function compare_event(expected, actual, pointer, masks, ...)
  if actual == nil then
    return { pointer = pointer, expected = expected }
  end
  return compare.difference(copy_without(expected, ...), copy_without(actual, ...), pointer, masks)
end

local function place(pointer, index)
  return pointer .. "/" .. (index - 1)
end

-- Position by position.
local function in_order(expected, actual, pointer, masks, flags)
  for i = 1, math.max(#expected, #actual) do
    local difference
    if expected[i] == nil then
      difference = { pointer = place(pointer, i), actual = actual[i] }
    elseif is_stale(expected[i], flags) then
      difference = compare_event(expected[i], actual[i], place(pointer, i), masks, "previousEventId")
    else
      difference = compare_event(expected[i], actual[i], place(pointer, i), masks)
    end
    if difference then
      return difference
    end
  end
end

local function by_id(events)
  local index = {}
  for i, event in ipairs(events) do
    if event.id ~= stepfn.null then
      index[event.id] = i
    end
  end
  return index
end

-- Do two events agree, and all those before them along the links, up to a link that is
-- stale?
local function chains_agree(sides, i, j, masks)
  while i and j do
    if compare_event(sides.expected[i], sides.actual[j], place(sides.pointer, i), masks, "id", "previousEventId") then
      return false
    elseif is_stale(sides.expected[i], sides.flags) then
      return true
    end
    i = sides.expected_by_id[sides.expected[i].previousEventId]
    j = sides.actual_by_id[sides.actual[j].previousEventId]
  end
  return i == nil and j == nil
end

-- Find each expected event a partner of its own among the actual ones.
local function as_set(expected, actual, pointer, agree)
  local taken = {}
  for i, event in ipairs(expected) do
    local partner
    for j = 1, #actual do
      if not taken[j] and agree(i, j) then
        partner = j
        break
      end
    end
    if not partner then
      return { pointer = place(pointer, i), expected = event }
    end
    taken[partner] = true
  end
  for j = 1, #actual do
    if not taken[j] then
      return { pointer = pointer, actual = actual[j] }
    end
  end
end

local function by_chains(expected, actual, pointer, masks, flags)
  local sides = {
    flags = flags, expected = expected, actual = actual, pointer = pointer,
    expected_by_id = by_id(expected), actual_by_id = by_id(actual),
  }
  return as_set(expected, actual, pointer, function(i, j)
    return chains_agree(sides, i, j, compare.trial(masks))
  end)
end

-- Events whose ids were removed: only what happened counts, not where; all others
-- must have their very ids and links.
local function by_known_ids(expected, actual, pointer, masks, flags)
  local known = by_id(expected)
  return as_set(expected, actual, pointer, function(i, j)
    local event, other = expected[i], actual[j]
    if event.id ~= stepfn.null then
      local stale = is_stale(event, flags) and "previousEventId" or nil
      return not compare_event(event, other, place(pointer, i), compare.trial(masks), stale)
    end
    return not known[other.id]
      and not compare_event(event, other, place(pointer, i), compare.trial(masks), "id", "previousEventId")
  end)
end

---@param expected table[]
---@param actual table[] shaped
---@param pointer string
---@param masks conformance.Masks
---@param flags table<string, boolean>
---@return conformance.Difference?
function M.difference(expected, actual, pointer, masks, flags)
  if flags.ids_sanitised then
    return by_known_ids(expected, actual, pointer, masks, flags)
  elseif flags.interleaving then
    return by_chains(expected, actual, pointer, masks, flags)
  end
  return in_order(expected, actual, pointer, masks, flags)
end

return M
