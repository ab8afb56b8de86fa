---Definitions with a verdict: valid or not, and where the fault is.
local compare = require "spec.conformance.compare"
local stepfn = require "stepfn"

local M = {}

---@param definition stepfn.Value|string
---@return { valid: boolean, pointer: string? } actual
---@return string? message of the first error
function M.of(definition)
  for _, diagnostic in ipairs(stepfn.validate(definition)) do
    if diagnostic.severity == "ERROR" then
      return { valid = false, pointer = diagnostic.pointer or "" }, diagnostic.message
    end
  end
  return { valid = true }
end

---@param expected { valid: boolean, pointer: string? } a pointer that is nil is not compared
---@param actual { valid: boolean, pointer: string? }
---@param message string?
---@return boolean right
---@return string? reason
function M.judge(expected, actual, message)
  local seen = { valid = actual.valid, pointer = expected.pointer and actual.pointer }
  local difference = compare.difference(expected, seen)
  if not difference then
    return true
  end
  return false, compare.describe(difference) .. (message and " (" .. message .. ")" or "")
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
