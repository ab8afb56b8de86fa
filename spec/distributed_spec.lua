local history = require "spec.support.history"
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local ARN = "arn:aws:states:us%-east%-1:000000000000:"
local UUID = "%x+%-%x+%-%x+%-%x+%-%x+"

---A Map in DISTRIBUTED mode whose processor is one state.
local function distributed(processor, fields, type)
  local map = {
    Type = "Map", End = true,
    ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = type or "STANDARD" },
      StartAt = "Item", States = { Item = processor },
    },
  }
  for name, value in pairs(fields or {}) do
    map[name] = value
  end
  return assert(stepfn.load({ StartAt = "All", States = { All = map } }, { name = "m" }))
end

local pass = { Type = "Pass", End = true }
local task = { Type = "Task", Resource = "lua:f", End = true }
local numbers = stepfn.array { 1, 2, 3, 4, 5 }

local function odd_fails(n)
  if n % 2 == 1 then
    stepfn.fail("Odd", "it is " .. n)
  end
  return n
end

describe("A Map in DISTRIBUTED mode", function()
  it("gives the outputs of its child executions in the order of the items", function()
    local execution = distributed(task):run(numbers, { driver = "virtual", tasks = {
      f = function(n, context)
        context:sleep(10 - n)
        return n * 2
      end,
    } })
    assert.same({ 2, 4, 6, 8, 10 }, execution.output)
  end)

  it("has no events of its children in its history, only those of the Map Run", function()
    local execution = distributed(pass):run(numbers, { driver = "virtual" })
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapRunStarted",
      "5<-4 MapRunSucceeded", "6<-5 MapStateSucceeded", "7<-4 MapStateExited", "8<-7 ExecutionSucceeded",
    }, history.links(execution))
    assert.equal(5, execution:history()[3].mapStateStartedEventDetails.length)
  end)

  it("names the Map Run and the children after the machine and the Label", function()
    local child
    local execution = distributed(pass, { Label = "each" }):run(stepfn.array { 1 }, {
      driver = "virtual", on_child = function(one) child = { name = one.name, arn = one.arn } end,
    })
    local run = execution:history()[4].mapRunStartedEventDetails.mapRunArn
    assert.truthy(run:match("^" .. ARN .. "mapRun:m/each:" .. UUID .. "$"))
    assert.truthy(child.arn:match("^" .. ARN .. "execution:m/each:" .. UUID .. "$"))
    assert.equal(child.name, child.arn:match "[^:]+$")
  end)

  it("makes up a part of the ARN where there is no Label", function()
    local execution = distributed(pass):run(numbers, { driver = "virtual" })
    local run = execution:history()[4].mapRunStartedEventDetails.mapRunArn
    assert.truthy(run:match("^" .. ARN .. "mapRun:m/" .. UUID .. ":" .. UUID .. "$"))
  end)

  it("of ExecutionType EXPRESS has children with ARNs of that kind", function()
    local arn
    distributed(pass, { Label = "each" }, "EXPRESS"):run(stepfn.array { 1 }, {
      driver = "virtual", on_child = function(child) arn = child.arn end,
    })
    assert.truthy(arn:match("^" .. ARN .. "express:m/each:" .. UUID .. ":" .. UUID .. "$"))
  end)

  it("gives the same names for the same seed", function()
    local function run()
      return distributed(pass):run(numbers, { driver = "virtual", seed = 7 }):history()
    end
    assert.same(run(), run())
  end)

  it("of an empty array is an empty array", function()
    local execution = distributed(pass):run(stepfn.array {}, { driver = "virtual" })
    assert.equal("[]", execution:output_json())
  end)

  it("also takes the members of an object, each as Key and Value", function()
    local execution = distributed(pass):run({ a = 1, b = 2 }, { driver = "virtual" })
    assert.same({ { Key = "a", Value = 1 }, { Key = "b", Value = 2 } }, execution.output)
  end)

  it("does not take anything else", function()
    local execution = distributed(pass):run("no items", { driver = "virtual" })
    assert.equal("States.Runtime", execution.error)
    assert.truthy(execution.cause:find('Map state input must be an array but was: "no items"', 1, true))
  end)

  it("shows an ItemSelector the item, where it stands and where it is from", function()
    local machine = distributed(pass, { ItemSelector = { ["item.$"] = "$$.Map.Item", ["all.$"] = "$.list" }, ItemsPath = "$.list" })
    local execution = machine:run({ list = stepfn.array { "x", "y" } }, { driver = "virtual" })
    assert.same({ Index = 1, Value = "y", Source = "STATE_DATA" }, execution.output[2].item)
    assert.same({ "x", "y" }, execution.output[1].all)
  end)

  it("runs at most MaxConcurrency children at once", function()
    local now, most = 0, 0
    local driver = virtual.new()
    local start = driver:now()
    distributed(task, { MaxConcurrency = 2 }):run(numbers, { driver = driver, tasks = {
      f = function(_, context)
        now = now + 1
        most = math.max(most, now)
        context:sleep(10)
        now = now - 1
        return {}
      end,
    } })
    assert.equal(2, most)
    assert.equal(30, driver:now() - start)
  end)

  it("runs them all at once without it", function()
    local driver = virtual.new()
    local start = driver:now()
    distributed({ Type = "Wait", Seconds = 60, End = true }):run(numbers, { driver = driver })
    assert.equal(60, driver:now() - start)
  end)

  it("may stand in the processor of another one", function()
    local inner = {
      Type = "Map", End = true,
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "EXPRESS" },
        StartAt = "Work", States = { Work = task },
      },
    }
    local execution = distributed(inner):run(stepfn.array { stepfn.array { 1, 2 }, stepfn.array { 3 } }, {
      driver = "virtual", tasks = { f = function(n) return n + 1 end },
    })
    assert.same({ { 2, 3 }, { 4 } }, execution.output)
  end)

  it("fails when its results are larger together than a payload may be", function()
    local machine = distributed({ Type = "Pass", Result = ("x"):rep(1000), End = true }, { ItemsPath = "$.list" })
    local many = stepfn.array {}
    for i = 1, 300 do
      many[i] = i
    end
    local execution = machine:run({ list = many }, { driver = "virtual" })
    assert.equal("States.DataLimitExceeded", execution.error)
  end)
