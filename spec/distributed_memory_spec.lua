local memory = require "spec.support.memory"
local stepfn = require "stepfn"

local function map(fields)
  local state = {
    Type = "Map", End = true, Label = "each", ToleratedFailureCount = 1,
    ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
      StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:work", End = true } },
    },
  }
  for name, value in pairs(fields) do
    state[name] = value
  end
  return stepfn.encode { StartAt = "All", States = { All = state } }
end

local function reader(config)
  return { Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "k" }, ReaderConfig = config }
end

local writer = {
  Resource = "arn:aws:states:::s3:putObject", Parameters = { Bucket = "b" },
  WriterConfig = { Transformation = "FLATTEN", OutputType = "JSON" },
}

local batcher = { MaxItemsPerBatch = 2, BatchInput = { k = "v" } }

local stories = {
  ["a distributed Map in batches, with a child that fails"] = {
    map { ItemsPath = "$.items", ItemBatcher = batcher, ItemSelector = { ["v.$"] = "$$.Map.Item" } },
  },
  ["a JSON reader and a writer"] = { map { ItemReader = reader { InputType = "JSON", ItemsPointer = "/a/b" }, ResultWriter = writer },
    '{"x":[1,{"y":"z"}],"a":{"b":[{"n":1},{"n":2},{"n":3}]}}' },
  ["a CSV reader"] = { map { ItemReader = reader { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" } }, 'n,m\n1,"x""y"\n2,\\,\n' },
  ["a manifest"] = { map { ItemReader = reader { InputType = "JSONL", ManifestType = "ATHENA_DATA" } }, "s3://b/l\n" },
}

local function store_of(body)
  local store = {}
  function store.get(_, _, key, from)
    local bytes = (key == "l" and "[1]\n\n[2]\n" or body):sub(from + 1, from + 7)
    return { bytes = bytes, last = #bytes < 7, etag = "e" }
  end
  function store.put()
    return true
  end
  return store
end

local function work(item)
  if type(item) == "table" and item.n == 1 then
    stepfn.fail("One", "c")
  end
  return { item }
end

local input = stepfn.value { items = { { n = 1 }, { n = 2 }, { n = 3 } } }

local function story(definition, body)
  local machine = assert(stepfn.load(definition))
  local execution = machine:run(input, { driver = "virtual", seed = 1, tasks = { work = work }, objects = store_of(body) })
  local told = { tostring(execution), stepfn.encode(execution.output), #execution:history(), stepfn.encode(execution:map_runs()) }
  execution:close()
  return table.concat(told, " ")
end

describe("The core's memory", function()
  for name, case in pairs(stories) do
    it("is given back after " .. name, function()
      local first = story(case[1], case[2])
      assert.truthy(first:find("SUCCEEDED", 1, true), first)
      local before = memory.live()
      story(case[1], case[2])
      assert.equal(before, memory.live())
    end)

    it("is given back whichever allocation fails in " .. name, function()
      local whole = story(case[1], case[2])
      local before = memory.live()
      memory.fail_each(function() return story(case[1], case[2]) end, whole)
      assert.equal(before, memory.live())
    end)
  end
end)
