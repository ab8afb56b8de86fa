---Suites of cases in the `asl` format: each kind of case has its judge.
local cases = require "spec.conformance.asl.cases"
local compare = require "spec.conformance.compare"
local definition = require "spec.conformance.asl.definition"
local map_run = require "spec.conformance.asl.map_run"
local outcome = require "spec.conformance.asl.outcome"
local replay = require "spec.conformance.asl.replay"

local M = {}

local function run_execution(case)
  local run, failure = replay.run(case)
  case.failure = failure or run.mismatch and compare.describe(run.mismatch)
  case.masks = run and run.masks
  return run and outcome.of(run) or {}
end

local function execution_difference(case, actual)
  return outcome.difference(case.get "expected", actual, case.masks, case.get "flags" or {})
end

local function answer_difference(case, actual)
  return compare.difference(case.get "expected", actual, "/expected", compare.masks(case.get "masked", case.get "flags"))
end

local function references_difference(case, actual)
  return compare.difference(definition.expected_references(case), actual, "/expected")
end

-- What has to be there before cases of a kind can be judged.
local WANTING = { test_state = "TestState, which tests one state, isn't there yet" }

local function unsupported(case)
  case.unsupported = WANTING[case.kind] or "nothing answers them yet"
  case.failure = "cases of kind " .. case.kind .. " are not supported: " .. case.unsupported
  return {}
end

local JUDGES = {
  execution = { run = run_execution, difference = execution_difference },
  create_error = { run = definition.create, difference = answer_difference },
  update_error = { run = definition.update, difference = answer_difference },
  start_error = { run = definition.start, difference = answer_difference },
  variable_references = { run = definition.variable_references, difference = references_difference },
  validate = { run = definition.validate, difference = answer_difference },
  map_run = { run = map_run.run, difference = answer_difference },
}
local OTHERS = { run = unsupported }

local DEFINITION_KINDS = { execution = true, create_error = true, validate = true, variable_references = true }

---@param case conformance.AslCase
---@return boolean
function M.is_about_language(case)
  return DEFINITION_KINDS[case.kind] == true
end

M.has_jsonata = cases.has_jsonata

---@param name string
---@param wanted fun(case: conformance.AslCase): boolean
---@return conformance.Suite
function M.new(name, wanted)
  local suite = { name = name }

  function suite.cases(file)
    local found = {}
    for _, case in ipairs(cases.expand(file.data)) do
      if wanted(case) then
        found[#found + 1] = case
      end
    end
    return found
  end

  function suite.run(case)
    return (JUDGES[case.kind] or OTHERS).run(case)
  end

  function suite.right(case, actual)
    local difference
    if not case.failure then
      difference = JUDGES[case.kind].difference(case, actual)
    end
    local reason = case.failure or difference and compare.describe(difference)
    return reason == nil, reason
  end

  return suite
end

return M
