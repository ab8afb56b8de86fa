---What a task asks of a service: its parameters, as far as the definition tells
---them.
local M = {}

---@class stepfn.template.Call
---@field state string
---@field resource string
---@field service? string
---@field action? string without its pattern
---@field pattern? "sync"|"sync:2"|"waitForTaskToken"
---@field params? table nil: the state's input, which only a run knows
---@field is_arn fun(text: string): boolean is a placeholder one for an ARN?
local Call = {}
Call.__index = Call

local patterns = { "sync:2", "sync", "waitForTaskToken" }

-- "runTask.sync" -> "runTask", "sync"
local function split_action(text)
  for _, pattern in ipairs(patterns) do
    local suffix = "." .. pattern
    if text:sub(-#suffix) == suffix then
      return text:sub(1, -#suffix - 1), pattern
    end
  end
  return text, nil
end

local function is_expression(value)
  return type(value) == "string" and value:find "^{%%" ~= nil
end

---@param name string of the state
---@param resource string
---@param params any
---@param is_arn fun(text: string): boolean
---@return stepfn.template.Call
function M.new(name, resource, params, is_arn)
  local service, rest = resource:match "^arn:[^:]*:states:::(aws%-sdk:[^:]+):(.+)$"
  if not service then
    service, rest = resource:match "^arn:[^:]*:states:::([^:]+):(.+)$"
  end
  local action, pattern
  if rest then
    action, pattern = split_action(rest)
  end
  return setmetatable({
    state = name, resource = resource, service = service, action = action, pattern = pattern,
    params = type(params) == "table" and params or nil, is_arn = is_arn,
  }, Call)
end

---A parameter that the definition says.
---@param path string "Input.S3Uri"
---@return any value nil when there is none, or when only a run knows it
---@return boolean dynamic is it only known when it runs?
function Call:get(path)
  local node = self.params
  if node == nil then
    return nil, true
  end
  for key in path:gmatch "[^.]+" do
    if type(node) ~= "table" then
      return nil, is_expression(node)
    elseif node[key .. ".$"] ~= nil then
      return nil, true
    end
    node = node[key]
  end
  if is_expression(node) then
    return nil, true
  end
  return node, false
end

---A parameter that is text.
---@param path string
---@return string? value
---@return boolean dynamic
function Call:text(path)
  local value, dynamic = self:get(path)
  return type(value) == "string" and value or nil, dynamic
end

return M
