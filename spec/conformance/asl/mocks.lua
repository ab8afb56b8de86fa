---Answers of a mock configuration (`mock_config`): by the name of the state, and by
---how often it was asked.
local M = {}

---@class conformance.Mocks
---@field answers table<string, { from: integer, to: integer, answer: table }[]> by state
---@field asked table<string, integer> by state

-- "3" or "0-1", from 0
local function range(key)
  local from, to = key:match "^(%d+)%-?(%d*)$"
  from = tonumber(from)
  return from, tonumber(to) or from
end

local function ranges(responses)
  local list = {}
  for key, answer in pairs(responses or {}) do
    local from, to = range(key)
    list[#list + 1] = { from = from, to = to, answer = answer }
  end
  return list
end

---@param mock_config? { testCase: string, config: table }
---@param machine_name? string
---@return conformance.Mocks
function M.new(mock_config, machine_name)
  local config, answers = mock_config and mock_config.config or {}, {}
  local machines = config.StateMachines or {}
  local machine = machines[machine_name] or machines[next(machines)] or {}
  for state, name in pairs((machine.TestCases or {})[mock_config and mock_config.testCase] or {}) do
    answers[state] = ranges((config.MockedResponses or {})[name])
  end
  return { answers = answers, asked = {} }
end

-- A function that is called by its ARN answers with the payload alone.
local function attempt_of(answer, effect)
  if answer.Throw then
    return { outcome = "failed", error = answer.Throw.Error, cause = answer.Throw.Cause }
  elseif effect.kind == "lambda" and type(answer.Return) == "table" and answer.Return.Payload ~= nil then
    return { result = answer.Return.Payload }
  end
  return { result = answer.Return }
end

---@param mocks conformance.Mocks
---@param effect table a `task` effect
---@return table? attempt as cases record them
function M.attempt(mocks, effect)
  local asked = mocks.asked[effect.state] or 0
  mocks.asked[effect.state] = asked + 1
  for _, range_of in ipairs(mocks.answers[effect.state] or {}) do
    if range_of.from <= asked and asked <= range_of.to then
      return attempt_of(range_of.answer, effect)
    end
  end
end

return M
