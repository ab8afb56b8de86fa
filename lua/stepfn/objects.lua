---Has the object store do what readers and writers of a Map Run ask for.
local core = require "stepfn.core"
local folder = require "stepfn.store.folder"
local gunzip = require "stepfn.gunzip"

local M = {}

---The store that the option `objects` means.
---@param option string|table|nil
---@return stepfn.Store?
function M.store(option)
  if type(option) == "string" then
    return folder.new(option)
  end
  return option
end

-- --- reading ---

local function list(pump, asked)
  local page, message = pump.store:list(asked.bucket, asked.prefix, asked.cursor)
  if not page then
    return nil, message
  end
  return { items = core.value(page.items), cursor = page.cursor, ["end"] = page.cursor == nil }
end

-- Enough of the object's beginning to see what it is.
local function get_beginning(fetch)
  local piece, message = fetch(0)
  while piece and #piece.bytes < 2 and not piece.last do
    local more
    more, message = fetch(#piece.bytes)
    piece = more and { bytes = piece.bytes .. more.bytes, last = more.last, etag = more.etag }
  end
  return piece, message
end

-- From the beginning on: as they are, or unpacked.
local function begin_object(pump, asked, fetch)
  local piece, message = get_beginning(fetch)
  pump.unpackers[asked.reader] = nil
  if not piece or not gunzip.is_begun(piece.bytes) then
    return piece, message
  end
  local unpacker
  unpacker, message = gunzip.new(piece)
  pump:made "unpackers"[asked.reader] = unpacker
  if unpacker then
    return gunzip.next(unpacker, fetch, asked.max_bytes)
  end
  return nil, message
end

local function get(pump, asked)
  local function fetch(from)
    return pump.store:get(asked.bucket, asked.key, from, asked.max_bytes)
  end
  local unpacker = pump.unpackers[asked.reader]
  local piece, message
  if not asked.cursor then
    piece, message = begin_object(pump, asked, fetch)
  elseif unpacker then
    piece, message = gunzip.next(unpacker, fetch, asked.max_bytes)
  else
    piece, message = fetch(asked.cursor)
  end
  if not piece then
    return nil, message
  end
  return {
    bytes = piece.bytes, etag = piece.etag, cursor = (asked.cursor or 0) + #piece.bytes, ["end"] = piece.last,
  }
end

local function read(pump, asked)
  local event, message = (asked.operation == "listObjectsV2" and list or get)(pump, asked)
  event = event or { cause = tostring(message) }
  event.type = event.cause and "read_failed" or "read"
  event.reader = asked.reader
  return event
end

local function write(pump, asked)
  local done, message = pump.store:put(asked.bucket, asked.key, asked.bytes, asked.offset, asked.last)
  if done then
    return { type = "written", writer = asked.writer }
  end
  return { type = "write_failed", writer = asked.writer, cause = tostring(message) }
end

-- --- in the driver ---

-- In a coroutine of its own: a store may wait.
local function work(job)
  local pump = job.pump
  local good, event = pcall(job.act, pump, job.asked)
  if not good then
    event = { type = job.asked.type .. "_failed", cause = tostring(event) }
    event.reader, event.writer = job.asked.reader, job.asked.writer
  end
  if pump.closed then
    return
  end
  event.now = pump.driver:now()
  pump.running = pump.running - 1
  pump.core:feed(event)
  pump:wake()
end

local function begin(pump, act)
  local asked = pump.core:drained()
  local job = { pump = pump, act = act, asked = asked }
  if not pump.store then
    job.act = function()
      error("There is no object store: the option 'objects' names one.", 0)
    end
  end
  pump.running = pump.running + 1
  pump.driver:spawn(function()
    work(job)
  end)
end

---The `read` effect that was drained last.
---@param pump stepfn.Pump
function M.read(pump)
  begin(pump, read)
end

---The `read_close` effect: a store keeps nothing open.
---@param pump stepfn.Pump
---@param reader integer
function M.read_close(pump, reader)
  pump.unpackers[reader] = nil
end

---The `write` effect that was drained last.
---@param pump stepfn.Pump
function M.write(pump)
  begin(pump, write)
end

return M
