local stepfn = require "stepfn"

local UUID = "%x+%-%x+%-%x+%-%x+%-%x+"

---A store that takes bytes piece by piece, and keeps whole objects by key.
local function new_store()
  local store = { objects = {}, parts = {}, puts = 0, largest = 0 }
  function store:put(bucket, key, bytes, offset, last)
    local name = bucket .. "/" .. key
    local before = offset == 0 and "" or self.parts[name]
    assert.equal(#before, offset)
    self.parts[name] = before .. bytes
    self.puts, self.largest = self.puts + 1, math.max(self.largest, #bytes)
    if last then
      self.objects[name] = self.parts[name]
    end
    return true
  end
  return store
end

local function machine(writer, fields, processor)
  local map = {
    Type = "Map", End = true, Label = "each", ResultWriter = writer,
    ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
      StartAt = "Item", States = { Item = processor or { Type = "Task", Resource = "lua:f", End = true } },
    },
  }
  for name, value in pairs(fields or {}) do
    map[name] = value
  end
  return assert(stepfn.load({ StartAt = "All", States = { All = map } }, { name = "m" }))
end

local function writer_of(config)
  return {
    Resource = "arn:aws:states:::s3:putObject", Parameters = { Bucket = "out", Prefix = "jobs" }, WriterConfig = config,
  }
end

local function odd_fails(n)
  if n % 2 == 1 then
    stepfn.fail("Odd", "it is " .. n)
  end
  return { n, n * 2 }
end

local function run(config, fields, input)
  local store = new_store()
  local execution = machine(writer_of(config), fields):run(stepfn.array(input or { 2, 4 }), {
    driver = "virtual", seed = 1, tasks = { f = odd_fails }, objects = store,
  })
  local files = {}
  for key, body in pairs(store.objects) do
    files[key:gsub("^out/jobs/" .. UUID .. "/", "")] = body
  end
  return files, execution, store
end

describe("A ResultWriter", function()
  it("makes the state's result say where the results are", function()
    local _, execution, store = run()
    local output = execution.output
    local run_arn = execution:history()[4].mapRunStartedEventDetails.mapRunArn
    assert.equal(run_arn, output.MapRunArn)
    assert.equal("out", output.ResultWriterDetails.Bucket)
    assert.equal("jobs/" .. run_arn:match "[^:]+$" .. "/manifest.json", output.ResultWriterDetails.Key)
    assert.truthy(store.objects["out/" .. output.ResultWriterDetails.Key])
  end)

  it("names the files in a manifest", function()
    local files, execution = run()
    local manifest = stepfn.decode(files["manifest.json"])
    assert.equal("out", manifest.DestinationBucket)
    assert.equal(execution.output.MapRunArn, manifest.MapRunArn)
    assert.equal("[]", stepfn.encode(manifest.ResultFiles.FAILED))
    assert.equal("[]", stepfn.encode(manifest.ResultFiles.PENDING))
    local file = manifest.ResultFiles.SUCCEEDED[1]
    assert.truthy(file.Key:find("/SUCCEEDED_0.json", 1, true))
    assert.equal(#files["SUCCEEDED_0.json"], file.Size)
  end)

  it("writes all that is known of each child, as AWS exports it", function()
    local records = stepfn.decode(run()["SUCCEEDED_0.json"])
    local names = {}
    for name in pairs(records[1]) do
      names[#names + 1] = name
    end
    table.sort(names)
    assert.equal("ExecutionArn Input InputDetails Name Output OutputDetails RedriveCount RedriveStatus "
      .. "RedriveStatusReason StartDate StateMachineArn Status StopDate", table.concat(names, " "))
    assert.same({ "2", "[2,4]", "SUCCEEDED" }, { records[1].Input, records[1].Output, records[1].Status })
    assert.equal("arn:aws:states:us-east-1:000000000000:stateMachine:m/each", records[1].StateMachineArn)
  end)

  it("puts children that failed into a file of their own", function()
    local files, execution = run(nil, { ToleratedFailureCount = 1 }, { 1, 2 })
    assert.equal("SUCCEEDED", execution.status)
    local failed = stepfn.decode(files["FAILED_0.json"])
    assert.same({ 1, "Odd", "it is 1", "FAILED" }, { #failed, failed[1].Error, failed[1].Cause, failed[1].Status })
    assert.equal(1, #stepfn.decode(files["SUCCEEDED_0.json"]))
  end)

  it("writes what there is when the Map Run fails, too", function()
    local files, execution = run(nil, { MaxConcurrency = 1 }, { 2, 1, 4 })
    assert.equal("States.ExceedToleratedFailureThreshold", execution.error)
    assert.equal(1, #stepfn.decode(files["SUCCEEDED_0.json"]))
    assert.equal(1, #stepfn.decode(files["FAILED_0.json"]))
    assert.truthy(files["manifest.json"])
  end)

  it("with COMPACT writes the outputs alone", function()
    assert.equal("[[2,4],[4,8]]", run({ Transformation = "COMPACT" })["SUCCEEDED_0.json"])
  end)

  it("with FLATTEN writes the elements of outputs that are arrays", function()
    assert.equal("[2,4,4,8]", run({ Transformation = "FLATTEN" })["SUCCEEDED_0.json"])
  end)

  it("writes JSON Lines when that is wanted", function()
    assert.equal("[2,4]\n[4,8]\n", run({ Transformation = "COMPACT", OutputType = "JSONL" })["SUCCEEDED_0.jsonl"])
  end)

  it("writes no file for nothing", function()
    local files = run(nil, nil, {})
    assert.is_nil(files["SUCCEEDED_0.json"])
    assert.equal("[]", stepfn.encode(stepfn.decode(files["manifest.json"]).ResultFiles.SUCCEEDED))
  end)

  it("writes as results come, not all at the end", function()
    local many = {}
    for i = 1, 3000 do
      many[i] = 2 * i
    end
    local files, _, store = run(nil, { MaxConcurrency = 10 }, many)
    assert.equal(3000, #stepfn.decode(files["SUCCEEDED_0.json"]))
    assert.is_true(store.puts > 10)
    assert.is_true(store.largest < 200000)
  end)

  it("fails the Map Run when nothing can be written", function()
    local execution = machine(writer_of()):run(stepfn.array { 2 }, {
      driver = "virtual", tasks = { f = odd_fails },
      objects = { put = function() return nil, "The disk is full." end },
    })
    assert.equal("States.ResultWriterFailed", execution.error)
    assert.equal("The disk is full.", execution.cause)
  end)

  it("needs a bucket", function()
    local writer = { Resource = "arn:aws:states:::s3:putObject", Parameters = { Prefix = "p" } }
    local execution = machine(writer):run(stepfn.array { 2 }, { driver = "virtual", tasks = { f = odd_fails }, objects = new_store() })
    assert.equal("States.ResultWriterFailed", execution.error)
  end)

  it("goes on when the execution is resumed in the middle", function()
    local driver = require("stepfn.driver.virtual").new()
    local store = new_store()
    local waiting = machine(writer_of { Transformation = "COMPACT" }, { MaxConcurrency = 1 }, { Type = "Wait", Seconds = 10, End = true })
    local execution = waiting:spawn(stepfn.array { 1, 2, 3 }, { driver = driver, objects = store })
    driver:advance(15)
    local resumed = assert(waiting:resume(execution:snapshot(), { driver = driver, objects = store })):run()
    local details = resumed.output.ResultWriterDetails
    assert.equal("[1,2,3]", store.objects["out/" .. details.Key:gsub("manifest", "SUCCEEDED_0")])
  end)
end)

describe("A ResultWriter with only a WriterConfig", function()
  local function output(transformation, input)
    local execution = machine({ WriterConfig = { Transformation = transformation, OutputType = "JSON" } }, { ToleratedFailureCount = 1 })
      :run(stepfn.array(input or { 2, 4 }), { driver = "virtual", tasks = { f = odd_fails } })
    return execution.output
  end

  it("with NONE gives all that is known of each child", function()
    assert.equal("SUCCEEDED", output("NONE")[1].Status)
  end)

  it("with COMPACT gives the outputs", function()
    assert.same({ { 2, 4 }, { 4, 8 } }, output "COMPACT")
  end)

  it("with FLATTEN gives the elements of outputs that are arrays", function()
    assert.same({ 2, 4, 4, 8 }, output "FLATTEN")
  end)

  it("gives all that is known of a child that failed in any case", function()
    assert.equal("FAILED", output("FLATTEN", { 1, 2 })[1].Status)
  end)
end)
