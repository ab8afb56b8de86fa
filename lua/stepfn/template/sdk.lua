---The actions of IAM behind `aws-sdk:service:action`: the action's own name with a
---capital, under the service's prefix; and the rows where it is not so.
local target = require "stepfn.template.target"

local M = {}

-- Prefixes of IAM that differ from the name of the SDK's service.
local prefixes = {
  accessanalyzer = "access-analyzer",
  acmpca = "acm-pca",
  alexaforbusiness = "a4b",
  amp = "aps",
  apigatewaymanagementapi = "execute-api",
  apigatewayv2 = "apigateway",
  appconfigdata = "appconfig",
  applicationautoscaling = "application-autoscaling",
  applicationcostprofiler = "application-cost-profiler",
  applicationdiscovery = "discovery",
  arczonalshift = "arc-zonal-shift",
  autoscalingplans = "autoscaling-plans",
  backupgateway = "backup-gateway",
  bedrockagent = "bedrock",
  bedrockagentruntime = "bedrock",
  bedrockruntime = "bedrock",
  chimesdkidentity = "chime",
  chimesdkmediapipelines = "chime",
  chimesdkmeetings = "chime",
  chimesdkmessaging = "chime",
  chimesdkvoice = "chime",
  cloudcontrol = "cloudformation",
  cloudhsmv2 = "cloudhsm",
  cloudsearchdomain = "cloudsearch",
  cloudtraildata = "cloudtrail-data",
  cloudwatchevents = "events",
  cloudwatchlogs = "logs",
  codeguruprofiler = "codeguru-profiler",
  codegurureviewer = "codeguru-reviewer",
  codegurusecurity = "codeguru-security",
  codestarconnections = "codestar-connections",
  codestarnotifications = "codestar-notifications",
  cognitoidentity = "cognito-identity",
  cognitoidentityprovider = "cognito-idp",
  cognitosync = "cognito-sync",
  computeoptimizer = "compute-optimizer",
  connectcampaigns = "connect-campaigns",
  connectcases = "cases",
  connectcontactlens = "connect",
  costandusagereport = "cur",
  costexplorer = "ce",
  customerprofiles = "profile",
  databasemigration = "dms",
  devopsguru = "devops-guru",
  directory = "ds",
  docdb = "rds",
  docdbelastic = "docdb-elastic",
  dynamodbstreams = "dynamodb",
  ec2instanceconnect = "ec2-instance-connect",
  ecrpublic = "ecr-public",
  efs = "elasticfilesystem",
  elasticinference = "elastic-inference",
  elasticloadbalancingv2 = "elasticloadbalancing",
  elasticsearch = "es",
  emr = "elasticmapreduce",
  emrcontainers = "emr-containers",
  emrserverless = "emr-serverless",
  eventbridge = "events",
  finspacedata = "finspace-api",
  forecastquery = "forecast",
  greengrassv2 = "greengrass",
  iot1clickdevices = "iot1click",
  iot1clickprojects = "iot1click",
  iotdataplane = "iot",
  ioteventsdata = "iotevents",
  ivsrealtime = "ivs",
  keyspaces = "cassandra",
  kinesisanalyticsv2 = "kinesisanalytics",
  lexmodelbuilding = "lex",
  lexmodelsv2 = "lex",
  lexruntime = "lex",
  lexruntimev2 = "lex",
  licensemanager = "license-manager",
  location = "geo",
  marketplacecatalog = "aws-marketplace",
  marketplaceentitlement = "aws-marketplace",
  marketplacemetering = "aws-marketplace",
  mediapackagevod = "mediapackage-vod",
  mediastoredata = "mediastore",
  migrationhub = "mgh",
  migrationhubconfig = "mgh",
  migrationhuborchestrator = "migrationhub-orchestrator",
  migrationhubrefactorspaces = "refactor-spaces",
  migrationhubstrategy = "migrationhub-strategy",
  mturk = "mechanicalturk",
  mwaa = "airflow",
  neptune = "rds",
  neptunedata = "neptune-db",
  networkfirewall = "network-firewall",
  opensearch = "es",
  opensearchserverless = "aoss",
  opsworkscm = "opsworks-cm",
  personalizeevents = "personalize",
  personalizeruntime = "personalize",
  pinpoint = "mobiletargeting",
  pinpointemail = "ses",
  pinpointsmsvoice = "sms-voice",
  pinpointsmsvoicev2 = "sms-voice",
  qldbsession = "qldb",
  rdsdata = "rds-data",
  redshiftdata = "redshift-data",
  redshiftserverless = "redshift-serverless",
  resourceexplorer2 = "resource-explorer-2",
  resourcegroups = "resource-groups",
  resourcegroupstaggingapi = "tag",
  route53recoverycluster = "route53-recovery-cluster",
  route53recoverycontrolconfig = "route53-recovery-control-config",
  route53recoveryreadiness = "route53-recovery-readiness",
  s3control = "s3",
  s3outposts = "s3-outposts",
  sagemakera2iruntime = "sagemaker",
  sagemakerfeaturestoreruntime = "sagemaker",
  sagemakermetrics = "sagemaker",
  sagemakerruntime = "sagemaker",
  serverlessapplicationrepository = "serverlessrepo",
  servicecatalogappregistry = "servicecatalog",
  sesv2 = "ses",
  sfn = "states",
  snowdevicemanagement = "snow-device-management",
  ssmcontacts = "ssm-contacts",
  ssmincidents = "ssm-incidents",
  ssoadmin = "sso",
  ssooidc = "sso-oauth",
  timestreamquery = "timestream",
  timestreamwrite = "timestream",
  transcribestreaming = "transcribe",
  vpclattice = "vpc-lattice",
  wafregional = "waf-regional",
  workspacesweb = "workspaces-web",
}

