---What the resources of a template are called when it is deployed: the names that
---they are given, or made up from their logical ids.
local M = {}

---@class stepfn.template.Naming
---@field property? string that gives the name
---@field arn string "lambda:here:function:%s"; "here" is the region and account of the stack
---@field ref "name"|"arn"|"url" what Ref gives

local function named(property, arn, ref)
  return { property = property, arn = arn, ref = ref or "name" }
end

---@type table<string, stepfn.template.Naming>
local rows = {
  ["AWS::Batch::JobDefinition"] = named("JobDefinitionName", "batch:here:job-definition/%s:1", "arn"),
  ["AWS::Batch::JobQueue"] = named("JobQueueName", "batch:here:job-queue/%s", "arn"),
  ["AWS::CodeBuild::Project"] = named("Name", "codebuild:here:project/%s"),
  ["AWS::DynamoDB::GlobalTable"] = named("TableName", "dynamodb:here:table/%s"),
  ["AWS::DynamoDB::Table"] = named("TableName", "dynamodb:here:table/%s"),
  ["AWS::ECS::Cluster"] = named("ClusterName", "ecs:here:cluster/%s"),
  ["AWS::ECS::TaskDefinition"] = named("Family", "ecs:here:task-definition/%s:1", "arn"),
  ["AWS::EMR::Cluster"] = named(nil, "elasticmapreduce:here:cluster/%s"),
  ["AWS::Events::Connection"] = named("Name", "events:here:connection/%s/00000000-0000-0000-0000-000000000000"),
  ["AWS::Events::EventBus"] = named("Name", "events:here:event-bus/%s"),
  ["AWS::Glue::Job"] = named("Name", "glue:here:job/%s"),
  ["AWS::IAM::Role"] = named("RoleName", "iam::account:role/%s"),
  ["AWS::KMS::Key"] = named(nil, "kms:here:key/%s"),
  ["AWS::Kinesis::Stream"] = named("Name", "kinesis:here:stream/%s"),
  ["AWS::KinesisFirehose::DeliveryStream"] = named("DeliveryStreamName", "firehose:here:deliverystream/%s"),
  ["AWS::Lambda::Function"] = named("FunctionName", "lambda:here:function:%s"),
  ["AWS::Logs::LogGroup"] = named("LogGroupName", "logs:here:log-group:%s:*"),
  ["AWS::S3::Bucket"] = named("BucketName", "s3:::%s"),
  ["AWS::SNS::Topic"] = named("TopicName", "sns:here:%s", "arn"),
  ["AWS::SQS::Queue"] = named("QueueName", "sqs:here:%s", "url"),
  ["AWS::SSM::Parameter"] = named("Name", "ssm:here:parameter/%s"),
  ["AWS::SecretsManager::Secret"] = named("Name", "secretsmanager:here:secret:%s-AbCdEf", "arn"),
  ["AWS::Serverless::Function"] = named("FunctionName", "lambda:here:function:%s"),
  ["AWS::Serverless::SimpleTable"] = named("TableName", "dynamodb:here:table/%s"),
  ["AWS::Serverless::StateMachine"] = named("Name", "states:here:stateMachine:%s", "arn"),
  ["AWS::StepFunctions::Activity"] = named("Name", "states:here:activity:%s", "arn"),
  ["AWS::StepFunctions::StateMachine"] = named("StateMachineName", "states:here:stateMachine:%s", "arn"),
}

---How resources of a type are named.
---@param kind string "AWS::Lambda::Function"
---@return stepfn.template.Naming
function M.naming(kind)
  local row = rows[kind]
  if row then
    return row
  end
  local service, resource = kind:match "^[^:]+::([^:]+)::([^:]+)"
  service, resource = service or "cloudformation", resource or "resource"
  return named(nil, service:lower() .. ":here:" .. resource:lower() .. "/%s")
end

---@param naming stepfn.template.Naming
---@param name string
---@param pseudo fun(name: string): string the pseudo parameters
---@return string arn
function M.arn(naming, name, pseudo)
  local here = ":" .. pseudo "AWS::Region" .. ":" .. pseudo "AWS::AccountId" .. ":"
  local rest = naming.arn:gsub(":here:", (here:gsub("%%", "%%%%"))):gsub("::account:", "::" .. pseudo "AWS::AccountId" .. ":")
  return "arn:" .. pseudo "AWS::Partition" .. ":" .. rest:gsub("%%s", (name:gsub("%%", "%%%%")))
end

---The URL of a queue.
---@param name string
---@param pseudo fun(name: string): string
---@return string
function M.url(name, pseudo)
  return ("https://sqs.%s.%s/%s/%s"):format(pseudo "AWS::Region", pseudo "AWS::URLSuffix", pseudo "AWS::AccountId", name)
end

---What Ref gives for a resource.
---@param naming stepfn.template.Naming
---@param name string
---@param pseudo fun(name: string): string
---@return string
function M.ref(naming, name, pseudo)
  if naming.ref == "arn" then
    return M.arn(naming, name, pseudo)
  elseif naming.ref == "url" then
    return M.url(name, pseudo)
  end
  return name
end

---What Fn::GetAtt gives: an ARN, a name, a URL, or a text made up from both names.
---@param naming stepfn.template.Naming
---@param id string logical
---@param name string
---@param attribute string
---@param pseudo fun(name: string): string
---@return string
function M.attribute(naming, id, name, attribute, pseudo)
  if attribute == "Arn" or attribute == "TopicArn" then
    return M.arn(naming, name, pseudo)
  elseif attribute == "QueueUrl" then
    return M.url(name, pseudo)
  elseif attribute == "Name" or attribute == (naming.property or "Name") then
    return name
  elseif attribute:find "Arn$" then
    return M.arn(naming, name, pseudo) .. "/" .. attribute:gsub("Arn$", ""):lower()
  end
  return id .. "." .. attribute
end

return M
