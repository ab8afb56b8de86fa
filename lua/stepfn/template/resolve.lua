---The functions of templates: `Ref`, `Fn::Sub` and their like, worked out as far as
---they can be without deploying anything.
local document = require "stepfn.template.document"
local options = require "stepfn.options"
local physical = require "stepfn.template.physical"
local writer = require "stepfn.yaml.writer"

local M = {}

local member, text_of, new_text, new_list = document.member, document.text, document.new_text, document.new_list

---@class stepfn.template.Scope
---@field document stepfn.template.Document
---@field parameters table<string, string> given
---@field resolving table<string, boolean> what is being worked out
---@field resolved table<stepfn.yaml.Node, stepfn.yaml.Node> what was: a node may stand in several places
---@field depth integer
---@field names integer names and conditions that need each other
local Scope = {}
Scope.__index = Scope

local DEPTH_MAX = 1000 -- as in documents
local NAMES_MAX = 50

-- Stands for AWS::NoValue: the member or element is left out.
local NO_VALUE = { first = 0, last = 0, json = "null" }

-- Raised, and caught in M.try: what is wrong, and where.
local Fault = {}

---@param node stepfn.yaml.Node
---@param code string
---@param message string
local function fault(node, code, message, ...)
  error(setmetatable({ node = node, code = code, message = message:format(...) }, Fault), 0)
end

M.fault = fault

-- --- names ---

local pseudo_parameters = {
  ["AWS::AccountId"] = "000000000000",
  ["AWS::Partition"] = "aws",
  ["AWS::Region"] = "us-east-1",
  ["AWS::StackName"] = "stack",
  ["AWS::URLSuffix"] = "amazonaws.com",
}

---@param name string
---@return string?
function Scope:pseudo(name)
  if name == "AWS::StackId" then
    return ("arn:%s:cloudformation:%s:%s:stack/%s/00000000-0000-0000-0000-000000000000"):format(self:pseudo "AWS::Partition",
      self:pseudo "AWS::Region", self:pseudo "AWS::AccountId", self:pseudo "AWS::StackName")
  end
  return self.parameters[name] or pseudo_parameters[name]
end

function Scope:section(name)
  return member(self.document.root, name)
end

---A resource of the template.
---@param id string
---@return stepfn.yaml.Node?
function Scope:resource(id)
  return (member(self:section "Resources", id))
end

-- "did you mean", among the names of these sections.
local function hint_of(scope, name, sections)
  local names = {}
  for _, section in ipairs(sections) do
    for _, key in ipairs((scope:section(section) or {}).keys or {}) do
      names[key.name] = true
    end
  end
  local like = #name > 2 and options.nearest(name, names) -- any two letters are like each other
  return like and ("; did you mean '%s'?"):format(like) or ""
end

-- Work something out that must not need itself.
local function guarded(scope, key, node, work)
  if scope.resolving[key] then
    fault(node, "CIRCULAR_REFERENCE", "%s needs itself", key)
  elseif scope.names == NAMES_MAX then
    fault(node, "INVALID_TEMPLATE", "%s is needed by more than %d others, one by the other", key, NAMES_MAX)
  end
  scope.resolving[key], scope.names = true, scope.names + 1
  local result = work()
  scope.resolving[key], scope.names = nil, scope.names - 1
  return result
end

-- --- parameters ---

