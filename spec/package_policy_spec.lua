package.path = "spec/support/?.lua;" .. package.path
local permission = require "stepfn.template.permission"
local support = require "policy"

local RULE = "events:DescribeRule events:PutRule events:PutTargets"

-- Resource, parameters, and what is allowed: "action action target".
local integrations = {
  { "lambda:invoke", { FunctionName = "charge" }, { "lambda:InvokeFunction arn:P:lambda:here:function:charge" } },
  { "lambda:invoke", { FunctionName = "charge", Qualifier = "live" },
    { "lambda:InvokeFunction arn:P:lambda:here:function:charge:live" } },
  { "lambda:invoke", { FunctionName = "charge:7" }, { "lambda:InvokeFunction arn:P:lambda:here:function:charge:7" } },
  { "lambda:invoke", { FunctionName = "123456789012:function:charge" },
    { "lambda:InvokeFunction arn:P:lambda:${AWS::Region}:123456789012:function:charge" } },
  { "lambda:invoke.waitForTaskToken", { FunctionName = "arn:aws:lambda:eu-west-1:123456789012:function:charge" },
    { "lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:charge" } },
  { "sns:publish", { TopicArn = "arn:aws:sns:eu-west-1:1:news", Message = "hello" },
    { "sns:Publish arn:aws:sns:eu-west-1:1:news" } },
  { "sns:publish", { TargetArn = "${TopicArn}", Message = "hello" }, { 'sns:Publish {"Ref":"TopicArn"}' } },
  { "sns:publish", { PhoneNumber = "+3612345", Message = "hello" }, { "sns:Publish *" } },
  { "sqs:sendMessage", { QueueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", MessageBody = "{}" },
    { "sqs:SendMessage arn:P:sqs:eu-west-1:123456789012:jobs" } },
  { "dynamodb:getItem", { TableName = "Orders", Key = {} }, { "dynamodb:GetItem arn:P:dynamodb:here:table/Orders" } },
  { "dynamodb:putItem", { TableName = "arn:aws:dynamodb:eu-west-1:1:table/Orders" },
    { "dynamodb:PutItem arn:aws:dynamodb:eu-west-1:1:table/Orders" } },
  { "dynamodb:updateItem", { TableName = "${Table}" }, { "dynamodb:UpdateItem arn:P:dynamodb:here:table/${Table}" } },
  { "dynamodb:deleteItem", { TableName = "Orders" }, { "dynamodb:DeleteItem arn:P:dynamodb:here:table/Orders" } },
  { "events:putEvents", { Entries = { { Source = "a" }, { EventBusName = "orders" } } },
    { "events:PutEvents arn:P:events:here:event-bus/default", "events:PutEvents arn:P:events:here:event-bus/orders" } },
  { "states:startExecution", { StateMachineArn = "arn:aws:states:eu-west-1:1:stateMachine:Child" },
    { "states:StartExecution arn:aws:states:eu-west-1:1:stateMachine:Child" } },
  { "states:startExecution.sync:2", { StateMachineArn = "arn:aws:states:eu-west-1:1:stateMachine:Child" }, {
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
    "states:DescribeExecution states:StopExecution arn:aws:states:eu-west-1:1:execution:Child:*",
    "states:StartExecution arn:aws:states:eu-west-1:1:stateMachine:Child",
  } },
  { "apigateway:invoke", { ApiEndpoint = "abc.execute-api.eu-west-1.amazonaws.com", Method = "GET", Stage = "live",
    Path = "/orders/7", AuthType = "IAM_ROLE" },
    { "execute-api:Invoke arn:P:execute-api:eu-west-1:${AWS::AccountId}:abc/live/GET/orders/7" } },
  { "apigateway:invoke", { ApiEndpoint = "abc.execute-api.eu-west-1.amazonaws.com", Method = "GET" }, {} },
  { "batch:submitJob", { JobName = "j" }, { "batch:SubmitJob *" } },
  { "batch:submitJob.sync", { JobName = "j" }, {
    "batch:DescribeJobs batch:SubmitJob batch:TerminateJob *",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForBatchJobsRule",
  } },
  { "ecs:runTask.sync", { TaskDefinition = "web", Cluster = "c" }, {
    "ecs:RunTask arn:P:ecs:here:task-definition/web:*",
    "ecs:DescribeTasks ecs:StopTask *",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForECSTaskRule",
    'iam:PassRole * if {"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}',
  } },
  { "glue:startJobRun.sync", { JobName = "j" },
    { "glue:BatchStopJobRun glue:GetJobRun glue:GetJobRuns glue:StartJobRun *" } },
  { "databrew:startJobRun.sync", { Name = "j" },
    { "databrew:ListJobRuns databrew:StartJobRun databrew:StopJobRun arn:P:databrew:here:job/j" } },
  { "codebuild:startBuild.sync", { ProjectName = "p" }, {
    "codebuild:BatchGetBuilds codebuild:StartBuild codebuild:StopBuild arn:P:codebuild:here:project/p",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventForCodeBuildStartBuildRule",
  } },
  { "elasticmapreduce:addStep.sync", { ClusterId = "j-1" }, {
    "elasticmapreduce:AddJobFlowSteps elasticmapreduce:CancelSteps elasticmapreduce:DescribeStep "
      .. "arn:P:elasticmapreduce:here:cluster/j-1",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventForEMRAddJobFlowStepsRule",
  } },
  { "elasticmapreduce:createCluster.sync", { ServiceRole = "Service", JobFlowRole = "arn:aws:iam::1:role/Flow" }, {
    "elasticmapreduce:DescribeCluster elasticmapreduce:RunJobFlow elasticmapreduce:TerminateJobFlows *",
    "iam:PassRole arn:aws:iam::1:role/Flow", "iam:PassRole arn:P:iam::${AWS::AccountId}:role/Service",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventForEMRRunJobFlowRule",
  } },
  { "emr-containers:startJobRun.sync", { VirtualClusterId = "v", ExecutionRoleArn = "arn:aws:iam::1:role/R" }, {
    "emr-containers:StartJobRun arn:P:emr-containers:here:/virtualclusters/v "
      .. 'if {"StringEquals":{"emr-containers:ExecutionRoleArn":"arn:aws:iam::1:role/R"}}',
    "emr-containers:CancelJobRun emr-containers:DescribeJobRun arn:P:emr-containers:here:/virtualclusters/v/jobruns/*",
  } },
  { "emr-serverless:startJobRun.sync", { ApplicationId = "a", ExecutionRoleArn = "arn:aws:iam::1:role/R" }, {
    "emr-serverless:StartJobRun arn:P:emr-serverless:here:/applications/a",
    "emr-serverless:CancelJobRun emr-serverless:GetJobRun arn:P:emr-serverless:here:/applications/a/jobruns/*",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForEMRServerlessJobRule",
    'iam:PassRole arn:aws:iam::1:role/R if {"StringEquals":{"iam:PassedToService":"emr-serverless.amazonaws.com"}}',
  } },
  { "sagemaker:createTrainingJob.sync", { TrainingJobName = "t", RoleArn = "arn:aws:iam::1:role/R" }, {
    "sagemaker:AddTags sagemaker:CreateTrainingJob sagemaker:DescribeTrainingJob sagemaker:StopTrainingJob "
      .. "arn:P:sagemaker:here:training-job/t*",
    "sagemaker:ListTags *",
    'iam:PassRole arn:aws:iam::1:role/R if {"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}',
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule",
  } },
  { "eks:deleteNodegroup.sync", { ClusterName = "c", NodegroupName = "n" },
    { "eks:DeleteNodegroup eks:DescribeNodegroup arn:P:eks:here:nodegroup/c/n/*" } },
  { "eks:createFargateProfile.sync", { ClusterName = "c", FargateProfileName = "f", PodExecutionRoleArn = "arn:aws:iam::1:role/R" }, {
    "eks:CreateFargateProfile arn:P:eks:here:cluster/c",
    "eks:DeleteFargateProfile eks:DescribeFargateProfile arn:P:eks:here:fargateprofile/c/f/*",
    'iam:PassRole arn:aws:iam::1:role/R if {"StringEquals":{"iam:PassedToService":"eks-fargate-pods.amazonaws.com"}}',
  } },
  { "codebuild:retryBuildBatch.sync", { Id = "p:1" },
    { "codebuild:BatchGetBuildBatches codebuild:RetryBuildBatch codebuild:StopBuildBatch arn:P:codebuild:here:project/*" } },
  { "sagemaker:createHyperParameterTuningJob.sync", { HyperParameterTuningJobName = "t" }, {
    "sagemaker:AddTags sagemaker:CreateHyperParameterTuningJob sagemaker:DescribeHyperParameterTuningJob "
      .. "sagemaker:StopHyperParameterTuningJob arn:P:sagemaker:here:hyper-parameter-tuning-job/t*",
    "sagemaker:ListTags *",
    RULE .. " arn:P:events:here:rule/StepFunctionsGetEventsForSageMakerTuningJobsRule",
  } },
  { "eks:call", { ClusterName = "c" }, {} },
  { "mediaconvert:createJob", { Role = "arn:aws:iam::1:role/R" }, {
    "mediaconvert:CreateJob *",
    'iam:PassRole arn:aws:iam::1:role/R if {"StringEquals":{"iam:PassedToService":"mediaconvert.amazonaws.com"}}',
  } },
  { "bedrock:invokeModel", { ModelId = "amazon.titan-text-express-v1" },
    { "bedrock:InvokeModel arn:P:bedrock:${AWS::Region}::foundation-model/amazon.titan-text-express-v1" } },
  { "bedrock:invokeModel", { ModelId = "eu.maker.model-v1:0", Input = { S3Uri = "s3://in/prompt.json" } }, {
    "bedrock:InvokeModel arn:P:bedrock:*::foundation-model/maker.model-v1:0",
    "bedrock:InvokeModel arn:P:bedrock:here:inference-profile/eu.maker.model-v1:0",
    "s3:GetObject arn:P:s3:::in/prompt.json",
  } },
  { "http:invoke", { ApiEndpoint = "https://api.example.com/v1", Method = "POST",
    Authentication = { ConnectionArn = "arn:aws:events:eu-west-1:1:connection/api/2" } }, {
    "states:InvokeHTTPEndpoint arn:P:states:here:stateMachine:Machine if "
      .. '{"StringEquals":{"states:HTTPMethod":"POST"},"StringLike":{"states:HTTPEndpoint":"https://api.example.com/v1"}}',
    "events:RetrieveConnectionCredentials arn:aws:events:eu-west-1:1:connection/api/2",
    "secretsmanager:DescribeSecret secretsmanager:GetSecretValue arn:P:secretsmanager:*:*:secret:events!connection/*",
  } },
  { "sqs:sendMessage", { QueueUrl = "${Jobs}", MessageBody = "{}" }, { "sqs:SendMessage "
    .. '{"Fn::Sub":["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${JobsName}",'
    .. '{"JobsName":{"Fn::Select":[4,{"Fn::Split":["/",{"Ref":"Jobs"}]}]}}]}' } },
  -- by the SDK
  { "aws-sdk:s3:getObject", { Bucket = "b", Key = "k" }, { "s3:GetObject arn:P:s3:::b/k" } },
  { "aws-sdk:s3:headObject", { Bucket = "b", ["Key.$"] = "$.key" }, { "s3:GetObject arn:P:s3:::b/*" } },
  { "aws-sdk:s3:listObjectsV2", { Bucket = "b" }, { "s3:ListBucket arn:P:s3:::b" } },
  { "aws-sdk:s3:copyObject", { Bucket = "b", Key = "k", CopySource = "/from/that" },
    { "s3:GetObject arn:P:s3:::from/that", "s3:PutObject arn:P:s3:::b/k" } },
  { "aws-sdk:sfn:startExecution", { StateMachineArn = "arn:aws:states:eu-west-1:1:stateMachine:Child" },
    { "states:StartExecution arn:aws:states:eu-west-1:1:stateMachine:Child" } },
  { "aws-sdk:cloudwatchlogs:putLogEvents", { LogGroupName = "g" },
    { "logs:PutLogEvents arn:P:logs:here:log-group:g", "logs:PutLogEvents arn:P:logs:here:log-group:g:*" } },
  { "aws-sdk:lambda:invoke", { FunctionName = "f" }, { "lambda:InvokeFunction arn:P:lambda:here:function:f" } },
  { "aws-sdk:dynamodb:query", { TableName = "Orders" },
    { "dynamodb:Query arn:P:dynamodb:here:table/Orders", "dynamodb:Query arn:P:dynamodb:here:table/Orders/index/*" } },
  { "aws-sdk:dynamodb:batchWriteItem", { RequestItems = { A = {}, ["B.$"] = "$.b" } },
    { "dynamodb:BatchWriteItem arn:P:dynamodb:here:table/A", "dynamodb:BatchWriteItem arn:P:dynamodb:here:table/B" } },
  { "aws-sdk:dynamodb:transactGetItems", { TransactItems = { { Get = { TableName = "A" } }, { Get = { TableName = "B" } } } },
    { "dynamodb:GetItem arn:P:dynamodb:here:table/A", "dynamodb:GetItem arn:P:dynamodb:here:table/B" } },
  { "aws-sdk:sfn:sendTaskSuccess", { ["TaskToken.$"] = "$.t" }, { "states:SendTaskSuccess *" } },
  { "aws-sdk:ssm:getParameter", { Name = "/a/b" }, { "ssm:GetParameter arn:P:ssm:here:parameter/a/b" } },
  { "aws-sdk:cognitoidentityprovider:adminGetUser", { UserPoolId = "p" }, { "cognito-idp:AdminGetUser *" } },
  { "aws-sdk:apigateway:getRestApis", {}, { "apigateway:GET *" } },
  { "aws-sdk:ec2:describeInstances", {}, { "ec2:DescribeInstances *" } },
}

-- "a b target if c" as a line for each of a and b.
local function expanded(rows)
  local lines = {}
  for _, row in ipairs(rows) do
    local head, condition = row:match "^(.-)( if .*)$"
    local actions, where = (head or row):match "^(.*) (%S+)$"
    for action in actions:gmatch "%S+" do
      lines[#lines + 1] = action .. " " .. where .. (condition or "")
    end
  end
  table.sort(lines)
  return lines
end

local function task(resource, parameters)
  return { Type = "Task", Resource = "arn:aws:states:::" .. resource, Parameters = parameters, End = true }
end

describe("the policy of a role", function()
  for _, row in ipairs(integrations) do
    it("allows what " .. row[1] .. " needs, and no more: " .. (row[3][1] or "nothing"), function()
      assert.same(expanded(row[3]), (support.of_state(task(row[1], row[2]), { machine_name = "Machine" })))
    end)
  end

  for name in pairs(permission.rows) do
    it("allows something sensible for " .. name .. ", whatever the input brings", function()
      local lines = support.of_state { Type = "Task", Resource = "arn:aws:states:::" .. name, End = true }
      for _, line in ipairs(lines) do
        assert.matches("^[%w-]+:%w+ %S", line)
      end
    end)
  end

  it("calls a function that is the Resource itself", function()
    assert.same({ "lambda:InvokeFunction arn:aws:lambda:eu-west-1:1:function:f" },
      (support.of_state { Type = "Task", Resource = "arn:aws:lambda:eu-west-1:1:function:f", End = true }))
  end)

  it("takes a placeholder of the definition for what the template says", function()
    local values = { FunctionArn = { ["Fn::GetAtt"] = { "Charge", "Arn" } } }
    assert.same({ 'lambda:InvokeFunction {"Fn::GetAtt":["Charge","Arn"]}' },
      (support.of_state({ Type = "Task", Resource = "${FunctionArn}", End = true }, { values = values })))
    assert.same({ "lambda:InvokeFunction ${Charge.Arn}:live" },
      (support.of_state(task("lambda:invoke", { FunctionName = "${FunctionArn}", Qualifier = "live" }), { values = values })))
  end)

  it("takes a Resource that a placeholder makes an integration for that", function()
    local values = { Put = { ["Fn::Sub"] = "arn:${AWS::Partition}:states:::dynamodb:putItem" } }
    local state = { Type = "Task", Resource = "${Put}", Parameters = { TableName = "A" }, End = true }
    assert.same({ "dynamodb:PutItem arn:P:dynamodb:here:table/A" }, (support.of_state(state, { values = values })))
    local lines, notes = support.of_state(state)
    assert.same({ 'lambda:InvokeFunction {"Ref":"Put"}' }, lines)
    assert.same({ "S: ${Put} is taken for a Lambda function: nothing says what it is" }, notes)
  end)

  it("finds the executions of a machine that a placeholder names", function()
    local lines = support.of_state(task("states:startExecution.sync", { StateMachineArn = "${Child}" }))
    assert.equal('states:StartExecution {"Ref":"Child"}', lines[5])
    assert.matches("^states:DescribeExecution .*execution:${ChildName}:%*\"", lines[4])
    assert.matches('"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"Child"}]}]', lines[4], 1, true)
  end)

  it("allows every resource where only a run knows it, and says so", function()
    for _, parameters in ipairs { { ["TableName.$"] = "$.t" }, { TableName = "{% $t %}" } } do
      local lines, notes = support.of_state(task("dynamodb:getItem", parameters))
      assert.same({ "dynamodb:GetItem *" }, lines)
      assert.same({ "S: dynamodb:GetItem on every resource: the definition does not say TableName" }, notes)
    end
    local state = task("dynamodb:getItem")
    state.Arguments = "{% $states.input %}"
    assert.same({ "dynamodb:GetItem *" }, (support.of_state(state)))
  end)

  it("takes parameters of a wrong type for unknown ones", function()
    for _, row in ipairs {
      { "events:putEvents", { Entries = { { EventBusName = {} } } }, "events:PutEvents *" },
      { "events:putEvents", { Entries = { 1 } }, "events:PutEvents *" },
      { "aws-sdk:dynamodb:batchWriteItem", { RequestItems = { 1 } }, "dynamodb:BatchWriteItem *" },
      { "dynamodb:getItem", { TableName = 5 }, "dynamodb:GetItem *" },
    } do
      assert.same({ row[3] }, (support.of_state(task(row[1], row[2]))))
    end
  end)

  it("says where a task may call any endpoint", function()
    local _, notes = support.of_state(task("http:invoke", {
      ["ApiEndpoint.$"] = "$.url", Method = "GET", Authentication = { ConnectionArn = "arn:aws:events:eu-west-1:1:connection/a/b" },
    }))
    assert.same({ "S: states:InvokeHTTPEndpoint on every state machine: this one has no name",
      "S: any endpoint may be called: the definition does not say ApiEndpoint" }, notes)
  end)

  it("does not repeat for one resource what is allowed for all", function()
    assert.same({ "dynamodb:GetItem *", "dynamodb:PutItem arn:P:dynamodb:here:table/A" }, (support.of {
      StartAt = "A",
      States = {
        A = task("dynamodb:getItem", { TableName = "A" }),
        B = task("dynamodb:getItem", { ["TableName.$"] = "$.t" }),
        C = task("dynamodb:putItem", { TableName = "A" }),
      },
    }))
  end)

  it("needs nothing for activities and machines without tasks", function()
    assert.same({}, (support.of_state { Type = "Task", Resource = "arn:aws:states:eu-west-1:1:activity:a", End = true }))
    assert.same({}, (support.of_state { Type = "Task", Resource = "${ApproveActivityArn}", End = true }))
    assert.same({}, (support.of_state { Type = "Pass", End = true }))
  end)

  it("takes on the role under which a task runs, and allows nothing else for it", function()
    local state = task("dynamodb:getItem", { TableName = "A" })
    state.Credentials = { RoleArn = "arn:aws:iam::2:role/Other" }
    assert.same({ "sts:AssumeRole arn:aws:iam::2:role/Other" }, (support.of_state(state)))
    state.Credentials = { ["RoleArn.$"] = "$.role" }
    assert.same({ "sts:AssumeRole *" }, (support.of_state(state)))
  end)

  it("writes logs and traces when it is told to", function()
    local lines = support.of_state({ Type = "Pass", End = true }, { logging = true, tracing = true })
    assert.equal(14, #lines)
    assert.equal("logs:CreateLogDelivery *", lines[1])
    assert.equal("xray:PutTraceSegments *", lines[14])
  end)

  it("looks into branches, processors and iterators at any depth", function()
    local inner = { StartAt = "T", States = { T = task("dynamodb:getItem", { TableName = "A" }) } }
    local iterated = { StartAt = "I", States = { I = task("sqs:sendMessage", {
      QueueUrl = "https://sqs.eu-west-1.amazonaws.com/1/q" }) } }
    local map = { Type = "Map", ItemProcessor = inner, End = true }
    local old = { Type = "Map", Iterator = iterated, End = true }
    local parallel = { Type = "Parallel", End = true, Branches = {
      { StartAt = "M", States = { M = map } },
      { StartAt = "P", States = { P = { Type = "Parallel", End = true, Branches = { { StartAt = "O", States = { O = old } } } } } },
    } }
    assert.same({ "dynamodb:GetItem arn:P:dynamodb:here:table/A", "sqs:SendMessage arn:P:sqs:eu-west-1:1:q" },
      (support.of_state(parallel)))
  end)
end)

describe("the policy of a distributed Map", function()
  local CHILDREN = {
    "states:DescribeExecution states:RedriveExecution states:StopExecution arn:P:states:here:execution:Machine/*:*",
    "states:DescribeExecution states:RedriveExecution states:StopExecution arn:P:states:here:execution:Machine:*",
    "states:StartExecution arn:P:states:here:stateMachine:Machine",
  }

  local function distributed(fields)
    local state = {
      Type = "Map", End = true,
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" }, StartAt = "P",
        States = { P = { Type = "Pass", End = true } },
      },
    }
    for name, value in pairs(fields) do
      state[name] = value
    end
    return state
  end

  local sources = {
    { "no reader", {}, {} },
    { "a list of objects", { ItemReader = { Resource = "arn:aws:states:::s3:listObjectsV2",
      Parameters = { Bucket = "b", Prefix = "in/" } } },
      { 's3:ListBucket arn:P:s3:::b if {"StringLike":{"s3:prefix":"in/*"}}' } },
    { "a list whose objects are read", { ItemReader = { Resource = "arn:aws:states:::s3:listObjectsV2",
      ReaderConfig = { InputType = "JSON", Transformation = "LOAD_AND_FLATTEN" }, Arguments = { Bucket = "b" } } },
      { "s3:ListBucket arn:P:s3:::b", "s3:GetObject arn:P:s3:::b/*" } },
    { "an object", { ItemReader = { Resource = "arn:aws:states:::s3:getObject",
      ReaderConfig = { InputType = "JSON" }, Parameters = { Bucket = "b", Key = "k" } } }, { "s3:GetObject arn:P:s3:::b/k" } },
    { "a manifest", { ItemReader = { Resource = "arn:aws:states:::s3:getObject",
      ReaderConfig = { InputType = "MANIFEST" }, Parameters = { Bucket = "b", Key = "k" } } },
      { "s3:GetObject arn:P:s3:::b/*", "s3:GetObject arn:P:s3:::b/k" } },
    { "a bucket that the input names", { ItemReader = { Resource = "arn:aws:states:::s3:getObject",
      Parameters = { ["Bucket.$"] = "$.b", Key = "k" } } }, { "s3:GetObject *" } },
    { "a writer", { ResultWriter = { Resource = "arn:aws:states:::s3:putObject",
      Parameters = { Bucket = "out", Prefix = "runs/" } } },
      { "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject arn:P:s3:::out/runs/*" } },
  }

  it("is wide when the machine has no name, and says so", function()
    local lines, notes = support.of_state(distributed {})
    assert.equal("states:StartExecution arn:P:states:here:stateMachine:*", lines[5])
    assert.same({ "S: states:StartExecution on every state machine: this one has no name",
      "S: states:DescribeExecution, states:StopExecution, states:RedriveExecution on every state machine: this one has no name" },
      notes)
    local _, none = support.of_state(distributed {}, { machine_name = "Machine" })
    assert.same({}, none)
  end)

  for _, row in ipairs(sources) do
    it("allows its children, and " .. row[1], function()
      local expected = expanded(row[3])
      for _, line in ipairs(expanded(CHILDREN)) do
        expected[#expected + 1] = line
      end
      table.sort(expected)
      assert.same(expected, (support.of_state(distributed(row[2]), { machine_name = "Machine" })))
    end)
  end
end)
