---Objects that are compressed with gzip, read piece by piece: what comes out is as
---if they were not.  The library for it (lua-zlib) is loaded when one is met.
local M = {}

local MAGIC = "\31\139"
local SLICE = 4096 -- compressed bytes at once: they can become a thousand times as many

local MISSING = "The object is compressed with gzip: 'luarocks install lua-zlib' lets it be unpacked, or the object store "
  .. "has to do it."

---@class stepfn.Gunzip an object that is being unpacked
---@field from integer where the next compressed bytes are
---@field rest string compressed bytes that wait
---@field source_ended boolean
---@field inflate? fun(bytes: string): string, boolean, integer, integer of the member that is being read
---@field taken integer compressed bytes of that member before the last slice

---Is this the beginning of such an object?
---@param bytes string
---@return boolean
function M.is_begun(bytes)
  return bytes:sub(1, #MAGIC) == MAGIC
end

---@param piece stepfn.Piece the first bytes
---@return stepfn.Gunzip? unpacker
---@return string? message
function M.new(piece)
  if not pcall(require, "zlib") then
    return nil, MISSING
  end
  return { from = #piece.bytes, rest = piece.bytes, source_ended = piece.last, etag = piece.etag, taken = 0 }
end

-- The next slice of what waits; nil: it is not what it should be.
local function unpack_slice(self)
  local slice = self.rest:sub(1, SLICE)
  if not self.inflate then
    self.inflate, self.taken = require "zlib".inflate(), 0
  end
  local good, bytes, ended, consumed = pcall(self.inflate, slice)
  if not good then
    return nil
  end
  local used = ended and consumed - self.taken or #slice
  self.rest, self.taken = self.rest:sub(used + 1), self.taken + used
  if ended then -- another member may follow
    self.inflate = nil
  end
  return bytes
end

---The next bytes, at least so many unless nothing comes after them.
---@param self stepfn.Gunzip
---@param fetch fun(from: integer): stepfn.Piece?, string? gets compressed bytes
---@param count integer
---@return stepfn.Piece?
---@return string? message
function M.next(self, fetch, count)
  local parts, size = {}, 0
  while size < count and (self.rest ~= "" or not self.source_ended) do
    if self.rest == "" then
      local piece, message = fetch(self.from)
      if not piece then
        return nil, message
      end
      self.from, self.rest, self.source_ended, self.etag = self.from + #piece.bytes, piece.bytes, piece.last, piece.etag
    else
      local bytes = unpack_slice(self)
      if not bytes then
        return nil, "The object is compressed with gzip, and damaged."
      end
      parts[#parts + 1], size = bytes, size + #bytes
    end
  end
  local last = self.rest == "" and self.source_ended
  if last and self.inflate then
    return nil, "The object is compressed with gzip, and its end is missing."
  end
  return { bytes = table.concat(parts), last = last, etag = self.etag }
end

return M
