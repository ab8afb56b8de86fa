---Templates as machines.
local diagnostic_text = require "stepfn.diagnostic"
local document = require "stepfn.template.document"
local faults = require "stepfn.template.fault"
local files = require "stepfn.file"
local locate = require "stepfn.template.locate"
local scopes = require "stepfn.template.scope"

local M = {}

---@class stepfn.template.LoadOptions
---@field resource? string the logical id of the machine, where the template has several
---@field parameters? table<string, string> values of parameters, pseudo parameters and imports

---@class stepfn.template.Source where diagnostics point
---@field path string
---@field text? string
---@field stands_in? { path: string, line: integer, column: integer } the text is no file, but a part of this one

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

-- Reads the template and does something with it, which may find a fault.
-- -> the result; or nil, message, diagnostics, source
local function with_template(path, options, work)
  local text, message = files.read(path)
  if not text then
    return unreadable(nil, message, "FILE_NOT_READABLE")
  end
  local source, wrong, detail = document.read(path, text)
  if not source then
    local code = detail.code == "YAML_NOT_AVAILABLE" and detail.code or "INVALID_TEMPLATE"
    local _, list, diagnostics = unreadable(path, wrong, code, detail)
    return nil, list, diagnostics, { path = path, text = text }
  end
  local result, found_fault = faults.try(work, scopes.new(source, options.parameters))
  if result == nil then
    return refused(source, found_fault)
  end
  return result
end

local function load_options(located)
  return {
    name = located.name, type = located.type, format = located.format, substitutions = located.substitutions,
  }
end

-- Diagnostics of a definition, with the places of the file that it stands in.
local function relocated(located, diagnostics)
  if located.relocate then
    located.relocate(diagnostics)
  end
  return diagnostics
end

local function load_located(located)
  local machine, _, diagnostics = require("stepfn").load(located.definition, load_options(located))
  relocated(located, diagnostics)
  if machine then
    rawset(machine, "role_arn", located.role_arn)
    rawset(machine, "logical_id", located.id)
    machine._functions.names = located.functions
  end
  return machine, diagnostics
end

-- The other machines of the template, which this one may start; one with a fault
-- does not exist.
local function load_others(scope, wanted)
  local machines = {}
  for _, id in ipairs(locate.ids(scope)) do
    local located = id ~= wanted and faults.try(locate.machine, scopes.new(scope.document, scope.parameters), id)
    local machine = located and load_located(located)
    if machine then
      machines[located.arn] = machine
      rawset(machine, "_machines", machines)
    end
  end
  return machines
end

---@param path string
---@param options stepfn.template.LoadOptions
---@return stepfn.Machine? machine
---@return string? message all errors, one a line, each with file, line and column
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source? source what the diagnostics point into
function M.load(path, options)
  local scope
  local located, message, wrong, source = with_template(path, options, function(of_template)
    scope = of_template
    return locate.machine(scope, options.resource)
  end)
  if not located then
    return nil, message, wrong, source
  end
  local machine, diagnostics = load_located(located)
  if not machine then
    local errors = diagnostic_text.only(diagnostics, "ERROR")
    return nil, diagnostic_text.list(errors, located.source.path), diagnostics, located.source
  end
  local machines = load_others(scope, located.id)
  if next(machines) then
    machines[located.arn] = machine
    rawset(machine, "_machines", machines)
  end
  return machine, nil, diagnostics, located.source
end

---All that is wrong with the template, or with the definition in it.
---@param path string
---@param options stepfn.template.LoadOptions
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source source what they point into
function M.validate(path, options)
  local located, _, diagnostics, source = with_template(path, options, function(scope)
    return locate.machine(scope, options.resource)
  end)
  if not located then
    return diagnostics, source or { path = path }
  end
  local settings = load_options(located)
  settings.name = nil
  local list = relocated(located, require("stepfn").validate(located.definition, settings))
  return list, located.source
end

---The logical ids of the state machines of a template.
---@param path string
---@param options stepfn.template.LoadOptions
---@return string[]? ids
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics
function M.ids(path, options)
  return with_template(path, options, locate.ids)
end

return M
