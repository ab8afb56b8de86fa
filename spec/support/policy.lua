---Statements of IAM as short lines, for specs:
---"dynamodb:GetItem arn:P:dynamodb:here:table/Orders".
local policy = require "stepfn.template.policy"
local stepfn = require "stepfn"

local M = {}

local function short(text)
  return (text:gsub("^arn:%${AWS::Partition}:", "arn:P:"):gsub(":%${AWS::Region}:%${AWS::AccountId}:", ":here:"))
end

local function shown(resource)
  if type(resource) == "string" then
    return short(resource)
  elseif type(resource["Fn::Sub"]) == "string" then
    return short(resource["Fn::Sub"])
  end
  return assert(stepfn.encode(resource))
end

local function condition_of(statement)
  return statement.Condition and " if " .. assert(stepfn.encode(statement.Condition)) or ""
end

---@param statements table[]
---@return string[] lines sorted
function M.lines(statements)
  local lines = {}
  for _, statement in ipairs(statements) do
    local resources = type(statement.Resource) == "table" and statement.Resource or { statement.Resource }
    for _, resource in ipairs(resources) do
      for _, action in ipairs(statement.Action) do
        lines[#lines + 1] = action .. " " .. shown(resource) .. condition_of(statement)
      end
    end
  end
  table.sort(lines)
  return lines
end

---What a machine of one state needs.
---@param state table
---@param options table?
---@return string[] lines
---@return string[] notes
function M.of_state(state, options)
  local lines, notes = M.of({ StartAt = "S", States = { S = state } }, options)
  return lines, notes
end

---@param definition table
---@param options table?
---@return string[] lines
---@return string[] notes
function M.of(definition, options)
  local statements, notes = policy.statements(definition, options or {})
  local messages = {}
  for index, note in ipairs(notes) do
    messages[index] = note.state .. ": " .. note.message
  end
  return M.lines(statements), messages
end

return M
