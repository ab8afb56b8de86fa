-- Nothing of Sparta's package is missing: every name of it, and what every
-- constructor makes, validated and read back.
local step = require "stepfn.step"
local stepfn = require "stepfn"

local compile = rawget(_G, "loadstring") or load

local function noop() end

-- Sparta's constructors and what they are given.
local constructors = {
  NewPassState = { "s", { a = 1 } },
  NewChoiceState = { "s", step.IsNull { Variable = "$.a", Next = step.new_success_state "t" } },
  NewWaitDelayState = { "s", 3 * step.Second },
  NewWaitUntilState = { "s", "2030-01-01T00:00:00Z" },
  NewWaitDynamicUntilState = { "s", "$.at" },
  NewDynamicWaitDurationState = { "s", "$.seconds" },
  NewSuccessState = { "s" },
  NewFailState = { "s", "E", "text" },
  NewParallelState = { "s", step.new_state_machine("b", step.new_pass_state "b") },
  NewMapState = { "s", step.new_state_machine("b", step.new_pass_state "b") },
  NewLambdaTaskState = { "s", noop },
  NewTaskState = { "s", "arn:aws:states:::aws-sdk:s3:copyObject", { Bucket = "b", CopySource = "c", Key = "k" } },
  NewSNSTaskState = { "s", step.SNSTaskParameters { Message = "m", TopicArn = "t" } },
  NewSQSTaskState = { "s", step.SQSTaskParameters { MessageBody = "m", QueueUrl = "u" } },
  NewDynamoDBGetItemState = { "s", step.DynamoDBGetItemParameters { Key = { id = { S = "1" } }, TableName = "t" } },
  NewDynamoDBPutItemState = { "s", step.DynamoDBPutItemParameters { Item = { id = { S = "1" } }, TableName = "t" } },
  NewBatchTaskState = { "s", step.BatchTaskParameters { JobDefinition = "d", JobName = "n", JobQueue = "q" } },
  NewFargateTaskState = { "s", step.FargateTaskParameters { TaskDefinition = "t" } },
  NewGlueState = { "s", step.GlueParameters { JobName = "n" } },
  NewSageMakerTrainingJob = { "s", step.SageMakerTrainingJobParameters {
    AlgorithmSpecification = { TrainingInputMode = "File" }, OutputDataConfig = { S3OutputPath = "s3://b/o" },
    ResourceConfig = { InstanceCount = 1 }, RoleArn = "r", StoppingCondition = { MaxRuntimeInSeconds = 60 },
    TrainingJobName = "n",
  } },
  NewSageMakerTransformJob = { "s", step.SageMakerTransformJobParameters {
    ModelName = "m", TransformInput = { ContentType = "text/csv" }, TransformJobName = "n",
    TransformOutput = { S3OutputPath = "s3://b/o" }, TransformResources = { InstanceCount = 1 },
  } },
  NewAPIGatewayTaskState = { "s", step.APIGatewayTaskParameters { ApiEndpoint = "e", Method = "GET" } },
  NewAWSSDKState = { "s", "s3", "headObject", { Bucket = "b", Key = "k" } },
  NewAWSSDKIntegrationState = { "s", "s3", "headObject", "waitForTaskToken", { Bucket = "b", ["Key.$"] = "$$.Task.Token" } },
  -- and those that Sparta lacks
  NewDynamoDBUpdateItemState = { "s", step.DynamoDBUpdateItemParameters { Key = { id = { S = "1" } }, TableName = "t" } },
  NewDynamoDBDeleteItemState = { "s", step.DynamoDBDeleteItemParameters { Key = { id = { S = "1" } }, TableName = "t" } },
  NewDynamoDBQueryState = { "s", { TableName = "t" } },
  NewActivityState = { "s", step.NewActivity "a" },
  NewStartExecutionState = { "s", "arn:aws:states:us-east-1:000000000000:stateMachine:m", { Input = { a = 1 } }, { sync = 2 } },
  NewHTTPTaskState = { "s", { ApiEndpoint = "https://e.example", Authentication = { ConnectionArn = "c" }, Method = "GET" } },
  NewEventBridgeState = { "s", { Entries = { { Source = "s" } } } },
  NewAthenaTaskState = { "s", { QueryString = "SELECT 1" } },
  NewCodeBuildTaskState = { "s", { ProjectName = "p" } },
  NewEKSTaskState = { "s", { ClusterName = "c", Job = { kind = "Job" } } },
  NewEMRAddStepState = { "s", { ClusterId = "c", Step = { Name = "n" } } },
}

local function machine_of(name)
  local unpack = rawget(table, "unpack") or rawget(_G, "unpack")
  return step.new_state_machine("M", step[name](unpack(constructors[name])))
end

describe("the constructor", function()
  for name in pairs(constructors) do
    it(name .. " makes what validates and reads back to the same bytes", function()
      local text = machine_of(name):to_json()
      assert.same({}, stepfn.validate(text))
      assert.equal(text, assert(stepfn.load(text)):to_json())
      assert.equal(text, assert(step.from_json(text)):to_json())
      assert.equal(text, compile(machine_of(name):to_lua())():to_json())
    end)
  end
end)

