-- The programs of Sparta's tests and documentation, carried over: Go's names on
-- the left of each line, Lua's syntax around them.
local step = require "stepfn.step"

local function hello(_, context)
  return "Hello from " .. context.state
end

local function run(machine, input)
  return machine:run(input or {}, { driver = "virtual", seed = 42 })
end

describe("a program written for Sparta", function()
  it("calls a function, waits and succeeds", function()
    local lambdaTaskState = step.NewLambdaTaskState("lambdaHelloWorld", step.NewLambda("HelloWorld", hello))
    local delayState = step.NewWaitDelayState("holdUpNow", 3 * step.Second)
    local successState = step.NewSuccessState("success")
    lambdaTaskState:Next(delayState)
    delayState:Next(successState)
    local startMachine = step.NewStateMachine("SampleStepFunction", lambdaTaskState)
    local execution = run(startMachine)
    assert.equal("Hello from lambdaHelloWorld", execution.output)
    assert.equal(3, execution.stop_date - execution.start_date)
  end)

  it("is refused when two states have one name", function()
    local first = step.NewLambdaTaskState("task1", hello)
    first:Next(step.NewLambdaTaskState("task1", hello))
    assert.error_matches(function() step.NewStateMachine("SampleStepFunction", first) end, "duplicate state names: 'task1'")
  end)

  it("rolls a die", function()
    local lambdaFn = step.NewLambda("StepRollDie", function(_, context)
      return { roll = context:random(1, 5) }
    end, { memory_size = 128, tags = { myAccounting = "tag" } })
    local lambdaTaskState = step.NewTaskState("lambdaRollDie", lambdaFn)
    local successState = step.NewSuccessState("success")
    local delayState = step.NewWaitDelayState("tryAgainShortly", 3 * step.Second)
    local lambdaChoices = {
      step.Not {
        Comparison = step.NumericGreaterThan {
          Variable = "$.roll",
          Value = 3,
        },
        Next = delayState,
      },
    }
    local choiceState = step.NewChoiceState("checkRoll", lambdaChoices):WithDefault(successState)
    lambdaTaskState:Next(choiceState)
    delayState:Next(lambdaTaskState)
    local startMachine = step.NewStateMachine("RollDie", lambdaTaskState)
    assert.equal(
      '{"StartAt":"lambdaRollDie","States":{'
        .. '"lambdaRollDie":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:StepRollDie",'
        .. '"Next":"checkRoll"},'
        .. '"checkRoll":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.roll","NumericGreaterThan":3},'
        .. '"Next":"tryAgainShortly"}],"Default":"success"},'
        .. '"tryAgainShortly":{"Type":"Wait","Seconds":3,"Next":"lambdaRollDie"},'
        .. '"success":{"Type":"Succeed"}}}',
      startMachine:to_json()
    )
    assert.is_true(run(startMachine).output.roll > 3)
  end)

  it("maps over what a task produced", function()
    local produce = step.NewLambdaTaskState("produceData", function()
      return { shipped = { { prod = "R31" }, { prod = "S39" } } }
    end)
    local apply = step.NewLambdaTaskState("applyCallback", function(parcel) return parcel.prod end)
    local mapState = step.NewMapState("mapResults", step.NewStateMachine("mapStateMachine", apply))
    mapState:WithItemsPath("$.shipped")
    produce:Next(mapState):next(step.NewSuccessState("success"))
    assert.same({ "R31", "S39" }, run(step.NewStateMachine("SampleMap", produce)).output)
  end)

  it("runs branches beside one another", function()
    local produce = step.NewLambdaTaskState("produceData", function() return { n = 2 } end)
    local apply = step.NewLambdaTaskState("applyCallback", function(input) return input.n + 1 end)
    local parallel = step.NewParallelState("parallelResults", step.NewStateMachine("branch", apply))
    produce:Next(parallel):next(step.NewSuccessState("success"))
    assert.same({ 3 }, run(step.NewStateMachine("SampleParallel", produce)).output)
  end)

  it("calls a service with parameters from its input", function()
    local resource = "arn:aws:states:::aws-sdk:s3:copyObject"
    local copy = step.NewTaskState("copy", resource, {
      Bucket = "target",
      ["CopySource.$"] = "States.Format('{}/{}', $.bucket, $.key)",
      ["Key.$"] = "$.key",
    })
    local seen
    local execution = step.NewStateMachine("Copy", copy):run({ bucket = "source", key = "a.txt" }, {
      tasks = { [resource] = function(input) seen = input return {} end },
    })
    assert.equal("SUCCEEDED", execution.status)
    assert.same({ Bucket = "target", CopySource = "source/a.txt", Key = "a.txt" }, seen)
  end)

  it("reads an item", function()
    local getItem = step.NewDynamoDBGetItemState("testState", step.DynamoDBGetItemParameters {
      TableName = "sampleTable",
      Key = { ["MessageId"] = { ["S.$"] = "$.id" } },
      AttributesToGet = { "attr1", "attr2" },
    })
    local startMachine = step.NewStateMachine("SampleDynamoDB", getItem)
    assert.equal(
      '{"StartAt":"testState","States":{"testState":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem",'
        .. '"Parameters":{"AttributesToGet":["attr1","attr2"],"Key":{"MessageId":{"S.$":"$.id"}},"TableName":"sampleTable"},'
        .. '"End":true}}}',
      startMachine:to_json()
    )
    local execution = startMachine:run({ id = "7" }, {
      tasks = { ["arn:aws:states:::dynamodb:getItem"] = function(input) return { Item = input.Key } end },
    })
    assert.same({ Item = { MessageId = { S = "7" } } }, execution.output)
  end)

  it("runs a container and tells how it ended", function()
    local function notify(name, message)
      return step.NewSNSTaskState(name, step.SNSTaskParameters { Message = message, TopicArn = "arn:aws:sns:us-east-1:000000000000:t" })
    end
    local success = notify("Notify Success", "AWS Fargate Task started by Step Functions succeeded")
    local failure = notify("Notify Failure", "AWS Fargate Task started by Step Functions failed")
    local fargate = step.NewFargateTaskState("Run Fargate Task", step.FargateTaskParameters {
      LaunchType = "FARGATE",
      Cluster = "arn:aws:ecs:us-east-1:000000000000:cluster/c",
      TaskDefinition = "arn:aws:ecs:us-east-1:000000000000:task-definition/d:1",
      NetworkConfiguration = { AwsvpcConfiguration = { Subnets = { "subnet-1" }, AssignPublicIp = "ENABLED" } },
    }):WithCatchers(step.NewTaskCatch(failure, step.StatesAll))
    fargate:Next(success)
    local machine = step.NewStateMachine("SampleFargate", fargate)
    local sent
    local function run_with(container)
      return machine:run({}, { tasks = {
        ["arn:aws:states:::ecs:runTask.sync"] = container,
        ["arn:aws:states:::sns:publish"] = function(input) sent = input.Message return {} end,
      } })
    end
    run_with(function() return { LastStatus = "STOPPED" } end)
    assert.equal("AWS Fargate Task started by Step Functions succeeded", sent)
    run_with(function() error({ Error = "States.TaskFailed", Cause = "exit 1" }, 0) end)
    assert.equal("AWS Fargate Task started by Step Functions failed", sent)
  end)

  it("calls the AWS SDK under a role that it is given", function()
    local role = "arn:aws:iam::000000000000:role/execution"
    local list = step.NewAWSSDKState("listBuckets", "s3", "listBuckets", {})
    local startMachine = step.NewStateMachine("SampleSDK", list):WithRoleArn(role)
    local seen
    startMachine:run({}, { tasks = {
      ["arn:aws:states:::aws-sdk:s3:listBuckets"] = function(_, context) seen = context.execution.RoleArn return {} end,
    } })
    assert.equal(role, startMachine.role_arn)
    assert.equal(role, seen)
  end)
end)
