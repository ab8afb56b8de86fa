---What Jayway JsonPath, the library behind the service, was recorded to answer.
---Where its document models differ, the answer of either is right.
local jsonpath = require "stepfn.jsonpath"
local stepfn = require "stepfn"

local M = { name = "jayway" }

function M.cases(file)
  local list = type(file.data) == "userdata" and file.data.cases
  if type(list) ~= "userdata" or not (list[1] and list[1].path and list[1].since) then
    return nil
  end
  local cases = {}
  for i = 1, #list do
    cases[i] = { id = list[i].id, recorded = list[i] }
  end
  return cases
end

function M.run(case)
  local path = jsonpath.compile(case.recorded.path, { dialect = "aws" })
  if not path then
    return { invalid = true }
  end
  local value, message = path:read(case.recorded.doc)
  if value == nil then
    return { error = message }
  end
  case.answered = true
  return value
end

local function is(case, actual, answer)
  if answer.error then
    return not case.answered
  end
  return case.answered == true and stepfn.value { actual } == stepfn.value { answer.expected }
end

function M.right(case, actual)
  local recorded = case.recorded
  return is(case, actual, recorded)
    or recorded.jackson_tree ~= nil and is(case, actual, recorded.jackson_tree)
    or recorded.jackson ~= nil and is(case, actual, recorded.jackson)
end

function M.quirk(case)
  return case.recorded.note ~= nil and case.recorded.note:find("^quirk") ~= nil
end

return M
