local stepfn = require "stepfn"

---The faults of a Map state with these fields in DISTRIBUTED mode: { place, message } each, below the state.
local function faults_of(fields)
  local state = {
    Type = "Map", End = true,
    ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
      StartAt = "Each", States = { Each = { Type = "Succeed" } },
    },
  }
  for name, value in pairs(fields) do
    state[name] = value
  end
  local faults = {}
  for i, diagnostic in ipairs(stepfn.validate { StartAt = "M", States = { M = state } }) do
    faults[i] = { diagnostic.pointer:sub(#"/States/M" + 1), diagnostic.message }
  end
  return faults
end

local function reader_with(config)
  return { ItemReader = {
    Resource = "arn:aws:states:::s3:listObjectsV2", Parameters = { Bucket = "b" }, ReaderConfig = config } }
end

local PUT = "arn:aws:states:::s3:putObject"

local function unrecognized(resource)
  return ("The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not "
    .. "available in this region."):format(resource)
end

describe("an ItemReader", function()
  it("reads objects from S3, in any partition, nothing else", function()
    assert.same({}, faults_of { ItemReader = { Resource = "arn:aws-cn:states:::s3:getObject", Parameters = { Bucket = "b" } } })
    assert.same({}, faults_of { ItemReader = { Resource = "arn:${Partition}:states:::s3:getObject", Parameters = { Bucket = "b" } } })
    assert.same({ { "/ItemReader/Resource", unrecognized(PUT) } },
      faults_of { ItemReader = { Resource = PUT, Parameters = { Bucket = "b" } } })
    assert.same({ { "/ItemReader/Resource", unrecognized "S3" } },
      faults_of { ItemReader = { Resource = "S3", Parameters = { Bucket = "b" } } })
  end)

  it("has CSVHeaders where they are GIVEN", function()
    assert.same({}, faults_of(reader_with { InputType = "CSV", CSVHeaderLocation = "GIVEN", CSVHeaders = stepfn.array { "a" } }))
    assert.same({ { "/ItemReader/ReaderConfig", "These fields are required: [CSVHeaders]" } },
      faults_of(reader_with { InputType = "CSV", CSVHeaderLocation = "GIVEN" }))
  end)

  it("has an InputType where it flattens what the listed objects hold", function()
    assert.same({}, faults_of(reader_with { Transformation = "LOAD_AND_FLATTEN", InputType = "JSON" }))
    assert.same({ { "/ItemReader/ReaderConfig", "These fields are required: [InputType]" } },
      faults_of(reader_with { Transformation = "LOAD_AND_FLATTEN" }))
  end)
end)

describe("an ItemBatcher", function()
  it("has a limit: of items, of bytes, or both", function()
    local missing = { { "/ItemBatcher", "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]" } }
    assert.same({}, faults_of { ItemBatcher = { MaxInputBytesPerBatchPath = "$.bytes" } })
    assert.same(missing, faults_of { ItemBatcher = {} })
    assert.same(missing, faults_of { ItemBatcher = { BatchInput = { a = 1 } } })
  end)
end)

describe("a ResultWriter", function()
  it("says where, how, or both", function()
    assert.same({}, faults_of { ResultWriter = { Resource = PUT, Parameters = { Bucket = "b" } } })
    assert.same({}, faults_of { ResultWriter = {} })
    assert.same({}, faults_of { ResultWriter = { WriterConfig = { OutputType = "JSONL" } } })
    assert.same({}, faults_of { QueryLanguage = "JSONata", ResultWriter = { Resource = PUT, Arguments = "{% $states.input %}" } })
  end)

  it("is refused when half of the place is missing", function()
    local missing = "These fields are required: [%s]"
    assert.same({ { "/ResultWriter", missing:format "Parameters" } }, faults_of { ResultWriter = { Resource = PUT } })
    assert.same({ { "/ResultWriter", missing:format "Arguments" } },
      faults_of { QueryLanguage = "JSONata", ResultWriter = { Resource = PUT } })
    assert.same({ { "/ResultWriter", missing:format "Resource" } }, faults_of { ResultWriter = { Parameters = { Bucket = "b" } } })
  end)

  it("writes objects to S3, nothing else", function()
    assert.same({ { "/ResultWriter/Resource", unrecognized "arn:aws:states:::s3:getObject" } },
      faults_of { ResultWriter = { Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b" } } })
  end)
end)

describe("Items of a JSONata Map", function()
  it("are an array, an object or an expression", function()
    assert.same({}, faults_of { QueryLanguage = "JSONata", Items = "{% $states.input %}" })
    assert.same({}, faults_of { QueryLanguage = "JSONata", Items = { a = 1 } })
    local refused = { { "/Items", "Items must be an array, an object or a JSONata expression" } }
    assert.same(refused, faults_of { QueryLanguage = "JSONata", Items = 3 })
    assert.same(refused, faults_of { QueryLanguage = "JSONata", Items = "items" })
  end)
end)

describe("a place inside a template", function()
  local function places_of(state)
    local places = {}
    for i, diagnostic in ipairs(stepfn.validate { StartAt = "A", States = { A = state } }) do
      places[i] = diagnostic.pointer
    end
    return places
  end

  it("is that of the expression which uses what is not there", function()
    assert.same({ "/States/A/Output/a/1/b~1c" }, places_of { Type = "Pass", QueryLanguage = "JSONata", End = true,
      Output = { a = stepfn.array { "x", { ["b/c"] = "{% $states.result %}", d = "{% $states.input %}" } } } })
    assert.same({ "/States/A/Output" }, places_of { Type = "Pass", QueryLanguage = "JSONata", End = true,
      Output = "{% $$ %}" })
  end)

  it("is that of the path which is doubtful, or never there", function()
    assert.same({ "/States/A/Parameters/in/p.$" }, places_of { Type = "Pass", End = true,
      Parameters = { a = stepfn.array { 1 }, ["in"] = { z = 1, ["p.$"] = "$.a.length()" } } })
  end)
end)
