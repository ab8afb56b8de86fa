---A graph as SVG, drawn by Graphviz: the program `dot`.
local dot = require "stepfn.graph.dot"

local M = {}

local MISSING = [[
the format svg is drawn by the program dot of Graphviz, which was not found; install it:
  apt-get install graphviz        brew install graphviz        apk add graphviz font-noto
The formats text, mermaid and dot need nothing.]]

local function found()
  local pipe = io.popen "command -v dot 2>/dev/null"
  local text = pipe and pipe:read "*a" or ""
  if pipe then
    pipe:close()
  end
  return text ~= ""
end

local function write_file(name, text)
  local file, message = io.open(name, "wb")
  if not file then
    return nil, message
  end
  file:write(text)
  file:close()
  return true
end

---@param graph stepfn.graph.Graph
---@return string? svg
---@return string? message
function M.write(graph)
  if not found() then
    return nil, MISSING
  end
  local name = os.tmpname()
  local written, message = write_file(name, dot.write(graph))
  if not written then
    return nil, message
  end
  local pipe = assert(io.popen("dot -Tsvg '" .. name .. "' 2>/dev/null"))
  local svg = pipe:read "*a"
  pipe:close()
  os.remove(name)
  if not svg:find("</svg>", 1, true) then
    return nil, "Graphviz could not draw the graph"
  end
  return svg
end

return M
