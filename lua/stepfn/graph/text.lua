---A graph for a terminal: the states in order, one below the other; an arrow
---names where a transition leads that does not go to the next line.
local path = require "stepfn.graph.path"

local M = {}

local ARROW, END = "──▶ ", "──■"

local function mark_of(node, traced)
  if not traced then
    return ""
  end
  return node.failed and "✗ " or node.current and "▸ " or node.visits > 0 and "✓ " or "  "
end

local function headline(node, traced)
  local remark = path.remark(node)
  local detail = node.detail:find(node.type, 1, true) == 1 and node.detail or node.type .. " " .. node.detail
  return mark_of(node, traced) .. node.name .. "  [" .. detail .. "]" .. (remark and "  (" .. remark .. ")" or "")
end

local function target_of(edge)
  return edge.to and ARROW .. edge.to.name or END
end

-- What stands behind the name: a jump, or the end. The next line needs none.
local function jump_of(edges, following)
  for _, edge in ipairs(edges) do
    if edge.kind == "end" or edge.kind == "next" and edge.to ~= following then
      return " " .. target_of(edge)
    end
  end
  return ""
end

-- Lines that hang below a state: rules, catchers.
local function branches_of(edges, traced)
  local list = {}
  for _, edge in ipairs(edges) do
    if edge.kind ~= "next" and edge.kind ~= "end" then
      local words = edge.kind == "catch" and "catch " .. edge.label or edge.kind == "default" and "else" or "if " .. edge.label
      list[#list + 1] = { text = (traced and (edge.taken and "✓ " or "  ") or "") .. words .. " " .. target_of(edge) }
    end
  end
  return list
end

local Writer = {}
Writer.__index = Writer

function Writer:line(prefix, is_last, text)
  self.lines[#self.lines + 1] = prefix .. (is_last and "└─ " or "├─ ") .. text
  return prefix .. (is_last and "   " or "│  ")
end

function Writer:state(scope, index, prefix)
  local node, edges = scope.nodes[index], {}
  for _, edge in ipairs(scope.edges) do
    if edge.from == node then
      edges[#edges + 1] = edge
    end
  end
  local below = self:line(prefix, index == #scope.nodes,
    headline(node, path.is_known(self.graph, scope)) .. jump_of(edges, scope.nodes[index + 1]))
  local children = branches_of(edges, path.is_known(self.graph, scope))
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
  for i = 1, #scope.nodes do
    self:state(scope, i, prefix)
  end
end

---@param graph stepfn.graph.Graph
---@return string
function M.write(graph)
  local w = setmetatable({ lines = { "●" }, graph = graph }, Writer)
  w:scope(graph.scope, "")
  return table.concat(w.lines, "\n") .. "\n"
end

return M
