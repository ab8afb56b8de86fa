---An object store in a folder: the object KEY of BUCKET is the file
---ROOT/BUCKET/KEY.  Nothing outside of ROOT can be named.
local argument = require "stepfn.argument"
local core = require "stepfn.core"

---An object store: what ItemReader reads and ResultWriter writes.  Its methods may
---wait as tasks do; what went wrong is nil and a message.
---
---`get`: the bytes from an offset on, at most so many.  `list`: objects in byte
---order of their keys, from where the page before ended.  `put`: bytes at an offset
---of an object, which is there, with no others, after the last.
---@class stepfn.Store
---@field get fun(self, bucket: string, key: string, from: integer, count: integer): stepfn.Piece?, string?
---@field list fun(self, bucket: string, prefix: string?, cursor: any): stepfn.Page?, string?
---@field put fun(self, bucket: string, key: string, bytes: string, offset: integer, last: boolean): boolean?, string?

---@class stepfn.Piece
---@field bytes string
---@field last boolean nothing comes after these
---@field etag string? another one when the object has changed

---@class stepfn.Page
---@field items { Key: string, Size: integer, Etag: string, LastModified: integer, StorageClass: string }[]
---@field cursor any nil after the last page

---@class stepfn.store.Folder: stepfn.Store
local Folder = {}
Folder.__index = Folder

local M = {}

local PAGE = 1000
local PARTS = ".parts" -- of objects that are not complete; no bucket has that name
local SEPARATOR = "/"

-- --- names ---

local function is_bucket(name)
  return type(name) == "string" and name:find "^%w[%w._-]*$" ~= nil and not name:find("..", 1, true)
end

local function is_key(key)
  if type(key) ~= "string" or key == "" or key:find "%z" or key:find("\\", 1, true) then
    return false
  end
  for segment in (key .. SEPARATOR):gmatch "([^/]*)/" do
    if segment == "" or segment == "." or segment == ".." then
      return false
    end
  end
  return true
end

local function bucket_path(self, bucket)
  if not is_bucket(bucket) then
    return nil, "The specified bucket is not valid: " .. tostring(bucket)
  end
  return self.root .. SEPARATOR .. bucket
end

local function object_path(self, bucket, key)
  local path, message = bucket_path(self, bucket)
  if not path then
    return nil, message
  elseif not is_key(key) then
    return nil, "The specified key is not valid: " .. tostring(key)
  end
  return path .. SEPARATOR .. key
end

