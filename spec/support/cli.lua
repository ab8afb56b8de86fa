---Calls the command in this process, with streams that remember.
local cli = require "stepfn.cli"
local system = require "spec.support.system"

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

local made = {}

---Removes the files that were made.
function M.clean()
  for _, path in ipairs(made) do
    os.remove(path)
  end
  made = {}
end

---A new file with this text.
---@param extension string ".json", ".lua"
---@param text string
---@return string path
function M.file(extension, text)
  local name = os.tmpname()
  os.remove(name)
  system.write(name .. extension, text)
  made[#made + 1] = name .. extension
  return name .. extension
end

---Runs a Lua script in a process of its own.
---@param words string the script and its arguments, quoted for the shell
---@param interpreter string? its name, as tools/luas.sh says; this one when nil
---@return string out both streams
function M.process(words, interpreter)
  local lua = interpreter and "sh tools/lua.sh " .. interpreter or os.getenv "STEPFN_LUA" or "lua"
  return system.output_of(lua .. " " .. words .. " 2>&1")
end

---The names of the interpreters that stepfn is built for.
---@return string[]
function M.interpreters()
  local names = {}
  for name, abi in system.output_of("sh tools/luas.sh interpreters"):gmatch "(%S+) (%S+) [^\n]*" do
    local module = io.open((os.getenv "BUILD" or "build") .. "/" .. abi .. "/stepfn/core.so")
    if module then
      module:close()
      names[#names + 1] = name
    end
  end
  return names
end

return M
