local history = require "spec.support.history"
local stepfn = require "stepfn"

---A store that holds objects in memory and gives so many bytes at once.
local function store_of(objects, piece)
  local store = { reads = 0 }
  function store:get(bucket, key, from, count)
    local body = objects[bucket .. "/" .. key]
    if not body then
      return nil, "The specified key does not exist."
    end
    self.reads = self.reads + 1
    local bytes = body:sub(from + 1, from + math.min(count, piece or count))
    return { bytes = bytes, last = from + #bytes >= #body, etag = self.etag }
  end
  function store.list(_, bucket, prefix, cursor)
    local keys, items = {}, {}
    for name in pairs(objects) do
      local key = name:match("^" .. bucket .. "/(.*)$")
      if key and key:sub(1, #(prefix or "")) == (prefix or "") and (not cursor or key > cursor) then
        keys[#keys + 1] = key
      end
    end
    table.sort(keys)
    for i = 1, math.min(#keys, 2) do
      items[i] = { Key = keys[i], Size = #objects[bucket .. "/" .. keys[i]], Etag = "e", LastModified = 1, StorageClass = "STANDARD" }
    end
    return { items = stepfn.array(items), cursor = keys[3] and keys[2] }
  end
  return store
end

local function machine(reader, fields)
  local map = {
    Type = "Map", End = true, ItemReader = reader,
    ItemProcessor = {
      ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
      StartAt = "Item", States = { Item = { Type = "Pass", End = true } },
    },
  }
  for name, value in pairs(fields or {}) do
    map[name] = value
  end
  return assert(stepfn.load { StartAt = "All", States = { All = map } })
end

local function reader_of(config, resource)
  return {
    Resource = "arn:aws:states:::s3:" .. (resource or "getObject"),
    Parameters = { Bucket = "b", ["Key.$"] = "$.key" }, ReaderConfig = config,
  }
end

local function read(config, body, piece, fields)
  return machine(reader_of(config), fields):run({ key = "file" }, {
    driver = "virtual", objects = store_of({ ["b/file"] = body }, piece),
  })
end

describe("An ItemReader", function()
  it("leaves nothing of its reading in the history, and length 0", function()
    local execution = read({ InputType = "JSON" }, "[1,2]")
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapRunStarted",
      "5<-4 MapRunSucceeded", "6<-5 MapStateSucceeded", "7<-4 MapStateExited", "8<-7 ExecutionSucceeded",
    }, history.links(execution))
    assert.equal(0, execution:history()[3].mapStateStartedEventDetails.length)
  end)

  it("makes ItemsPath mean nothing", function()
    assert.same({ 1, 2 }, read({ InputType = "JSON" }, "[1,2]", nil, { ItemsPath = "$.no.such" }).output)
  end)

  it("shows where an item is from", function()
    local execution = read({ InputType = "JSON" }, '["x"]', nil, { ItemSelector = { ["item.$"] = "$$.Map.Item" } })
    assert.same({ Index = 0, Value = "x", Source = "s3://b/file" }, execution.output[1].item)
  end)

  it("fails the Map Run when the object is not there", function()
    local execution = machine(reader_of { InputType = "JSON" }):run({ key = "no" }, { driver = "virtual", objects = store_of {} })
    assert.equal("States.ItemReaderFailed", execution.error)
    assert.equal("The specified key does not exist.", execution.cause)
    assert.same({
      "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapRunStarted",
      "5<-4 MapRunFailed", "6<-5 MapStateFailed", "7<-6 ExecutionFailed",
    }, history.links(execution))
  end)

  it("says so when there is no object store", function()
    local execution = machine(reader_of { InputType = "JSON" }):run({ key = "no" }, { driver = "virtual" })
    assert.equal("There is no object store: the option 'objects' names one.", execution.cause)
  end)

  it("can be retried by its name", function()
    local store = store_of { ["b/file"] = "[1]" }
    local get, tries = store.get, 0
    function store.get(...)
      tries = tries + 1
      if tries < 3 then
        return nil, "Not now."
      end
      return get(...)
    end
    local retry = { { ErrorEquals = { "States.ItemReaderFailed" } } }
    local execution = machine(reader_of { InputType = "JSON" }, { Retry = retry }):run({ key = "file" }, {
      driver = "virtual", objects = store,
    })
    assert.same({ 1 }, execution.output)
    assert.equal(3, #execution:map_runs())
  end)

  it("reads no further than it has to", function()
    local store = store_of({ ["b/file"] = "[" .. ("1,"):rep(5000) .. "1]" }, 10)
    local execution = machine(reader_of { InputType = "JSON", MaxItems = 4 }):run({ key = "file" }, { driver = "virtual", objects = store })
    assert.same({ 1, 1, 1, 1 }, execution.output)
    assert.is_true(store.reads <= 2)
  end)

  it("fails when the object changes while it is read", function()
    local store = store_of({ ["b/file"] = "[1,2,3,4]" }, 4)
    local get = store.get
    function store.get(...)
      store.etag = "v" .. store.reads
      return get(...)
    end
    local execution = machine(reader_of { InputType = "JSON" }):run({ key = "file" }, { driver = "virtual", objects = store })
    assert.equal("The object has changed while it was read.", execution.cause)
  end)

  -- Batches of two that take ten seconds each, resumed in the second one.
  local function resumed_in_the_middle(reader, store, before_resume)
    local driver = require("stepfn.driver.virtual").new()
    local options = { driver = driver, objects = store }
    local batches = machine(reader, {
      MaxConcurrency = 1, ItemBatcher = { MaxItemsPerBatch = 2 },
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
        StartAt = "Item", States = { Item = { Type = "Wait", Seconds = 10, End = true } },
      },
    })
    local execution = batches:spawn({ key = "file" }, options)
    driver:advance(15)
    before_resume()
    options.interrupted = "again"
    return assert(batches:resume(execution:snapshot(), options)):run()
  end

  it("goes on where it was when the execution is resumed", function()
    local store = store_of({ ["b/file"] = "[1,2,3,4,5,6]" }, 3)
    store.etag = "same"
    local resumed = resumed_in_the_middle(reader_of { InputType = "JSON" }, store, function() end)
    assert.same({ { Items = { 1, 2 } }, { Items = { 3, 4 } }, { Items = { 5, 6 } } }, resumed.output)
  end)

  it("fails when the object is another one after the execution was resumed", function()
    local store = store_of({ ["b/file"] = "[1,2,3,4,5,6]" }, 3)
    store.etag = "one"
    local resumed = resumed_in_the_middle(reader_of { InputType = "JSON" }, store, function() store.etag = "other" end)
    assert.equal("States.ItemReaderFailed", resumed.error)
    assert.equal("The object has changed while it was read.", resumed.cause)
  end)

  it("knows each object of a list when it is read again", function()
    local objects = { ["b/file"] = [[{"files":[{"key":"a"},{"key":"c"}],"fileSchema":"n"}]], ["b/a"] = "1\n2\n3\n", ["b/c"] = "4\n5\n6\n" }
    local function reader()
      return {
        Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "file" },
        ReaderConfig = { InputType = "MANIFEST", ManifestType = "S3_INVENTORY" },
      }
    end
    local store = store_of(objects)
    store.etag = "same"
    local resumed = resumed_in_the_middle(reader(), store, function() end)
    assert.equal("SUCCEEDED", resumed.status)
    assert.same({ { n = "5" }, { n = "6" } }, resumed.output[3].Items)
    store = store_of(objects)
    store.etag = "one"
    resumed = resumed_in_the_middle(reader(), store, function() store.etag = "other" end)
    assert.equal("States.ItemReaderFailed", resumed.error)
  end)

  it("does not read Parquet files, though such a machine loads", function()
    local execution = read({ InputType = "PARQUET" }, "")
    assert.equal("States.ItemReaderFailed", execution.error)
    assert.equal("Parquet files are not read by stepfn, only CSV, JSON and JSON Lines.", execution.cause)
  end)

  it("does not read what is no text", function()
    assert.equal("The object is compressed: the object store has to unpack it.",
      read({ InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" }, "\040\181\047\253abc").cause)
    assert.equal("The object is a Parquet file, which stepfn does not read.", read({ InputType = "JSON" }, "PAR1abcd", 3).cause)
  end)

  it("passes over a byte order mark", function()
    assert.same({ 1 }, read({ InputType = "JSON" }, "\239\187\191[1]", 1).output)
  end)

  it("gives batches across the pieces of an object", function()
    local output = read({ InputType = "JSON" }, "[1,2,3,4,5]", 2, { ItemBatcher = { MaxItemsPerBatch = 2 } }).output
    assert.same({ { Items = { 1, 2 } }, { Items = { 3, 4 } }, { Items = { 5 } } }, output)
  end)
end)

describe("MaxItems", function()
  local function count(config)
    config.InputType = "JSON"
    return #read(config, "[1,2,3]").output
  end

  it("takes so many items; 0 and more than 100,000,000 are all", function()
    assert.equal(2, count { MaxItems = 2 })
    assert.equal(3, count { MaxItems = 0 })
    assert.equal(3, count { MaxItems = 100000001 })
  end)

  local function by_path(value)
    return machine(reader_of { InputType = "JSON", MaxItemsPath = "$.max" }):run({ key = "file", max = value }, {
      driver = "virtual", objects = store_of { ["b/file"] = "[1,2,3]" },
    })
  end

  it("may come from a path, also as text", function()
    assert.equal(2, #by_path("2").output)
  end)

  it("must not be negative", function()
    local execution = by_path(-1)
    assert.equal("States.ItemReaderFailed", execution.error)
    assert.equal("field MaxItems must be positive", execution.cause)
    assert.equal("5<-4 MapRunFailed", history.links(execution)[5])
  end)

  it("must be a whole number", function()
    local execution = by_path("many")
    assert.equal("States.Runtime", execution.error)
    assert.truthy(execution.cause:find('The MaxItemsPath field refers to value "many" which is not a valid integer: $.max', 1, true))
    assert.equal("4<-3 ExecutionFailed", history.links(execution)[4])
  end)
end)

describe("InputType JSON", function()
  local text = ' [ 1 , "a,]b\\"", {"k": [1, {"x": "}"}]} ,[],null,true, -1.5e3 ] '
  local items = { 1, 'a,]b"', { k = { 1, { x = "}" } } }, {}, stepfn.null, true, -1500 }

  for _, piece in ipairs { 1, 2, 3, 5, 7, 11, 100 } do
    it("gives the elements of an array that comes in pieces of " .. piece .. " bytes", function()
      assert.same(items, read({ InputType = "JSON" }, text, piece).output)
    end)
  end

  it("gives nothing for an empty array", function()
    assert.same({}, read({ InputType = "JSON" }, "[ ]").output)
  end)

  it("does not take anything but an array", function()
    for _, body in ipairs { '{"a":1}', "1", '"a"', "null" } do
      local execution = read({ InputType = "JSON" }, body)
      assert.equal("States.ItemReaderFailed", execution.error)
      assert.equal("Attempting to map over non-iterable node.", execution.cause)
    end
  end)

  it("fails on text that is no JSON", function()
    for _, body in ipairs { "", "[1", "[1 2]", "[1,]", "[01]", '["a\nb"]', "[1}" } do
      assert.equal("States.ItemReaderFailed", read({ InputType = "JSON" }, body, 1).error)
    end
  end)

  local nested = '{"skip":{"a":[1,2,"]"]},"text":"a\\"b","rows":{"x":[[0],[{"n":1},{"n":2}]]},"o":{"k":1,"l":{"m":[2]}}}'

  for _, piece in ipairs { 1, 4, 9, 1000 } do
    it("finds what ItemsPointer names in pieces of " .. piece .. " bytes", function()
      assert.same({ { n = 1 }, { n = 2 } }, read({ InputType = "JSON", ItemsPointer = "/rows/x/1" }, nested, piece).output)
    end)

    it("gives the members of an object that ItemsPointer names, in pieces of " .. piece .. " bytes", function()
      local output = read({ InputType = "JSON", ItemsPointer = "/o" }, nested, piece).output
      assert.same({ { Key = "k", Value = 1 }, { Key = "l", Value = { m = { 2 } } } }, output)
    end)
  end

  it("says when ItemsPointer names nothing", function()
    for _, pointer in ipairs { "/no", "/rows/x/7", "/rows/y" } do
      assert.equal("The ItemsPointer names nothing in the JSON text.", read({ InputType = "JSON", ItemsPointer = pointer }, nested).cause)
    end
  end)

  it("reads the escapes of a JSON Pointer", function()
    assert.same({ 1 }, read({ InputType = "JSON", ItemsPointer = "/a~1b/~0" }, '{"a/b":{"~":[1]}}').output)
  end)
end)

describe("InputType JSONL", function()
  for _, piece in ipairs { 1, 3, 1000 } do
    it("gives a value for each line that is not empty, in pieces of " .. piece .. " bytes", function()
      local output = read({ InputType = "JSONL" }, '{"a":1}\r\n\n  \n[2]\n"three"', piece).output
      assert.same({ { a = 1 }, { 2 }, "three" }, output)
    end)
  end

  it("fails on a line that is no JSON", function()
    assert.equal("States.ItemReaderFailed", read({ InputType = "JSONL" }, "1\nx\n").error)
  end)
end)

describe("InputType CSV", function()
  local first_row = { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" }

  local function rows(body, config, piece)
    return read(config or first_row, body, piece).output
  end

  it("gives an object of texts for each row", function()
    assert.same({ { a = "1", b = "true" }, { a = "x", b = " y " } }, rows "a,b\n1,true\nx, y \n")
  end)

  it("fills up short rows, cuts long ones, and keeps blanks", function()
    assert.same({ { a = "1", b = "" }, { a = "1", b = "2" }, { a = "", b = "" }, { a = "   ", b = "" } },
      rows "a,b\n1\n1,2,3\n,,,\n   \n")
  end)

  it("takes given headers", function()
    assert.same({ { H = "1" }, { H = "4" } }, rows("1,2\n4,5", { InputType = "CSV", CSVHeaderLocation = "GIVEN", CSVHeaders = { "H" } }))
  end)

  it("refuses headers that are there twice", function()
    local execution = read(first_row, "a,b,a\n1,2,3\n")
    assert.equal("States.ItemReaderFailed", execution.error)
    assert.equal("CSV headers cannot contain duplicates.", execution.cause)
    local given = { InputType = "CSV", CSVHeaderLocation = "GIVEN", CSVHeaders = { "H", "H" } }
    assert.equal("CSV headers cannot contain duplicates.", read(given, "1,2\n").cause)
  end)

  it("has an empty name where a header is empty", function()
    assert.same({ { a = "1", [""] = "2" } }, rows "a,\n1,2\n")
  end)

  for _, piece in ipairs { 1, 2, 3, 1000 } do
    it("knows quotes, doubled quotes and line ends in them, in pieces of " .. piece .. " bytes", function()
      assert.same({ { a = 'x,"y"\nz', b = "2" }, { a = "", b = 'p"q' } }, rows('a,b\r\n"x,""y""\nz",2\r\n"",p"q\r\n', first_row, piece))
    end)

    it("takes the backslash off what it escapes and off all else, in pieces of " .. piece .. " bytes", function()
      assert.same({ { a = "x,y", b = 'q"' }, { a = "xn", b = "\\" } }, rows('a,b\nx\\,y,q\\"\nx\\n,\\\\\n', first_row, piece))
    end)
  end

  it("has five delimiters", function()
    for name, delimiter in pairs { COMMA = ",", PIPE = "|", SEMICOLON = ";", SPACE = " ", TAB = "\t" } do
      local config = { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW", CSVDelimiter = name }
      assert.same({ { a = "1", b = "2" } }, rows(("a,b\n1,2\n"):gsub(",", delimiter), config))
    end
  end)

  it("passes over empty lines", function()
    assert.same({ { a = "1" }, { a = "2" } }, rows "a\n1\n\n\n2\n")
  end)

  it("needs UTF-8", function()
    assert.equal("A row is not valid UTF-8.", read(first_row, "a\n\255\n").cause)
  end)
end)

describe("s3:listObjectsV2", function()
  local objects = {
    ["b/in/1.json"] = '[{"n":1},{"n":2}]', ["b/in/2.json"] = '[{"n":3}]', ["b/in/3.json"] = "[]", ["b/other"] = "x", ["b/in/"] = "",
  }

  local function list(config, fields)
    local reader = {
      Resource = "arn:aws:states:::s3:listObjectsV2", Parameters = { Bucket = "b", Prefix = "in/" }, ReaderConfig = config,
    }
    return machine(reader, fields):run({}, { driver = "virtual", objects = store_of(objects) })
  end

  it("gives what is known of each object, page after page", function()
    local output = list().output
    assert.equal(4, #output)
    assert.same({ Key = "in/1.json", Size = 17, Etag = "e", LastModified = 1, StorageClass = "STANDARD" }, output[2])
  end)

  it("shows the bucket as where an item is from", function()
    assert.equal("s3://b", list(nil, { ItemSelector = { ["from.$"] = "$$.Map.Item.Source" } }).output[1].from)
  end)

  it("with LOAD_AND_FLATTEN gives the items in the objects", function()
    local output = list({ InputType = "JSON", Transformation = "LOAD_AND_FLATTEN" }, {
      ItemSelector = { ["n.$"] = "$$.Map.Item.Value.n", ["from.$"] = "$$.Map.Item.Source" },
    }).output
    assert.same({
      { n = 1, from = "s3://b/in/1.json" }, { n = 2, from = "s3://b/in/1.json" }, { n = 3, from = "s3://b/in/2.json" },
    }, output)
  end)
end)

describe("A manifest", function()
  it("of S3 inventory names CSV files, whose columns it lists", function()
    local execution = machine(reader_of { InputType = "MANIFEST" }):run({ key = "manifest.json" }, {
      driver = "virtual", objects = store_of({
        ["b/manifest.json"] = '{"fileFormat":"CSV","fileSchema":"Bucket, Key, Size","files":[{"key":"data/1.csv"},{"key":"data/2.csv"}]}',
        ["b/data/1.csv"] = '"b","one","1"\n"b","two","2"\n', ["b/data/2.csv"] = '"b","three","3"\n',
      }, 7),
    })
    assert.same({ Bucket = "b", Key = "one", Size = "1" }, execution.output[1])
    assert.equal("three", execution.output[3].Key)
  end)

  it("of S3 inventory in another format is not read", function()
    local execution = machine(reader_of { InputType = "MANIFEST" }):run({ key = "manifest.json" }, {
      driver = "virtual", objects = store_of { ["b/manifest.json"] = '{"fileFormat":"Parquet","files":[{"key":"1"}]}' },
    })
    assert.equal("The inventory's files are in the format Parquet: only CSV is read.", execution.cause)
  end)

  it("of Athena has a line for each file", function()
    local config = { InputType = "JSONL", ManifestType = "ATHENA_DATA" }
    local execution = machine(reader_of(config)):run({ key = "m.csv" }, {
      driver = "virtual", objects = store_of({
        ["b/m.csv"] = "s3://b/x/1\ns3://c/2\n", ["b/x/1"] = "1\n2\n", ["c/2"] = "3\n",
      }, 5),
    })
    assert.same({ 1, 2, 3 }, execution.output)
  end)
end)