describe("every constructor of a state", function()
  it("is in this table", function()
    local made, others = {}, { new_state_machine = true, new_express_state_machine = true, new_lambda = true, new_activity = true,
      new_task_retry = true, new_task_catch = true, new_s3_object_reader = true, new_s3_list_reader = true, new_s3_writer = true,
      new_branch = true }
    for name in pairs(constructors) do
      made[step[name]] = true
    end
    local missing = {}
    for name, value in pairs(step) do
      if name:find "^new_" and not others[name] and not made[value] then
        missing[#missing + 1] = name
      end
    end
    assert.same({}, missing)
  end)
end)

describe("every function of the builder", function()
  local camel = require "stepfn.step.camel"

  it("has its name in CamelCase", function()
    local missing = {}
    for name, value in pairs(step) do
      if name:find "^%l" and step[camel.upper(name)] ~= value then
        missing[#missing + 1] = camel.upper(name)
      end
    end
    assert.same({}, missing)
  end)
end)

describe("every comparison", function()
  local ordered = { "Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals" }
  local values = { String = "b", Numeric = 1, Boolean = true, Timestamp = "2030-01-01T00:00:00Z" }
  local names = { { "StringMatches", "a*" }, { "BooleanEquals", true }, { "BooleanEqualsPath", "$.b" } }
  for _, family in ipairs { "String", "Numeric", "Timestamp" } do
    for _, operator in ipairs(ordered) do
      names[#names + 1] = { family .. operator, values[family] }
      names[#names + 1] = { family .. operator .. "Path", "$.b" }
    end
  end
  for _, kind in ipairs { "Null", "Present", "Numeric", "String", "Boolean", "Timestamp" } do
    names[#names + 1] = { "Is" .. kind, true }
  end

  it("of the language is here", function()
    assert.equal(39, #names)
  end)

  for _, row in ipairs(names) do
    it(row[1] .. " validates and reads back to the same bytes, alone and inside others", function()
      local function compare(variable, target)
        return step[row[1]] { Variable = variable, Value = row[2], Next = target }
      end
      local choice = step.new_choice_state("c", compare("$.a", "t"), step.And { compare "$.b", compare "$.c", Next = "t" },
        step.Or { compare "$.d", step.Not { compare "$.e" }, Next = "t" }, step.Not { compare "$.f", Next = "t" })
      local text = step.new_state_machine("M", choice, { states = { step.new_success_state "t" } }):to_json()
      assert.same({}, stepfn.validate(text))
      assert.equal(text, assert(step.from_json(text)):to_json())
      assert.equal(text, compile(assert(stepfn.load(text)):to_lua())():to_json())
    end)
  end
end)

describe("the annotations", function()
  local states = require "stepfn.step.state"
  local file = assert(io.open "lua/stepfn/meta/step.lua")
  local classes = {}
  for name, body in (file:read "*a" .. "\n\n"):gmatch "%-%-%-@class stepfn%.step%.(%w+)(.-)\n\n" do
    classes[name] = body
  end
  file:close()

  for _, kind in ipairs { "Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map" } do
    it("name every method of " .. kind, function()
      local missing = {}
      for method in pairs(states.methods(kind)) do
        if not (classes.State .. classes[kind]):find("@field " .. method .. " ", 1, true) then
          missing[#missing + 1] = method
        end
      end
      assert.same({}, missing)
    end)
  end
end)

describe("every name of Sparta's", function()
  local of_step = "NewTaskRetry NewTaskCatch NewStateMachine NewExpressStateMachine NewLambda And Or Not Second Minute Hour "
    .. "StatesAll StatesTimeout StatesTaskFailed StatesPermissions StatesResultPathMatchFailure StatesBranchFailed "
    .. "StatesNoChoiceMatched SNSTaskParameters SQSTaskParameters DynamoDBGetItemParameters DynamoDBPutItemParameters "
    .. "BatchTaskParameters FargateTaskParameters GlueParameters SageMakerTrainingJobParameters "
    .. "SageMakerTransformJobParameters APIGatewayTaskParameters UserScopedStackName FromJSON Saga When Var"
  local of_task = "Next Name AdjacentStates WithComment WithInputPath WithOutputPath WithResultPath WithTimeout WithHeartbeat "
    .. "WithRetriers WithCatchers WithParameters WithResultSelector WithCredentials WithArguments WithOutput WithAssign Assign As "
    .. "WaitForTaskToken"
  local of_map = "WithItemsPath WithMaxConcurrency WithItemSelector WithParameters WithResultPath WithRetriers WithCatchers "
    .. "WithToleratedFailureCount WithToleratedFailurePercentage WithItems WithLabel WithItemReader WithItemBatcher "
    .. "WithResultWriter Distributed"
  local of_retrier = "WithErrors WithInterval WithMaxAttempts WithBackoffRate WithMaxDelay WithJitter"
  local of_machine = "Comment WithComment WithRoleArn WithTimeout WithLogging ToTable ToJSON ToLua MarshalJSON Validate State States "
    .. "StartState StateMachineDecorator StateMachineNamedDecorator Cloudformation"

  local function there(object, names)
    for name in names:gmatch "%S+" do
      assert.is_not_nil(object[name], name)
    end
  end

  it("is there", function()
    there(step, of_step)
    there(step.new_task_state("a", "lua:x"), of_task)
    there(step.new_map_state("a", step.new_pass_state "b"), of_map)
    there(step.new_pass_state "a", "WithResult WithResultPath Next WithParameters")
    there(step.new_choice_state "a", "WithDefault WithComment Add")
    there(step.new_task_retry(), of_retrier)
    there(step.new_task_catch("a", step.StatesAll), "WithErrors WithResultPath WithOutput WithAssign")
    there(step.new_state_machine("M", step.new_success_state "a"), of_machine)
  end)
end)
