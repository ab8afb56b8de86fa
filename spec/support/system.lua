---What specs want of the system: files, folders, other programs.
local M = {}

---@param path string
---@return string text
function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

---@param path string
---@param text string
function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

---@return string path of a new, empty folder
function M.new_folder()
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir '" .. path .. "'"))
  return path
end

---@param path string a folder of M.new_folder, with all that is in it
function M.remove_folder(path)
  os.execute("rm -rf '" .. path .. "'")
end

---@param command string
---@return string output of the command
function M.output_of(command)
  local pipe = assert(io.popen(command, "r"))
  local text = pipe:read "*a"
  pipe:close()
  return text
end

return M