-- Actions of IAM that differ from the call's name; several are separated by blanks.
local actions = {
  ["bedrockruntime:converse"] = "bedrock:InvokeModel",
  ["dynamodb:batchExecuteStatement"] =
    "dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
  ["dynamodb:executeStatement"] =
    "dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
  ["dynamodb:transactGetItems"] = "dynamodb:GetItem",
  ["dynamodb:transactWriteItems"] =
    "dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:ConditionCheckItem",
  ["lambda:invoke"] = "lambda:InvokeFunction",
  ["s3:abortMultipartUpload"] = "s3:AbortMultipartUpload",
  ["s3:completeMultipartUpload"] = "s3:PutObject",
  ["s3:copyObject"] = "s3:PutObject",
  ["s3:createMultipartUpload"] = "s3:PutObject",
  ["s3:deleteObjects"] = "s3:DeleteObject",
  ["s3:getBucketEncryption"] = "s3:GetEncryptionConfiguration",
  ["s3:getBucketLifecycleConfiguration"] = "s3:GetLifecycleConfiguration",
  ["s3:getBucketNotificationConfiguration"] = "s3:GetBucketNotification",
  ["s3:getBucketReplication"] = "s3:GetReplicationConfiguration",
  ["s3:headBucket"] = "s3:ListBucket",
  ["s3:headObject"] = "s3:GetObject",
  ["s3:listBuckets"] = "s3:ListAllMyBuckets",
  ["s3:listMultipartUploads"] = "s3:ListBucketMultipartUploads",
  ["s3:listObjects"] = "s3:ListBucket",
  ["s3:listObjectsV2"] = "s3:ListBucket",
  ["s3:listObjectVersions"] = "s3:ListBucketVersions",
  ["s3:listParts"] = "s3:ListMultipartUploadParts",
  ["s3:putBucketEncryption"] = "s3:PutEncryptionConfiguration",
  ["s3:putBucketLifecycleConfiguration"] = "s3:PutLifecycleConfiguration",
  ["s3:putBucketNotificationConfiguration"] = "s3:PutBucketNotification",
  ["s3:putBucketReplication"] = "s3:PutReplicationConfiguration",
  ["s3:selectObjectContent"] = "s3:GetObject",
  ["s3:uploadPart"] = "s3:PutObject",
  ["sns:publishBatch"] = "sns:Publish",
  ["sqs:changeMessageVisibilityBatch"] = "sqs:ChangeMessageVisibility",
  ["sqs:deleteMessageBatch"] = "sqs:DeleteMessage",
  ["sqs:sendMessageBatch"] = "sqs:SendMessage",
}

local named = target.named

-- What a service's calls are made on, where one parameter tells.
local targets = {
  bedrockruntime = target.model,
  cloudwatchlogs = named("LogGroupName", "logs", "log-group:%s", "log-group:%s:*"),
  dynamodb = named("TableName", "dynamodb", "table/%s"),
  ecr = named("RepositoryName", "ecr", "repository/%s"),
  eventbridge = target.buses,
  firehose = named("DeliveryStreamName", "firehose", "deliverystream/%s"),
  kinesis = named("StreamName", "kinesis", "stream/%s"),
  kms = named("KeyId", "kms", "key/%s"),
  lambda = target.lambda,
  secretsmanager = named("SecretId", "secretsmanager", "secret:%s-??????"),
  sfn = target.first_arn("StateMachineArn", "ExecutionArn", "ActivityArn"),
  sns = target.topic,
  sqs = target.queue,
}

