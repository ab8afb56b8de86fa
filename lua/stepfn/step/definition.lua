---From states to the text of a definition: finds the states of a scope, writes
---their fields in order, and collects the functions and machines that tasks bring
---along.
local check = require "stepfn.step.check"
local copy = require "stepfn.copy"
local lambda = require "stepfn.step.lambda"
local order = require "stepfn.step.fields"
local states = require "stepfn.step.state"

local M = {}

---@class stepfn.step.Scope where a machine, branch or processor begins
---@field start stepfn.step.State
---@field fields table<string, any> of the scope itself: Comment …
---@field language? string the query language of its states, as JSON; nil: that of the machine
---@field declared table<string, stepfn.step.State> states that only names lead to
---@field declared_order stepfn.step.State[]
---@field written? stepfn.step.Written of a machine: what it was built as

---@class stepfn.step.Writing the work on one definition
---@field functions table<string, function> resource -> function
---@field machines table<string, stepfn.Machine> those that tasks start, by ARN
---@field language string the query language of the machine, as JSON
---@field open table<stepfn.step.State, boolean> states whose scopes are being written
---@field scope_of fun(value: any): stepfn.step.Scope?
---@field read_scope fun(machine: stepfn.Machine): stepfn.step.Scope the scope of a machine that the builder did not make

local JSONPATH, JSONATA = '"JSONPath"', '"JSONata"'

---The states of a scope: breadth-first from the start, in the order of
---adjacent_states.
---@param scope stepfn.step.Scope
---@return stepfn.step.State[] found
---@return string[] duplicates the names, quoted
function M.discover(scope)
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
  if check.kind_of(code) == "activity" then
    functions[code.arn] = code.run
    return code.arn
  end
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

-- The parameters of a constructor stand where the query language has them.
local function add_params(fields, params, language)
  local name = language == JSONATA and "Arguments" or "Parameters"
  if fields[name] == nil then
    fields[name] = params
  end
end

-- The fields of a state as they are written in a scope of that query language.
local function fields_of(state, language, writing)
  local fields = copy(state.fields)
  fields.Type = quoted(states.type_of(state))
  if language ~= writing.language and not fields.QueryLanguage then
    fields.QueryLanguage = language
  end
  if state.params then
    add_params(fields, state.params, fields.QueryLanguage or language)
  end
  if state.code then
    fields.Resource = quoted(resource_of(state, writing))
  end
  if state.machine then
    writing.machines[lambda.machine_arn(state.machine.name)] = state.machine
  end
  if fields.Next == nil and fields.End == nil and states.may_end(state) then
    fields.End = "true"
  end
  return fields
end

local function write_state(state, language, writing)
  local fields = fields_of(state, language, writing)
  if writing.open[state] then
    check.raise(("state '%s' contains itself"):format(state.state_name))
  end
  writing.open[state] = true
  local outer = writing.of_state
  writing.of_state = fields.QueryLanguage or language
  local text = object(fields, writing)
  writing.of_state = outer
  writing.open[state] = nil
  return text
end

local function write_states(scope, writing)
  local found, duplicates = M.discover(scope)
  local language = scope.language or writing.language
  if #duplicates > 0 then
    check.raise("duplicate state names: " .. table.concat(duplicates, ", "))
  end
  local parts = {}
  for _, state in ipairs(found) do
    parts[#parts + 1] = quoted(state.state_name) .. ":" .. write_state(state, language, writing)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function write_scope(scope, own, writing)
  local fields = copy(own)
  fields.StartAt = quoted(scope.start.state_name)
  fields.States = write_states(scope, writing)
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

-- Of a machine's own fields a branch has not all: its states say their language.
local function write_inner_scope(scope, config, writing)
  local fields = copy(scope.fields)
  fields.Version, fields.QueryLanguage = nil, nil
  fields.ProcessorConfig = config or fields.ProcessorConfig
  return write_scope(scope, fields, writing)
end

-- A machine from elsewhere is taken as it is written.
local function write_inner(value, writing)
  local scope = writing.scope_of(value)
  return scope and write_inner_scope(scope, nil, writing) or value:to_json()
end

local function write_processor(processor, writing)
  if not processor.config then
    return write_inner(processor.scope, writing)
  end
  local scope = writing.scope_of(processor.scope) or writing.read_scope(processor.scope)
  return write_inner_scope(scope, processor.config, writing)
end

-- An ItemReader or ResultWriter: its text, or what it is made of.
local function write_source(source, writing)
  if type(source) == "string" then
    return source
  end
  local fields = copy(source.fields)
  add_params(fields, source.params, writing.of_state)
  return object(fields, writing)
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
  ItemProcessor = write_processor,
  Iterator = write_processor,
  ItemReader = write_source,
  ResultWriter = write_source,
  Branches = function(branches, writing)
    local parts = {}
    for index, branch in ipairs(branches) do
      parts[index] = write_inner(branch, writing)
    end
    return list(parts)
  end,
}

---@class stepfn.step.Written the states of a machine, as they were when it was built
---@field start string the name of the first one, as JSON
---@field states string all, as JSON
---@field functions table<string, function> what tasks brought along, by resource
---@field machines table<string, stepfn.Machine> what tasks start, by ARN

---Writes the states of a machine.
---@param scope stepfn.step.Scope
---@param scope_of fun(value: any): stepfn.step.Scope? the scope behind a branch, if the builder made it
---@param read_scope fun(machine: stepfn.Machine): stepfn.step.Scope that of any other machine
---@return stepfn.step.Written
function M.write(scope, scope_of, read_scope)
  local writing = {
    functions = {}, machines = {}, open = {}, scope_of = scope_of, read_scope = read_scope,
    language = scope.language or JSONPATH,
  }
  return {
    start = quoted(scope.start.state_name), states = write_states(scope, writing),
    functions = writing.functions, machines = writing.machines,
  }
end

---The JSON text of a definition.
---@param own table<string, any> the fields of the machine itself
---@param written stepfn.step.Written
---@return string json
function M.text(own, written)
  local fields = copy(own)
  fields.StartAt, fields.States = written.start, written.states
  return object(fields)
end

return M
