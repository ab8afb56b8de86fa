---Cases about a definition alone: what CreateStateMachine and
---ValidateStateMachineDefinition answer.
local stepfn = require "stepfn"

local M = {}

local function diagnostics_of(case)
  local request = case.get "request" or {}
  local definition = case.field "definition_text" or case.field "definition"
  return stepfn.validate(definition, { type = request.type or case.get "workflow_type" })
end

local function first_error(diagnostics)
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.severity == "ERROR" then
      return diagnostic
    end
  end
end

---@param case conformance.AslCase
---@return table actual
function M.create(case)
  local fault = first_error(diagnostics_of(case))
  if not fault then
    return {}
  end
  local text = fault.code .. ": " .. fault.message .. (fault.location and " at " .. fault.location or "")
  return {
    exception = { code = "InvalidDefinition", message = "Invalid State Machine Definition: '" .. text .. "'" },
  }
end

---@param case conformance.AslCase
---@return table actual
function M.validate(case)
  local found = diagnostics_of(case)
  local list = stepfn.array {}
  for i, diagnostic in ipairs(found) do
    list[i] = {
      severity = diagnostic.severity, code = diagnostic.code, message = diagnostic.message,
      location = diagnostic.location,
    }
  end
  return { result = first_error(found) and "FAIL" or "OK", diagnostics = list, truncated = false }
end

return M
