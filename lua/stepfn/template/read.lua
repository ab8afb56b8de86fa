---Templates as machines: finds the state machine's resource, its definition and
---what stands for the placeholders in it.
local block = require "stepfn.template.block"
local core = require "stepfn.core"
local definitions = require "stepfn.definition"
local diagnostic_text = require "stepfn.diagnostic"
local document = require "stepfn.template.document"
local faults = require "stepfn.template.fault"
local scopes = require "stepfn.template.scope"

local M = {}

local member, text_of, fault = document.member, document.text, faults.raise

---@class stepfn.template.LoadOptions
---@field resource? string the logical id of the machine, where the template has several
---@field parameters? table<string, string> values of parameters, pseudo parameters and imports

---@class stepfn.template.Source where diagnostics point
---@field path string
---@field text? string

local machine_types = {
  ["AWS::StepFunctions::StateMachine"] = { name = "StateMachineName", kind = "StateMachineType", role = "RoleArn" },
  ["AWS::Serverless::StateMachine"] = { name = "Name", kind = "Type", role = "Role" },
}

local function read_file(path)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  local text, failure = file:read "*a"
  file:close()
  return text, text == nil and path .. ": " .. tostring(failure) or nil
end

-- --- finding the machine ---

local function type_of(resource)
  return machine_types[text_of(member(resource, "Type")) or ""]
end

-- The logical ids of the machines, in the order of the template.
local function machine_ids(scope)
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
  local ids = machine_ids(scope)
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

---@class stepfn.template.Found a definition
---@field definition string|userdata text or value
---@field format "json"|"yaml"
---@field source stepfn.template.Source
---@field relocate? fun(diagnostics: stepfn.Diagnostic[])

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
  local found = text_found(text, "json", { path = scope.document.path .. " (" .. id .. ")", text = text }, texts)
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
  local text, message = read_file(path)
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

-- A role that the template makes gets its name when it is deployed.
local function role_of(scope, properties, kind)
  local node = member(properties, kind.role)
  local role = node and (scope:text(node) or "")
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

local function type_found(scope, node)
  local kind = scope:text(node) or "STANDARD"
  if kind ~= "STANDARD" and kind ~= "EXPRESS" then
    fault(node, "INVALID_TEMPLATE", "STANDARD or EXPRESS expected")
  end
  return kind
end

local function find(scope, options)
  local id, resource = find_machine(scope, options.resource)
  local kind, properties = type_of(resource), member(resource, "Properties")
  local found = find_definition(scope, id, resource)
  found.id = id
  found.name = scope:text(member(properties, kind.name))
  found.type = type_found(scope, member(properties, kind.kind))
  found.role_arn = role_of(scope, properties, kind)
  found.functions = function_names(scope)
  return found
end

-- --- faults ---

local function diagnostic_of(found_fault, source)
  local line, column, length = source:place(found_fault.node)
  return {
    severity = "ERROR", code = found_fault.code, message = found_fault.message, pointer = "", line = line, column = column,
    length = length,
  }
end

local function unreadable(path, message, code, place)
  local diagnostic = {
    severity = "ERROR", code = code, message = message, pointer = "", line = place and place.line,
    column = place and place.line and (place.column or 1),
  }
  return nil, diagnostic_text.list({ diagnostic }, path), { diagnostic }
end

local function refused(source, found_fault)
  local list = { diagnostic_of(found_fault, source) }
  return nil, diagnostic_text.list(list, source.path), list, { path = source.path, text = source.text }
end

---@param path string
---@param options stepfn.template.LoadOptions
---@return { definition: string, name: string?, type: string, id: string }? found
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics
---@return stepfn.template.Source? source what the diagnostics point into
function M.find(path, options)
  local text, message = read_file(path)
  if not text then
    return unreadable(nil, message, "FILE_NOT_READABLE")
  end
  local source, wrong, detail = document.read(path, text)
  if not source then
    local list = { unreadable(path, wrong, detail.code == "YAML_NOT_AVAILABLE" and detail.code or "INVALID_TEMPLATE", detail) }
    return nil, list[2], list[3], { path = path, text = text }
  end
  local scope = scopes.new(source, options.parameters)
  local found, found_fault = faults.try(find, scope, options)
  if not found then
    return refused(source, found_fault)
  end
  return found
end

-- Diagnostics of a definition, with the places of the file that it stands in.
local function relocated(found, diagnostics)
  if found.relocate then
    found.relocate(diagnostics)
  end
  return diagnostics
end

local function load_options(found, with_name)
  return {
    name = with_name and found.name or nil, type = found.type, format = found.format, substitutions = found.substitutions,
  }
end

---@param path string
---@param options stepfn.template.LoadOptions
---@return stepfn.Machine? machine
---@return string? message all errors, one a line, each with file, line and column
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source? source what the diagnostics point into
function M.load(path, options)
  local found, message, diagnostics, source = M.find(path, options)
  if not found then
    return nil, message, diagnostics, source
  end
  local machine, _, list = require("stepfn").load(found.definition, load_options(found, true))
  relocated(found, list)
  if not machine then
    return nil, diagnostic_text.list(diagnostic_text.only(list, "ERROR"), found.source.path), list, found.source
  end
  rawset(machine, "role_arn", found.role_arn)
  rawset(machine, "logical_id", found.id)
  machine._functions.names = found.functions
  return machine, nil, list, found.source
end

---All that is wrong with the template, or with the definition in it.
---@param path string
---@param options stepfn.template.LoadOptions
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source source what they point into
function M.validate(path, options)
  local found, _, diagnostics, source = M.find(path, options)
  if not found then
    return diagnostics, source or { path = path }
  end
  local list = relocated(found, require("stepfn").validate(found.definition, load_options(found)))
  return list, found.source
end

---The logical ids of the state machines of a template.
---@param path string
---@param options stepfn.template.LoadOptions
---@return string[]? ids
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics
function M.ids(path, options)
  local text, message = read_file(path)
  if not text then
    return unreadable(nil, message, "FILE_NOT_READABLE")
  end
  local source, wrong, detail = document.read(path, text)
  if not source then
    return unreadable(path, wrong, "INVALID_TEMPLATE", detail)
  end
  local ids, found_fault = faults.try(machine_ids, scopes.new(source, options.parameters))
  if not ids then
    return refused(source, found_fault)
  end
  return ids
end

return M
