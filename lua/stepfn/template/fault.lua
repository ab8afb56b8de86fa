---Faults that are found in a template: raised where the knowledge is, caught where
---the template was asked for.
local M = {}

---@class stepfn.template.Fault
---@field node stepfn.yaml.Node where
---@field code string
---@field message string
local Fault = {}

---@param node stepfn.yaml.Node
---@param code string
---@param message string with what string.format takes after it
function M.raise(node, code, message, ...)
  error(setmetatable({ node = node, code = code, message = message:format(...) }, Fault), 0)
end

---Run something that may find a fault.
---@param work fun(...): any
---@return any result
---@return stepfn.template.Fault? found when there is no result
function M.try(work, ...)
  local good, result = pcall(work, ...)
  if good then
    return result
  elseif getmetatable(result) ~= Fault then
    error(result, 0)
  end
  return nil, result
end

return M
