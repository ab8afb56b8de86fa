---A graph as text for Graphviz. A Parallel or Map state is a cluster: its name
---on top, its branches below, and a dot where they come together.
local label = require "stepfn.graph.label"
local path = require "stepfn.graph.path"

local M = {}

local TAKEN, IDLE, BAD, PLAIN = "#15803d", "#8a8a8a", "#b91c1c", "#404040"
local BLACK, GREY, PALE, WRONG = "#000000", "#6b6b6b", "#fafafa", "#fecaca"

---The colours of a picture on white, and those that stand for them on black.
M.night = {
  [TAKEN] = "#4ade80", [IDLE] = "#8b8b8b", [BAD] = "#f87171", [PLAIN] = "#d4d4d4", [BLACK] = "#f5f5f5", [GREY] = "#a3a3a3",
  [PALE] = "#262626", [WRONG] = "#7f1d1d", white = "#171717",
  ["#dbeafe"] = "#1e3a5f", ["#f1f5f9"] = "#2f3640", ["#fef3c7"] = "#574315", ["#ede9fe"] = "#3d3266",
  ["#dcfce7"] = "#14532d", ["#fee2e2"] = "#5f1d1d", ["#e0f2fe"] = "#164e63",
}

local fills = {
  Task = "#dbeafe", Pass = "#f1f5f9", Choice = "#fef3c7", Wait = "#ede9fe", Succeed = "#dcfce7", Fail = "#fee2e2",
  Parallel = "#e0f2fe", Map = "#e0f2fe",
}

local shapes = { Choice = "diamond" }

-- Characters in a line of a name: a diamond has its room in the middle.
local widths = { Choice = 20 }
local WIDTH, LINES_MAX = 36, 4

local RULE_WIDTH, RULE_LINES = 30, 3

local function escaped(text)
  return (text:gsub('[\\"]', "\\%0"):gsub("&", "&amp;"))
end

