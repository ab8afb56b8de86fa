---A graph as SVG, drawn by Graphviz: the program `dot`.
local dot = require "stepfn.graph.dot"
local write_file = require("stepfn.file").write

local M = {}

local MISSING = [[
the format svg is drawn by the program dot of Graphviz, which was not found; install it:
  apt-get install graphviz        brew install graphviz        apk add graphviz font-noto
The formats text, mermaid and dot need nothing.]]

-- A minute at most, where there is a program that sees to it.
local LIMITED = "$(command -v timeout >/dev/null 2>&1 && echo timeout 60) "

local function found()
  local pipe = io.popen "command -v dot 2>/dev/null"
  local text = pipe and pipe:read "*a" or ""
  if pipe then
    pipe:close()
  end
  return text ~= ""
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

-- What a browser shows where the pointer rests, and reads aloud, by Graphviz'
-- name of the part.
local function titles_of(graph)
  local titles = { machine = "state machine", machine_start = "start", machine_end = "end" }
  for _, node in pairs(graph.by_name) do
    titles[node.id] = node.title
    titles[node.id .. "_end"] = "end of " .. node.title
    titles["cluster_" .. node.id] = node.title .. ": " .. node.detail
  end
  for _, scope in ipairs(graph.scopes) do
    titles["cluster_" .. scope.id] = scope.title
    for _, edge in ipairs(scope.edges) do
      if edge.stub then
        titles[edge.stub] = edge.to and edge.to.title or "end"
      end
    end
  end
  return titles
end

local function with_titles(svg, graph)
  local titles = titles_of(graph)
  return (svg:gsub("<title>([%w_]+)([^<]*)</title>", function(from, rest)
    local to = rest:match "^&#45;&gt;([%w_]+)$" or rest:match "^%->([%w_]+)$" or rest:match "^%-&gt;([%w_]+)$"
    local title = titles[from]
    if title and to then
      title = title .. " → " .. (titles[to] or to)
    end
    return title and "<title>" .. title:gsub("[&<>]", entities) .. "</title>" or nil
  end))
end

-- Another set of colours for readers whose screen is dark.
local function night_style()
  local rules = {}
  for light, dark in pairs(dot.night) do
    rules[#rules + 1] = ('[fill="%s"]{fill:%s}[stroke="%s"]{stroke:%s}'):format(light, dark, light, dark)
  end
  table.sort(rules)
  return "<style>@media screen and (prefers-color-scheme: dark){text:not([fill]){fill:#f5f5f5}" .. table.concat(rules) .. "}</style>"
end

local function finished(svg, graph)
  local before, after = svg:match "^(.-<svg[^>]*>)(.*)$"
  return before .. "\n" .. night_style() .. with_titles(after, graph)
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
  local pipe = assert(io.popen(LIMITED .. "dot -Tsvg '" .. name .. "' 2>/dev/null"))
  local svg = pipe:read "*a"
  pipe:close()
  os.remove(name)
  if not svg:find("</svg>", 1, true) then
    return nil, "Graphviz could not draw the graph in a minute; the formats text and mermaid take any"
  end
  return finished(svg, graph)
end

return M
