---A machine as AWS::Serverless::StateMachine, whose role SAM makes from the
---policies. SAM turns the object into text, so that it may have null.
local definitions = require "stepfn.template.definition"
local machines = require "stepfn.template.machine"
local stepfn_value = require "stepfn.value"

local M = { transform = "AWS::Serverless-2016-10-31" }

---@param part stepfn.template.Part
---@param resources table<string, table> gets what the machine is made of
function M.add(part, resources)
  local options = part.options
  if options.definition == "string" then
    error("option 'definition': AWS::Serverless::StateMachine takes an object, or a file", 0)
  elseif options.kms_key then
    error("option 'kms_key': AWS::Serverless::StateMachine has no EncryptionConfiguration", 0)
  end
  local policies = #part.statements > 0 and stepfn_value.array { machines.policy_document(part.statements) } or nil
  resources[part.id] = {
    Type = "AWS::Serverless::StateMachine",
    Properties = {
      Name = part.name,
      Type = part.type,
      DefinitionUri = options.definition_file,
      Definition = not options.definition_file and machines.definition_object(part) or nil,
      DefinitionSubstitutions = definitions.substitutions(part.definition),
      Role = part.role_arn,
      Policies = not part.role_arn and policies or nil,
      Logging = part.logging,
      Tracing = options.tracing ~= nil and { Enabled = options.tracing } or nil,
      Tags = options.tags,
      AutoPublishAlias = options.alias,
    },
  }
  if part.makes_group then
    local id, group = machines.log_group(part)
    resources[id] = group
  end
end

return M
