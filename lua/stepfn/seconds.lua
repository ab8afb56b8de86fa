---Times and durations in seconds, as they come from outside.
local argument = require "stepfn.argument"

local M = {}

-- What 64 bits of nanoseconds hold, as in the core: the years 1677 to 2262.
local MAX = 9223372036

local function name_of(number)
  return number ~= number and "NaN" or tostring(number)
end

---What is wrong with a number of seconds.
---@param value any
---@return string? fault nil: nothing
function M.fault(value)
  if type(value) ~= "number" then
    return "number expected, got " .. type(value)
  elseif not (value > -MAX and value < MAX) then
    return ("seconds between -%d and %d expected, got %s"):format(MAX, MAX, name_of(value))
  end
end

---Raises for what is no number of seconds.
---@param value any
---@param position integer of the argument
---@param name string of the function
---@param level integer where it raises, as error takes it
function M.check(value, position, name, level)
  local fault = M.fault(value)
  if fault then
    argument.fault(position, name, fault, level + 1)
  end
end

return M
