---What `Ref` and `Fn::GetAtt` give: parameters, and resources as they would be called
---when they are deployed.
local arguments = require "stepfn.template.arguments"
local document = require "stepfn.template.document"
local fault = require "stepfn.template.fault"
local physical = require "stepfn.template.physical"

local M = {}

local member, text_of, new_text, new_list = document.member, document.text, document.new_text, document.new_list

-- --- parameters ---

local function trimmed(list)
  for index, item in ipairs(list) do
    list[index] = item:match "^%s*(.-)%s*$"
  end
  return list
end

local function check_allowed(parameter, name, value, node)
  local allowed = member(parameter, "AllowedValues")
  if not allowed or not allowed.values then
    return
  end
  local names = {}
  for index, item in ipairs(allowed.values) do
    names[index] = text_of(item) or ""
    if names[index] == value then
      return
    end
  end
  fault.raise(node, "INVALID_PARAMETER", "the parameter '%s' is '%s', which is none of: %s", name, value, table.concat(names, ", "))
end

local function parameter_value(scope, name, parameter, node)
  local value = scope.parameters[name] or text_of(member(parameter, "Default"))
  if not value then
    fault.raise(node, "MISSING_PARAMETER", "the parameter '%s' has no default: give it a value", name)
  end
  check_allowed(parameter, name, value, node)
  local kind = text_of(member(parameter, "Type")) or "String"
  if kind:find "List" then
    return new_list(trimmed(arguments.split(value, ",")), node)
  end
  return new_text(value, node)
end

-- --- resources ---

-- The name of a resource: its own, or its logical id.
local function name_of(scope, id, resource)
  local naming = physical.naming(text_of(member(resource, "Type")) or "")
  local given = naming.property and member(member(resource, "Properties"), naming.property)
  if not given then
    return naming, id
  end
  local name = scope:guarded("the name of " .. id, given, function()
    return scope:text(given)
  end)
  return naming, name or id
end

local function pseudo_of(scope)
  return function(name)
    return scope:pseudo(name)
  end
end

---`Function.Alias` and `Function.Version`, which SAM makes.
---@param scope stepfn.template.Scope
---@param name string
---@param node stepfn.yaml.Node
---@return stepfn.yaml.Node? nil when it is something else
function M.serverless(scope, name, node)
  local id, part = name:match "^([^.]+)%.(%a+)$"
  local resource = id and scope:resource(id)
  if not resource or part ~= "Alias" and part ~= "Version" then
    return nil
  end
  local naming, physical_name = name_of(scope, id, resource)
  local arn = physical.arn(naming, physical_name, pseudo_of(scope))
  local alias = part == "Alias" and scope:guarded(name, node, function()
    return scope:text(member(member(resource, "Properties"), "AutoPublishAlias"))
  end)
  return new_text(arn .. ":" .. (alias or "1"), node)
end

-- An alias or version of a function by the function that it is of.
local function qualified(scope, id, resource, node)
  local kind = text_of(member(resource, "Type"))
  if kind ~= "AWS::Lambda::Alias" and kind ~= "AWS::Lambda::Version" then
    return nil
  end
  local properties = member(resource, "Properties")
  local of = scope:guarded(id, node, function()
    return scope:text(member(properties, "FunctionName")) or id
  end)
  local naming = physical.naming "AWS::Lambda::Function"
  local arn = of:find "^arn:" and of or physical.arn(naming, of, pseudo_of(scope))
  return arn .. ":" .. (kind == "AWS::Lambda::Alias" and scope:text(member(properties, "Name")) or "1")
end

---What Ref gives.
---@param scope stepfn.template.Scope
---@param name string
---@param node stepfn.yaml.Node
---@return stepfn.yaml.Node
function M.of(scope, name, node)
  local parameter = member(scope:section "Parameters", name)
  if parameter then
    return parameter_value(scope, name, parameter, node)
  elseif name == "AWS::NoValue" then
    return document.NOTHING
  elseif name == "AWS::NotificationARNs" then
    return new_list({}, node)
  elseif scope:pseudo(name) then
    return new_text(scope:pseudo(name), node)
  end
  local resource = scope:resource(name)
  if not resource then
    return M.serverless(scope, name, node) or fault.raise(node, "UNRESOLVED_REFERENCE",
      "nothing is named '%s': no parameter, no resource%s", name, scope:hint(name, { "Parameters", "Resources" }))
  end
  local naming, own = name_of(scope, name, resource)
  return new_text(qualified(scope, name, resource, node) or physical.ref(naming, own, pseudo_of(scope)), node)
end

---What Fn::GetAtt gives.
---@param scope stepfn.template.Scope
---@param id string
---@param name string
---@param node stepfn.yaml.Node
---@return stepfn.yaml.Node
function M.attribute(scope, id, name, node)
  local resource = scope:resource(id)
  if not resource then
    fault.raise(node, "UNRESOLVED_REFERENCE", "no resource is named '%s'%s", id, scope:hint(id, { "Resources" }))
  end
  local naming, own = name_of(scope, id, resource)
  return new_text(physical.attribute(naming, id, own, name, pseudo_of(scope)), node)
end

return M