local function split(text, delimiter)
  local parts, at = {}, 1
  while true do
    local first, last = text:find(delimiter, at, true)
    if not first then
      parts[#parts + 1] = text:sub(at)
      return parts
    end
    parts[#parts + 1] = text:sub(at, first - 1)
    at = last + 1
  end
end

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
  fault(node, "INVALID_PARAMETER", "the parameter '%s' is '%s', which is none of: %s", name, value, table.concat(names, ", "))
end

local function parameter_value(scope, name, parameter, node)
  local value = scope.parameters[name] or text_of(member(parameter, "Default"))
  if not value then
    fault(node, "MISSING_PARAMETER", "the parameter '%s' has no default: give it a value", name)
  end
  check_allowed(parameter, name, value, node)
  local kind = text_of(member(parameter, "Type")) or "String"
  if kind:find "List" then
    return new_list(trimmed(split(value, ",")), node)
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
  local name = guarded(scope, "the name of " .. id, given, function()
    return scope:text(given)
  end)
  return naming, name or id
end

local function pseudo_of(scope)
  return function(name)
    return scope:pseudo(name)
  end
end

-- `Function.Alias` and `Function.Version` are made by SAM.
local function serverless_part(scope, name, node)
  local id, part = name:match "^([^.]+)%.(%a+)$"
  local resource = id and scope:resource(id)
  if not resource or part ~= "Alias" and part ~= "Version" then
    return nil
  end
  local naming, physical_name = name_of(scope, id, resource)
  local arn = physical.arn(naming, physical_name, pseudo_of(scope))
  local alias = part == "Alias" and guarded(scope, name, node, function()
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
  local of = guarded(scope, id, node, function()
    return scope:text(member(properties, "FunctionName")) or id
  end)
  local naming = physical.naming "AWS::Lambda::Function"
  local arn = of:find "^arn:" and of or physical.arn(naming, of, pseudo_of(scope))
  return arn .. ":" .. (kind == "AWS::Lambda::Alias" and scope:text(member(properties, "Name")) or "1")
end

local function reference(scope, name, node)
  local parameter = member(scope:section "Parameters", name)
  if parameter then
    return parameter_value(scope, name, parameter, node)
  elseif name == "AWS::NoValue" then
    return NO_VALUE
  elseif name == "AWS::NotificationARNs" then
    return new_list({}, node)
  elseif scope:pseudo(name) then
    return new_text(scope:pseudo(name), node)
  end
  local resource = scope:resource(name)
  if not resource then
    return serverless_part(scope, name, node) or fault(node, "UNRESOLVED_REFERENCE",
      "nothing is named '%s': no parameter, no resource%s", name, hint_of(scope, name, { "Parameters", "Resources" }))
  end
  local naming, own = name_of(scope, name, resource)
  return new_text(qualified(scope, name, resource, node) or physical.ref(naming, own, pseudo_of(scope)), node)
end

local function attribute(scope, id, name, node)
  local resource = scope:resource(id)
  if not resource then
    fault(node, "UNRESOLVED_REFERENCE", "no resource is named '%s'%s", id, hint_of(scope, id, { "Resources" }))
  end
  local naming, own = name_of(scope, id, resource)
  return new_text(physical.attribute(naming, id, own, name, pseudo_of(scope)), node)
end

-- --- functions ---

-- The elements of a function's arguments, which are a list.
local function arguments(node, name, least, most)
  local count = node.values and not node.keys and #node.values or -1
  if count < least or count > most then
    fault(node, "INVALID_FUNCTION", "%s takes a list of %s", name, least == most and least or least .. " to " .. most)
  end
  return node.values
end

local function text_argument(scope, node, name)
  local text = scope:text(node)
  if not text then
    fault(node, "INVALID_FUNCTION", "%s takes text here", name)
  end
  return text
end

local function list_argument(scope, node, name)
  local list = scope:resolve(node)
  if list == NO_VALUE or not list.values or list.keys then
    fault(node, "INVALID_FUNCTION", "%s takes a list here", name)
  end
  return list.values
end

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
    value = id and scope:resource(id) and not serverless_part(scope, name, node) and attribute(scope, id, part, node)
      or reference(scope, name, node)
  end
  local text = value ~= NO_VALUE and text_of(value)
  if not text then
    fault(node, "INVALID_FUNCTION", "Fn::Sub: '%s' is no text", name)
  end
  return text
end

local function conditional(scope, node)
  local name = text_of(node)
  local condition = name and member(scope:section "Conditions", name)
  if not name then
    fault(node, "INVALID_FUNCTION", "the name of a condition expected")
  elseif not condition then
    fault(node, "UNRESOLVED_REFERENCE", "no condition is named '%s'%s", name, hint_of(scope, name, { "Conditions" }))
  end
  return guarded(scope, "the condition " .. name, node, function()
    return scope:truth(condition)
  end)
end

local functions = {}

function functions.Ref(scope, node)
  return reference(scope, text_argument(scope, node, "Ref"), node)
end

functions["Fn::GetAtt"] = function(scope, node)
  if node.json then
    local id, name = (text_of(node) or ""):match "^([^.]+)%.(.+)$"
    return id and attribute(scope, id, name, node) or fault(node, "INVALID_FUNCTION", "Fn::GetAtt takes a resource and an attribute")
  end
  local given = arguments(node, "Fn::GetAtt", 2, 2)
  return attribute(scope, text_argument(scope, given[1], "Fn::GetAtt"), text_argument(scope, given[2], "Fn::GetAtt"), given[1])
end

functions["Fn::Sub"] = function(scope, node)
  local text, variables = node, nil
  if not node.json then
    local given = arguments(node, "Fn::Sub", 2, 2)
    text, variables = given[1], given[2]
  end
  local template = text_of(text)
  if not template then
    fault(text, "INVALID_FUNCTION", "Fn::Sub takes text here")
  end
  local parts, at = {}, 1
  for first, name, following in template:gmatch "()%${([^}]*)}()" do -- no function for gsub: C would count its levels
    parts[#parts + 1] = template:sub(at, first - 1)
    parts[#parts + 1] = sub_variable(scope, name:match "^%s*(.-)%s*$", variables, text)
    at = following
  end
  return new_text(table.concat(parts) .. template:sub(at), node)
end

functions["Fn::Join"] = function(scope, node)
  local given = arguments(node, "Fn::Join", 2, 2)
  local parts = {}
  for index, part in ipairs(list_argument(scope, given[2], "Fn::Join")) do
    parts[index] = text_argument(scope, part, "Fn::Join")
  end
  return new_text(table.concat(parts, text_argument(scope, given[1], "Fn::Join")), node)
end

functions["Fn::Split"] = function(scope, node)
  local given = arguments(node, "Fn::Split", 2, 2)
  local delimiter = text_argument(scope, given[1], "Fn::Split")
  if delimiter == "" then
    fault(given[1], "INVALID_FUNCTION", "Fn::Split needs a delimiter")
  end
  return new_list(split(text_argument(scope, given[2], "Fn::Split"), delimiter), node)
end

functions["Fn::Select"] = function(scope, node)
  local given = arguments(node, "Fn::Select", 2, 2)
  local index = tonumber(text_argument(scope, given[1], "Fn::Select"))
  local list = list_argument(scope, given[2], "Fn::Select")
  return index and list[index + 1]
    or fault(given[1], "INVALID_FUNCTION", "Fn::Select: there is no such element; the list has %d", #list)
end

functions["Fn::FindInMap"] = function(scope, node)
  local given = arguments(node, "Fn::FindInMap", 3, 4)
  local found, names = scope:section "Mappings", {}
  for index = 1, 3 do
    names[index] = text_argument(scope, given[index], "Fn::FindInMap")
    found = member(found, names[index])
  end
  local default = member(given[4], "DefaultValue")
  return found or default and scope:resolve(default)
    or fault(node, "UNRESOLVED_REFERENCE", "Mappings have no %s", table.concat(names, "."))
end

functions["Fn::If"] = function(scope, node)
  local given = arguments(node, "Fn::If", 3, 3)
  return scope:resolve(conditional(scope, given[1]) and given[2] or given[3])
end

functions["Fn::ImportValue"] = function(scope, node)
  local name = text_argument(scope, node, "Fn::ImportValue")
  local value = scope.parameters[name]
  return value and new_text(value, node) or fault(node, "MISSING_PARAMETER",
    "'%s' is exported by another stack: give it as a parameter of that name", name)
end

functions["Fn::GetAZs"] = function(scope, node)
  local region = scope:text(node)
  region = region ~= "" and region or scope:pseudo "AWS::Region"
  return new_list({ region .. "a", region .. "b", region .. "c" }, node)
end

functions["Fn::Length"] = function(scope, node)
  local count = #list_argument(scope, node, "Fn::Length")
  return { first = node.first, last = node.last, json = tostring(count), name = tostring(count) }
end

functions["Fn::ToJsonString"] = function(scope, node)
  local written = writer.write(scope:resolve(node))
  return written and new_text(written.json:gsub("\n", ""), node) or fault(node, "INVALID_FUNCTION", "Fn::ToJsonString: too large")
end

-- --- conditions ---

local truths = {}

truths["Fn::Equals"] = function(scope, node)
  local given = arguments(node, "Fn::Equals", 2, 2)
  return text_argument(scope, given[1], "Fn::Equals") == text_argument(scope, given[2], "Fn::Equals")
end

truths["Fn::Not"] = function(scope, node)
  return not scope:truth(arguments(node, "Fn::Not", 1, 1)[1])
end

truths["Fn::And"] = function(scope, node)
  for _, each in ipairs(arguments(node, "Fn::And", 1, 10)) do
    if not scope:truth(each) then
      return false
    end
  end
  return true
end

truths["Fn::Or"] = function(scope, node)
  for _, each in ipairs(arguments(node, "Fn::Or", 1, 10)) do
    if scope:truth(each) then
      return true
    end
  end
  return false
end

truths.Condition = conditional

---Does a condition hold?
---@param node stepfn.yaml.Node
---@return boolean
function Scope:truth(node)
  local key = node.keys and #node.keys == 1 and node.keys[1]
  local truth = key and truths[key.name]
  if not truth then
    fault(node, "INVALID_FUNCTION", "a condition expected: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
  end
  return truth(self, node.values[1])
end

---Is a resource there, as its condition says?
---@param resource stepfn.yaml.Node
---@return boolean
function Scope:is_made(resource)
  local condition = member(resource, "Condition")
  return not condition or conditional(self, condition)
end

-- --- trees ---

-- { "Fn::…": … } -> the function, its arguments
local function function_of(node)
  local key = node.keys and #node.keys == 1 and node.keys[1]
  if not key then
    return nil
  elseif functions[key.name] then
    return functions[key.name], node.values[1]
  elseif key.name:find "^Fn::" then
    fault(key, "INVALID_FUNCTION", "%s can't be worked out here", key.name)
  end
end

local function resolve_members(scope, node)
  local copy = { first = node.first, last = node.last, values = {}, keys = node.keys and {} or nil }
  for index, child in ipairs(node.values) do
    local value = scope:resolve(child)
    if value ~= NO_VALUE then
      table.insert(copy.values, value)
      if node.keys then
        table.insert(copy.keys, node.keys[index])
      end
    end
  end
  return copy
end

local function resolve_collection(scope, node)
  local call, argument = function_of(node)
  if call then
    return call(scope, argument)
  end
  return resolve_members(scope, node)
end

---A tree without functions.
---@param node stepfn.yaml.Node
---@return stepfn.yaml.Node
function Scope:resolve(node)
  if node.json then
    return node
  elseif self.resolved[node] then
    return self.resolved[node]
  elseif self.depth == DEPTH_MAX then
    fault(node, "INVALID_TEMPLATE", "more than %d levels deep", DEPTH_MAX)
  end
  self.depth = self.depth + 1
  local result = resolve_collection(self, node)
  self.depth = self.depth - 1
  self.resolved[node] = result
  return result
end

---What a node comes to, when that is text, a number, true or false.
---@param node stepfn.yaml.Node?
---@return string?
function Scope:text(node)
  local resolved = node and self:resolve(node)
  return resolved and resolved ~= NO_VALUE and text_of(resolved) or nil
end

---@param node stepfn.yaml.Node what Scope:resolve gave
---@return boolean
function M.is_nothing(node)
  return node == NO_VALUE
end

---@param source stepfn.template.Document
---@param parameters table<string, string>?
---@return stepfn.template.Scope
function M.scope(source, parameters)
  return setmetatable({ document = source, parameters = parameters or {}, resolving = {}, resolved = {}, depth = 0, names = 0 }, Scope)
end

---Run something that may find a fault in the template.
---@param work fun(...): any
---@return any result
---@return { node: stepfn.yaml.Node, code: string, message: string }? found the fault, when result is nil
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
