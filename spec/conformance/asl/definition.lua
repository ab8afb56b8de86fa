---Cases about a definition alone: what CreateStateMachine and
---ValidateStateMachineDefinition answer.
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

---@param case conformance.AslCase
---@return table actual
function M.create(case)
  local lines = {}
  for i, fault in ipairs(errors_of(diagnostics_of(case))) do
    lines[i] = one_line(fault)
  end
  if #lines == 0 then
    return {}
  end
  local message = "Invalid State Machine Definition: '" .. table.concat(lines, ", ") .. "'"
  return { exception = { code = "InvalidDefinition", message = message } }
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
