---A graph as a Mermaid flowchart.
local label = require "stepfn.graph.label"
local path = require "stepfn.graph.path"

local M = {}

local INDENT = "  "

local shapes = { Choice = { "{", "}" }, Wait = { "([", "])" }, Succeed = { "([", "])" }, Fail = { "([", "])" } }
local BOX = { "[", "]" }

-- Colours that can be read in Mermaid's light theme and in its dark one.
local classes = {
  "classDef taken stroke:#15803d,stroke-width:3px",
  "classDef failed stroke:#b91c1c,stroke-width:3px,fill:#fecaca,color:#000",
  "classDef idle stroke:#8a8a8a,color:#7d7d7d",
}

local TAKEN, IDLE = "stroke:#15803d,stroke-width:3px", "stroke:#a3a3a3"

local NAME_WIDTH, LINES_MAX = 36, 4
local RULE_WIDTH, RULE_LINES = 30, 3

-- Text inside quotes: entities in Mermaid's writing.
local escapes = {
  ['"'] = "#quot;", ["<"] = "#lt;", [">"] = "#gt;", ["#"] = "#35;", ["&"] = "#amp;", ["|"] = "#124;", ["`"] = "#96;",
  ["\\"] = "#92;",
}

-- What means something else in the midst of a text, even when written as
-- entities: directives, formulas, line breaks, icons.
local telling = { "%%%%+", "%$%$+", "#92;n", ":fa%-" }

-- The same for the eye: with spaces of no width between.
local function apart(text)
  return (text:gsub("#?%w*%p", "%0\226\128\139"))
end

local function escaped(text)
  text = label.clean(text):gsub('["<>#&|`\\]', escapes)
  for _, pattern in ipairs(telling) do
    text = text:gsub(pattern, apart)
  end
  return text
end

-- Lines of at most so many characters.
local function wrapped(text, width, most)
  local lines = label.wrap(text, width, most)
  for i, line in ipairs(lines) do
    lines[i] = escaped(line)
  end
  return table.concat(lines, "<br/>")
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
  local lines = { wrapped(node.title, NAME_WIDTH, LINES_MAX) }
  if node.detail ~= node.title then
    lines[2] = "<small>" .. wrapped(node.detail, NAME_WIDTH, LINES_MAX) .. "</small>"
  end
  local remark = path.remark(node)
  lines[#lines + 1] = remark and "<i>" .. wrapped(remark, NAME_WIDTH, LINES_MAX) .. "</i>"
  return '"' .. table.concat(lines, "<br/>") .. '"'
end

function Writer:state(node)
  local shape = shapes[node.type] or BOX
  self:line(node.id .. shape[1] .. title_of(node) .. shape[2])
  self:mark(node.id, node)
end

function Writer:link(from, to, edge, part)
  local arrow = edge.kind == "catch" and "-.->" or "-->"
  local text = edge.label and ('|"%s"|'):format(wrapped(edge.label, RULE_WIDTH, RULE_LINES)) or ""
  self.links[#self.links + 1] = INDENT .. from .. " " .. arrow .. text .. " " .. to
  if path.is_known(self.graph, part) then
    local list = edge.taken and self.taken or self.idle
    list[#list + 1] = #self.links - 1
  end
end

-- Invisible links, which keep branches in their order.
function Writer:in_order(scopes)
  for i = 2, #scopes do
    self.links[#self.links + 1] = INDENT .. scopes[i - 1].id .. " ~~~ " .. scopes[i].id
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
      self:link(edge.from.id, target, edge, scope)
    end
  end
end

-- The title of a subgraph has room for one line.
local function subgraph_title(node)
  local remark = path.remark(node)
  return ('"%s (%s)%s"'):format(escaped(label.short(node.name, NAME_WIDTH)), escaped(label.short(node.detail, NAME_WIDTH)),
    remark and ", <i>" .. escaped(remark) .. "</i>" or "")
end

function Writer:open(id, title, direction)
  self:line(("subgraph %s[%s]"):format(id, title))
  self.depth = self.depth + 1
  self:line("direction " .. direction)
end

function Writer:close()
  self.depth = self.depth - 1
  self:line "end"
end

function Writer:subgraph(node)
  self:open(node.id, subgraph_title(node), #node.scopes > 1 and "LR" or "TB")
  for _, scope in ipairs(node.scopes) do
    self:open(scope.id, '"' .. scope.title .. '"', "TB")
    self:scope(scope)
    self:close()
  end
  self:close()
  self:in_order(node.scopes)
  self:mark(node.id, node)
end

function Writer:link_style(links, style)
  if #links > 0 then
    self:line("linkStyle " .. table.concat(links, ",") .. " " .. style)
  end
end

---@param graph stepfn.graph.Graph
---@return string
function M.write(graph)
  local w = { lines = { "flowchart TD" }, links = {}, marks = {}, taken = {}, idle = {}, depth = 1, graph = graph }
  setmetatable(w, Writer)
  w:line 'start(("&nbsp;"))'
  if graph.ends then
    w:line 'finish((("&nbsp;")))'
  end
  w:link("start", graph.scope.start.id, { kind = "next", taken = graph.scope.entered }, graph.scope)
  w:scope(graph.scope, "finish")
  for _, list in ipairs { w.links, graph.traced and classes or {}, w.marks } do
    for _, text in ipairs(list) do
      w.lines[#w.lines + 1] = list == w.links and text or INDENT .. text
    end
  end
  w:link_style(w.taken, TAKEN)
  w:link_style(w.idle, IDLE)
  return table.concat(w.lines, "\n") .. "\n"
end

return M
