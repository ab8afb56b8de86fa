local step = require "stepfn.step"

local function json(start, options)
  return step.new_state_machine("M", start, options):to_json()
end

-- The definition of a machine of one task.
local function task(resource, rest)
  return ('{"StartAt":"s","States":{"s":{"Type":"Task","Resource":"arn:aws:states:::%s",%s"End":true}}}')
    :format(resource, rest or "")
end

local function raises(expected, call)
  local ok, text = pcall(call)
  assert.is_false(ok)
  assert.truthy(text:find(expected, 1, true), text)
end

describe("a task of a service", function()
  local resources = {
    { "new_sns_task_state", "sns:publish", { Message = "m" } },
    { "new_sqs_task_state", "sqs:sendMessage", { MessageBody = "m", QueueUrl = "u" } },
    { "new_dynamodb_get_item_state", "dynamodb:getItem", { Key = { id = { S = "1" } }, TableName = "t" } },
    { "new_dynamodb_put_item_state", "dynamodb:putItem", { Item = { id = { S = "1" } }, TableName = "t" } },
    { "new_dynamodb_update_item_state", "dynamodb:updateItem", { Key = { id = { S = "1" } }, TableName = "t" } },
    { "new_dynamodb_delete_item_state", "dynamodb:deleteItem", { Key = { id = { S = "1" } }, TableName = "t" } },
    { "new_dynamodb_query_state", "aws-sdk:dynamodb:query", { TableName = "t" } },
    { "new_batch_task_state", "batch:submitJob.sync", { JobDefinition = "d", JobName = "n", JobQueue = "q" } },
    { "new_fargate_task_state", "ecs:runTask.sync", { LaunchType = "FARGATE", TaskDefinition = "t" } },
    { "new_glue_state", "glue:startJobRun.sync", { JobName = "n" } },
    { "new_sagemaker_training_job", "sagemaker:createTrainingJob.sync", {
      AlgorithmSpecification = { TrainingInputMode = "File" }, OutputDataConfig = { S3OutputPath = "s3://b/o" },
      ResourceConfig = { InstanceCount = 1 }, RoleArn = "r", StoppingCondition = { MaxRuntimeInSeconds = 60 },
      Tags = { { Key = "k", Value = "v" } }, TrainingJobName = "n",
    } },
    { "new_sagemaker_transform_job", "sagemaker:createTransformJob.sync", {
      ModelName = "m", TransformInput = { ContentType = "text/csv" }, TransformJobName = "n",
      TransformOutput = { S3OutputPath = "s3://b/o" }, TransformResources = { InstanceCount = 1 },
    } },
    { "new_api_gateway_task_state", "apigateway:invoke", { ApiEndpoint = "e", Method = "POST", RequestBody = { a = 1 } } },
    { "new_http_task_state", "http:invoke", {
      ApiEndpoint = "https://e.example/x", Authentication = { ConnectionArn = "c" }, Method = "GET",
    } },
    { "new_event_bridge_state", "events:putEvents", { Entries = { { Source = "s" } } } },
    { "new_athena_task_state", "athena:startQueryExecution.sync", { QueryString = "SELECT 1" } },
    { "new_code_build_task_state", "codebuild:startBuild.sync", { ProjectName = "p" } },
    { "new_eks_task_state", "eks:runJob.sync", { ClusterName = "c", Job = { kind = "Job" } } },
    { "new_emr_add_step_state", "elasticmapreduce:addStep.sync", { ClusterId = "c", Step = { Name = "n" } } },
  }
  for _, row in ipairs(resources) do
    it("is made by " .. row[1], function()
      local parameters = '"Parameters":' .. require("stepfn").encode(row[3]) .. ","
      assert.equal(task(row[2], parameters), json(step[row[1]]("s", row[3])))
    end)
  end

  it("takes a parameter as a path", function()
    local state = step.new_sqs_task_state("s", { ["MessageBody.$"] = "$.body", QueueUrl = "u" })
    assert.equal(task("sqs:sendMessage", '"Parameters":{"MessageBody.$":"$.body","QueueUrl":"u"},'), json(state))
  end)

  it("has the methods and options of every task", function()
    local state = step.new_sns_task_state("s", { Message = "m" }, { timeout = 5 }):with_result_path("$.sent")
    assert.equal(task("sns:publish", '"Parameters":{"Message":"m"},"TimeoutSeconds":5,"ResultPath":"$.sent",'), json(state))
  end)

  it("does not wait for its job when told so", function()
    local state = step.new_glue_state("s", { JobName = "n" }, { sync = false })
    assert.equal(task("glue:startJobRun", '"Parameters":{"JobName":"n"},'), json(state))
  end)

  it("waits for its token", function()
    local state = step.new_sqs_task_state("s", { ["MessageBody.$"] = "$$.Task.Token", QueueUrl = "u" }):wait_for_task_token()
    assert.equal(
      task("sqs:sendMessage.waitForTaskToken", '"Parameters":{"MessageBody.$":"$$.Task.Token","QueueUrl":"u"},'),
      json(state)
    )
  end)

  it("waits for its token instead of its job", function()
    local state = step.new_fargate_task_state("s", { TaskDefinition = "t" }):wait_for_task_token()
    assert.equal(task("ecs:runTask.waitForTaskToken", '"Parameters":{"TaskDefinition":"t"},'), json(state))
  end)

  it("has its parameters in a struct of Sparta's name", function()
    local state = step.NewSQSTaskState("s", step.SQSTaskParameters { MessageBody = "m", QueueUrl = "u" })
    assert.equal(task("sqs:sendMessage", '"Parameters":{"MessageBody":"m","QueueUrl":"u"},'), json(state))
  end)

  it("is refused with a parameter that the service does not know", function()
    raises("bad argument #2 to 'new_sqs_task_state' (unknown field 'QueueURL', did you mean 'QueueUrl'?)", function()
      step.new_sqs_task_state("s", { MessageBody = "m", QueueURL = "u" })
    end)
    raises("bad argument #1 to 'DynamoDBPutItemParameters' (unknown field 'ConsistentRead')", function()
      step.DynamoDBPutItemParameters { ConsistentRead = true }
    end)
  end)

  it("is refused without a parameter that the service needs", function()
    raises("bad argument #2 to 'new_sqs_task_state' (field 'QueueUrl' is missing)", function()
      step.new_sqs_task_state("s", { MessageBody = "m" })
    end)
  end)
end)