end)

describe("A child execution", function()
  it("sees none of the variables around the Map", function()
    local machine = assert(stepfn.load {
      StartAt = "Set",
      States = {
        Set = { Type = "Pass", Assign = { x = 1 }, Next = "All" },
        All = {
          Type = "Map", End = true,
          ItemProcessor = {
            ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
            StartAt = "Item", States = { Item = { Type = "Pass", Parameters = { ["x.$"] = "$x" }, End = true } },
          },
        },
      },
    })
    assert.equal("States.ExceedToleratedFailureThreshold", machine:run(numbers, { driver = "virtual" }).error)
  end)

  it("has a context object of its own", function()
    local show = { Type = "Pass", Parameters = { ["execution.$"] = "$$.Execution", ["machine.$"] = "$$.StateMachine" }, End = true }
    local execution = distributed(show, { Label = "each" }):run(stepfn.array { { n = 1 } }, { driver = "virtual" })
    local seen = execution.output[1]
    assert.same({ n = 1 }, seen.execution.Input)
    assert.truthy(seen.execution.Id:match("^" .. ARN .. "execution:m/each:"))
    assert.same({ Id = "arn:aws:states:us-east-1:000000000000:stateMachine:m/each", Name = "m/each" }, seen.machine)
  end)

  it("has a history of its own, which on_child can read", function()
    local types
    distributed(task):run(stepfn.array { 1 }, {
      driver = "virtual", tasks = { f = function(n) return n end },
      on_child = function(child)
        types = history.types(child)
      end,
    })
    assert.same({
      "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
      "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded",
    }, types)
  end)

  it("retries and catches by itself", function()
    local tries = 0
    local patient = {
      Type = "Task", Resource = "lua:f", End = true,
      Retry = { { ErrorEquals = { "Odd" }, IntervalSeconds = 5 } },
    }
    local execution = distributed(patient):run(stepfn.array { 1 }, { driver = "virtual", tasks = {
      f = function(n)
        tries = tries + 1
        return odd_fails(tries < 3 and n or 2)
      end,
    } })
    assert.same({ 2 }, execution.output)
    assert.equal(3, tries)
  end)

  it("can wait for a callback, whose token the parent takes", function()
    local callback = {
      Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters = { ["MessageBody.$"] = "$$.Task.Token", QueueUrl = "q" }, End = true,
    }
    local execution = distributed(callback):run(stepfn.array { 1, 2 }, {
      driver = "virtual", tasks = function() return {} end,
    })
    assert.equal("RUNNING", execution.status)
    for i, open in ipairs(execution:open_tasks()) do
      assert.is_true(execution:task_succeeded(open.token, "answer " .. i))
    end
    execution:run()
    table.sort(execution.output)
    assert.same({ "answer 1", "answer 2" }, execution.output)
  end)
end)

