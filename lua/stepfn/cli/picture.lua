---Pictures that the command writes: of a machine, or of the path through it.
local write_file = require("stepfn.file").write
local graph = require "stepfn.graph"
local terminal = require "stepfn.cli.terminal"

local M = {}

local OUT, ERR = 1, 2

local formats = {
  txt = "text", mmd = "mermaid", mermaid = "mermaid", dot = "dot", gv = "dot", svg = "svg",
}

-- What a stream can show. No terminal: it shows all.
local function text_options(stream)
  stream = stream.of or stream
  local descriptor = stream == io.stdout and OUT or stream == io.stderr and ERR or nil
  if not descriptor or not terminal.is_terminal(descriptor) then
    return {}
  end
  return { width = terminal.width(true), ascii = not terminal.is_utf8() }
end

---A machine's picture on a stream.
---@param machine stepfn.Machine
---@param format "text"|"mermaid"|"dot"|"svg"
---@param stream file*
---@return boolean? written
---@return string? message
function M.show(machine, format, stream)
  local picture, message = graph.draw(machine.definition, format, nil, nil, text_options(stream))
  if not picture then
    return nil, message
  end
  stream:write(picture)
  return true
end

---The format that the name of a file tells: "-" is the terminal.
---@param name string
---@return string? format
---@return string? message
function M.format_of(name)
  local format = name == "-" and "text" or formats[(name:match "%.(%w+)$" or ""):lower()]
  if not format then
    return nil, "--graph: " .. name .. ": the name should end in .svg, .dot, .mmd or .txt"
  end
  return format
end

---A picture of the path that an execution took, in a file or on a stream.
---@param name string of the file, or "-"
---@param execution stepfn.Execution
---@param machine stepfn.Machine
---@param traces stepfn.TraceRow[][] of its children
---@param stream file* for "-"
---@return boolean? written
---@return string? message
function M.save(name, execution, machine, traces, stream)
  local options = name == "-" and text_options(stream) or {}
  local picture, message = graph.draw(machine.definition, assert(M.format_of(name)), execution:trace(), traces, options)
  if not picture then
    return nil, message
  elseif name == "-" then
    stream:write(picture)
    return true
  end
  return write_file(name, picture)
end

return M
