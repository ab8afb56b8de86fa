---Definitions with the verdicts of other checkers.  Where they agree, ours must be
---theirs; the rest is decided one by one (known.lua), else what most of them say
---counts, or the source's own verdict.  The first fault stands where the source has
---it.
local decided = require "spec.conformance.known".decided
local verdict = require "spec.conformance.verdict"

local M = { name = "validation" }

function M.cases(file)
  return verdict.collect(file.data, function(case)
    return case.source ~= nil and case.valid ~= nil
  end)
end

function M.decided(case)
  return decided[case.id] ~= nil
end

local function is_against_all(value, decision)
  return decision and value.valid == value.consensus and decision.valid ~= value.valid
end

function M.run(case)
  local actual, errors, conflict = verdict.of(case.value.definition_text or case.value.definition)
  case.errors, case.conflict = errors, conflict
  return actual
end

---A decision may not turn a verdict on which all agree.
function M.right(case)
  if is_against_all(case.value, decided[case.id]) then
    return false, "decided against the verdict of all"
  end
  return verdict.judge(verdict.expected(case), case.errors, case.conflict)
end

return M
