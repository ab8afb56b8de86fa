---A graph as text for Graphviz. A Parallel or Map state is a cluster: its name
---on top, its branches below, and a dot where they come together.
local label = require "stepfn.graph.label"
local path = require "stepfn.graph.path"

local M = {}

local TAKEN, IDLE, BAD, PLAIN = "#15803d", "#a3a3a3", "#b91c1c", "#404040"

local fills = {
  Task = "#dbeafe", Pass = "#f1f5f9", Choice = "#fef3c7", Wait = "#ede9fe", Succeed = "#dcfce7", Fail = "#fee2e2",
  Parallel = "#e0f2fe", Map = "#e0f2fe",
}

local shapes = { Choice = "diamond" }

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%c", " ") .. '"'
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

-- A label: lines, each escaped; "\n" between them is Graphviz's.
local function lines_label(lines)
  local escaped = {}
  for i, line in ipairs(lines) do
    escaped[i] = line:gsub('[\\"]', "\\%0"):gsub("%c", " ")
  end
  return '"' .. table.concat(escaped, "\\n") .. '"'
end

local function node_label(node)
  local lines = { label.short(node.name, 40) }
  if node.detail ~= node.name then
    lines[2] = node.detail
  end
  lines[#lines + 1] = path.remark(node)
  return lines_label(lines)
end

local function look_of(node, traced)
  if not traced then
    return fills[node.type], PLAIN, PLAIN, 1
  elseif node.failed then
    return "#fecaca", BAD, "#000000", 2.5
  elseif node.visits > 0 then
    return fills[node.type], TAKEN, "#000000", 2.5
  end
  return "#fafafa", IDLE, "#737373", 1
end

local Writer = {}
Writer.__index = Writer

function Writer:line(format, ...)
  self.lines[#self.lines + 1] = ("  "):rep(self.depth) .. (select("#", ...) > 0 and format:format(...) or format)
end

function Writer:open(format, ...)
  self:line(format, ...)
  self.depth = self.depth + 1
end

function Writer:close()
  self.depth = self.depth - 1
  self:line "}"
end

function Writer:state(node)
  local fill, colour, font, width = look_of(node, path.is_known(self.graph, node))
  self:line('%s [label=%s, shape=%s, fillcolor="%s", color="%s", fontcolor="%s", penwidth=%g]', node.id, node_label(node),
    shapes[node.type] or "box", fill, colour, font, width)
end

-- Is it drawn around its scopes, with a dot at its end?
local function is_cluster(node)
  return #node.scopes > 0
end

-- A label on white, so that no line runs through it.
local function edge_label(edge, colour)
  local text = edge.label:gsub("[&<>\"]", entities):gsub("%c", " ")
  return ('<<table border="0" cellspacing="0" cellpadding="1"><tr><td bgcolor="white"><font color="%s">%s</font></td></tr></table>>')
    :format(colour, text)
end

-- Edges come last, outside the clusters: one inside would draw its ends in.
function Writer:edge(from, to, edge, part)
  local known = path.is_known(self.graph, part)
  local colour = not known and PLAIN or edge.taken and TAKEN or IDLE
  local font = edge.taken and TAKEN or known and "#737373" or PLAIN
  self.edges[#self.edges + 1] = ('%s -> %s [color="%s", style=%s, penwidth=%g%s]'):format(from, to, colour,
    edge.kind == "catch" and "dashed" or "solid", edge.taken and 2.5 or 1,
    edge.label and ", label=" .. edge_label(edge, font) or "")
end

-- A caught error leaves from the top of a cluster, all else from its end.
local function tail_of(edge)
  local node = edge.from
  return is_cluster(node) and edge.kind ~= "catch" and node.id .. "_end" or node.id
end

function Writer:scope(scope, finish)
  for _, node in ipairs(scope.nodes) do
    if is_cluster(node) then
      self:cluster(node)
    else
      self:state(node)
    end
  end
  for _, edge in ipairs(scope.edges) do
    local target = edge.to and edge.to.id or finish
    if target then
      self:edge(tail_of(edge), target, edge, scope)
    end
  end
end

function Writer:cluster(node)
  local _, colour = look_of(node, path.is_known(self.graph, node))
  local finish = node.id .. "_end"
  self:open("subgraph cluster_%s {", node.id)
  self:line('style="rounded"; color="%s"; penwidth=%g; label="";', colour, path.is_known(self.graph, node) and node.visits > 0 and 2 or 1)
  self:state(node)
  for _, scope in ipairs(node.scopes) do
    self:open("subgraph cluster_%s {", scope.id)
    self:line('style="dashed,rounded"; color="%s"; penwidth=1; labeljust=l; label=%s; fontcolor="#737373";', IDLE, quoted(scope.short))
    self:scope(scope, finish)
    self:close()
    self:edge(node.id, scope.start.id, { kind = "next", taken = scope.entered }, scope)
  end
  self:line('%s [shape=circle, label="", width=0.12, style=filled, fillcolor="%s", color="%s"]', finish, colour, colour)
  self:close()
end

---@param graph stepfn.graph.Graph
---@return string
function M.write(graph)
  local w = setmetatable({ lines = {}, edges = {}, depth = 0, graph = graph }, Writer)
  w:open "digraph machine {"
  w:line 'rankdir=TB; nodesep=0.4; ranksep=0.45; fontname="Helvetica"; fontsize=11;'
  w:line 'node [fontname="Helvetica", fontsize=12, style="filled,rounded", margin="0.18,0.08"];'
  w:line 'edge [fontname="Helvetica", fontsize=10, arrowsize=0.8];'
  w:line 'machine_start [shape=circle, label="", width=0.2, style=filled, fillcolor="#404040"];'
  if graph.ends then
    w:line 'machine_end [shape=doublecircle, label="", width=0.14, style=filled, fillcolor="#404040"];'
  end
  w:edge("machine_start", graph.scope.start.id, { kind = "next", taken = graph.scope.entered }, graph.scope)
  w:scope(graph.scope, "machine_end")
  for _, text in ipairs(w.edges) do
    w:line(text)
  end
  w:close()
  return table.concat(w.lines, "\n") .. "\n"
end

return M
