---A machine as AWS::StepFunctions::StateMachine.
local definitions = require "stepfn.template.definition"
local machines = require "stepfn.template.machine"

local M = { transform = nil }

local function definition_of(part, properties)
  local options = part.options
  if options.definition_file then
    properties.DefinitionS3Location = options.definition_file -- `aws cloudformation package` uploads it
  elseif options.definition == "object" then
    if definitions.has_null(part.definition.tree) then
      error("option 'definition': the definition has a null, which an object in a template can't have; text can", 0)
    end
    properties.Definition = machines.definition_object(part)
  else
    properties.DefinitionString = machines.definition_text(part)
  end
  properties.DefinitionSubstitutions = definitions.substitutions(part.definition)
end

-- A version of each revision, kept when the next one comes, and the name it goes by.
local function add_alias(part, resources)
  local version = part.id .. "Version"
  resources[version] = {
    Type = "AWS::StepFunctions::StateMachineVersion",
    DeletionPolicy = "Retain",
    UpdateReplacePolicy = "Retain",
    Properties = {
      StateMachineArn = { Ref = part.id },
      StateMachineRevisionId = { ["Fn::GetAtt"] = { part.id, "StateMachineRevisionId" } },
    },
  }
  resources[part.id .. "Alias"] = {
    Type = "AWS::StepFunctions::StateMachineAlias",
    Properties = {
      Name = part.options.alias,
      DeploymentPreference = { Type = "ALL_AT_ONCE", StateMachineVersionArn = { Ref = version } },
    },
  }
end

---@param part stepfn.template.Part
---@param resources table<string, table> gets what the machine is made of
function M.add(part, resources)
  local options = part.options
  local role = part.role_arn
  if not role then
    resources[part.id .. "Role"] = machines.role(part)
    role = { ["Fn::GetAtt"] = { part.id .. "Role", "Arn" } }
  end
  local properties = {
    StateMachineName = part.name,
    StateMachineType = part.type,
    RoleArn = role,
    LoggingConfiguration = part.logging,
    TracingConfiguration = options.tracing ~= nil and { Enabled = options.tracing } or nil,
    EncryptionConfiguration = options.kms_key and { Type = "CUSTOMER_MANAGED_KMS_KEY", KmsKeyId = options.kms_key } or nil,
    Tags = options.tags and machines.tag_list(options.tags) or nil,
  }
  definition_of(part, properties)
  resources[part.id] = { Type = "AWS::StepFunctions::StateMachine", Properties = properties }
  if part.makes_group then
    local id, group = machines.log_group(part)
    resources[id] = group
  end
  if options.alias then
    add_alias(part, resources)
  end
end

return M
