---Definitions with the verdicts of other checkers.  Where they agree, ours must be
---theirs, and the fault in the same place; the rest is decided one by one
---(decided.lua), else the source's own verdict counts.
local decided = require "spec.conformance.decided"
local verdict = require "spec.conformance.verdict"

local M = { name = "validation" }

function M.cases(file)
  return verdict.collect(file.data, function(case)
    return case.source ~= nil and case.valid ~= nil
  end)
end

local function expected_of(case)
  local value, decision = case.value, decided[case.id]
  if decision then
    return { valid = decision.valid, pointer = decision.pointer }
  elseif value.valid == value.consensus then
    return { valid = value.valid, pointer = value.where }
  elseif type(value.aws_valid) == "boolean" then
    return { valid = value.aws_valid }
  end
  return { valid = value.valid }
end

function M.run(case)
  local actual, message = verdict.of(case.value.definition_text or case.value.definition)
  case.message = message
  return actual
end

function M.right(case, actual)
  return verdict.judge(expected_of(case), actual, case.message)
end

return M