describe("A failing child execution", function()
  local function run(fields, input)
    return distributed(task, fields):run(input or numbers, { driver = "virtual", seed = 1, tasks = { f = odd_fails } })
  end

  it("fails the Map Run when no failure is tolerated", function()
    local execution = run()
    assert.equal("States.ExceedToleratedFailureThreshold", execution.error)
    assert.equal("The specified tolerated failure threshold was exceeded", execution.cause)
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapRunStarted",
      "5<-4 MapRunFailed", "6<-5 MapStateFailed", "7<-6 ExecutionFailed",
    }, history.links(execution))
  end)

  it("is tolerated as often as ToleratedFailureCount says", function()
    assert.equal("SUCCEEDED", run({ ToleratedFailureCount = 3 }).status)
    assert.equal("States.ExceedToleratedFailureThreshold", run({ ToleratedFailureCount = 2 }).error)
  end)

  it("is tolerated up to ToleratedFailurePercentage of all items", function()
    assert.equal("SUCCEEDED", run({ ToleratedFailurePercentage = 60 }).status)
    assert.equal("States.ExceedToleratedFailureThreshold", run({ ToleratedFailurePercentage = 59.9 }).error)
  end)

  it("must be tolerated by both when both are given", function()
    assert.equal("FAILED", run({ ToleratedFailureCount = 5, ToleratedFailurePercentage = 10 }).status)
    assert.equal("FAILED", run({ ToleratedFailureCount = 1, ToleratedFailurePercentage = 100 }).status)
  end)

  it("stands in the result with all that is known of it", function()
    local failed = run({ ToleratedFailureCount = 1 }, stepfn.array { 1, 2 }).output[1]
    assert.same({ "Odd", "it is 1", "FAILED", "1" }, { failed.Error, failed.Cause, failed.Status, failed.Input })
    assert.equal(2, run({ ToleratedFailureCount = 1 }, stepfn.array { 1, 2 }).output[2])
  end)

  it("can be caught as the Map's own error", function()
    local machine = assert(stepfn.load {
      StartAt = "All",
      States = {
        All = {
          Type = "Map", End = true,
          ItemProcessor = {
            ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
            StartAt = "Item", States = { Item = { Type = "Fail" } },
          },
          Catch = { { ErrorEquals = { "States.ExceedToleratedFailureThreshold" }, Next = "Sorry" } },
        },
        Sorry = { Type = "Succeed" },
      },
    })
    local execution = machine:run(numbers, { driver = "virtual" })
    assert.equal("States.ExceedToleratedFailureThreshold", execution.output.Error)
    assert.truthy(table.concat(history.links(execution), " "):find("5<-4 MapRunFailed 6<-5 MapStateFailed 7<-6 MapStateExited", 1, true))
  end)

  it("makes a Retry of the Map begin another Map Run for all items", function()
    local again = { { ErrorEquals = { "States.ALL" }, MaxAttempts = 1 } }
    local execution = run({ Retry = again, MaxConcurrency = 1 })
    local runs = execution:map_runs()
    assert.equal(2, #runs)
    assert.not_equal(runs[1].mapRunArn, runs[2].mapRunArn)
  end)

  it("stops the children that still run", function()
    local ends = {}
    local machine = distributed(task)
    machine:run(stepfn.array { 2, 3 }, {
      driver = "virtual",
      tasks = { f = function(n, context) context:sleep(10 - n) return odd_fails(n) end },
      on_child = function(child) ends[#ends + 1] = child.status end,
    })
    assert.same({ "FAILED", "ABORTED" }, ends)
  end)
end)

describe("ToleratedFailureCountPath and its like", function()
  local function run(field, value)
    local machine = distributed(pass, { [field] = "$.setting", ItemsPath = "$.list" })
    return machine:run({ list = numbers, setting = value }, { driver = "virtual" })
  end

  local function cause(field, value)
    return run(field, value).cause:match "#2%)%. (.*)$"
  end

  it("take numbers and numbers in a text", function()
    assert.equal("SUCCEEDED", run("ToleratedFailureCountPath", "1").status)
    assert.equal("SUCCEEDED", run("ToleratedFailurePercentagePath", "1.5").status)
    assert.equal("SUCCEEDED", run("MaxConcurrencyPath", 2).status)
  end)

  it("refuse anything else in the words of AWS", function()
    assert.equal('The ToleratedFailureCountPath field refers to value "NoNumber" which is not a valid integer: $.setting',
      cause("ToleratedFailureCountPath", "NoNumber"))
    assert.equal('The ToleratedFailurePercentagePath field refers to value "{}" which is not a valid float: $.setting',
      cause("ToleratedFailurePercentagePath", {}))
    assert.equal("ToleratedFailureCount cannot be negative.", cause("ToleratedFailureCountPath", -1))
    assert.equal("ToleratedFailurePercentage must be between 0 and 100.", cause("ToleratedFailurePercentagePath", 100.1))
  end)

  it("fail after MapStateStarted and without MapStateFailed", function()
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 ExecutionFailed",
    }, history.links(run("ToleratedFailureCountPath", -1)))
  end)
