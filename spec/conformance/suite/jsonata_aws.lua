---The JSONata test suite as the release that Step Functions documents answers it,
---and the functions that the service adds.
local jsonata_cases = require "spec.conformance.jsonata_cases"

local M = { name = "jsonata-aws" }

M.cases = jsonata_cases.cases

function M.run(case)
  return jsonata_cases.run(case, "aws")
end

function M.right(case, actual)
  local old = case.case.jsonata_2_0_6
  if case.case.aws_unsupported then
    return actual.code == "T1006", actual.code
  elseif old and (old.hangs or old.internal_error or old.leaks_function_internals) then
    return true -- nothing to be equal to
  end
  return jsonata_cases.right(case, actual, old or case.case)
end

function M.quirk(case)
  return case.case.confidence == "low"
end

return M
