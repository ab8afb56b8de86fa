---Calls the command in this process, with streams that remember.
local cli = require "stepfn.cli"

local M = {}

local function collector()
  return {
    text = "",
    write = function(self, ...)
      self.text = self.text .. table.concat { ... }
      return self
    end,
  }
end

---@param arguments string[]
---@param input string? what standard input holds
---@return integer status
---@return string out
---@return string err
function M.call(arguments, input)
  local streams = { out = collector(), err = collector(), input = { read = function() return input or "" end } }
  local status = cli.main(arguments, streams)
  return status, streams.out.text, streams.err.text
end

---A new file with this text.
---@param extension string ".json", ".lua"
---@param text string
---@return string path
function M.file(extension, text)
  local name = os.tmpname()
  os.remove(name)
  local file = assert(io.open(name .. extension, "wb"))
  file:write(text)
  file:close()
  return name .. extension
end

---Runs a Lua script in a process of its own with the interpreter of this one.
---@param words string the script and its arguments, quoted for the shell
---@param interpreter string? its name, as tools/luas.sh says; this one when nil
---@return string out
function M.process(words, interpreter)
  local lua = interpreter and "sh tools/lua.sh " .. interpreter or os.getenv "STEPFN_LUA" or "lua"
  local pipe = assert(io.popen(lua .. " " .. words .. " 2>&1"))
  local out = pipe:read "*a"
  pipe:close()
  return out
end

return M
