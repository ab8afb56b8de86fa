---Marks in a graph the path that an execution has taken.
local label = require "stepfn.graph.label"

local M = {}

local ERROR_MAX = 80

-- Every branch, and every iteration, has a path of its own.
local function path_key(row)
  local parts = {}
  for i, part in ipairs(row.path or {}) do
    parts[i] = tostring(part)
  end
  return table.concat(parts, "\0")
end

local function is_text(error)
  return type(error) == "string"
end

local function mark_visit(node, row)
  node.visits = node.visits + 1
  node.retries = node.retries + math.max(0, (row.attempts or 0) - 1)
  if row.exited then
    return
  elseif node.type == "Fail" or row.ended and row.error ~= nil then
    node.failed = true
    node.error = is_text(row.error) and label.short(row.error, ERROR_MAX) or node.error
  elseif row.ended then
    node.stopped = true
  else
    node.current = true
  end
end

-- The transitions that a visit may have taken to the state `to`: with no error no
-- catcher's, with the error of its only attempt a catcher's alone. Which of several
-- rules, or catchers, it was is not known.
local function ways(edges, row, to)
  local caught, others = {}, {}
  for _, edge in ipairs(edges or {}) do
    if edge.to == to then
      table.insert(edge.kind == "catch" and caught or others, edge)
    end
  end
  if #caught == 0 or #others == 0 then
    return #caught > 0 and caught or others, #caught > 0
  elseif row.error == nil then
    return others, false
  elseif row.attempts <= 1 then
    return caught, true
  end
  for _, edge in ipairs(caught) do
    others[#others + 1] = edge
  end
  return others, false
end

-- A state that failed and was caught has not failed, yet its error is of interest.
local function mark_way(edges, visit, to)
  local taken, is_caught = ways(edges[visit.node], visit.row, to)
  for _, edge in ipairs(taken) do
    edge.taken = true
  end
  if is_caught then
    local error = visit.row.error
    visit.node.is_caught = true
    visit.node.caught = is_text(error) and label.short(error, ERROR_MAX) or visit.node.caught
  end
end

local function edges_by_node(graph)
  local edges = {}
  for _, scope in ipairs(graph.scopes) do
    for _, edge in ipairs(scope.edges) do
      local list = edges[edge.from] or {}
      edges[edge.from] = list
      list[#list + 1] = edge
    end
  end
  return edges
end

local function mark_ends(edges, last)
  for _, visit in pairs(last) do
    if visit.row.exited then
      mark_way(edges, visit, nil)
    end
  end
end

-- One execution. The path of a row says nothing of the execution that it is of.
local function mark_rows(graph, edges, rows)
  local last = {}
  for _, row in ipairs(rows) do
    local node = graph.by_name[row.state]
    if node then
      local key = path_key(row)
      if last[key] then
        mark_way(edges, last[key], node)
      end
      last[key] = { node = node, row = row }
      mark_visit(node, row)
    end
  end
  mark_ends(edges, last)
end

---@param graph stepfn.graph.Graph
---@param rows stepfn.TraceRow[] of execution:trace()
---@param children stepfn.TraceRow[][]? of the executions below its distributed Maps
function M.mark(graph, rows, children)
  local edges = edges_by_node(graph)
  graph.traced, graph.children_traced = true, children ~= nil
  mark_rows(graph, edges, rows)
  for _, child in ipairs(children or {}) do
    mark_rows(graph, edges, child)
  end
  for _, scope in ipairs(graph.scopes) do
    scope.entered = scope.start.visits > 0
  end
end

---Is it known whether the execution was in this state, or scope?
---@param graph stepfn.graph.Graph
---@param part stepfn.graph.Node|stepfn.graph.Scope
---@return boolean
function M.is_known(graph, part)
  return graph.traced and (graph.children_traced or not part.apart) or false
end

---What a picture says of the visits to a state: "2 visits, 1 retry, CardDeclined".
---@param node stepfn.graph.Node
---@return string? nil when there is nothing to say
function M.remark(node)
  local parts = {}
  if node.visits > 1 then
    parts[#parts + 1] = node.visits .. " visits"
  end
  if node.retries > 0 then
    parts[#parts + 1] = node.retries .. (node.retries > 1 and " retries" or " retry")
  end
  if node.is_caught then
    parts[#parts + 1] = node.caught and "caught: " .. node.caught or "error caught"
  end
  if node.failed then
    local is_told = not node.error or node.detail:find(node.error, 1, true)
    parts[#parts + 1] = "failed" .. (is_told and "" or ": " .. node.error)
  elseif node.current then
    parts[#parts + 1] = "here now"
  elseif node.stopped then
    parts[#parts + 1] = "stopped"
  end
  return #parts > 0 and table.concat(parts, ", ") or nil
end

return M