-- Is a place in ROOT, links followed?  One that is not there is where the folder is
-- that it would be in.
local function is_inside(self, path)
  local real = core.file_real_path(path)
  while not real do
    path = path:match "^(.+)/[^/]*$"
    real = path and core.file_real_path(path)
    if not path then
      return false
    end
  end
  local root = core.file_real_path(self.root)
  return root ~= nil and (real == root or root == SEPARATOR or real:sub(1, #root + 1) == root .. SEPARATOR)
end

local function etag_of(size, modified)
  return ('"%x-%x"'):format(size, modified)
end

local function is_folder(path)
  local size, _, folder = core.file_status(path)
  return size and folder
end

-- --- get ---

local function read(path, from, count)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  file:seek("set", from)
  local bytes = file:read(count) or ""
  local last = #bytes < count or file:read(0) == nil
  file:close()
  return bytes, last
end

function Folder:get(bucket, key, from, count)
  local path, message = object_path(self, bucket, key)
  if not path then
    return nil, message
  end
  local size, modified, folder = core.file_status(path)
  if not size or folder or not is_inside(self, path) then
    return nil, "The specified key does not exist: s3://" .. bucket .. "/" .. key
  end
  local bytes, last = read(path, from, count)
  if not bytes then
    return nil, tostring(last)
  end
  return { bytes = bytes, last = last, etag = etag_of(size, modified) }
end

-- --- list ---

-- Could a key that begins so have the prefix?
local function may_have(name, prefix)
  local n = math.min(#name, #prefix)
  return name:sub(1, n) == prefix:sub(1, n)
end

-- The keys below a folder, in byte order, each when it is asked for.
local function walk(path, above, prefix, after)
  local names = core.folder_names(path) or {}
  table.sort(names)
  for _, name in ipairs(names) do
    local key = above .. name
    local folder = name:sub(-1) == SEPARATOR
    local is_past = after ~= nil and key <= after and not (folder and after:sub(1, #key) == key)
    if not is_past and may_have(key, prefix) then
      if folder then
        walk(path .. SEPARATOR .. name:sub(1, -2), key, prefix, after)
      elseif #key >= #prefix then
        coroutine.yield(key, path .. SEPARATOR .. name)
      end
    end
  end
end

local function describe(self, key, path)
  local size, modified, folder = core.file_status(path)
  if size and not folder and is_inside(self, path) then
    return { Key = key, Size = size, Etag = etag_of(size, modified), LastModified = modified, StorageClass = "STANDARD" }
  end
end

local function new_walk(path, prefix, after)
  return coroutine.wrap(function()
    walk(path, "", prefix, after)
  end)
end

-- A page of what `next_key` gives.
local function page(self, next_key)
  local items = {}
  for key, path in next_key do
    items[#items + 1] = describe(self, key, path)
    if #items == PAGE then
      return { items = items, cursor = key }
    end
  end
  return { items = items }
end

function Folder:list(bucket, prefix, cursor)
  local path, message = bucket_path(self, bucket)
  if not path then
    return nil, message
  elseif not is_folder(path) or not is_inside(self, path) then
    return nil, "The specified bucket does not exist: " .. bucket
  end
  -- one that goes on where the last page ended need not begin again
  local id = bucket .. SEPARATOR .. (prefix or "") .. "\0" .. (cursor or "")
  local next_key = self.walks[id] or new_walk(path, prefix or "", cursor)
  self.walks[id] = nil
  local result = page(self, next_key)
  if result.cursor then
    self.walks[bucket .. SEPARATOR .. (prefix or "") .. "\0" .. result.cursor] = next_key
  end
  return result
end

-- --- put ---

local function make_folders(root, path)
  for at in path:gmatch "()/" do
    if at > #root + 1 then
      local made, message = core.folder_make(path:sub(1, at - 1))
      if not made then
        return nil, message
      end
    end
  end
  return true
end

local function write(path, bytes, offset)
  local file, message = io.open(path, offset == 0 and "wb" or "r+b")
  if not file then
    return nil, message
  end
  file:seek("set", offset)
  local written, failure = file:write(bytes)
  local closed, late = file:close()
  if written and closed then
    return true
  end
  return nil, failure or late
end

-- Where an object is until it is complete.
local function part_path(self, bucket, key)
  return self.root .. SEPARATOR .. PARTS .. SEPARATOR .. bucket .. "%" .. key:gsub("[%%/]", { ["%"] = "%%", ["/"] = "%" })
end

function Folder:put(bucket, key, bytes, offset, last)
  local path, message = object_path(self, bucket, key)
  if not path then
    return nil, message
  end
  local part = part_path(self, bucket, key)
  if not (is_inside(self, path) and is_inside(self, part)) then
    return nil, "The specified key is not valid: " .. key
  end
  local done
  done, message = make_folders(self.root, part)
  done, message = done and write(part, bytes, offset), message
  if done and last then
    done, message = make_folders(self.root, path)
    done, message = done and os.rename(part, path), message
  end
  if done then
    return true
  end
  return nil, message or "The object could not be written: s3://" .. bucket .. "/" .. key
end

---@param root string a folder that is there
---@return stepfn.store.Folder
function M.new(root)
  if type(root) ~= "string" or root == "" then
    argument.fault(1, "new", "the path of a folder expected", 2)
  elseif not is_folder(root) then
    argument.fault(1, "new", "no folder: " .. root, 2)
  end
  return setmetatable({ root = (root:gsub("(.)/+$", "%1")), walks = {} }, Folder)
end

return M
