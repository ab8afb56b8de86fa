---The least that the role of a machine has to allow: from every Task, reader and
---writer at any depth to statements of IAM.
local call = require "stepfn.template.call"
local permission = require "stepfn.template.permission"
local sdk = require "stepfn.template.sdk"
local sorted_keys = require "stepfn.sorted_keys"
local statements = require "stepfn.template.statements"
local substitution = require "stepfn.template.substitution"
local target = require "stepfn.template.target"

local M = {}

---@class stepfn.template.PolicyOptions
---@field values? stepfn.template.Values what the placeholders of the definition stand for
---@field machine_name? string
---@field logging? boolean does the machine write logs?
---@field tracing? boolean is it traced?
---@field kms_key? string|table what it is encrypted with

---@class stepfn.template.Note something to look at: where the policy had to be wide
---@field state string
---@field message string

-- --- gathering ---

---@class stepfn.template.Gathering
---@field values stepfn.template.Values
---@field machine_name? string
---@field entries stepfn.template.Allowance[]
---@field notes stepfn.template.Note[]

local function note(gathering, state, message)
  gathering.notes[#gathering.notes + 1] = { state = state, message = message }
end

-- The machine itself and its executions, by its name when it has one.
local function own_patterns(pattern, machine_name)
  if pattern == "${|this}" then
    return { target.here("states", "stateMachine:" .. (machine_name or "*")) }
  elseif pattern == "${|executions}" then
    local prefix = "execution:" .. (machine_name or "*")
    return { target.here("states", prefix .. ":*"), target.here("states", prefix .. "/*:*") }
  end
  return { pattern }
end

local function is_own(pattern)
  return pattern == "${|this}" or pattern == "${|executions}"
end

-- Of a machine without a name nothing better can be said than all machines.
local function note_nameless(gathering, grant, asked, patterns)
  if not gathering.machine_name and is_own(patterns[1]) then
    note(gathering, asked.state, ("%s on every state machine: this one has no name"):format(table.concat(grant.actions, ", ")))
  end
end

local function add_entries(gathering, actions, pattern, condition)
  for _, one in ipairs(own_patterns(pattern, gathering.machine_name)) do
    local resource = substitution.finish(one, gathering.values)
    for _, action in ipairs(actions) do
      table.insert(gathering.entries, { action = action, resource = resource, condition = condition })
    end
  end
end

local function condition_of(grant, asked, values)
  local condition = grant.condition
  if type(condition) == "function" then
    condition = condition(asked)
  end
  return condition and substitution.finish_all(condition, values) or nil
end

---@param gathering stepfn.template.Gathering
---@param grant stepfn.template.Grant
---@param asked stepfn.template.Call
local function add_grant(gathering, grant, asked)
  if grant.only_if and not grant.only_if(asked) then
    return
  end
  local patterns, missing = grant.target(asked)
  if not patterns then
    patterns = { "*" }
    note(gathering, asked.state, ("%s on every resource: %s"):format(table.concat(grant.actions, ", "),
      missing and "the definition does not say " .. missing or "which it needs is not known"))
  end
  if grant.note then
    note(gathering, asked.state, grant.note)
  end
  note_nameless(gathering, grant, asked, patterns)
  local condition = condition_of(grant, asked, gathering.values)
  for _, pattern in ipairs(patterns) do
    add_entries(gathering, grant.actions, pattern, condition)
  end
end

local function add_grants(gathering, grants, asked)
  for _, grant in ipairs(grants) do
    add_grant(gathering, grant, asked)
  end
end

-- --- tasks ---

-- An activity's workers come of their own accord: nothing to allow.
local function is_activity(resource, values)
  local name = resource:match "^%${([%w_]+)}$"
  if not name then
    return resource:find "^arn:[^:]*:states:[^:]*:[^:]*:activity:" ~= nil
  end
  local value = values[name]
  local text = type(value) == "table" and value["Fn::Sub"] or value
  return name:find "Activity$" ~= nil or name:find "ActivityArn$" ~= nil
    or type(text) == "string" and text:find(":activity:", 1, true) ~= nil
end

-- The Resource with what is known of its placeholders put in.
local function resource_of(state, values)
  local text = tostring(state.Resource)
  local finished = substitution.finish(text, values)
  local shown = type(finished) == "table" and finished["Fn::Sub"] or finished
  return type(shown) == "string" and shown:find ":states:::" and shown:gsub("%${AWS::Partition}", "aws") or text
end

local function add_function(gathering, asked)
  local name = asked.resource:match "^%${([%w_]+)}$"
  local value = name and substitution.value(gathering.values, name)
  if type(value) == "table" and value.Ref and not name:find "Function" then
    note(gathering, asked.state, asked.resource .. " is taken for a Lambda function: nothing says what it is")
  end
  add_grant(gathering, permission.invoke(asked.resource), asked)
end

local function unknown_resource(gathering, asked)
  note(gathering, asked.state, ("nothing is allowed for the resource %s: it is not known"):format(asked.resource))
end

local function add_integration(gathering, asked)
  local service = asked.service:match "^aws%-sdk:(.+)$"
  if service then
    return add_grants(gathering, sdk.grants(service, asked.action), asked)
  end
  local row = permission.rows[asked.service .. ":" .. asked.action]
  if not row then
    return add_grants(gathering, sdk.grants(asked.service, asked.action), asked)
  end
  add_grants(gathering, row, asked)
  if asked.pattern == "sync" or asked.pattern == "sync:2" then
    add_grants(gathering, row.sync or {}, asked)
  end
end

local function add_task(gathering, name, state)
  local values = gathering.values
  local function is_arn(text)
    return substitution.is_arn(text, values)
  end
  local resource = resource_of(state, values)
  if state.Credentials ~= nil then
    add_grant(gathering, permission.assume_role, call.new(name, resource, state.Credentials, is_arn))
    return -- the call is made, and allowed, under that role
  end
  local asked = call.new(name, resource, state.Parameters or state.Arguments, is_arn)
  if asked.action then
    add_integration(gathering, asked)
  elseif is_activity(resource, values) then
    return
  elseif is_arn(resource) and not resource:find "^arn:[^:]*:states:" or resource:find "^%${[%w_]+}$" then
    add_function(gathering, asked)
  else
    unknown_resource(gathering, asked)
  end
end

-- --- distributed Maps ---

local function source_call(gathering, name, source)
  local asked = call.new(name, tostring(source.Resource), source.Parameters or source.Arguments, function(text)
    return substitution.is_arn(text, gathering.values)
  end)
  asked.config = type(source.ReaderConfig) == "table" and source.ReaderConfig or {}
  return asked
end

local function add_map(gathering, name, state)
  local processor = state.ItemProcessor or state.Iterator
  local config = type(processor) == "table" and processor.ProcessorConfig
  if type(config) == "table" and config.Mode == "DISTRIBUTED" then
    add_grants(gathering, permission.children, call.new(name, "", nil, function() return false end))
  end
  if type(state.ItemReader) == "table" then
    local asked = source_call(gathering, name, state.ItemReader)
    add_grants(gathering, permission.readers[asked.action] or {}, asked)
  end
  if type(state.ResultWriter) == "table" and state.ResultWriter.Resource then
    add_grants(gathering, permission.writer, source_call(gathering, name, state.ResultWriter))
  end
end

-- --- the definition ---

-- The depth of a definition is limited, so is this recursion.
local function add_states(gathering, scope)
  if type(scope) ~= "table" or type(scope.States) ~= "table" then
    return
  end
  for _, name in ipairs(sorted_keys(scope.States)) do
    local state = scope.States[name]
    if state.Type == "Task" then
      add_task(gathering, name, state)
    elseif state.Type == "Map" then
      add_map(gathering, name, state)
      add_states(gathering, state.ItemProcessor or state.Iterator)
    end
    for _, branch in ipairs(type(state.Branches) == "table" and state.Branches or {}) do
      add_states(gathering, branch)
    end
  end
end

-- A key that the template names by a function.
local function add_key(gathering, key)
  for _, action in ipairs { "kms:Decrypt", "kms:GenerateDataKey" } do
    table.insert(gathering.entries, { action = action, resource = key })
  end
end

---What the role of a machine has to allow.
---@param definition table
---@param options stepfn.template.PolicyOptions
---@return table[] statements of IAM, none when there is nothing to allow
---@return stepfn.template.Note[] notes where it had to be wide
function M.statements(definition, options)
  local gathering = { values = options.values or {}, machine_name = options.machine_name, entries = {}, notes = {} }
  add_states(gathering, definition)
  local nobody = call.new("", "", {}, function(text)
    return substitution.is_arn(text, gathering.values)
  end)
  if options.logging then
    add_grant(gathering, permission.logging, nobody)
  end
  if options.tracing then
    add_grant(gathering, permission.tracing, nobody)
  end
  if type(options.kms_key) == "string" then
    add_grant(gathering, permission.encryption(options.kms_key), nobody)
  elseif options.kms_key then
    add_key(gathering, options.kms_key)
  end
  return statements.of(gathering.entries), gathering.notes
end

return M
