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
end)
