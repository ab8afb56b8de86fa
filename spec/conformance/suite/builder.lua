---Published definitions through the builder: read into its objects, written again,
---and written as a program.  All give the same JSON, the latter two the same bytes.
local step = require "stepfn.step"
local stepfn = require "stepfn"
local verdict = require "spec.conformance.verdict"

local M = { name = "builder" }

local compile = rawget(_G, "loadstring") or load

-- The definition of a case, when it can be loaded at all.
local function text_of(case)
  local definition = case.definition
  local text = definition ~= nil and tostring(definition)
  return text and stepfn.load(text) and text
end

function M.cases(file)
  local found = {}
  for _, case in ipairs(verdict.collect(file.data, function(case) return case.definition ~= nil and case.id ~= nil end)) do
    if text_of(case.value) then
      found[#found + 1] = case
    end
  end
  return found
end

-- Keys of objects in one order.
local function ordered(text)
  return assert(stepfn.encode(stepfn.decode(text)))
end

function M.run(case)
  local text = text_of(case.value)
  local machine = assert(step.from_json(text))
  local built = machine:to_json()
  return {
    same = ordered(built) == ordered(stepfn.load(text):to_json()),
    again = assert(step.from_json(built)):to_json() == built,
    program = assert(compile(machine:to_lua()))():to_json() == built,
  }
end

function M.right(_, actual)
  for _, what in ipairs { "same", "again", "program" } do
    if not actual[what] then
      return false, actual.error or "differs: " .. what
    end
  end
  return true
end

return M
