---The context object as older recordings have it: without Execution.RedriveCount.
local M = {}

local function is_execution(value)
  return type(value) == "table" and value.RedriveCount ~= nil and value.StartTime ~= nil
end

---@param value any data that may hold context objects; changed
function M.make_stale(value)
  if type(value) ~= "table" then
    return
  end
  if is_execution(value) then
    value.RedriveCount = nil
  end
  for _, member in pairs(value) do
    M.make_stale(member)
  end
end

return M
