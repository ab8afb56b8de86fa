---The history of an execution in short.
local M = {}

---@param execution stepfn.Execution
---@return string[] types of its events
function M.types(execution)
  local list = {}
  for i, event in ipairs(execution:history()) do
    list[i] = event.type
  end
  return list
end

---@param execution stepfn.Execution
---@return string[] "3<-2 MapStateStarted": what each event points at
function M.links(execution)
  local list = {}
  for i, event in ipairs(execution:history()) do
    list[i] = event.id .. "<-" .. event.previousEventId .. " " .. event.type
  end
  return list
end

return M
