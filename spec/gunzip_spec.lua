local stepfn = require "stepfn"

-- In place of lua-zlib: a member is the magic bytes, a text, and "$"; "!" is damage.
local function inflate()
  local consumed = 0
  return function(bytes)
    assert(not bytes:find("!", 1, true), "damaged")
    local stop = bytes:find("$", 1, true)
    local taken = bytes:sub(1, stop or #bytes)
    consumed = consumed + #taken
    return (taken:gsub("[\31\139$]", "")), stop ~= nil, consumed
  end
end

local function member(text)
  return "\31\139" .. text .. "$"
end

local function store_of(body, piece)
  return {
    get = function(_, _, _, from, count)
      local bytes = body:sub(from + 1, from + math.min(count, piece))
      return { bytes = bytes, last = from + #bytes >= #body }
    end,
  }
end

local machine = assert(stepfn.load { StartAt = "All", States = { All = {
  Type = "Map", End = true,
  ItemReader = {
    Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "k" }, ReaderConfig = { InputType = "JSONL" },
  },
  ItemProcessor = {
    ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "EXPRESS" },
    StartAt = "Item", States = { Item = { Type = "Pass", End = true } },
  },
} } })

local function read(body, piece)
  return machine:run({}, { driver = "virtual", objects = store_of(body, piece or 100) })
end

describe("An object that is compressed with gzip", function()
  local before = package.loaded.zlib

  before_each(function()
    package.loaded.zlib = { inflate = inflate }
  end)

  after_each(function()
    package.loaded.zlib = before
  end)

  for _, piece in ipairs { 1, 3, 100 } do
    it("is unpacked while it is read in pieces of " .. piece .. " bytes", function()
      assert.same({ 11, 22, 33 }, read(member "11\n22\n33\n", piece).output)
    end)

    it("may have several members, in pieces of " .. piece .. " bytes", function()
      assert.same({ 11, 22, 33 }, read(member "11\n2" .. member "2\n33\n", piece).output)
    end)
  end

  it("is read when it is not compressed, too", function()
    assert.same({ 1, 2 }, read("1\n2\n", 1).output)
    assert.same({}, read("", 1).output)
  end)

  it("fails the Map Run when its end is missing, or when it is damaged", function()
    local execution = read("\31\139" .. "11\n")
    assert.equal("States.ItemReaderFailed", execution.error)
    assert.equal("The object is compressed with gzip, and its end is missing.", execution.cause)
    assert.equal("The object is compressed with gzip, and damaged.", read(member "11\n!").cause)
  end)

  it("names what is missing to unpack it", function()
    package.loaded.zlib = nil
    package.preload.zlib = function() error "not installed" end
    local cause = read(member "11\n").cause
    package.preload.zlib = nil
    assert.equal("The object is compressed with gzip: 'luarocks install lua-zlib' lets it be unpacked, or the object store "
      .. "has to do it.", cause)
  end)
end)
