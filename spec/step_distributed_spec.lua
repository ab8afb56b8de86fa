local step = require "stepfn.step"

-- The text of the only Map of a machine.
local function map(state, options)
  return (step.new_state_machine("M", state, options):to_json():match '"States":{"s":(.*)}}$')
end

local PROCESSOR = '"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"%s"},'
  .. '"StartAt":"each","States":{"each":{"Type":"Pass","End":true}}}'

local function each()
  return step.new_pass_state "each"
end

describe("a distributed map", function()
  it("is a map whose items are executions of their own", function()
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "STANDARD" .. ',"End":true}', map(step.new_map_state("s", each()):distributed()))
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "EXPRESS" .. ',"End":true}',
      map(step.new_map_state("s", each()):distributed { execution_type = "EXPRESS" }))
  end)

  it("reads its items, batches them and writes their results", function()
    local state = step.new_map_state("s", each()):distributed {
      label = "orders",
      reader = step.new_s3_object_reader({ Bucket = "b", ["Key.$"] = "$.key" }, { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" }),
      batcher = { MaxItemsPerBatch = 10, BatchInput = { ["run.$"] = "$.run" } },
      writer = step.new_s3_writer({ Bucket = "b", Prefix = "out" }, { OutputType = "JSONL", Transformation = "COMPACT" }),
      max_concurrency = 100,
      tolerated_failure_percentage = 5,
    }
    assert.equal('{"Type":"Map",'
      .. '"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key.$":"$.key"},'
      .. '"ReaderConfig":{"CSVHeaderLocation":"FIRST_ROW","InputType":"CSV"}},'
      .. '"ItemBatcher":{"BatchInput":{"run.$":"$.run"},"MaxItemsPerBatch":10},'
      .. '"MaxConcurrency":100,"ToleratedFailurePercentage":5,"Label":"orders",'
      .. PROCESSOR:format "STANDARD" .. ','
      .. '"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"out"},'
      .. '"WriterConfig":{"OutputType":"JSONL","Transformation":"COMPACT"}},"End":true}', map(state))
  end)

  it("takes readers and writers as they are written", function()
    local reader = { Resource = "arn:aws:states:::s3:listObjectsV2", Parameters = { Bucket = "b" } }
    local written = map(step.new_map_state("s", each()):distributed { reader = reader })
    local made = map(step.new_map_state("s", each()):distributed { reader = step.new_s3_list_reader { Bucket = "b" } })
    assert.truthy(written:find('"ItemReader":{"Parameters":{"Bucket":"b"},"Resource":"arn:aws:states:::s3:listObjectsV2"}', 1, true))
    assert.truthy(made:find('"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}}', 1, true))
  end)

  it("takes a processor from elsewhere", function()
    local loaded = assert(require("stepfn").load '{"StartAt":"each","States":{"each":{"Type":"Pass","End":true}}}')
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "STANDARD" .. ',"End":true}', map(step.new_map_state("s", loaded):distributed()))
  end)

  it("runs the functions of its processor", function()
    local double = step.new_task_state("double", function(n) return n * 2 end)
    local state = step.new_map_state("s", double, { items_path = "$.list" }):distributed { tolerated_failure_count = 1 }
    local execution = step.new_state_machine("M", state):run({ list = { 1, 2, 3 } }, { driver = "virtual" })
    assert.same({ 2, 4, 6 }, execution.output)
  end)

  it("runs with the objects that the run is given", function()
    local state = step.new_map_state("s", each()):distributed {
      reader = step.new_s3_object_reader({ Bucket = "b", Key = "list.json" }, { InputType = "JSON" }),
      batcher = { MaxItemsPerBatch = 2 },
    }
    local objects = {
      get = function() return { bytes = "[1,2,3]", last = true } end,
    }
    local execution = step.new_state_machine("M", state):run({}, { driver = "virtual", objects = objects })
    assert.same({ { Items = { 1, 2 } }, { Items = { 3 } } }, execution.output)
  end)

  it("is refused with what is no option of it", function()
    assert.error_matches(function() step.new_map_state("s", each()):distributed { batch = {} } end,
      "bad argument #1 to 'distributed' %(unknown option 'batch' %(did you mean 'batcher'%?%)%)")
    assert.error_matches(function() step.new_map_state("s", each()):distributed { execution_type = "FAST" } end,
      '"STANDARD" or "EXPRESS" expected, got "FAST"')
  end)
end)
