---Marks in a graph the path that an execution has taken.
local label = require "stepfn.graph.label"

local M = {}

local ERROR_MAX = 80

local function is_text(error)
  return type(error) == "string"
end

-- Of every branch, and every iteration, the last visit counts: what failed before
-- was tried again.
local function last_visits(rows)
  local last, is_last = {}, {}
  for i, row in ipairs(rows) do
    local parts = { row.state }
    for _, part in ipairs(row.path or {}) do
      parts[#parts + 1] = tostring(part)
    end
    last[table.concat(parts, "\0")] = i
  end
  for _, i in pairs(last) do
    is_last[i] = true
  end
  return is_last
end

local function mark_end(node, row)
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

-- Is it the transition by which the visit was left? Where no rule held and nothing
-- was caught it is the one that has no index.
local function was_taken(edge, row)
  if edge.kind == "catch" then
    return edge.index == row.catcher
  elseif edge.kind == "choice" then
    return edge.index == row.rule
  end
  return not row.catcher and not row.rule
end

-- A state that failed and was caught has not failed, yet its error is of interest.
local function mark_way(edges, node, row)
  for _, edge in ipairs(row.exited and edges or {}) do
    edge.taken = edge.taken or was_taken(edge, row)
  end
  if row.catcher then
    node.is_caught = true
    node.caught = is_text(row.error) and label.short(row.error, ERROR_MAX) or node.caught
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

local function mark_rows(graph, edges, rows)
  local is_last = last_visits(rows)
  for i, row in ipairs(rows) do
    local node = graph.by_name[row.state]
    if node then
      node.visits = node.visits + 1
      node.retries = node.retries + math.max(0, (row.attempts or 0) - 1)
      mark_way(edges[node], node, row)
      if is_last[i] then
        mark_end(node, row)
      end
    end
  end
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
