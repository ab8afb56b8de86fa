---Has the object store do what readers and writers of a Map Run ask for.
local core = require "stepfn.core"
local folder = require "stepfn.store.folder"

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

local function list(store, asked)
  local page, message = store:list(asked.bucket, asked.prefix, asked.cursor)
  if not page then
    return nil, message
  end
  return { items = core.value(page.items), cursor = page.cursor, ["end"] = page.cursor == nil }
end

local function get(store, asked)
  local from = asked.cursor or 0
  local piece, message = store:get(asked.bucket, asked.key, from, asked.max_bytes)
  if not piece then
    return nil, message
  end
  return { bytes = piece.bytes, etag = piece.etag, cursor = from + #piece.bytes, ["end"] = piece.last }
end

local function read(store, asked)
  local event, message = (asked.operation == "listObjectsV2" and list or get)(store, asked)
  event = event or { cause = tostring(message) }
  event.type = event.cause and "read_failed" or "read"
  event.reader = asked.reader
  return event
end

local function write(store, asked)
  local done, message = store:put(asked.bucket, asked.key, asked.bytes, asked.offset, asked.last)
  if done then
    return { type = "written", writer = asked.writer }
  end
  return { type = "write_failed", writer = asked.writer, cause = tostring(message) }
end

-- --- in the driver ---

-- In a coroutine of its own: a store may wait.
local function work(job)
  local pump = job.pump
  local good, event = pcall(job.act, job.store, job.asked)
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
  local job = { pump = pump, store = pump.store, act = act, asked = asked }
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

---The `write` effect that was drained last.
---@param pump stepfn.Pump
function M.write(pump)
  begin(pump, write)
end

return M