-- Parameters begin with a slash, or not.
local function ssm_parameter(call)
  local name = call:text "Name"
  if not name then
    return nil, "Name"
  end
  return { call.is_arn(name) and name or target.here("ssm", "parameter/" .. name:gsub("^/", "")) }
end

-- An object when there is a key, else the bucket.
local function s3_target(call)
  local key, dynamic = call:get "Key"
  if key ~= nil or dynamic and call.params then
    return target.object(call)
  elseif call.action == "deleteObjects" then
    return target.object(call)
  end
  return target.bucket(call)
end

local function table_arn(call, name)
  return call.is_arn(name) and name or target.here("dynamodb", "table/" .. name)
end

-- The tables are the members of RequestItems.
local function requested_tables(call)
  local items = call:get "RequestItems"
  if type(items) ~= "table" or items[1] ~= nil then
    return nil, "RequestItems"
  end
  local patterns = {}
  for name in pairs(items) do
    patterns[#patterns + 1] = table_arn(call, (name:gsub("%.%$$", "")))
  end
  table.sort(patterns)
  return patterns
end

-- Each of TransactItems names its table: { Put = { TableName = … } }.
local function transacted_tables(call)
  local items = call:get "TransactItems"
  local patterns = {}
  for index, item in ipairs(type(items) == "table" and items or {}) do
    local _, act = next(type(item) == "table" and item or {})
    local name = type(act) == "table" and act.TableName
    if type(name) ~= "string" or name:find "^{%%" then
      return nil, "TableName"
    end
    patterns[index] = table_arn(call, name)
  end
  if #patterns == 0 then
    return nil, "TransactItems"
  end
  return patterns
end

local by_action = {
  ["dynamodb:batchGetItem"] = requested_tables,
  ["dynamodb:batchWriteItem"] = requested_tables,
  ["dynamodb:transactGetItems"] = transacted_tables,
  ["dynamodb:transactWriteItems"] = transacted_tables,
  ["s3:listBuckets"] = target.any,
  ["sfn:listActivities"] = target.any,
  ["sfn:listStateMachines"] = target.any,
  ["sfn:sendTaskFailure"] = target.any, -- a token belongs to any machine
  ["sfn:sendTaskHeartbeat"] = target.any,
  ["sfn:sendTaskSuccess"] = target.any,
  ["dynamodb:query"] = named("TableName", "dynamodb", "table/%s", "table/%s/index/*"),
  ["dynamodb:scan"] = named("TableName", "dynamodb", "table/%s", "table/%s/index/*"),
  ["ssm:getParameter"] = ssm_parameter,
  ["ssm:putParameter"] = ssm_parameter,
  ["ssm:deleteParameter"] = ssm_parameter,
}

-- Calls that read something beside what they are made on.
local beside = {
  ["s3:copyObject"] = { { actions = { "s3:GetObject" }, target = target.copy_source } },
}

---@param service string "s3"
---@return string prefix of IAM
function M.prefix(service)
  return prefixes[service] or service
end

-- Of what has no row nothing is known.
local function unknown()
  return nil, nil
end

-- API Gateway's actions are the methods of HTTP.
local verbs = { get = "GET", create = "POST", import = "POST", update = "PATCH", delete = "DELETE", put = "PUT",
  test = "POST", generate = "POST", flush = "DELETE", tag = "PUT", untag = "DELETE" }

local function actions_of(service, action)
  local prefix = M.prefix(service)
  if prefix == "apigateway" then
    return "apigateway:" .. (verbs[action:match "^%l+"] or "*")
  end
  return actions[service .. ":" .. action] or prefix .. ":" .. action:sub(1, 1):upper() .. action:sub(2)
end

---What a call of the SDK needs.
---@param service string
---@param action string
---@return stepfn.template.Grant[]
function M.grants(service, action)
  local name = service .. ":" .. action
  local own = { actions = {}, target = by_action[name] or service == "s3" and s3_target or targets[service] or unknown }
  for one in actions_of(service, action):gmatch "%S+" do
    own.actions[#own.actions + 1] = one
  end
  local grants = { own }
  for _, more in ipairs(beside[name] or {}) do
    grants[#grants + 1] = more
  end
  return grants
end

return M
