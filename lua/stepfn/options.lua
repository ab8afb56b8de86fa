---Option tables: a name that is not known is the caller's mistake, and most
---often a slip of the hand.
local argument = require "stepfn.argument"

local M = {}

---Number of single changes (insert, delete, replace) from one text to another.
local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      local best = math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
      diagonal, row[j] = row[j], best
    end
  end
  return row[#b]
end

---The name most like the wrong one, when it is like it at all.
---@param wrong string
---@param names table<string, any> the known names are its keys
---@return string?
function M.nearest(wrong, names)
  local best, best_distance
  for name in pairs(names) do
    local d = distance(wrong:lower(), name:lower())
    if not best or d < best_distance or (d == best_distance and name < best) then
      best, best_distance = name, d
    end
  end
  if best and best_distance <= math.max(2, math.floor(#wrong / 3)) then
    return best
  end
end

---What is wrong with an option that is not among the known ones.
---@param name any
---@param known table<string, any>
---@return string
function M.unknown(name, known)
  if type(name) ~= "string" then
    return "option names are text, got a " .. type(name)
  end
  local like = M.nearest(name, known)
  return "unknown option '" .. name .. "'" .. (like and " (did you mean '" .. like .. "'?)" or "")
end

---The same of a field of AWS's; "Key" may be given as it is or as "Key.$".
---@param key any
---@param ... table<string, any> the known fields
---@return string
function M.unknown_field(key, ...)
  local name, known = tostring(key), {}
  for _, part in ipairs { ... } do
    for field in pairs(part) do
      known[tostring(field)] = true
    end
  end
  local like = M.nearest((name:gsub("%.%$$", "")), known)
  return ("unknown field '%s'%s"):format(name, like and (", did you mean '%s'?"):format(like) or "")
end

local function type_fault(name, value, wanted)
  if wanted:find(type(value), 1, true) then -- no name of a type is part of another
    return nil
  end
  return "option '" .. name .. "': " .. wanted:gsub("|", " or ") .. " expected, got " .. type(value)
end

---Check an options table; raises at the level of the function's caller.
---@param options any nil stands for an empty table
---@param known table<string, string> name -> allowed types: "string|number", or "any"
---@param position integer of the argument
---@param name string of the function
---@param level integer as error takes it, seen from the caller of check
---@return table options
function M.check(options, known, position, name, level)
  if options == nil then
    return {}
  end
  local fault
  if type(options) ~= "table" then
    fault = "table expected, got " .. type(options)
  else
    for option, value in pairs(options) do
      local wanted = known[option]
      fault = fault or not wanted and M.unknown(option, known)
        or wanted ~= "any" and type_fault(option, value, wanted) or nil
    end
  end
  if fault then
    argument.fault(position, name, fault, level + 1)
  end
  return options
end

return M
