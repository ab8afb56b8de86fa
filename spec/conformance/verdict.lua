---Definitions with a verdict: valid or not, and where the fault is.
local decided = require "spec.conformance.known".decided
local stepfn = require "stepfn"

local M = {}

local function errors_of(diagnostics)
  local errors = {}
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.severity == "ERROR" then
      errors[#errors + 1] = diagnostic
    end
  end
  return errors
end

---Read as text, so that faults come in the order of the text.  What is valid loads,
---and what loads is valid.
---@param definition stepfn.Value|string
---@return { valid: boolean, pointer: string? } actual with the place of the first fault
---@return { pointer: string, message: string }[] errors of the check, else of the load
---@return string? conflict between the two
function M.of(definition)
  local text = tostring(definition)
  local errors = errors_of(stepfn.validate(text))
  local machine, message, diagnostics = stepfn.load(text)
  local conflict
  if machine and #errors > 0 then
    conflict = "refused, but it loads: " .. errors[1].message
  elseif not machine and #errors == 0 then
    conflict = "accepted, but it does not load: " .. message
    errors = errors_of(diagnostics)
  end
  return { valid = #errors == 0, pointer = errors[1] and errors[1].pointer }, errors, conflict
end

---What a case of the suite "validation" must give: our decision, where there is
---one; else what most checkers say, or the source.
---@param case { id: string, value: stepfn.Value }
---@return { valid: boolean, pointer: string? }
function M.expected(case)
  local value = case.value
  if decided[case.id] then
    return decided[case.id]
  end
  for _, name in ipairs { "aws_valid", "consensus", "valid" } do
    if type(value[name]) == "boolean" then
      return { valid = value[name], pointer = value[name] == value.valid and value.where or nil }
    end
  end
end

---A definition may have more faults than the one that a case is about: that one
---comes first.
---@param expected { valid: boolean, pointer: string? } a pointer that is nil is not compared
---@param errors { pointer: string, message: string }[]
---@param conflict? string
---@return boolean right
---@return string? reason
function M.judge(expected, errors, conflict)
  if conflict then
    return false, conflict
  elseif expected.valid ~= (#errors == 0) then
    return false, expected.valid and "refused: " .. errors[1].message or "accepted"
  elseif expected.pointer and errors[1].pointer ~= expected.pointer then
    return false, ("expected a fault at %q, the first is at %q: %s"):format(expected.pointer, errors[1].pointer, errors[1].message)
  end
  return true
end

---The cases of a file whose first case `claims` says yes to.
---@param document any
---@param claims fun(case: stepfn.Value): boolean
---@return { id: string, value: stepfn.Value }[]
function M.collect(document, claims)
  local list = type(document) == "userdata" and document.cases
  if type(list) ~= "userdata" or not list[1] or not claims(list[1]) then
    return {}
  end
  local found = {}
  for i = 1, #list do
    found[i] = { id = list[i].id, value = list[i] }
  end
  return found
end

return M
