---The resources of a machine in a template: the machine, its role, its log group,
---its alias.
local core = require "stepfn.core"
local definitions = require "stepfn.template.definition"
local policy = require "stepfn.template.policy"
local stepfn_value = require "stepfn.value"

local M = {}

---@class stepfn.template.Options
---@field logical_id? string of the machine; made from its name, or "StateMachine"
---@field name? string of the machine, when it has none of its own
---@field role_arn? string|table a role that is there already
---@field functions? table<string, string|table> logical ids of the Lambda functions, by their names
---@field substitutions? stepfn.template.Values what the placeholders of the definition stand for
---@field logging? string|table "ALL", "ERROR", "FATAL", "OFF", or a whole LoggingConfiguration
---@field include_execution_data? boolean
---@field tracing? boolean
---@field kms_key? string|table a key of one's own: its ARN or id, or the function that gives its ARN
---@field tags? table<string, string>
---@field activities? boolean make the activities that the definition names
---@field alias? string publish each version under this name
---@field definition? "string"|"object" how the definition stands in the template
---@field definition_file? string the definition stands in a file of its own, of this name

---@class stepfn.template.Part what every kind of template says about a machine
---@field id string
---@field name? string
---@field type "STANDARD"|"EXPRESS"
---@field definition stepfn.template.Definition
---@field statements table[]
---@field role_arn string|table|nil
---@field logging? table LoggingConfiguration
---@field made table<string, table> resources that the definition needs beside what is there
---@field options stepfn.template.Options

local levels = { ALL = true, ERROR = true, FATAL = true, OFF = true }

---The log group that a machine gets when only a level was asked for.
---@param part stepfn.template.Part
---@return string id
---@return table resource
function M.log_group(part)
  return part.id .. "LogGroup", {
    Type = "AWS::Logs::LogGroup",
    Properties = {
      LogGroupName = { ["Fn::Sub"] = "/aws/vendedlogs/states/${AWS::StackName}-" .. part.id },
    },
  }
end

local function logging_of(id, options, machine)
  local asked = options.logging
  if asked == nil then
    asked = rawget(machine, "logging")
  end
  if type(asked) ~= "string" then
    return asked, false
  elseif not levels[asked] then
    error("option 'logging': \"ALL\", \"ERROR\", \"FATAL\", \"OFF\" or a table expected", 0)
  elseif asked == "OFF" then
    return { Level = "OFF" }, false
  end
  return {
    Level = asked,
    IncludeExecutionData = options.include_execution_data == true,
    Destinations = stepfn_value.array {
      { CloudWatchLogsLogGroup = { LogGroupArn = { ["Fn::GetAtt"] = { id .. "LogGroup", "Arn" } } } },
    },
  }, true
end

local function writes_logs(logging)
  return logging ~= nil and logging.Level ~= "OFF"
end

---@param machine stepfn.Machine
---@param options stepfn.template.Options
---@param resources table those that the template has
---@return stepfn.template.Part
---@return stepfn.template.Note[]
function M.part(machine, options, resources)
  local name = options.name or machine.name
  local id = options.logical_id or definitions.logical_id(name or "")
  id = id ~= "" and id or "StateMachine"
  local made = {}
  local definition = definitions.prepare(machine:to_json(), options.substitutions or {}, {
    functions = options.functions or {}, used = {}, resources = resources, makes_activities = options.activities, made = made,
  })
  local logging, makes_group = logging_of(id, options, machine)
  local statements, notes = policy.statements(definition.tree, {
    values = definition.values, machine_name = name, logging = writes_logs(logging), tracing = options.tracing,
    kms_key = options.kms_key,
  })
  return {
    id = id, name = name, type = machine.type, definition = definition, statements = statements,
    role_arn = options.role_arn or rawget(machine, "role_arn"), logging = logging, makes_group = makes_group,
    made = made, options = options,
  }, notes
end

---A document of IAM.
---@param statements table[]
---@return table
function M.policy_document(statements)
  return { Version = "2012-10-17", Statement = stepfn_value.array(statements) }
end

---The role that the machine takes on, and nobody for another account.
---@param part stepfn.template.Part
---@return table resource
function M.role(part)
  local trust = {
    Effect = "Allow",
    Principal = { Service = "states.amazonaws.com" },
    Action = "sts:AssumeRole",
    Condition = { StringEquals = { ["aws:SourceAccount"] = { Ref = "AWS::AccountId" } } },
  }
  local policies = #part.statements > 0 and stepfn_value.array {
    { PolicyName = "StatesExecutionPolicy", PolicyDocument = M.policy_document(part.statements) },
  } or nil
  return {
    Type = "AWS::IAM::Role",
    Properties = { AssumeRolePolicyDocument = M.policy_document { trust }, Policies = policies },
  }
end

---The definition as an object.
---@param part stepfn.template.Part
---@return stepfn.Value
function M.definition_object(part)
  return assert(core.value(part.definition.text))
end

---The definition as text.
---@param part stepfn.template.Part
---@return string
function M.definition_text(part)
  return (assert(core.encode(assert(core.value(part.definition.text)), true)):gsub("\n+$", ""))
end

---Tags as a list, in the order of their names.
---@param tags table<string, string>
---@return table[]
function M.tag_list(tags)
  local list = {}
  for name, value in pairs(tags) do
    list[#list + 1] = { Key = name, Value = value }
  end
  table.sort(list, function(a, b) return a.Key < b.Key end)
  return stepfn_value.array(list)
end

return M
