---The JSONata test suite, in the language of today.
local jsonata_cases = require "spec.conformance.jsonata_cases"

local M = { name = "jsonata" }

function M.cases(file)
  local cases = jsonata_cases.cases(file)
  return cases and cases[1].group ~= "aws-functions" and cases or nil
end

function M.run(case)
  return jsonata_cases.run(case, "2.2")
end

function M.right(case, actual)
  return jsonata_cases.right(case, actual, case.case)
end

return M
