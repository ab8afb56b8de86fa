---`stepfn new NAME`: writes a project that runs, is tested and can be installed.
local complain = require "stepfn.cli.complain"
local core = require "stepfn.core"
local write_file = require("stepfn.file").write
local scaffold = require "stepfn.cli.scaffold"

local M = {}

local WRITTEN, UNWRITTEN, USAGE = 0, 1, 2

local NAME_MAX = 64

-- Modules of these names would hide others, or be hidden by them.
local taken = {}
for word in ([[bit bit32 busted coroutine debug ffi io jit luassert lua math ngx os package say spec stepfn string
  table utf8]]):gmatch "%S+" do
  taken[word] = true
end

---@param command table argparse's
function M.describe(command)
  command:argument("name", "The name of the project, or a path that ends in it; its folder is made."):argname "NAME"
  command:mutex(
    command:flag("--yaml", "The definition in YAML."),
    command:flag("--builder", "The machine built in Lua, with stepfn.step.")
  )
end

local function fault_of_name(name)
  if not name:find "^%l[%l%d_-]*$" then
    return "a name is made of lower-case letters, digits, - and _, and begins with a letter"
  elseif #name > NAME_MAX then
    return ("a name has at most %d characters"):format(NAME_MAX)
  elseif taken[name] then
    return "a module has that name already"
  end
end

local function fault_of_folder(path)
  local size, _, is_folder = core.file_status(path)
  if not size then
    return nil
  elseif not is_folder then
    return "is a file"
  end
  local names, message = core.folder_names(path)
  if not names then
    return message
  end
  return #names > 0 and "is a folder with something in it; take another name, or empty it" or nil
end

local function write_files(path, files)
  for _, folder in ipairs { path, path .. "/spec" } do
    local made, message = core.folder_make(folder)
    if not made then
      return nil, message
    end
  end
  for _, file in ipairs(files) do
    local written, message = write_file(path .. "/" .. file.path, file.text)
    if not written then
      return nil, message
    end
  end
  return true
end

local function quoted(path)
  return path:find "^[%w_./-]+$" and path or "'" .. path:gsub("'", "'\\''") .. "'"
end

local function tell(err, path, files, run)
  err:write(path, ":")
  for _, file in ipairs(files) do
    err:write(" ", file.path)
  end
  err:write("\n\nNext:\n  cd ", quoted(path), "\n  ", run, "\n  busted\n")
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local path = options.name:gsub("(.)/+$", "%1")
  local name = path:match "[^/]*$"
  local fault = fault_of_name(name) or fault_of_folder(path)
  if fault then
    complain(streams.err, path .. ": " .. fault)
    return USAGE
  end
  local files, run = scaffold.files(name, options.yaml and "yaml" or options.builder and "builder" or "json")
  local written, message = write_files(path, files)
  if not written then
    complain(streams.err, message)
    return UNWRITTEN
  end
  tell(streams.err, path, files, run)
  return WRITTEN
end

return M