end)

describe("ItemBatcher", function()
  local function batches(batcher, input)
    return distributed(pass, { ItemBatcher = batcher }):run(input or numbers, { driver = "virtual" }).output
  end

  it("puts at most MaxItemsPerBatch items into one child", function()
    assert.same({ { Items = { 1, 2 } }, { Items = { 3, 4 } }, { Items = { 5 } } }, batches { MaxItemsPerBatch = 2 })
  end)

  it("puts so many items into one child that its input has MaxInputBytesPerBatch at most", function()
    -- {"Items":[1,2]} has 15 bytes
    assert.same({ { Items = { 1, 2 } }, { Items = { 3, 4 } }, { Items = { 5 } } }, batches { MaxInputBytesPerBatch = 15 })
    assert.equal(3, #batches({ MaxInputBytesPerBatch = 16 }))
    assert.equal(2, #batches({ MaxInputBytesPerBatch = 17 }))
  end)

  it("gives an item that is too large a batch of its own", function()
    assert.equal(2, #batches({ MaxInputBytesPerBatch = 20 }, stepfn.array { ("x"):rep(100), 1 }))
  end)

  it("adds BatchInput, which is evaluated once", function()
    local output = batches({ MaxItemsPerBatch = 3, BatchInput = { k = "v", ["n.$"] = "States.ArrayLength($)" } })
    assert.same({ Items = { 4, 5 }, BatchInput = { k = "v", n = 5 } }, output[2])
  end)

  it("gets what ItemSelector made of the items", function()
    local machine = distributed(pass, {
      ItemBatcher = { MaxItemsPerBatch = 2 }, ItemSelector = { ["i.$"] = "$$.Map.Item.Index" },
    })
    assert.same({ { Items = { { i = 0 }, { i = 1 } } }, { Items = { { i = 2 } } } },
      machine:run(stepfn.array { "a", "b", "c" }, { driver = "virtual" }).output)
  end)

  it("gets of a JSONata ItemSelector what it made of each item", function()
    local machine = distributed({ Type = "Pass", QueryLanguage = "JSONata", End = true }, {
      QueryLanguage = "JSONata", ItemBatcher = { MaxItemsPerBatch = 2 },
      ItemSelector = "{% $states.context.Map.Item.(Index & Value) & $states.input[0] %}",
    })
    assert.same({ { Items = { "0aa", "1ba" } }, { Items = { "2ca" } } },
      machine:run(stepfn.array { "a", "b", "c" }, { driver = "virtual" }).output)
  end)

  it("makes failures count by items, not by children", function()
    local machine = distributed({ Type = "Fail" }, { ItemBatcher = { MaxItemsPerBatch = 2 }, ToleratedFailureCount = 4 })
    local execution = machine:run(numbers, { driver = "virtual" })
    assert.equal("States.ExceedToleratedFailureThreshold", execution.error)
    assert.same({ 5, 3 }, { execution:map_runs()[1].itemCounts.failed, execution:map_runs()[1].executionCounts.failed })
  end)
end)

describe("execution:map_runs", function()
  it("counts items and executions in the shape of DescribeMapRun", function()
    local machine = distributed(pass, { ItemBatcher = { MaxItemsPerBatch = 2 }, MaxConcurrency = 1, ToleratedFailureCount = 2 })
    local run = machine:run(numbers, { driver = "virtual" }):map_runs()[1]
    assert.equal("SUCCEEDED", run.status)
    assert.equal("All", run.stateName)
    assert.same({ 1, 2, 0 }, { run.maxConcurrency, run.toleratedFailureCount, run.toleratedFailurePercentage })
    assert.same({
      pending = 0, running = 0, succeeded = 5, failed = 0, timedOut = 0, aborted = 0, total = 5, resultsWritten = 5,
    }, run.itemCounts)
    assert.equal(3, run.executionCounts.total)
  end)

  it("tells how a Map Run stands while it runs", function()
    local driver = virtual.new()
    local machine = distributed({ Type = "Wait", Seconds = 60, End = true }, { MaxConcurrency = 2 })
    local execution = machine:spawn(numbers, { driver = driver })
    driver:advance(61)
    local counts = execution:map_runs()[1].itemCounts
    assert.same({ 2, 2, 1, 5 }, { counts.succeeded, counts.running, counts.pending, counts.total })
    driver:advance(200)
    assert.equal("SUCCEEDED", execution:map_runs()[1].status)
  end)

  it("shows a Map Run that was stopped with the execution as aborted", function()
    local driver = virtual.new()
    local execution = distributed({ Type = "Wait", Seconds = 60, End = true }):spawn(numbers, { driver = driver })
    driver:advance(1)
    execution:stop()
    driver:advance(1)
    assert.equal("ABORTED", execution.status)
    assert.equal(5, execution:map_runs()[1].executionCounts.aborted)
  end)
end)

describe("The memory of a distributed Map", function()
  local core = require "stepfn.core"

  local row = '{"id":12345678,"name":"an item among many"}'

  -- A JSON array; its text is Lua's, not the core's.
  local function store_of(count)
    local body = "[" .. (row .. ","):rep(count - 1) .. row .. "]"
    return {
      get = function(_, _, _, from, most)
        return { bytes = body:sub(from + 1, from + most), last = from + most >= #body }
      end,
    }
  end

  local function most_in_use(count)
    local machine = distributed({ Type = "Pass", Result = "done", End = true }, {
      ItemReader = {
        Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "k" }, ReaderConfig = { InputType = "JSON" },
      },
      ItemBatcher = { MaxItemsPerBatch = 100 },
    })
    local most = 0
    local execution = machine:run({}, {
      driver = "virtual", objects = store_of(count), history = false,
      on_child = function() most = math.max(most, (core.memory())) end,
    })
    assert.equal(count, execution:map_runs()[1].itemCounts.succeeded)
    return most
  end

  it("does not grow with the number of items", function()
    local few = most_in_use(5000)
    assert.is_true(most_in_use(40000) < 2 * few)
  end)
end)
