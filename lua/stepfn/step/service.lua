---Tasks of the services of AWS, a row each: the constructor, its Resource, what
---its parameters may and must hold. Tables of parameters keep AWS's spelling,
---because the table is the JSON.
local check = require "stepfn.step.check"
local copy = require "stepfn.copy"
local lambda = require "stepfn.step.lambda"
local options_of = require "stepfn.options"
local states = require "stepfn.step.state"
local task = require "stepfn.step.task"

local M = {}

local PREFIX = "arn:aws:states:::"

---@class stepfn.step.Service
---@field [1] string the constructor
---@field [2] string service and action
---@field sync? boolean whether it waits for the job to end, unless the option `sync` is false
---@field type? string the name of Sparta's struct for the parameters
---@field required? string
---@field fields? string all that the service takes; nil: not checked

---@type stepfn.step.Service[]
local services = {
  { "new_sns_task_state", "sns:publish", type = "SNSTaskParameters", required = "Message",
    fields = "Message MessageAttributes MessageDeduplicationId MessageGroupId MessageStructure PhoneNumber Subject "
      .. "TargetArn TopicArn" },
  { "new_sqs_task_state", "sqs:sendMessage", type = "SQSTaskParameters", required = "MessageBody QueueUrl",
    fields = "DelaySeconds MessageAttributes MessageBody MessageDeduplicationId MessageGroupId "
      .. "MessageSystemAttributes QueueUrl" },
  { "new_dynamodb_get_item_state", "dynamodb:getItem", type = "DynamoDBGetItemParameters", required = "Key TableName",
    fields = "AttributesToGet ConsistentRead ExpressionAttributeNames Key ProjectionExpression "
      .. "ReturnConsumedCapacity TableName" },
  { "new_dynamodb_put_item_state", "dynamodb:putItem", type = "DynamoDBPutItemParameters", required = "Item TableName",
    fields = "ConditionExpression ConditionalOperator Expected ExpressionAttributeNames ExpressionAttributeValues Item "
      .. "ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues ReturnValuesOnConditionCheckFailure TableName" },
  { "new_dynamodb_update_item_state", "dynamodb:updateItem", type = "DynamoDBUpdateItemParameters",
    required = "Key TableName",
    fields = "AttributeUpdates ConditionExpression ConditionalOperator Expected ExpressionAttributeNames "
      .. "ExpressionAttributeValues Key ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues "
      .. "ReturnValuesOnConditionCheckFailure TableName UpdateExpression" },
  { "new_dynamodb_delete_item_state", "dynamodb:deleteItem", type = "DynamoDBDeleteItemParameters",
    required = "Key TableName",
    fields = "ConditionExpression ConditionalOperator Expected ExpressionAttributeNames ExpressionAttributeValues Key "
      .. "ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues ReturnValuesOnConditionCheckFailure TableName" },
  { "new_dynamodb_query_state", "aws-sdk:dynamodb:query", required = "TableName" },
  { "new_batch_task_state", "batch:submitJob", sync = true, type = "BatchTaskParameters",
    required = "JobDefinition JobName JobQueue",
    fields = "ArrayProperties ConsumableResourcePropertiesOverride ContainerOverrides DependsOn EcsPropertiesOverride "
      .. "EksPropertiesOverride JobDefinition JobName JobQueue NodeOverrides Parameters PropagateTags RetryStrategy "
      .. "SchedulingPriorityOverride ShareIdentifier Tags Timeout" },
  { "new_fargate_task_state", "ecs:runTask", sync = true, type = "FargateTaskParameters", required = "TaskDefinition",
    fields = "CapacityProviderStrategy ClientToken Cluster Count EnableECSManagedTags EnableExecuteCommand Group "
      .. "LaunchType NetworkConfiguration Overrides PlacementConstraints PlacementStrategy PlatformVersion "
      .. "PropagateTags ReferenceId StartedBy Tags TaskDefinition VolumeConfigurations" },
  { "new_glue_state", "glue:startJobRun", sync = true, type = "GlueParameters", required = "JobName",
    fields = "AllocatedCapacity Arguments ExecutionClass ExecutionRoleSessionPolicy JobName JobRunId "
      .. "JobRunQueuingEnabled MaxCapacity NotificationProperty NumberOfWorkers SecurityConfiguration Timeout WorkerType" },
  { "new_sagemaker_training_job", "sagemaker:createTrainingJob", sync = true, type = "SageMakerTrainingJobParameters",
    required = "AlgorithmSpecification OutputDataConfig ResourceConfig RoleArn StoppingCondition TrainingJobName",
    fields = "AlgorithmSpecification CheckpointConfig DebugHookConfig DebugRuleConfigurations "
      .. "EnableInterContainerTrafficEncryption EnableManagedSpotTraining EnableNetworkIsolation Environment "
      .. "ExperimentConfig HyperParameters InfraCheckConfig InputDataConfig OutputDataConfig ProfilerConfig "
      .. "ProfilerRuleConfigurations RemoteDebugConfig ResourceConfig RetryStrategy RoleArn SessionChainingConfig "
      .. "StoppingCondition Tags TensorBoardOutputConfig TrainingJobName VpcConfig" },
  { "new_sagemaker_transform_job", "sagemaker:createTransformJob", sync = true, type = "SageMakerTransformJobParameters",
    required = "ModelName TransformInput TransformJobName TransformOutput TransformResources",
    fields = "BatchStrategy DataCaptureConfig DataProcessing Environment ExperimentConfig MaxConcurrentTransforms "
      .. "MaxPayloadInMB ModelClientConfig ModelName Tags TransformInput TransformJobName TransformOutput "
      .. "TransformResources" },
  { "new_api_gateway_task_state", "apigateway:invoke", type = "APIGatewayTaskParameters", required = "ApiEndpoint Method",
    fields = "AllowNullValues ApiEndpoint AuthType Headers Method Path QueryParameters RequestBody Stage" },
  { "new_http_task_state", "http:invoke", required = "ApiEndpoint Method",
    fields = "ApiEndpoint Authentication Headers InvocationConfig Method QueryParameters RequestBody Transform" },
  { "new_event_bridge_state", "events:putEvents", required = "Entries", fields = "Entries" },
  { "new_athena_task_state", "athena:startQueryExecution", sync = true, required = "QueryString" },
  { "new_code_build_task_state", "codebuild:startBuild", sync = true, required = "ProjectName" },
  { "new_eks_task_state", "eks:runJob", sync = true, required = "ClusterName Job" },
  { "new_emr_add_step_state", "elasticmapreduce:addStep", sync = true, required = "ClusterId Step" },
}

