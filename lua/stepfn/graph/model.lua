---The graph of a machine: scopes that hold states and the transitions between
---them. The formats draw it; none of them reads a definition.
local label = require "stepfn.graph.label"

local M = {}

local LABEL_MAX = 200 -- the formats cut it to what they have room for

---@class stepfn.graph.Node
---@field id string "s1", unique
---@field name string
---@field title string the name, as a picture can show it
---@field type string
---@field detail string
---@field scopes stepfn.graph.Scope[] branches, or the processor
---@field visits? integer with an execution
---@field retries? integer
---@field failed? boolean
---@field current? boolean it is there now
---@field stopped? boolean it was there when what it was in came to its end
---@field error? string
---@field is_caught? boolean an error of it was caught
---@field caught? string that error, where the trace names it
---@field apart boolean below a distributed Map: it runs in executions of their own

---@class stepfn.graph.Edge
---@field from stepfn.graph.Node
---@field to? stepfn.graph.Node nil: the end of the scope
---@field kind "next"|"choice"|"default"|"catch"|"end"
---@field label? string
---@field index? integer of the rule, or of the catcher
---@field taken? boolean
---@field stub? string where it is drawn to its name alone: the id of that

---@class stepfn.graph.Scope
---@field id string
---@field title? string "branch 1", "each item"
---@field short? string the same in a character or few
---@field apart boolean
---@field start stepfn.graph.Node
---@field nodes stepfn.graph.Node[] in the order of discovery from the start
---@field edges stepfn.graph.Edge[]
---@field entered? boolean

---@class stepfn.graph.Graph
---@field scope stepfn.graph.Scope
---@field by_name table<string, stepfn.graph.Node>
---@field scopes stepfn.graph.Scope[] all
---@field count integer of states
---@field ends boolean can it end otherwise than in a Fail state?
---@field traced? boolean an execution is shown
---@field children_traced? boolean those of its distributed Maps too

-- The ways on from a state: { target or nil, kind, label, index }.
local function exits_of(state)
  local exits = {}
  local function add(target, kind, text, index)
    exits[#exits + 1] = { target = target, kind = kind, label = text, index = index }
  end
  if state.Next then
    add(state.Next, "next")
  elseif state.End or state.Type == "Succeed" then
    add(nil, "end")
  end
  for index, rule in ipairs(state.Choices or {}) do
    add(rule.Next, "choice", label.rule(rule, LABEL_MAX), index)
  end
  if state.Default then
    add(state.Default, "default", "else")
  end
  for index, catcher in ipairs(state.Catch or {}) do
    add(catcher.Next, "catch", label.short(table.concat(catcher.ErrorEquals, ", "), LABEL_MAX), index)
  end
  return exits
end

-- Names of the states in the order in which they are discovered, depth first.
local function discover(states, start)
  local order, seen, stack = {}, {}, { start }
  while #stack > 0 do
    local name = table.remove(stack)
    if states[name] and not seen[name] then
      seen[name] = true
      order[#order + 1] = name
      local exits = exits_of(states[name])
      for i = #exits, 1, -1 do
        stack[#stack + 1] = exits[i].target
      end
    end
  end
  return order
end

local new_scope

local function inner_scopes(graph, state)
  local scopes = {}
  local processor = state.ItemProcessor or state.Iterator
  for i, branch in ipairs(state.Type == "Parallel" and state.Branches or {}) do
    scopes[i] = new_scope(graph, branch, "branch " .. i, tostring(i))
  end
  if state.Type == "Map" and processor then
    local config, apart = processor.ProcessorConfig, graph.apart
    graph.apart = apart or config ~= nil and config.Mode == "DISTRIBUTED"
    scopes[1] = new_scope(graph, processor, "each item", "each")
    graph.apart = apart
  end
  return scopes
end

local function new_node(graph, name, state)
  graph.count = graph.count + 1
  local node = {
    id = "s" .. graph.count, name = name, title = label.clean(name), type = state.Type, detail = label.detail(state, LABEL_MAX),
    visits = 0, retries = 0, apart = graph.apart,
  }
  graph.by_name[name] = node
  node.scopes = inner_scopes(graph, state)
  return node
end

local function add_edges(graph, scope, name, state)
  for _, exit in ipairs(exits_of(state)) do
    scope.edges[#scope.edges + 1] = {
      from = graph.by_name[name], to = exit.target and graph.by_name[exit.target], kind = exit.kind, label = exit.label,
      index = exit.index,
    }
  end
end

function new_scope(graph, source, title, short)
  local scope = { id = "g" .. #graph.scopes, title = title, short = short, apart = graph.apart, nodes = {}, edges = {} }
  graph.scopes[#graph.scopes + 1] = scope
  local order = discover(source.States, source.StartAt)
  for i, name in ipairs(order) do
    scope.nodes[i] = new_node(graph, name, source.States[name])
  end
  for _, name in ipairs(order) do
    add_edges(graph, scope, name, source.States[name])
  end
  scope.start = scope.nodes[1]
  return scope
end

local function leads_to_end(scope)
  for _, edge in ipairs(scope.edges) do
    if edge.kind == "end" then
      return true
    end
  end
  return false
end

---@param definition table of a machine that has been loaded
---@return stepfn.graph.Graph
function M.of(definition)
  local graph = { scopes = {}, by_name = {}, count = 0, apart = false }
  graph.scope = new_scope(graph, definition)
  graph.ends = leads_to_end(graph.scope)
  return graph
end

return M
