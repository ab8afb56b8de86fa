---Finds the state machine of a template, its definition and what stands for the
---placeholders in it.
local block = require "stepfn.template.block"
local core = require "stepfn.core"
local definitions = require "stepfn.definition"
local document = require "stepfn.template.document"
local faults = require "stepfn.template.fault"
local files = require "stepfn.file"
local reference = require "stepfn.template.reference"
local scopes = require "stepfn.template.scope"

local M = {}

local member, text_of, fault = document.member, document.text, faults.raise

local machine_types = {
  ["AWS::StepFunctions::StateMachine"] = { name = "StateMachineName", kind = "StateMachineType", role = "RoleArn" },
  ["AWS::Serverless::StateMachine"] = { name = "Name", kind = "Type", role = "Role" },
}

-- --- finding the machine ---

local function type_of(resource)
  return machine_types[text_of(member(resource, "Type")) or ""]
end

---The logical ids of the machines, in the order of the template.
---@param scope stepfn.template.Scope
---@return string[]
function M.ids(scope)
  local ids = {}
  local resources = scope:section "Resources"
  for index, key in ipairs(resources and resources.keys or {}) do
    if type_of(resources.values[index]) and scope:is_made(resources.values[index]) then
      ids[#ids + 1] = key.name
    end
  end
  return ids
end

local function quoted(ids)
  return "'" .. table.concat(ids, "', '") .. "'"
end

local function find_machine(scope, wanted)
  local root = scope.document.root
  local resources = scope:section "Resources"
  if not resources or not resources.keys then
    fault(root, "INVALID_TEMPLATE", "no template: it has no Resources")
  end
  local ids = M.ids(scope)
  if wanted then
    local resource, key = member(resources, wanted)
    if not resource then
      fault(resources, "RESOURCE_NOT_FOUND", "no resource is named '%s'%s", wanted,
        #ids > 0 and "; state machines are " .. quoted(ids) or "")
    elseif not type_of(resource) then
      fault(key, "RESOURCE_NOT_FOUND", "'%s' is no state machine but %s", wanted,
        text_of(member(resource, "Type")) or "of no type")
    end
    return wanted, resource
  elseif #ids == 0 then
    fault(resources, "RESOURCE_NOT_FOUND", "the template has no state machine")
  elseif #ids > 1 then
    fault(resources, "RESOURCE_NOT_FOUND", "the template has several state machines, name one of them: %s", quoted(ids))
  end
  return ids[1], scope:resource(ids[1])
end

-- --- its definition ---

local function substitutions_of(scope, properties)
  local found = member(properties, "DefinitionSubstitutions")
  local node = found and scope:resolve(found)
  if node and node ~= document.NOTHING and not node.keys then
    fault(found, "INVALID_TEMPLATE", "DefinitionSubstitutions: names and texts expected")
  end
  local texts = {}
  for index, key in ipairs(node and node.keys or {}) do
    local text = text_of(node.values[index])
    if not text then
      fault(node.values[index], "INVALID_TEMPLATE", "DefinitionSubstitutions: '%s' is no text", key.name)
    end
    texts[key.name] = text
  end
  return texts
end

-- As the service does it: in the text, so that numbers can be put in, too.
local function substituted(text, texts)
  return (text:gsub("%${([^}]+)}", function(name)
    return texts[name]
  end))
end

-- A text keeps its places when placeholders are filled in after it is read.
local function text_found(text, format, source, texts)
  if format == "json" and core.value(text) ~= nil then
    return { definition = text, format = format, source = source, substitutions = texts }
  end
  source.text = substituted(text, texts)
  return { definition = source.text, format = format, source = source }
end

local function from_string(scope, node, id, texts)
  local text = scope:text(node)
  if not text then
    fault(node, "INVALID_TEMPLATE", "DefinitionString is no text")
  end
  local line, column = scope.document:place(node)
  local found = text_found(text, "json", {
    path = scope.document.path .. " (" .. id .. ")", text = text,
    stands_in = { path = scope.document.path, line = line, column = column },
  }, texts)
  found.relocate = function(diagnostics)
    if block.relocate(scope.document, node, found.source.text, diagnostics) then
      found.source = { path = scope.document.path, text = scope.document.text }
    end
  end
  return found
end

local function from_object(scope, node, texts)
  local resolved = scope:resolve(node)
  if resolved == document.NOTHING then
    fault(node, "DEFINITION_NOT_FOUND", "the definition is AWS::NoValue")
  end
  local json, relocate = scope.document:write(resolved)
  if not json then
    fault(node, "INVALID_TEMPLATE", "%s", relocate)
  end
  return {
    definition = json, format = "json", substitutions = texts, relocate = relocate,
    source = { path = scope.document.path, text = scope.document.text },
  }
end

local function beside(path, name)
  return name:find "^/" and name or (path:match "^(.*/)[^/]*$" or "") .. name
end

local function from_file(scope, node, texts)
  local resolved = scope:resolve(node)
  local name = text_of(resolved)
  if not name or name:find "^s3:" then
    fault(node, "DEFINITION_NOT_FOUND", "the definition is in S3: only a file beside the template can be read")
  end
  local path = beside(scope.document.path, name)
  local text, message = files.read(path)
  if not text then
    fault(node, "DEFINITION_NOT_FOUND", "the definition cannot be read: %s", message)
  end
  return text_found(text, definitions.format_of(path), { path = path, text = text }, texts)
end

-- Where a definition may stand.
local places = {
  { "DefinitionString", from_string }, { "Definition", from_object },
  { "DefinitionUri", from_file }, { "DefinitionS3Location", from_file },
}

local function find_definition(scope, id, resource)
  local properties = member(resource, "Properties")
  local texts = substitutions_of(scope, properties)
  for _, place in ipairs(places) do
    local node = member(properties, place[1])
    if node and place[2] == from_string then
      return from_string(scope, node, id, texts)
    elseif node then
      return place[2](scope, node, texts)
    end
  end
  fault(resource, "DEFINITION_NOT_FOUND", "'%s' has no definition", id)
end

-- --- what else is known of it ---

-- A property that is text; nil when it is not there.
local function text_property(scope, properties, name)
  local node = member(properties, name)
  local text = scope:text(node)
  if node and not text and scope:resolve(node) ~= document.NOTHING then
    fault(node, "INVALID_TEMPLATE", "%s: a text expected", name)
  end
  return text, node
end

-- A role that the template makes gets its name when it is deployed.
local function role_of(scope, properties, kind)
  local role, node = text_property(scope, properties, kind.role)
  local made = member(node, "Fn::GetAtt") or member(node, "Ref")
  local id = made and (made.json and text_of(made) or text_of(made.values[1])) or ""
  local resource = scope:resource(id:match "^[^.]*")
  if resource and not member(member(resource, "Properties"), "RoleName") then
    return nil
  end
  return role and role:find "^arn:" and role or nil
end

-- Physical names of Lambda functions and the logical ids by which they go, too.
local function function_names(scope)
  local names = {}
  local resources = scope:section "Resources"
  for index, key in ipairs(resources.keys) do
    local resource = resources.values[index]
    local kind = text_of(member(resource, "Type"))
    if kind == "AWS::Lambda::Function" or kind == "AWS::Serverless::Function" then
      local given = member(member(resource, "Properties"), "FunctionName")
      local own = scopes.new(scope.document, scope.parameters) -- its faults are nobody's
      local name = faults.try(own.text, own, given)
      if name then
        names[name] = key.name
      end
    end
  end
  return names
end

local function type_found(scope, properties, name)
  local kind, node = text_property(scope, properties, name)
  kind = kind or "STANDARD"
  if kind ~= "STANDARD" and kind ~= "EXPRESS" then
    fault(node, "INVALID_TEMPLATE", "%s: STANDARD or EXPRESS expected", name)
  end
  return kind
end

---@class stepfn.template.Located a machine of a template
---@field id string logical
---@field arn string
---@field name? string
---@field type "STANDARD"|"EXPRESS"
---@field definition string
---@field format "json"|"yaml"
---@field substitutions? table<string, string> that are still to be put in
---@field source stepfn.template.Source where the definition stands
---@field relocate? fun(diagnostics: stepfn.Diagnostic[]) turns the places of the definition into those of `source`
---@field role_arn? string
---@field functions table<string, string> logical ids of Lambda functions by their physical names

---A machine of a template. Raises a fault.
---@param scope stepfn.template.Scope
---@param wanted string? its logical id
---@return stepfn.template.Located
function M.machine(scope, wanted)
  local id, resource = find_machine(scope, wanted)
  local kind, properties = type_of(resource), member(resource, "Properties")
  local located = find_definition(scope, id, resource)
  located.id = id
  located.arn = text_of(reference.of(scope, id, resource))
  located.name = text_property(scope, properties, kind.name)
  located.type = type_found(scope, properties, kind.kind)
  located.role_arn = role_of(scope, properties, kind)
  located.functions = function_names(scope)
  return located
end

return M