local START_FIELDS = "Input Name StateMachineArn TraceHeader"

local function words(text)
  local set = {}
  for word in (text or ""):gmatch "%S+" do
    set[word] = true
  end
  return set
end

-- "Key" may be given as it is or as "Key.$".
local function unknown_field(params, known)
  for key in pairs(params) do
    if not known[(tostring(key):gsub("%.%$$", ""))] then
      return options_of.unknown_field(key, known)
    end
  end
end

local function missing_field(params, required)
  for word in required:gmatch "%S+" do
    if params[word] == nil and params[word .. ".$"] == nil then
      return ("field '%s' is missing"):format(word)
    end
  end
end

-- What is wrong with a table of parameters; values and expressions are the
-- service's to judge.
local function check_params(constructor, position, params, fields, required)
  if type(params) ~= "table" then
    return
  end
  local problem = fields and unknown_field(params, words(fields)) or required and missing_field(params, required)
  if problem then
    check.raise(("bad argument #%d to '%s' (%s)"):format(position, constructor, problem))
  end
end

-- The options without 'sync', and what that was.
local function split_sync(options)
  if type(options) ~= "table" or check.kind_of(options) then
    return options
  end
  local others = copy(options)
  others.sync = nil
  return others, options.sync
end

local function suffix_of(constructor, sync, default)
  if sync == nil then
    sync = default
  elseif type(sync) ~= "boolean" then
    check.argument(constructor, 4, function() return nil, "!option 'sync' is true or false" end)
  end
  return sync and ".sync" or ""
end