describe("a task of the AWS SDK", function()
  it("names service and action", function()
    local state = step.new_aws_sdk_state("s", "s3", "headObject", { Bucket = "b", Key = "k" })
    assert.equal(task("aws-sdk:s3:headObject", '"Parameters":{"Bucket":"b","Key":"k"},'), json(state))
  end)

  it("waits for its token by pattern or by method", function()
    local params = { ["TaskToken.$"] = "$$.Task.Token" }
    local by_pattern = step.new_aws_sdk_integration_state("s", "sfn", "sendTaskHeartbeat", "waitForTaskToken", params)
    local by_method = step.new_aws_sdk_integration_state("s", "sfn", "sendTaskHeartbeat", nil, params):wait_for_task_token()
    local expected = task("aws-sdk:sfn:sendTaskHeartbeat.waitForTaskToken", '"Parameters":{"TaskToken.$":"$$.Task.Token"},')
    assert.equal(expected, json(by_pattern))
    assert.equal(expected, json(by_method))
  end)

  it("is refused with a name that is not the SDK's", function()
    raises("bad argument #3 to 'new_aws_sdk_state' (name in camelCase expected, got \"HeadObject\")", function()
      step.new_aws_sdk_state("s", "s3", "HeadObject")
    end)
    raises("bad argument #4 to 'new_aws_sdk_integration_state'", function()
      step.new_aws_sdk_integration_state("s", "s3", "headObject", "[waitForTaskToken]")
    end)
  end)
end)

