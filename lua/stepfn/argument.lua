---Wrong arguments: the caller's mistake, told as Lua's own functions tell it.
local M = {}

---@param position integer of the argument
---@param name string of the function
---@param fault string
---@param level integer where it raises, as error takes it
function M.fault(position, name, fault, level)
  error("bad argument #" .. position .. " to '" .. name .. "' (" .. fault .. ")", level + 1)
end

---@param value any
---@param position integer
---@param name string
---@param level integer
function M.check_string(value, position, name, level)
  if type(value) ~= "string" then
    M.fault(position, name, "string expected, got " .. type(value), level + 1)
  end
end

---@param value any
---@param position integer
---@param name string
---@param level integer
function M.check_table(value, position, name, level)
  if type(value) ~= "table" then
    M.fault(position, name, "table expected, got " .. type(value), level + 1)
  end
end

return M
