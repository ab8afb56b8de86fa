---A graph for a terminal: the states in order, one below the other; an arrow
---names where a transition leads that does not go to the next line.
local label = require "stepfn.graph.label"
local path = require "stepfn.graph.path"

local M = {}

local WIDTH, LABEL_MIN = 140, 12

---@class stepfn.graph.TextOptions
---@field width? integer of a line, 140; names are never cut, so that one may be longer
---@field ascii? boolean for terminals that show nothing else

local signs = {
  start = "●", arrow = "──▶ ", stop = "──■", failed = "✗ ", current = "▸ ", stopped = "◌ ", visited = "✓ ",
  branch = "├─ ", last = "└─ ", beside = "│  ",
}
local ascii = {
  start = "*", arrow = "--> ", stop = "--|", failed = "x ", current = "> ", stopped = "~ ", visited = "+ ",
  branch = "+- ", last = "`- ", beside = "|  ",
}
local said_otherwise = { ["…"] = "...", ["≤"] = "<=", ["≥"] = ">=" }
local UNKNOWN, BELOW = "  ", "   "

-- What is left of a line for words that may be cut.
local function cut(text, width, ...)
  for _, other in ipairs { ... } do
    width = width - label.length(other)
  end
  return label.short(text, math.max(width, LABEL_MIN))
end

local Writer = {}
Writer.__index = Writer

function Writer:mark_of(node, traced)
  local sign = self.signs
  if not traced then
    return ""
  end
  return node.failed and sign.failed or node.current and sign.current or node.stopped and sign.stopped
    or node.visits > 0 and sign.visited or UNKNOWN
end

function Writer:target_of(edge)
  return edge.to and self.signs.arrow .. edge.to.title or self.signs.stop
end

-- What stands behind the name: a jump, or the end. The next line needs none.
function Writer:jump_of(edges, following)
  for _, edge in ipairs(edges) do
    if edge.kind == "end" or edge.kind == "next" and edge.to ~= following then
      return " " .. self:target_of(edge)
    end
  end
  return ""
end

function Writer:headline(node, traced, width, jump)
  local name = self:mark_of(node, traced) .. node.title .. "  ["
  local remark = path.remark(node)
  local rest = "]" .. (remark and "  (" .. remark .. ")" or "") .. jump
  local detail = node.detail:find(node.type, 1, true) == 1 and node.detail or node.type .. " " .. node.detail
  return name .. cut(detail, width, name, rest) .. rest
end

local words_of = { catch = "catch ", choice = "if ", default = "" }

-- Lines that hang below a state: rules, catchers.
function Writer:branches_of(edges, traced, width)
  local list = {}
  for _, edge in ipairs(edges) do
    if words_of[edge.kind] then
      local mark = traced and (edge.taken and self.signs.visited or UNKNOWN) or ""
      local words, target = mark .. words_of[edge.kind], " " .. self:target_of(edge)
      list[#list + 1] = { text = words .. cut(edge.label, width, words, target) .. target }
    end
  end
  return list
end

function Writer:line(prefix, is_last, text)
  self.lines[#self.lines + 1] = prefix .. (is_last and self.signs.last or self.signs.branch) .. text
  return prefix .. (is_last and BELOW or self.signs.beside)
end

function Writer:state(scope, index, prefix, edges)
  local node = scope.nodes[index]
  local traced = path.is_known(self.graph, scope)
  local width = self.width - label.length(prefix) - #BELOW
  local below = self:line(prefix, index == #scope.nodes,
    self:headline(node, traced, width, self:jump_of(edges, scope.nodes[index + 1])))
  local children = self:branches_of(edges, traced, width - #BELOW)
  for _, inner in ipairs(node.scopes) do
    table.insert(children, { text = inner.title, scope = inner })
  end
  for i, child in ipairs(children) do
    local inside = self:line(below, i == #children, child.text)
    if child.scope then
      self:scope(child.scope, inside)
    end
  end
end

function Writer:scope(scope, prefix)
  local edges = {}
  for _, node in ipairs(scope.nodes) do
    edges[node] = {}
  end
  for _, edge in ipairs(scope.edges) do
    table.insert(edges[edge.from], edge)
  end
  for i, node in ipairs(scope.nodes) do
    self:state(scope, i, prefix, edges[node])
  end
end

---@param graph stepfn.graph.Graph
---@param options stepfn.graph.TextOptions?
---@return string
function M.write(graph, options)
  options = options or {}
  local used = options.ascii and ascii or signs
  local w = setmetatable({ lines = { used.start }, graph = graph, signs = used, width = options.width or WIDTH }, Writer)
  w:scope(graph.scope, "")
  local text = table.concat(w.lines, "\n") .. "\n"
  for sign, other in pairs(options.ascii and said_otherwise or {}) do
    text = text:gsub(sign, other)
  end
  return text
end

return M
