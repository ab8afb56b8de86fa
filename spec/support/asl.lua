---Machines of a few states, run in virtual time, for specs of the language.
local stepfn = require "stepfn"

local M = {}

---Run states, of which "S" is the first.
---@param states table
---@param input any JSON text, or a value
---@param options table? of run
---@return stepfn.Execution
function M.run(states, input, options)
  local settings = { driver = "virtual", seed = 1 }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  local machine = assert(stepfn.load { StartAt = "S", States = states })
  return machine:run(type(input) == "string" and stepfn.value(input) or input, settings)
end

---The output of one state "S" as JSON text; fails when it did not succeed.
---@param state table
---@param input any
---@param options table?
---@return string
function M.output(state, input, options)
  state.End = true
  local execution = M.run({ S = state }, input, options)
  assert(execution.status == "SUCCEEDED", tostring(execution))
  return execution:output_json()
end

---The error of one state "S", and its cause without the usual beginning.
---@param state table
---@param input any
---@param options table?
---@return string error
---@return string cause
function M.failure(state, input, options)
  if state.Type ~= "Fail" and state.Type ~= "Succeed" then
    state.End = true
  end
  local execution = M.run({ S = state }, input, options)
  local cause = execution.cause or ""
  return execution.error, (cause:gsub("^An error occurred while executing the state 'S' %(entered at the event id #%d+%)%. ", ""))
end

---The history as "id<-previous Type" lines.
---@param execution stepfn.Execution
---@return string[]
function M.history(execution)
  local lines = {}
  for i, event in ipairs(execution:history()) do
    lines[i] = ("%d<-%d %s"):format(event.id, event.previousEventId, event.type)
  end
  return lines
end

---A branch or an item processor of one state.
---@param name string
---@param state table
---@return table
function M.scope(name, state)
  if state.Type ~= "Fail" and state.Type ~= "Succeed" then
    state.End = true
  end
  return { StartAt = name, States = { [name] = state } }
end

return M
