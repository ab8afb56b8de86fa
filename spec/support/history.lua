---The history of an execution in short.
local stepfn = require "stepfn"

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

---@param execution stepfn.Execution
---@return string text all that the execution keeps of its events, to the last byte
function M.kept(execution)
  local lines = {}
  for i = 1, #execution:history() do
    lines[i] = stepfn.encode(execution.core:history_at(i)) .. "\n"
  end
  return table.concat(lines)
end

return M