local function constructor_of(row)
  local constructor, action, default = row[1], row[2], row.sync
  return function(name, params, options)
    check_params(constructor, 2, params, row.fields, row.required)
    local text = params ~= nil and check.argument(constructor, 2, task.params_kind, params) or nil
    local suffix = ""
    if default ~= nil then
      local sync
      options, sync = split_sync(options)
      suffix = suffix_of(constructor, sync, default)
    end
    local fields = { Resource = assert(check.encode(PREFIX .. action .. suffix)) }
    local state = states.new_state("Task", constructor, name, fields, 3, options)
    state.params = text
    return state
  end
end

-- A Go struct literal: the table itself, its fields checked.
local function struct_of(row)
  return function(params)
    check.argument(row.type, 1, check.object, params)
    check_params(row.type, 1, params, row.fields)
    return params
  end
end

for _, row in ipairs(services) do
  M[row[1]] = constructor_of(row)
  if row.type then
    M[row.type] = struct_of(row)
  end
end

local function sdk_name(value)
  if type(value) == "string" and value:find "^%l%w*$" then
    return value
  end
  return nil, "name in camelCase"
end

local patterns = { [""] = "", waitForTaskToken = ".waitForTaskToken" }

local function new_sdk_state(constructor, position, name, service, action, pattern, params, options)
  check.argument(constructor, 2, sdk_name, service)
  check.argument(constructor, 3, sdk_name, action)
  local text = params ~= nil and check.argument(constructor, position, task.params_kind, params) or nil
  local fields = { Resource = assert(check.encode(PREFIX .. "aws-sdk:" .. service .. ":" .. action .. pattern)) }
  local state = states.new_state("Task", constructor, name, fields, position + 1, options)
  state.params = text
  return state
end

---A task that calls any action of any service: `new_aws_sdk_state("head", "s3", "headObject", { … })`.
---@param name string
---@param service string
---@param action string
---@param params table?
---@param options table?
---@return stepfn.step.Task
function M.new_aws_sdk_state(name, service, action, params, options)
  local state = new_sdk_state("new_aws_sdk_state", 4, name, service, action, "", params, options)
  return state
end

local function pattern_kind(value)
  return patterns[value or ""], '"waitForTaskToken" or ""'
end

---The same with a pattern: "waitForTaskToken", or "" for none.
---@param name string
---@param service string
---@param action string
---@param pattern string?
---@param params table?
---@param options table?
---@return stepfn.step.Task
function M.new_aws_sdk_integration_state(name, service, action, pattern, params, options)
  local constructor = "new_aws_sdk_integration_state"
  local suffix = check.argument(constructor, 4, pattern_kind, pattern)
  local state = new_sdk_state(constructor, 5, name, service, action, suffix, params, options)
  return state
end

local function machine_kind(value)
  if type(value) == "table" and type(value.run) == "function" and value.name then
    return value
  end
  local arn, problem = check.name(value)
  return arn, problem == "name" and "machine with a name, or an ARN" or problem
end

local syncs = { [false] = "", [true] = ".sync", [1] = ".sync", [2] = ".sync:2" }

local function sync_kind(value)
  return syncs[value or false], "1 or 2 for option 'sync'"
end

-- The parameters with the machine among them; an expression must name it itself.
local function start_params(constructor, arn, params)
  if type(params) ~= "table" and params ~= nil then
    return params
  end
  check_params(constructor, 3, params or {}, START_FIELDS)
  local all = { StateMachineArn = arn }
  for key, value in pairs(params or {}) do
    all[key] = value
  end
  return all
end

---A task that starts an execution of another machine. Option `sync`: 1 waits for
---its end, 2 also gives its output as a value; otherwise it goes on at once.
---@param name string
---@param machine stepfn.Machine|string a machine with a name, which then runs as it is, or an ARN
---@param params table? Input, Name
---@param options table?
---@return stepfn.step.Task
function M.new_start_execution_state(name, machine, params, options)
  local constructor = "new_start_execution_state"
  machine = check.argument(constructor, 2, machine_kind, machine)
  local is_machine = type(machine) == "table"
  local arn = is_machine and lambda.machine_arn(machine.name) or machine
  local others, sync = split_sync(options)
  local resource = PREFIX .. "states:startExecution" .. check.argument(constructor, 4, sync_kind, sync)
  local state = task.new_resource_task(constructor, name, resource, start_params(constructor, arn, params), others)
  state.machine = is_machine and machine or nil
  return state
end

return M
