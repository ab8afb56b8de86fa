---Pictures of a machine, and of the path that an execution took through it.
local model = require "stepfn.graph.model"
local path = require "stepfn.graph.path"

local M = {}

local formats = {
  text = "stepfn.graph.text",
  mermaid = "stepfn.graph.mermaid",
  dot = "stepfn.graph.dot",
  svg = "stepfn.graph.svg",
}

M.names = { "text", "mermaid", "dot", "svg" }

---@param format any
---@return boolean
function M.knows(format)
  return formats[format] ~= nil
end

---@param definition table
---@param format "text"|"mermaid"|"dot"|"svg"
---@param rows stepfn.TraceRow[]? of an execution
---@param children stepfn.TraceRow[][]? of the executions below its distributed Maps
---@param options stepfn.graph.TextOptions? of the format text
---@return string? picture
---@return string? message
function M.draw(definition, format, rows, children, options)
  local graph = model.of(definition)
  if rows then
    path.mark(graph, rows, children)
  end
  return require(formats[format]).write(graph, options)
end

return M
