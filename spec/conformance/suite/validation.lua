---Definitions with the verdicts of other checkers.  Where they agree, ours must be
---theirs, and with it the place of the fault; the rest is decided one by one
---(known.lua), else the source's own verdict counts.
local decided = require "spec.conformance.known".decided
local verdict = require "spec.conformance.verdict"

local M = { name = "validation" }

function M.cases(file)
  return verdict.collect(file.data, function(case)
    return case.source ~= nil and case.valid ~= nil
  end)
end

local function expected_of(case)
  local value = case.value
  if decided[case.id] then
    return decided[case.id]
  elseif value.valid == value.consensus then
    return { valid = value.valid, pointer = value.where }
  end
  for _, name in ipairs { "aws_valid", "consensus", "valid" } do
    if type(value[name]) == "boolean" then
      return { valid = value[name] }
    end
  end
end

function M.run(case)
  local actual, errors = verdict.of(case.value.definition_text or case.value.definition)
  case.errors = errors
  return actual
end

function M.right(case)
  return verdict.judge(expected_of(case), case.errors)
end

return M
