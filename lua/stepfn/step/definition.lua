---From states to the text of a definition: finds the states of a scope, writes
---their fields in order, and collects the functions that tasks bring along.
local check = require "stepfn.step.check"
local lambda = require "stepfn.step.lambda"
local order = require "stepfn.step.fields"
local states = require "stepfn.step.state"

local M = {}

---@class stepfn.step.Scope where a machine, branch or processor begins
---@field start stepfn.step.State
---@field fields table<string, any> of the scope itself: Comment …
---@field declared table<string, stepfn.step.State> states that only names lead to
---@field declared_order stepfn.step.State[]

---@class stepfn.step.Writing the work on one definition
---@field functions table<string, function> resource -> function
---@field open table<stepfn.step.State, boolean> states whose scopes are being written
---@field scope_of fun(value: any): stepfn.step.Scope?

-- Breadth-first from the start, in the order of adjacent_states.
local function discover(scope)
  local found, by_name, duplicates = {}, {}, {}
  local function add(target)
    local state = type(target) == "string" and (by_name[target] or scope.declared[target]) or target
    if type(state) == "string" then
      return -- the loader says that nothing has this name
    end
    local known = by_name[state.state_name]
    if known == nil then
      by_name[state.state_name] = state
      found[#found + 1] = state
    elseif known ~= state then
      duplicates[#duplicates + 1] = ("'%s'"):format(state.state_name)
    end
  end
  local visited = 0
  local function visit_all()
    while visited < #found do
      visited = visited + 1
      for _, target in ipairs(found[visited]:adjacent_states()) do
        add(target)
      end
    end
  end
  add(scope.start)
  visit_all()
  for _, state in ipairs(scope.declared_order) do
    add(state)
    visit_all()
  end
  return found, duplicates
end

local function quoted(text)
  return assert(check.encode(text))
end

local function list(items)
  return "[" .. table.concat(items, ",") .. "]"
end

local writers

-- An object of the fields that are there, in the order of the field table.
local function object(fields, writing)
  local parts = {}
  for _, name in ipairs(order) do
    local value = fields[name]
    if value ~= nil then
      local writer = writers[name]
      parts[#parts + 1] = quoted(name) .. ":" .. (writer and writer(value, writing) or value)
    end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- The resource of a task that came with its code, which is noted under it.
local function resource_of(state, writing)
  local code, functions = state.code, writing.functions
  if type(code) == "function" then
    local resource = lambda.resource_of_state(state.state_name, functions)
    functions[resource] = code
    return resource
  end
  local resource = lambda.resource_of(code)
  if functions[resource] and functions[resource] ~= code.run then
    check.raise(("two functions are named '%s'"):format(code.name))
  end
  functions[resource] = code.run
  return resource
end

local function write_state(state, writing)
  local fields = { Type = quoted(states.type_of(state)) }
  for name, value in pairs(state.fields) do
    fields[name] = value
  end
  if state.code then
    fields.Resource = quoted(resource_of(state, writing))
  end
  if fields.Next == nil and states.may_end(state) then
    fields.End = "true"
  end
  if writing.open[state] then
    check.raise(("state '%s' contains itself"):format(state.state_name))
  end
  writing.open[state] = true
  local text = object(fields, writing)
  writing.open[state] = nil
  return text
end

local function write_scope(scope, writing)
  local found, duplicates = discover(scope)
  if #duplicates > 0 then
    check.raise("duplicate state names: " .. table.concat(duplicates, ", "))
  end
  local parts = {}
  for _, state in ipairs(found) do
    parts[#parts + 1] = quoted(state.state_name) .. ":" .. write_state(state, writing)
  end
  local fields = {
    StartAt = quoted(scope.start.state_name),
    States = "{" .. table.concat(parts, ",") .. "}",
  }
  for name, value in pairs(scope.fields) do
    fields[name] = value
  end
  return object(fields, writing)
end

local function write_target(target)
  return quoted(type(target) == "string" and target or target.state_name)
end

local function write_objects(items, writing)
  local parts = {}
  for index, item in ipairs(items) do
    parts[index] = object(item.fields, writing)
  end
  return list(parts)
end

-- A machine from elsewhere is taken as it is written.
local function write_inner(value, writing)
  local scope = writing.scope_of(value)
  return scope and write_scope(scope, writing) or value:to_json()
end

-- Fields that hold what the builder made; all others hold JSON text.
writers = {
  Next = write_target,
  Default = write_target,
  Choices = write_objects,
  And = write_objects,
  Or = write_objects,
  Not = function(rule, writing) return object(rule.fields, writing) end,
  Retry = write_objects,
  Catch = write_objects,
  ErrorEquals = list,
  ItemProcessor = write_inner,
  Branches = function(branches, writing)
    local parts = {}
    for index, branch in ipairs(branches) do
      parts[index] = write_inner(branch, writing)
    end
    return list(parts)
  end,
}

---The JSON text of a definition, and the functions of its tasks by resource.
---@param scope stepfn.step.Scope
---@param scope_of fun(value: any): stepfn.step.Scope? the scope behind a branch, if the builder made it
---@return string json
---@return table<string, function> functions
function M.write(scope, scope_of)
  local writing = { functions = {}, open = {}, scope_of = scope_of }
  local text = write_scope(scope, writing)
  return text, writing.functions
end

return M
