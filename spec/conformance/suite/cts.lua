---The compliance test suite of RFC 9535.
local jsonpath = require "stepfn.jsonpath"
local stepfn = require "stepfn"

local M = { name = "cts" }

function M.cases(file)
  local tests = type(file.data) == "userdata" and file.data.tests
  if type(tests) ~= "userdata" or not (tests[1] and tests[1].selector) then
    return nil
  end
  local cases = {}
  for i = 1, #tests do
    cases[i] = { id = tests[i].name, test = tests[i] }
  end
  return cases
end

function M.run(case)
  local path = jsonpath.compile(case.test.selector)
  if not path then
    return { invalid = true }
  end
  local nodes, message = path:values(case.test.document)
  case.paths = path:locations(case.test.document)
  return nodes or { error = message }
end

local function equal(a, b)
  return stepfn.value { a } == stepfn.value { b }
end

-- One of several acceptable lists, when the order of members is open.
local function one_of(actual, lists)
  for i = 1, #lists do
    if equal(actual, lists[i]) then
      return i
    end
  end
end

function M.right(case, actual)
  local test = case.test
  if test.invalid_selector then
    return actual.invalid == true
  end
  if actual.invalid or actual.error then
    return false
  end
  if test.result then
    return equal(actual, test.result) and (not test.result_paths or equal(case.paths, test.result_paths))
  end
  local i = one_of(actual, test.results)
  return i ~= nil and (not test.results_paths or equal(case.paths, test.results_paths[i]))
end

return M
