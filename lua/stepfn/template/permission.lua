---What the role of a machine has to allow for each integration: one row each, as
---AWS's pages "IAM policies for integrated services" have them.
local target = require "stepfn.template.target"

local M = {}

---@class stepfn.template.Grant
---@field actions string[]
---@field target stepfn.template.Target
---@field condition? table|fun(call: stepfn.template.Call): table?
---@field only_if? fun(call: stepfn.template.Call): boolean is it needed at all?
---@field note? string what to look at, whatever the definition says

---@class stepfn.template.Permission
---@field [integer] stepfn.template.Grant what every pattern needs
---@field sync? stepfn.template.Grant[] what waiting for the job's end needs beside it

local any, arn, fixed, named = target.any, target.arn, target.fixed, target.named

---@param actions string separated by blanks
---@param where stepfn.template.Target
---@param more table? condition, only_if, note
---@return stepfn.template.Grant
local function grant(actions, where, more)
  local row = { actions = {}, target = where }
  for action in actions:gmatch "%S+" do
    row.actions[#row.actions + 1] = action
  end
  for key, value in pairs(more or {}) do
    row[key] = value
  end
  return row
end

-- The rule of EventBridge by which Step Functions learns of the job's end.
local function rule(name)
  return grant("events:PutTargets events:PutRule events:DescribeRule", fixed("events", "rule/StepFunctions" .. name))
end

local function has(path)
  return function(call)
    local value, dynamic = call:get(path)
    return value ~= nil or dynamic
  end
end

local function lacks(path)
  return function(call)
    return call:text(path) == nil
  end
end

-- Allows nothing and tells something.
local function remark(note, only_if)
  return { actions = {}, target = function() return {} end, note = note, only_if = only_if }
end

local function passed_to(service)
  return { StringEquals = { ["iam:PassedToService"] = service } }
end

-- The role in that parameter is handed to the service.
local function pass(path, service)
  return grant("iam:PassRole", arn(path), { condition = passed_to(service), only_if = has(path) })
end

-- --- the services ---

local function dynamodb(action)
  return { grant("dynamodb:" .. action, named("TableName", "dynamodb", "table/%s")) }
end

local function codebuild_project(actions)
  return grant(actions, named("ProjectName", "codebuild", "project/%s"))
end

local function query_data(actions, where)
  return grant("athena:" .. actions, where)
end

local workgroup = function(call)
  local name, dynamic = call:text "WorkGroup"
  if dynamic then
    return nil, "WorkGroup"
  end
  return { target.here("athena", "workgroup/" .. (name or "primary")), target.here("athena", "datacatalog/*") }
end

-- What a query may touch stands in its text.
local athena_data = {
  grant("s3:GetBucketLocation s3:GetObject s3:ListBucket s3:ListBucketMultipartUploads s3:ListMultipartUploadParts "
    .. "s3:AbortMultipartUpload s3:CreateBucket s3:PutObject", function() return { target.s3 "*" } end,
    { note = "Athena reads and writes any bucket: name those of the data and of the results" }),
  grant("glue:CreateDatabase glue:GetDatabase glue:GetDatabases glue:UpdateDatabase glue:DeleteDatabase glue:CreateTable "
    .. "glue:UpdateTable glue:GetTable glue:GetTables glue:DeleteTable glue:BatchDeleteTable glue:BatchCreatePartition "
    .. "glue:CreatePartition glue:UpdatePartition glue:GetPartition glue:GetPartitions glue:BatchGetPartition "
    .. "glue:DeletePartition glue:BatchDeletePartition",
    fixed("glue", "catalog", "database/*", "table/*", "userDefinedFunction/*")),
  grant("lakeformation:GetDataAccess", any),
}

local function emr(actions)
  return grant(actions, named("ClusterId", "elasticmapreduce", "cluster/%s"))
end

local function sagemaker_job(create, kind, name, verb, events)
  local where = function(call)
    local job = call:text(name)
    return { target.here("sagemaker", kind .. "/" .. (job and job .. "*" or "*")) }
  end
  return {
    grant("sagemaker:" .. create, where),
    grant("sagemaker:ListTags", any),
    grant("sagemaker:AddTags", where, { only_if = function(call) return call.pattern ~= nil or has "Tags" (call) end }),
    pass("RoleArn", "sagemaker.amazonaws.com"),
    sync = {
      grant(("sagemaker:Describe%s sagemaker:Stop%s"):format(verb, verb), where),
      rule("GetEventsForSageMaker" .. (events or verb) .. "sRule"),
    },
  }
end

local function sagemaker_create(action, kind, name)
  return { grant("sagemaker:" .. action, named(name, "sagemaker", kind .. "/%s")) }
end

local serverless = function(actions, ...)
  return grant(actions, fixed("emr-serverless", ...))
end

local function application(actions)
  return grant(actions, named("ApplicationId", "emr-serverless", "/applications/%s"))
end

local application_rule = rule "GetEventsForEMRServerlessApplicationRule"

local function virtual_cluster(actions, suffix, more)
  return grant(actions, function(call)
    local path = call.action == "startJobRun" and "VirtualClusterId" or "Id"
    return named(path, "emr-containers", "/virtualclusters/%s" .. suffix)(call)
  end, more)
end

local function execution_role(call)
  local role = call:text "ExecutionRoleArn"
  return role and { StringEquals = { ["emr-containers:ExecutionRoleArn"] = role } }
end

local function cluster_name(actions)
  return grant(actions, named("Name", "eks", "cluster/%s"))
end

local function nodegroup(actions)
  return grant(actions, function(call)
    local cluster, name = call:text "ClusterName", call:text "NodegroupName"
    if not cluster then
      return nil, "ClusterName"
    end
    return { target.here("eks", "nodegroup/" .. cluster .. "/" .. (name or "*") .. "/*") }
  end)
end

local function fargate_profile(actions)
  return grant(actions, function(call)
    local cluster, name = call:text "ClusterName", call:text "FargateProfileName"
    if not cluster then
      return nil, "ClusterName"
    end
    return { target.here("eks", "fargateprofile/" .. cluster .. "/" .. (name or "*") .. "/*") }
  end)
end

local function needs_iam(call)
  local kind, dynamic = call:text "AuthType"
  return dynamic or kind == "IAM_ROLE"
end

local function http_condition(call)
  local method, endpoint = call:text "Method", call:text "ApiEndpoint"
  if not method and not endpoint then
    return nil
  end
  return {
    StringEquals = method and { ["states:HTTPMethod"] = method } or nil,
    StringLike = endpoint and { ["states:HTTPEndpoint"] = endpoint } or nil,
  }
end

-- The machine itself.
local function this_machine()
  return { "${|this}" }
end

---@type table<string, stepfn.template.Permission>
M.rows = {
  ["apigateway:invoke"] = { grant("execute-api:Invoke", target.api, { only_if = needs_iam }) },

  ["athena:startQueryExecution"] = {
    query_data("StartQueryExecution athena:GetDataCatalog", workgroup), athena_data[1], athena_data[2], athena_data[3],
    sync = { query_data("StopQueryExecution athena:GetQueryExecution", workgroup) },
  },
  ["athena:stopQueryExecution"] = { query_data("StopQueryExecution", fixed("athena", "workgroup/*")) },
  ["athena:getQueryExecution"] = { query_data("GetQueryExecution", fixed("athena", "workgroup/*")) },
  ["athena:getQueryResults"] = {
    query_data("GetQueryResults", fixed("athena", "workgroup/*")),
    grant("s3:GetObject", function() return { target.s3 "*" } end,
      { note = "Athena's results may lie in any bucket: name it" }),
  },

  ["batch:submitJob"] = {
    grant("batch:SubmitJob", any),
    sync = { grant("batch:DescribeJobs batch:TerminateJob", any), rule "GetEventsForBatchJobsRule" },
  },

  ["bedrock:invokeModel"] = {
    grant("bedrock:InvokeModel", target.model),
    grant("s3:GetObject", target.s3_uri "Input.S3Uri", { only_if = has "Input.S3Uri" }),
    grant("s3:PutObject", target.s3_uri "Output.S3Uri", { only_if = has "Output.S3Uri" }),
  },
  ["bedrock:createModelCustomizationJob"] = {
    grant("bedrock:CreateModelCustomizationJob", function(call)
      local base = call:text "BaseModelIdentifier"
      if not base then
        return nil, "BaseModelIdentifier"
      end
      return { call.is_arn(base) and base or "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/" .. base,
        target.here("bedrock", "custom-model/*"), target.here("bedrock", "model-customization-job/*") }
    end),
    pass("RoleArn", "bedrock.amazonaws.com"),
    sync = { grant("bedrock:GetModelCustomizationJob bedrock:StopModelCustomizationJob",
      fixed("bedrock", "model-customization-job/*")) },
  },

  ["codebuild:startBuild"] = {
    codebuild_project "codebuild:StartBuild",
    sync = { codebuild_project "codebuild:StopBuild codebuild:BatchGetBuilds", rule "GetEventForCodeBuildStartBuildRule" },
  },
  ["codebuild:stopBuild"] = { grant("codebuild:StopBuild", fixed("codebuild", "project/*")) },
  ["codebuild:batchDeleteBuilds"] = { grant("codebuild:BatchDeleteBuilds", fixed("codebuild", "project/*")) },
  ["codebuild:batchGetReports"] = { grant("codebuild:BatchGetReports", fixed("codebuild", "report-group/*")) },
  ["codebuild:startBuildBatch"] = {
    codebuild_project "codebuild:StartBuildBatch",
    sync = { codebuild_project "codebuild:StopBuildBatch codebuild:BatchGetBuildBatches",
      rule "GetEventForCodeBuildStartBuildBatchRule" },
  },
  ["codebuild:stopBuildBatch"] = { grant("codebuild:StopBuildBatch", fixed("codebuild", "project/*")) },
  ["codebuild:retryBuildBatch"] = {
    grant("codebuild:RetryBuildBatch", fixed("codebuild", "project/*")),
    sync = { grant("codebuild:StopBuildBatch codebuild:BatchGetBuildBatches", fixed("codebuild", "project/*")) },
  },
  ["codebuild:deleteBuildBatch"] = { grant("codebuild:DeleteBuildBatch", fixed("codebuild", "project/*")) },

  ["databrew:startJobRun"] = {
    grant("databrew:StartJobRun", named("Name", "databrew", "job/%s")),
    sync = { grant("databrew:ListJobRuns databrew:StopJobRun", named("Name", "databrew", "job/%s")) },
  },

  ["dynamodb:getItem"] = dynamodb "GetItem",
  ["dynamodb:putItem"] = dynamodb "PutItem",
  ["dynamodb:updateItem"] = dynamodb "UpdateItem",
  ["dynamodb:deleteItem"] = dynamodb "DeleteItem",

  ["ecs:runTask"] = {
    grant("ecs:RunTask", target.task_definition),
    grant("iam:PassRole", any, { condition = passed_to "ecs-tasks.amazonaws.com",
      note = "the roles of the task definition are passed on: name them instead of '*'" }),
    sync = { grant("ecs:StopTask ecs:DescribeTasks", any), rule "GetEventsForECSTaskRule" },
  },

  ["eks:createCluster"] = {
    grant("eks:CreateCluster", any),
    pass("RoleArn", "eks.amazonaws.com"),
    sync = { cluster_name "eks:DescribeCluster eks:DeleteCluster" },
  },
  ["eks:deleteCluster"] = { cluster_name "eks:DeleteCluster", sync = { cluster_name "eks:DescribeCluster" } },
  ["eks:createNodegroup"] = {
    grant("ec2:DescribeSubnets eks:CreateNodegroup", any),
    grant("iam:GetRole iam:ListAttachedRolePolicies", arn "NodeRole"),
    pass("NodeRole", "eks.amazonaws.com"),
    sync = { nodegroup "eks:DescribeNodegroup eks:DeleteNodegroup" },
  },
  ["eks:deleteNodegroup"] = { nodegroup "eks:DeleteNodegroup", sync = { nodegroup "eks:DescribeNodegroup" } },
  ["eks:createFargateProfile"] = {
    grant("eks:CreateFargateProfile", named("ClusterName", "eks", "cluster/%s")),
    pass("PodExecutionRoleArn", "eks-fargate-pods.amazonaws.com"),
    sync = { fargate_profile "eks:DescribeFargateProfile eks:DeleteFargateProfile" },
  },
  ["eks:deleteFargateProfile"] = {
    fargate_profile "eks:DeleteFargateProfile", sync = { fargate_profile "eks:DescribeFargateProfile" },
  },
  ["eks:call"] = {}, -- the cluster's own access control decides
  ["eks:runJob"] = {},

  ["elasticmapreduce:addStep"] = {
    emr "elasticmapreduce:AddJobFlowSteps",
    sync = { emr "elasticmapreduce:DescribeStep elasticmapreduce:CancelSteps", rule "GetEventForEMRAddJobFlowStepsRule" },
  },
  ["elasticmapreduce:cancelStep"] = { emr "elasticmapreduce:CancelSteps" },
  ["elasticmapreduce:createCluster"] = {
    grant("elasticmapreduce:RunJobFlow elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows", any),
    grant("iam:PassRole", function(call)
      local patterns = {}
      for _, path in ipairs { "ServiceRole", "JobFlowRole", "AutoScalingRole" } do
        local role, dynamic = call:text(path)
        if dynamic then
          return nil, path
        elseif role then
          patterns[#patterns + 1] = call.is_arn(role) and role or "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/" .. role
        end
      end
      return patterns
    end),
    sync = { rule "GetEventForEMRRunJobFlowRule" },
  },
  ["elasticmapreduce:modifyInstanceFleetByName"] =
    { emr "elasticmapreduce:ModifyInstanceFleet elasticmapreduce:ListInstanceFleets" },
  ["elasticmapreduce:modifyInstanceGroupByName"] =
    { emr "elasticmapreduce:ModifyInstanceGroups elasticmapreduce:ListInstanceGroups" },
  ["elasticmapreduce:setClusterTerminationProtection"] = { emr "elasticmapreduce:SetTerminationProtection" },
  ["elasticmapreduce:terminateCluster"] = {
    emr "elasticmapreduce:TerminateJobFlows",
    sync = { emr "elasticmapreduce:DescribeCluster", rule "GetEventForEMRTerminateJobFlowsRule" },
  },

  ["emr-containers:createVirtualCluster"] = {
    grant("emr-containers:CreateVirtualCluster", any),
    grant("iam:CreateServiceLinkedRole", function()
      return { "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/emr-containers.amazonaws.com/"
        .. "AWSServiceRoleForAmazonEMRContainers" }
    end, { condition = { StringLike = { ["iam:AWSServiceName"] = "emr-containers.amazonaws.com" } } }),
  },
  ["emr-containers:deleteVirtualCluster"] = {
    virtual_cluster("emr-containers:DeleteVirtualCluster", ""),
    sync = { virtual_cluster("emr-containers:DescribeVirtualCluster", "") },
  },
  ["emr-containers:startJobRun"] = {
    virtual_cluster("emr-containers:StartJobRun", "", { condition = execution_role }),
    sync = { virtual_cluster("emr-containers:DescribeJobRun emr-containers:CancelJobRun", "/jobruns/*") },
  },

  ["emr-serverless:createApplication"] = {
    serverless("emr-serverless:CreateApplication", "/*"),
    sync = { serverless("emr-serverless:GetApplication emr-serverless:DeleteApplication", "/applications/*"),
      application_rule },
  },
  ["emr-serverless:startApplication"] = {
    application "emr-serverless:StartApplication",
    sync = { application "emr-serverless:GetApplication emr-serverless:StopApplication", application_rule },
  },
  ["emr-serverless:stopApplication"] = {
    application "emr-serverless:StopApplication",
    sync = { application "emr-serverless:GetApplication", application_rule },
  },
  ["emr-serverless:deleteApplication"] = {
    application "emr-serverless:DeleteApplication",
    sync = { application "emr-serverless:GetApplication", application_rule },
  },
  ["emr-serverless:startJobRun"] = {
    application "emr-serverless:StartJobRun",
    pass("ExecutionRoleArn", "emr-serverless.amazonaws.com"),
    sync = {
      grant("emr-serverless:GetJobRun emr-serverless:CancelJobRun",
        named("ApplicationId", "emr-serverless", "/applications/%s/jobruns/*")),
      rule "GetEventsForEMRServerlessJobRule",
    },
  },
  ["emr-serverless:cancelJobRun"] = {
    grant("emr-serverless:CancelJobRun", named("ApplicationId", "emr-serverless", "/applications/%s/jobruns/*")),
    sync = {
      grant("emr-serverless:GetJobRun", named("ApplicationId", "emr-serverless", "/applications/%s/jobruns/*")),
      rule "GetEventsForEMRServerlessJobRule",
    },
  },

  ["events:putEvents"] = { grant("events:PutEvents", target.buses) },

  ["glue:startJobRun"] = {
    grant("glue:StartJobRun", any),
    sync = { grant("glue:GetJobRun glue:GetJobRuns glue:BatchStopJobRun", any) },
  },

  ["http:invoke"] = {
    grant("states:InvokeHTTPEndpoint", this_machine, { condition = http_condition }),
    remark("any endpoint may be called: the definition does not say ApiEndpoint", lacks "ApiEndpoint"),
    grant("events:RetrieveConnectionCredentials",
      target.first_arn("Authentication.ConnectionArn", "InvocationConfig.ConnectionArn")),
    grant("secretsmanager:GetSecretValue secretsmanager:DescribeSecret", function()
      return { "arn:${AWS::Partition}:secretsmanager:*:*:secret:events!connection/*" }
    end),
  },

  ["lambda:invoke"] = { grant("lambda:InvokeFunction", target.lambda) },

  ["mediaconvert:createJob"] = {
    grant("mediaconvert:CreateJob", any),
    pass("Role", "mediaconvert.amazonaws.com"),
    sync = { grant("mediaconvert:GetJob mediaconvert:CancelJob", any), rule "GetEventsForMediaConvertJobRule" },
  },

  ["sagemaker:createTrainingJob"] = sagemaker_job("CreateTrainingJob", "training-job", "TrainingJobName", "TrainingJob"),
  ["sagemaker:createTransformJob"] = sagemaker_job("CreateTransformJob", "transform-job", "TransformJobName", "TransformJob"),
  ["sagemaker:createHyperParameterTuningJob"] = sagemaker_job("CreateHyperParameterTuningJob",
    "hyper-parameter-tuning-job", "HyperParameterTuningJobName", "HyperParameterTuningJob", "TuningJob"),
  ["sagemaker:createLabelingJob"] = sagemaker_job("CreateLabelingJob", "labeling-job", "LabelingJobName", "LabelingJob"),
  ["sagemaker:createProcessingJob"] = sagemaker_job("CreateProcessingJob", "processing-job", "ProcessingJobName",
    "ProcessingJob"),
  ["sagemaker:createEndpoint"] = sagemaker_create("CreateEndpoint", "endpoint", "EndpointName"),
  ["sagemaker:updateEndpoint"] = sagemaker_create("UpdateEndpoint", "endpoint", "EndpointName"),
  ["sagemaker:createEndpointConfig"] = sagemaker_create("CreateEndpointConfig", "endpoint-config", "EndpointConfigName"),
  ["sagemaker:createModel"] = {
    grant("sagemaker:CreateModel", named("ModelName", "sagemaker", "model/%s")),
    pass("ExecutionRoleArn", "sagemaker.amazonaws.com"),
  },

  ["sns:publish"] = { grant("sns:Publish", target.topic) },
  ["sqs:sendMessage"] = { grant("sqs:SendMessage", target.queue) },

  ["states:startExecution"] = {
    grant("states:StartExecution", arn "StateMachineArn"),
    sync = {
      grant("states:DescribeExecution states:StopExecution", target.executions),
      rule "GetEventsForStepFunctionsExecutionRule",
    },
  },
}

-- --- what no Task asks for ---

---A Lambda function, by its ARN as Resource.
---@param resource string
---@return stepfn.template.Grant
function M.invoke(resource)
  return grant("lambda:InvokeFunction", function() return { resource } end)
end

---A task that runs under another role needs nothing else.
---@type stepfn.template.Grant
M.assume_role = grant("sts:AssumeRole", arn "RoleArn")

---The child executions of a distributed Map.
---@type stepfn.template.Grant[]
M.children = {
  grant("states:StartExecution", this_machine),
  grant("states:DescribeExecution states:StopExecution states:RedriveExecution", function()
    return { "${|executions}" }
  end),
}

---@type stepfn.template.Grant
M.logging = grant("logs:CreateLogDelivery logs:CreateLogStream logs:GetLogDelivery logs:UpdateLogDelivery "
  .. "logs:DeleteLogDelivery logs:ListLogDeliveries logs:PutLogEvents logs:PutResourcePolicy "
  .. "logs:DescribeResourcePolicies logs:DescribeLogGroups", any)

---@type stepfn.template.Grant
M.tracing = grant("xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets", any)

---The key of a machine that is encrypted with one of its own.
---@param key string its ARN or id
---@return stepfn.template.Grant
function M.encryption(key)
  return grant("kms:Decrypt kms:GenerateDataKey", function(call)
    return { call.is_arn(key) and key or target.here("kms", key:find "^alias/" and "key/*" or "key/" .. key) }
  end)
end

local function prefix_of(call)
  local prefix, dynamic = call:text "Prefix"
  return not dynamic and prefix or nil
end

local function reads_manifest(call)
  return call.config.InputType == "MANIFEST" or call.config.ManifestType ~= nil
end

local function flattens(call)
  return call.config.Transformation == "LOAD_AND_FLATTEN"
end

---What an ItemReader reads; its call has the member `config`, the ReaderConfig.
---@type table<string, stepfn.template.Grant[]>
M.readers = {
  listObjectsV2 = {
    grant("s3:ListBucket", target.bucket, {
      condition = function(call)
        local prefix = prefix_of(call)
        return prefix and { StringLike = { ["s3:prefix"] = prefix .. "*" } }
      end,
    }),
    grant("s3:GetObject", function(call)
      local bucket = call:text "Bucket"
      if not bucket then
        return nil, "Bucket"
      end
      return { target.s3(bucket .. "/" .. (prefix_of(call) or "") .. "*") }
    end, { only_if = flattens }),
  },
  getObject = {
    grant("s3:GetObject", target.object),
    grant("s3:GetObjectVersion", target.object, { only_if = has "VersionId" }),
    grant("s3:GetObject", function(call)
      local bucket = call:text "Bucket"
      if not bucket then
        return nil, "Bucket"
      end
      return { target.s3(bucket .. "/*") }
    end, { only_if = reads_manifest, note = "a manifest names further objects; those outside its bucket are not allowed" }),
  },
}

---What a ResultWriter writes.
---@type stepfn.template.Grant[]
M.writer = {
  grant("s3:PutObject s3:GetObject s3:ListMultipartUploadParts s3:AbortMultipartUpload", function(call)
    local bucket = call:text "Bucket"
    if not bucket then
      return nil, "Bucket"
    end
    local prefix = (prefix_of(call) or ""):gsub("/$", "")
    return { target.s3(bucket .. "/" .. (prefix ~= "" and prefix .. "/" or "") .. "*") }
  end),
}

return M