describe("an activity", function()
  local arn = "arn:aws:states:us-east-1:000000000000:activity:approve"
  local expected = '{"StartAt":"s","States":{"s":{"Type":"Task","Resource":"' .. arn .. '","HeartbeatSeconds":60,"End":true}}}'

  it("is named by its ARN or by a handle", function()
    local handle = step.new_activity "approve"
    assert.equal(expected, json(step.new_activity_state("s", arn):with_heartbeat(step.Minute)))
    assert.equal(expected, json(step.new_activity_state("s", handle):with_heartbeat(step.Minute)))
    assert.equal(expected, json(step.new_task_state("s", handle):with_heartbeat(step.Minute)))
  end)

  it("stays open until somebody answers with its token", function()
    local machine = step.new_state_machine("M", step.new_activity_state("s", arn))
    local execution = machine:run({}, { pause = true })
    assert.equal("RUNNING", execution.status)
    execution:task_succeeded(execution:open_tasks()[1].token, "yes")
    execution:run()
    assert.equal("yes", execution.output)
  end)

  it("is done by the handle's function when it has one", function()
    local handle = step.new_activity("approve", function() return "done" end)
    assert.equal("done", step.new_state_machine("M", step.new_activity_state("s", handle)):run().output)
  end)

  it("is refused when it is none", function()
    raises("bad argument #2 to 'new_activity_state' (activity or its ARN expected, got \"approve\")", function()
      step.new_activity_state("s", "approve")
    end)
  end)

  it("does not hand its token out in its parameters", function()
    raises("only tasks of services hand out their token", function()
      step.new_activity_state("s", arn):wait_for_task_token()
    end)
  end)
end)

describe("a task that starts another machine", function()
  local child = step.new_state_machine("child", step.new_task_state("double", function(input) return input.n * 2 end))
  local arn = "arn:aws:states:us-east-1:000000000000:stateMachine:child"

  it("names it by the machine or its ARN", function()
    local expected = task("states:startExecution", '"Parameters":{"Input":{"n":1},"StateMachineArn":"' .. arn .. '"},')
    assert.equal(expected, json(step.new_start_execution_state("s", child, { Input = { n = 1 } })))
    assert.equal(expected, json(step.new_start_execution_state("s", arn, { Input = { n = 1 } })))
  end)

  it("waits for its end as told", function()
    local function resource(sync)
      return json(step.new_start_execution_state("s", child, nil, { sync = sync })):match '"Resource":"(.-)"'
    end
    assert.equal("arn:aws:states:::states:startExecution", resource(false))
    assert.equal("arn:aws:states:::states:startExecution.sync", resource(1))
    assert.equal("arn:aws:states:::states:startExecution.sync", resource(true))
    assert.equal("arn:aws:states:::states:startExecution.sync:2", resource(2))
    raises("bad argument #4 to 'new_start_execution_state' (1 or 2 for option 'sync' expected, got 3)", function() resource(3) end)
  end)

  it("runs it as built", function()
    local call = step.new_start_execution_state("s", child, { ["Input.$"] = "$" }, { sync = 2, result_path = "$.child" })
    local execution = step.new_state_machine("M", call):run({ n = 4 }, { driver = "virtual" })
    assert.equal(8, execution.output.child.Output)
  end)

  it("prefers the machines that a run is given", function()
    local other = step.new_state_machine("child", step.new_pass_state("p", "given"))
    local call = step.new_start_execution_state("s", child, nil, { sync = 2 })
    local execution = step.new_state_machine("M", call):run({}, { driver = "virtual", machines = { child = other } })
    assert.equal("given", execution.output.Output)
  end)

  it("passes on machines that its own tasks start, and those inside branches", function()
    local middle = step.new_state_machine("middle", step.new_start_execution_state("call", child, { ["Input.$"] = "$" }, { sync = 2 }))
    local outer = step.new_start_execution_state("s", middle, { ["Input.$"] = "$" }, { sync = 2 })
    local machine = step.new_state_machine("M", step.new_parallel_state("p", outer))
    assert.equal(6, machine:run({ n = 3 }, { driver = "virtual" }).output[1].Output.Output)
  end)
end)
