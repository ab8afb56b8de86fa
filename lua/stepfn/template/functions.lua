---The functions of templates, by their names: each takes a scope and its arguments,
---and gives what they come to.
local arguments = require "stepfn.template.arguments"
local conditions = require "stepfn.template.conditions"
local document = require "stepfn.template.document"
local fault = require "stepfn.template.fault"
local reference = require "stepfn.template.reference"
local writer = require "stepfn.yaml.writer"

local member, text_of, new_text, new_list = document.member, document.text, document.new_text, document.new_list

local ITEM_BYTES = 200 -- what an element of a new list takes, about

local function sub_variable(scope, name, variables, node)
  local literal = name:match "^!(.*)$"
  if literal then
    return "${" .. literal .. "}"
  end
  local variable = member(variables, name)
  local value
  if variable then
    value = scope:resolve(variable)
  else
    local id, part = name:match "^([^.]+)%.(.+)$"
    value = id and scope:resource(id) and not reference.serverless(scope, name, node) and reference.attribute(scope, id, part, node)
      or reference.of(scope, name, node)
  end
  local text = value ~= document.NOTHING and text_of(value)
  if not text then
    fault.raise(node, "INVALID_FUNCTION", "Fn::Sub: '%s' is no text", name)
  end
  return text
end

---@type table<string, fun(scope: stepfn.template.Scope, node: stepfn.yaml.Node): stepfn.yaml.Node>
local functions = {}

function functions.Ref(scope, node)
  return reference.of(scope, arguments.text(scope, node, "Ref"), node)
end

functions["Fn::GetAtt"] = function(scope, node)
  if node.json then
    local id, name = (text_of(node) or ""):match "^([^.]+)%.(.+)$"
    return id and reference.attribute(scope, id, name, node)
      or fault.raise(node, "INVALID_FUNCTION", "Fn::GetAtt takes a resource and an attribute")
  end
  local given = arguments.list(node, "Fn::GetAtt", 2, 2)
  local id, name = arguments.text(scope, given[1], "Fn::GetAtt"), arguments.text(scope, given[2], "Fn::GetAtt")
  return reference.attribute(scope, id, name, given[1])
end

functions["Fn::Sub"] = function(scope, node)
  local text, variables = node, nil
  if not node.json then
    local given = arguments.list(node, "Fn::Sub", 2, 2)
    text, variables = given[1], given[2]
  end
  local template = text_of(text)
  if not template then
    fault.raise(text, "INVALID_FUNCTION", "Fn::Sub takes text here")
  end
  local parts, at = {}, 1
  for first, name, following in template:gmatch "()%${([^}]*)}()" do -- no function for gsub: C would count its levels
    parts[#parts + 1] = template:sub(at, first - 1)
    local value = sub_variable(scope, name:match "^%s*(.-)%s*$", variables, text)
    scope:spend(#value, node)
    parts[#parts + 1] = value
    at = following
  end
  return new_text(table.concat(parts) .. template:sub(at), node)
end

functions["Fn::Join"] = function(scope, node)
  local given = arguments.list(node, "Fn::Join", 2, 2)
  local parts, delimiter = {}, arguments.text(scope, given[1], "Fn::Join")
  for index, part in ipairs(arguments.items(scope, given[2], "Fn::Join")) do
    parts[index] = arguments.text(scope, part, "Fn::Join")
    scope:spend(#parts[index] + #delimiter, node)
  end
  return new_text(table.concat(parts, delimiter), node)
end

functions["Fn::Split"] = function(scope, node)
  local given = arguments.list(node, "Fn::Split", 2, 2)
  local delimiter = arguments.text(scope, given[1], "Fn::Split")
  if delimiter == "" then
    fault.raise(given[1], "INVALID_FUNCTION", "Fn::Split needs a delimiter")
  end
  local parts = arguments.split(arguments.text(scope, given[2], "Fn::Split"), delimiter)
  scope:spend(#parts * ITEM_BYTES, node)
  return new_list(parts, node)
end

functions["Fn::Select"] = function(scope, node)
  local given = arguments.list(node, "Fn::Select", 2, 2)
  local index = tonumber(arguments.text(scope, given[1], "Fn::Select"))
  local list = arguments.items(scope, given[2], "Fn::Select")
  return index and list[index + 1]
    or fault.raise(given[1], "INVALID_FUNCTION", "Fn::Select: there is no such element; the list has %d", #list)
end

functions["Fn::FindInMap"] = function(scope, node)
  local given = arguments.list(node, "Fn::FindInMap", 3, 4)
  local found, names = scope:section "Mappings", {}
  for index = 1, 3 do
    names[index] = arguments.text(scope, given[index], "Fn::FindInMap")
    found = member(found, names[index])
  end
  local default = member(given[4], "DefaultValue")
  return found or default and scope:resolve(default)
    or fault.raise(node, "UNRESOLVED_REFERENCE", "Mappings have no %s", table.concat(names, "."))
end

functions["Fn::If"] = function(scope, node)
  local given = arguments.list(node, "Fn::If", 3, 3)
  return scope:resolve(conditions.holds(scope, given[1]) and given[2] or given[3])
end

functions["Fn::ImportValue"] = function(scope, node)
  local name = arguments.text(scope, node, "Fn::ImportValue")
  local value = scope.parameters[name]
  return value and new_text(value, node) or fault.raise(node, "MISSING_PARAMETER",
    "'%s' is exported by another stack: give it as a parameter of that name", name)
end

functions["Fn::GetAZs"] = function(scope, node)
  local region = scope:text(node)
  region = region ~= "" and region or scope:pseudo "AWS::Region"
  return new_list({ region .. "a", region .. "b", region .. "c" }, node)
end

functions["Fn::Length"] = function(scope, node)
  local count = #arguments.items(scope, node, "Fn::Length")
  return { first = node.first, last = node.last, json = tostring(count), name = tostring(count) }
end

functions["Fn::ToJsonString"] = function(scope, node)
  local written = writer.write(scope:resolve(node))
  scope:spend(written and #written.json or 0, node)
  return written and new_text(written.json:gsub("\n", ""), node) or fault.raise(node, "INVALID_FUNCTION", "Fn::ToJsonString: too large")
end

return functions