-- A label: lines, each escaped; "\n" between them is Graphviz's.
local function node_label(node)
  local width, lines = widths[node.type] or WIDTH, {}
  local function add(text)
    for _, line in ipairs(label.wrap(text, width, LINES_MAX)) do
      lines[#lines + 1] = escaped(line)
    end
  end
  add(node.title)
  if node.detail ~= node.title then
    add(node.detail)
  end
  local remark = path.remark(node)
  if remark then
    add(remark)
  end
  return '"' .. table.concat(lines, "\\n") .. '"'
end

local function look_of(node, traced)
  if not traced then
    return fills[node.type], PLAIN, BLACK, 1
  elseif node.failed then
    return WRONG, BAD, BLACK, 2.5
  elseif node.visits > 0 then
    return fills[node.type], TAKEN, BLACK, 2.5
  end
  return PALE, IDLE, GREY, 1
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

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function font_text(colour, text)
  return ('<font color="%s">%s</font>'):format(colour, text)
end

-- A label on white, so that no line runs through it.
local function edge_label(edge, colour)
  local lines = label.wrap(edge.label, RULE_WIDTH, RULE_LINES)
  for i, line in ipairs(lines) do
    lines[i] = font_text(colour, (line:gsub('[&<>"]', entities)))
  end
  return ('<<table border="0" cellspacing="2" cellpadding="1"><tr><td bgcolor="white" balign="left">%s</td></tr></table>>')
    :format(table.concat(lines, "<br/>"))
end

-- Edges come last, outside the clusters: one inside would draw its ends in.
function Writer:edge(from, to, edge, part)
  local known = path.is_known(self.graph, part)
  local colour = not known and PLAIN or edge.taken and TAKEN or IDLE
  local font = edge.taken and TAKEN or known and GREY or PLAIN
  self.edges[#self.edges + 1] = ('%s -> %s [color="%s", style=%s, penwidth=%g%s%s]'):format(from, to, colour,
    edge.kind == "catch" and "dashed" or "solid", edge.taken and 2.5 or 1,
    edge.is_low and ", minlen=2" or "",
    edge.label and ", label=" .. edge_label(edge, font) or "")
end

-- A caught error leaves from the top of a cluster, all else from its end.
local function tail_of(edge)
  local node = edge.from
  return is_cluster(node) and edge.kind ~= "catch" and node.id .. "_end" or node.id
end

-- A way to a state that is far off, or to which many catchers lead, is drawn as
-- a short one to its name: long lines beside one another are hard to follow, and
-- take Graphviz minutes.
local FAR, CROWD = 25, 6

local function index_of(nodes)
  local index = {}
  for i, node in ipairs(nodes) do
    index[node] = i
  end
  return index
end

local function caught_at(edges)
  local counts = {}
  for _, edge in ipairs(edges) do
    if edge.kind == "catch" then
      counts[edge.to] = (counts[edge.to] or 0) + 1
    end
  end
  return counts
end

-- Of the ways to a state that are all short, the nearest is drawn out.
local function keep_nearest(short, reached)
  local nearest = {}
  for _, way in ipairs(short) do
    local to = way.edge.to
    if to and not reached[to] and (not nearest[to] or way.distance < nearest[to].distance) then
      nearest[to] = way
    end
  end
  for _, way in pairs(nearest) do
    way.edge.stub = nil
  end
end

function Writer:shorten(scope)
  local index, counts = index_of(scope.nodes), caught_at(scope.edges)
  local short, reached = {}, { [scope.start] = true }
  for _, edge in ipairs(scope.edges) do
    local distance = edge.to and math.abs(index[edge.to] - index[edge.from]) or #scope.nodes - index[edge.from]
    local is_crowded = edge.kind == "catch" and counts[edge.to] > CROWD
    if distance > 1 and (distance > FAR or is_crowded) then
      self.stubs = self.stubs + 1
      edge.stub = "j" .. self.stubs
      short[#short + 1] = { edge = edge, distance = distance }
    elseif edge.to then
      reached[edge.to] = true
    end
  end
  keep_nearest(short, reached)
end

function Writer:stub(edge, scope)
  local colour = edge.taken and TAKEN or path.is_known(self.graph, scope) and GREY or PLAIN
  local lines = label.wrap("→ " .. (edge.to and edge.to.title or "end"), WIDTH, LINES_MAX)
  for i, line in ipairs(lines) do
    lines[i] = escaped(line)
  end
  self:line('%s [label="%s", shape=box, color=white, fillcolor=white, fontcolor="%s", fontsize=10, height=0, margin="0.05,0.03"]',
    edge.stub, table.concat(lines, "\\n"), colour)
end

-- Where many ways lead on from a Choice, every other target stands one row
-- lower, so that a row is half as wide.
local WAYS_IN_A_ROW = 4

local function stagger(edges)
  local ways = {}
  for _, edge in ipairs(edges) do
    if edge.kind == "choice" or edge.kind == "default" then
      local list = ways[edge.from] or {}
      ways[edge.from] = list
      list[#list + 1] = edge
    end
  end
  for _, list in pairs(ways) do
    for i, edge in ipairs(list) do
      edge.is_low = #list > WAYS_IN_A_ROW and i % 2 == 0
    end
  end
end

function Writer:scope(scope, finish)
  for _, node in ipairs(scope.nodes) do
    if is_cluster(node) then
      self:cluster(node)
    else
      self:state(node)
    end
  end
  stagger(scope.edges)
  self:shorten(scope)
  for _, edge in ipairs(scope.edges) do
    local target = edge.stub or edge.to and edge.to.id or finish
    if edge.stub then
      self:stub(edge, scope)
    end
    if target then
      self:edge(tail_of(edge), target, edge, scope)
    end
  end
end

-- Its number stands on the outer side, where no line comes in.
local function side_of(index, count)
  return index > 1 and index * 2 > count and "r" or "l"
end

function Writer:cluster(node)
  local _, colour = look_of(node, path.is_known(self.graph, node))
  local finish = node.id .. "_end"
  self:open("subgraph cluster_%s {", node.id)
  self:line('style="rounded"; color="%s"; penwidth=%g; label="";', colour, path.is_known(self.graph, node) and node.visits > 0 and 2 or 1)
  self:state(node)
  for i, scope in ipairs(node.scopes) do
    self:open("subgraph cluster_%s {", scope.id)
    self:line('style="dashed,rounded"; color="%s"; penwidth=1; labelloc=t; labeljust=%s; label="%s"; fontcolor="%s";', IDLE,
      side_of(i, #node.scopes), scope.short, GREY)
    self:scope(scope, finish)
    self:close()
    self:edge(node.id, scope.start.id, { kind = "next", taken = scope.entered }, scope)
  end
  self:line('%s [shape=circle, label="", width=0.12, style=filled, fillcolor="%s", color="%s"]', finish, colour, colour)
  self:close()
end

-- What the colours say.
local function legend()
  local words = { font_text(TAKEN, "■ visited"), font_text(BAD, "■ failed"), font_text(IDLE, "□ not visited") }
  return "label=<" .. table.concat(words, "&#160;&#160;&#160;") .. '>; labelloc=b; labeljust=l;'
end

local MANY = 100

---@param graph stepfn.graph.Graph
---@return string
function M.write(graph)
  local w = setmetatable({ lines = {}, edges = {}, depth = 0, stubs = 0, graph = graph }, Writer)
  w:open "digraph machine {"
  w:line 'rankdir=TB; nodesep=0.4; ranksep=0.45; fontname="Helvetica"; fontsize=11;'
  w:line 'node [fontname="Helvetica", fontsize=12, style="filled,rounded", margin="0.18,0.08"];'
  w:line 'edge [fontname="Helvetica", fontsize=10, arrowsize=0.8];'
  if graph.count > MANY then
    w:line "nslimit=2; nslimit1=2; mclimit=0.5;" -- do not try for ever
  end
  if graph.traced then
    w:line(legend())
  end
  w:line('machine_start [shape=circle, label="", width=0.2, style=filled, color="%s", fillcolor="%s"];', PLAIN, PLAIN)
  if graph.ends then
    w:line('machine_end [shape=doublecircle, label="", width=0.14, style=filled, color="%s", fillcolor="%s"];', PLAIN, PLAIN)
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
