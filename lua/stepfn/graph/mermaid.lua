---A graph as a Mermaid flowchart.
local label = require "stepfn.graph.label"
local path = require "stepfn.graph.path"

local M = {}

local INDENT = "  "

local shapes = { Choice = { "{", "}" }, Wait = { "([", "])" }, Succeed = { "([", "])" }, Fail = { "([", "])" } }
local BOX = { "[", "]" }

local classes = {
  "classDef taken stroke:#15803d,stroke-width:3px",
  "classDef failed stroke:#b91c1c,stroke-width:3px,fill:#fecaca",
  "classDef idle stroke:#a3a3a3,color:#737373",
}

-- Text inside quotes: entities in Mermaid's writing.
local escapes = { ['"'] = "#quot;", ["<"] = "#lt;", [">"] = "#gt;", ["#"] = "#35;", ["&"] = "#amp;", ["|"] = "#124;" }

local function escaped(text)
  return (text:gsub('["<>#&|]', escapes):gsub("%c", " "))
end

local function class_of(node)
  return node.failed and "failed" or node.visits > 0 and "taken" or "idle"
end

local Writer = {}
Writer.__index = Writer

function Writer:line(text)
  self.lines[#self.lines + 1] = INDENT:rep(self.depth) .. text
end

function Writer:mark(id, node)
  if path.is_known(self.graph, node) then
    self.marks[#self.marks + 1] = ("class %s %s"):format(id, class_of(node))
  end
end

local function title_of(node)
  local lines = { escaped(label.short(node.name, 40)) }
  if node.detail ~= node.name then
    lines[2] = "<small>" .. escaped(node.detail) .. "</small>"
  end
  local remark = path.remark(node)
  lines[#lines + 1] = remark and "<i>" .. escaped(remark) .. "</i>"
  return '"' .. table.concat(lines, "<br/>") .. '"'
end

function Writer:state(node)
  local shape = shapes[node.type] or BOX
  self:line(node.id .. shape[1] .. title_of(node) .. shape[2])
  self:mark(node.id, node)
end

function Writer:link(from, to, edge)
  local arrow = edge.kind == "catch" and "-.->" or "-->"
  local text = edge.label and ('|"%s"|'):format(escaped(edge.label)) or ""
  self.links[#self.links + 1] = INDENT .. from .. " " .. arrow .. text .. " " .. to
  if edge.taken then
    self.taken[#self.taken + 1] = #self.links - 1
  end
end

function Writer:scope(scope, finish)
  for _, node in ipairs(scope.nodes) do
    if #node.scopes > 0 then
      self:subgraph(node)
    else
      self:state(node)
    end
  end
  for _, edge in ipairs(scope.edges) do
    local target = edge.to and edge.to.id or finish
    if target then
      self:link(edge.from.id, target, edge)
    end
  end
end

-- The title of a subgraph has room for one line.
local function subgraph_title(node)
  local remark = path.remark(node)
  return ('"%s (%s)%s"'):format(escaped(label.short(node.name, 40)), escaped(node.detail),
    remark and ", <i>" .. escaped(remark) .. "</i>" or "")
end

-- Downwards: branches then stand side by side.
function Writer:open(id, title)
  self:line(("subgraph %s[%s]"):format(id, title))
  self.depth = self.depth + 1
  self:line "direction TB"
end

function Writer:close()
  self.depth = self.depth - 1
  self:line "end"
end

function Writer:subgraph(node)
  self:open(node.id, subgraph_title(node))
  for _, scope in ipairs(node.scopes) do
    self:open(scope.id, '"' .. scope.title .. '"')
    self:scope(scope)
    self:close()
  end
  self:close()
  self:mark(node.id, node)
end

---@param graph stepfn.graph.Graph
---@return string
function M.write(graph)
  local w = setmetatable({ lines = { "flowchart TD" }, links = {}, marks = {}, taken = {}, depth = 1, graph = graph }, Writer)
  w:line 'start(("&nbsp;"))'
  if graph.ends then
    w:line 'finish((("&nbsp;")))'
  end
  w:link("start", graph.scope.start.id, { kind = "next", taken = graph.scope.entered })
  w:scope(graph.scope, "finish")
  for _, list in ipairs { w.links, graph.traced and classes or {}, w.marks } do
    for _, text in ipairs(list) do
      w.lines[#w.lines + 1] = list == w.links and text or INDENT .. text
    end
  end
  if #w.taken > 0 then
    w:line("linkStyle " .. table.concat(w.taken, ",") .. " stroke:#15803d,stroke-width:3px")
  end
  return table.concat(w.lines, "\n") .. "\n"
end

return M
