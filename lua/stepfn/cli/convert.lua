---`stepfn convert FILE`: writes a definition as a program for the builder, or a
---program's machine as JSON.
local refusal = require "stepfn.cli.refusal"
local source = require "stepfn.cli.source"

local M = { check = source.check }

local DONE = 0

local writers = {
  lua = function(machine) return machine:to_lua() end,
  json = function(machine) return machine:to_json { indent = true } .. "\n" end,
}

---@param command table argparse's
function M.describe(command)
  source.describe(command, "A definition in JSON or YAML, or a Lua file that returns a machine.")
  command:option("--to", "What to write: lua, unless FILE is Lua."):choices { "lua", "json" }
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local base, extension = (options.file or ""):match "([^/\\]*)%.(%w+)$"
  local machine, message, diagnostics, from = source.machine(options, { name = base })
  if not machine then
    return refusal.tell(from, message, diagnostics, streams.err)
  end
  local to = options.to or extension == "lua" and "json" or "lua"
  streams.out:write(writers[to](machine))
  return DONE
end

return M
