---The conditions of a template.
local arguments = require "stepfn.template.arguments"
local document = require "stepfn.template.document"
local fault = require "stepfn.template.fault"

local M = {}

local member, text_of = document.member, document.text

---Does the condition of that name hold?
---@param scope stepfn.template.Scope
---@param node stepfn.yaml.Node its name
---@return boolean
function M.holds(scope, node)
  local name = text_of(node)
  local condition = name and member(scope:section "Conditions", name)
  if not name then
    fault.raise(node, "INVALID_FUNCTION", "the name of a condition expected")
  elseif not condition then
    fault.raise(node, "UNRESOLVED_REFERENCE", "no condition is named '%s'%s", name, scope:hint(name, { "Conditions" }))
  end
  return scope:guarded("the condition " .. name, node, function()
    return M.truth(scope, condition)
  end)
end

local truths = {}

truths["Fn::Equals"] = function(scope, node)
  local given = arguments.list(node, "Fn::Equals", 2, 2)
  return arguments.text(scope, given[1], "Fn::Equals") == arguments.text(scope, given[2], "Fn::Equals")
end

truths["Fn::Not"] = function(scope, node)
  return not M.truth(scope, arguments.list(node, "Fn::Not", 1, 1)[1])
end

truths["Fn::And"] = function(scope, node)
  for _, each in ipairs(arguments.list(node, "Fn::And", 1, 10)) do
    if not M.truth(scope, each) then
      return false
    end
  end
  return true
end

truths["Fn::Or"] = function(scope, node)
  for _, each in ipairs(arguments.list(node, "Fn::Or", 1, 10)) do
    if M.truth(scope, each) then
      return true
    end
  end
  return false
end

truths.Condition = M.holds

---Is it true?
---@param scope stepfn.template.Scope
---@param node stepfn.yaml.Node
---@return boolean
function M.truth(scope, node)
  local key = node.keys and #node.keys == 1 and node.keys[1]
  local truth = key and truths[key.name]
  if not truth then
    fault.raise(node, "INVALID_FUNCTION", "a condition expected: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
  elseif scope.truths[node] == nil then -- many may ask for it
    scope.truths[node] = truth(scope, node.values[1])
  end
  return scope.truths[node]
end

return M
