---Published definitions: all load, but those to which every checker objects.
local verdict = require "spec.conformance.verdict"

local M = { name = "realworld" }

function M.cases(file)
  return verdict.collect(file.data, function(case)
    return case.asl_validator_verdict ~= nil
  end)
end

local function is_accepted(value)
  return value.language_service == true or value.statelint == true or value.asl_validator_verdict.valid == true
end

function M.run(case)
  local actual, errors, conflict = verdict.of(case.value.definition)
  case.errors, case.conflict = errors, conflict
  return actual
end

function M.right(case)
  return verdict.judge({ valid = is_accepted(case.value) }, case.errors, case.conflict)
end

return M
