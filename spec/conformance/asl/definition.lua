---Cases about a definition and what is asked for with it: what CreateStateMachine,
---UpdateStateMachine, ValidateStateMachineDefinition and StartExecution answer.
local requests = require "stepfn.request"
local stepfn = require "stepfn"

local M = {}

local function diagnostics_of(case)
  local request = case.get "request" or {}
  local definition = case.field "definition_text" or case.field "definition"
  return stepfn.validate(tostring(definition), { type = request.type or case.get "workflow_type" })
end

local function errors_of(diagnostics)
  local errors = {}
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.severity == "ERROR" then
      errors[#errors + 1] = diagnostic
    end
  end
  return errors
end

local function one_line(fault)
  return fault.code .. ": " .. fault.message .. (fault.location and " at " .. fault.location or "")
end

local function exception(code, message)
  return { exception = code and { code = code, message = message } }
end

local function definition_fault(case)
  local lines = {}
  for i, fault in ipairs(errors_of(diagnostics_of(case))) do
    lines[i] = one_line(fault)
  end
  if #lines > 0 then
    return "InvalidDefinition", "Invalid State Machine Definition: '" .. table.concat(lines, ", ") .. "'"
  end
end

---@param case conformance.AslCase
---@return table actual
function M.create(case)
  local code, message = requests.create_fault(case.get "request" or {})
  if code then
    return exception(code, message)
  end
  return exception(definition_fault(case))
end

-- The definition of an update stands beside the request.
local function definition_of(case)
  local text, document = case.get "definition_text", case.field "definition"
  return type(text) == "string" and text or document and document ~= stepfn.null and tostring(document) or nil
end

---@param case conformance.AslCase
---@return table actual
function M.update(case)
  local request = case.get "request" or {}
  request.definition = request.definition or definition_of(case)
  local code, message = requests.update_fault(request)
  if code or not request.definition then
    return exception(code, message)
  end
  return exception(definition_fault(case))
end

---@param case conformance.AslCase
---@return table actual
function M.start(case)
  local request = case.get "request" or {}
  request.input = request.input or case.get "input_text"
  return exception(requests.start_fault(request))
end

local RESULTS_MAX = 100

---Errors alone, unless the request wants warnings too.
---@param case conformance.AslCase
---@return table actual
function M.validate(case)
  local request = case.get "request" or {}
  local all = diagnostics_of(case)
  local errors = errors_of(all)
  local found = request.severity == "WARNING" and all or errors
  local list = stepfn.array {}
  for i = 1, math.min(#found, request.maxResults or RESULTS_MAX) do
    list[i] = {
      severity = found[i].severity, code = found[i].code, message = found[i].message, location = found[i].location,
    }
  end
  return { result = #errors > 0 and "FAIL" or "OK", diagnostics = list, truncated = #list < #found }
end

-- The order of lists says nothing.
local function sorted(references)
  for _, names in pairs(references) do
    table.sort(names)
  end
  return references
end

---@param case conformance.AslCase
---@return table actual
function M.variable_references(case)
  local machine = stepfn.load(case.field "definition", { type = case.get "workflow_type" })
  local references = machine and sorted(machine:variable_references()) or {}
  if case.get "expected".variableReferences then
    return { variableReferences = references }
  end
  return references
end

---@param case conformance.AslCase
---@return table expected with lists in order
function M.expected_references(case)
  local expected = case.get "expected"
  sorted(expected.variableReferences or expected)
  return expected
end

return M
