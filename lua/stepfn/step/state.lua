---The states. One metatable for each type of state, with methods made from
---rows; a method exists where AWS's field table has the field. The tasks'
---constructors are in task.lua and service.lua.
local camel = require "stepfn.step.camel"
local check = require "stepfn.step.check"
local order = require "stepfn.step.fields"
local setters = require "stepfn.step.setters"

local M = {}

-- Of a state: state_name; fields, the definition's fields as JSON text or as what
-- the builder made; params, JSON text that becomes Parameters or Arguments, as the
-- query language has it; of a task, code (its function, lambda or activity) and
-- machine (the one that it starts).
local State = {}

---The state's name.
---@return string
function State:name()
  return self.state_name
end

---The states (or names) that this one may lead to, in the order of discovery.
---@return (stepfn.step.State|string)[]
function State:adjacent_states()
  local fields, found = self.fields, {}
  found[#found + 1] = fields.Next
  for _, rule in ipairs(fields.Choices or {}) do
    found[#found + 1] = rule.fields.Next
  end
  found[#found + 1] = fields.Default
  for _, catcher in ipairs(fields.Catch or {}) do
    found[#found + 1] = catcher.fields.Next
  end
  return found
end

-- A machine, a branch, or a state with which one begins.
local function scope(value)
  local kind = check.kind_of(value)
  if kind == "state" or kind == "scope" or type(value) == "table" and value.to_json then
    return value
  elseif type(value) == "userdata" then
    return value
  end
  return nil, "machine, branch or state"
end

local input_output = {
  { "input_path", "InputPath", check.path_or_null },
  { "output_path", "OutputPath", check.path_or_null },
  { "output", "Output", check.data },
}
local result_path = { { "result_path", "ResultPath", check.path_or_null } }
local assign = { { "assign", "Assign", check.object } }
local parameters = { { "parameters", "Parameters", check.data } }
local arguments = { { "arguments", "Arguments", check.data } }

-- Numbers that a JSONata state may compute.
local seconds = check.or_expression(check.seconds)
local counted = check.or_expression(check.count)
local percentage = check.or_expression(check.percentage)

-- Where items come from, where results go: what distributed.lua made, or the
-- object itself.
local function source(value)
  if check.kind_of(value) == "source" then
    return value
  end
  return check.object(value)
end

-- What Task, Parallel and Map do with the result and with errors.
local work = {
  { "result_selector", "ResultSelector", check.data },
  { "retriers", "Retry", check.list(check.made("retrier")) },
  { "catchers", "Catch", check.list(check.made("catcher")) },
}

local rows_of = {
  Task = { input_output, parameters, arguments, work, result_path, assign, {
    { "timeout", "TimeoutSeconds", seconds },
    { "timeout_path", "TimeoutSecondsPath", check.path },
    { "heartbeat", "HeartbeatSeconds", seconds },
    { "heartbeat_path", "HeartbeatSecondsPath", check.path },
    { "credentials", "Credentials", check.object },
  } },
  Pass = { input_output, parameters, result_path, assign, {
    { "result", "Result", check.data },
  } },
  Choice = { input_output, assign, {
    { "default", "Default", check.target },
  } },
  Wait = { input_output, assign },
  Succeed = { input_output },
  Fail = { {
    { "error", "Error", check.text },
    { "error_path", "ErrorPath", check.path_or_call },
    { "cause", "Cause", check.text },
    { "cause_path", "CausePath", check.path_or_call },
  } },
  Parallel = { input_output, parameters, arguments, work, result_path, assign },
  Map = { input_output, work, result_path, assign, {
    { "parameters", "ItemSelector", check.data }, -- the field's deprecated name on a Map
    { "items_path", "ItemsPath", check.path },
    { "items", "Items", check.data },
    { "item_selector", "ItemSelector", check.data },
    { "max_concurrency", "MaxConcurrency", counted },
    { "max_concurrency_path", "MaxConcurrencyPath", check.path },
    { "tolerated_failure_count", "ToleratedFailureCount", counted },
    { "tolerated_failure_count_path", "ToleratedFailureCountPath", check.path },
    { "tolerated_failure_percentage", "ToleratedFailurePercentage", percentage },
    { "tolerated_failure_percentage_path", "ToleratedFailurePercentagePath", check.path },
    { "item_reader", "ItemReader", source },
    { "item_batcher", "ItemBatcher", check.object },
    { "result_writer", "ResultWriter", source },
    { "label", "Label", check.text },
  } },
}

-- Types of state that a transition leaves: the others have no Next.
local leads_on = { Task = true, Pass = true, Wait = true, Parallel = true, Map = true }

local function next_method(self, target)
  self.fields.Next = check.argument("next", 1, check.target, target)
  return check.kind_of(target) == "state" and target or self
end

local is_text = {}
for _, name in ipairs(order) do
  is_text[name] = true
end
for _, name in ipairs { "Type", "Next", "Default", "Choices", "Retry", "Catch", "Branches", "ItemProcessor", "Iterator" } do
  is_text[name] = nil -- these hold what the builder made
end

local function field_name(value)
  if is_text[value] then
    return value
  end
  return nil, "name of a field that holds data"
end

-- Any field by AWS's name, which only the loader checks.
local function field_method(self, name, value)
  self.fields[check.argument("with_field", 1, field_name, name)] = check.argument("with_field", 2, check.data, value)
  return self
end

local query_language = check.one_of("JSONPath", "JSONata")

-- The query language of this state alone: as("JSONata").
local function as_method(self, language)
  self.fields.QueryLanguage = check.argument("as", 1, query_language, language)
  return self
end

local types = {}
for type_name, groups in pairs(rows_of) do
  local methods, options = { name = State.name, adjacent_states = State.adjacent_states }, {}
  setters.add(methods, options, {
    { "comment", "Comment", check.text },
    { "query_language", "QueryLanguage", query_language },
  })
  for _, rows in ipairs(groups) do
    setters.add(methods, options, rows)
  end
  methods.assign, methods.as, methods.with_field = methods.with_assign, as_method, field_method
  if leads_on[type_name] then
    methods.next = next_method
    options.next = { "next", "Next", check.target }
  end
  types[type_name] = {
    methods = methods,
    options = options,
    meta = {
      step_kind = "state",
      step_type = type_name,
      __name = "stepfn.step." .. type_name,
      __index = camel.index(methods),
      __tostring = function(self) return type_name .. " " .. self.state_name end,
    },
  }
end

types.Map.options.iterator = { "iterator", "is_iterator", check.boolean }

---The methods of a type of state, for those who add to them.
---@param type_name string
---@return table<string, function>
function M.methods(type_name)
  return types[type_name].methods
end

---Its options, each the row of its setter.
---@param type_name string
---@return table<string, stepfn.step.Setter>
function M.options(type_name)
  return types[type_name].options
end

---A state from the fields of a definition.
---@param type_name string
---@param name string
---@param fields table<string, any>
---@return stepfn.step.State
function M.from_fields(type_name, name, fields)
  return setmetatable({ state_name = name, fields = fields }, types[type_name].meta)
end

---A state of one type with its first fields; options may add others.
---@param type_name string
---@param constructor string the user's name of what makes it
---@param name string
---@param fields table<string, any>
---@param position integer of the options
---@param options table?
---@return stepfn.step.State
function M.new_state(type_name, constructor, name, fields, position, options)
  local kept = check.argument(constructor, 1, check.name, name)
  setters.apply(fields, types[type_name].options, constructor, position, options)
  return M.from_fields(type_name, kept, fields)
end

local new_state = M.new_state

---The type of a state: "Task" …
---@param state stepfn.step.State
---@return string
function M.type_of(state)
  return getmetatable(state).step_type
end

---Whether the state ends its scope when it has no Next.
---@param state stepfn.step.State
---@return boolean
function M.may_end(state)
  return leads_on[M.type_of(state)] or false
end

---A state that hands its input on, or a fixed result.
---@param name string
---@param result any? nil for none
---@param options table?
---@return stepfn.step.Pass
function M.new_pass_state(name, result, options)
  local fields = {}
  if result ~= nil then
    fields.Result = check.argument("new_pass_state", 2, check.data, result)
  end
  local state = new_state("Pass", "new_pass_state", name, fields, 3, options)
  return state
end

local function is_plain(value)
  return type(value) == "table" and getmetatable(value) == nil
end

-- Splits (a, b, c, options) or ({ a, b, c }, options) into a list, the options
-- and the position where those stood.
local function items_and_options(...)
  local items, count, options = { ... }, select("#", ...), nil
  if is_plain(items[count]) and items[count][1] == nil and next(items[count]) ~= nil then
    options, items[count], count = items[count], nil, count - 1
  end
  local position = count + 2
  if count == 1 and is_plain(items[1]) then
    items, count = items[1], #items[1]
  end
  return items, count, options, position
end

local function choice(value)
  if check.kind_of(value) ~= "rule" then
    return nil, "choice rule"
  elseif not value.fields.Next then
    return nil, "!a choice rule needs a Next"
  end
  return value
end

---A state that chooses where to go.
---@param name string
---@param ... any rules one by one, or a list of them; then options
---@return stepfn.step.Choice
function M.new_choice_state(name, ...)
  local items, count, options, position = items_and_options(...)
  local rules = {}
  for index = 1, count do
    rules[index] = check.argument("new_choice_state", index + 1, choice, items[index])
  end
  local state = new_state("Choice", "new_choice_state", name, { Choices = rules }, position, options)
  return state
end

---One more rule, tried after those that are there.
---@param rule stepfn.step.Rule
---@return stepfn.step.State self
function types.Choice.methods:add(rule)
  table.insert(self.fields.Choices, check.argument("add", 1, choice, rule))
  return self
end

local function wait_constructor(constructor, field, kind, twin)
  kind = twin and check.with_twin(kind, twin) or kind
  return function(name, value, options)
    local fields = { [field] = check.argument(constructor, 2, kind, value) }
    local state = new_state("Wait", constructor, name, fields, 3, options)
    return state
  end
end

---@type fun(name: string, seconds: number, options: table?): stepfn.step.Wait
M.new_wait_delay_state = wait_constructor("new_wait_delay_state", "Seconds", check.or_expression(check.delay),
  "new_dynamic_wait_duration_state")
---@type fun(name: string, time: string|number, options: table?): stepfn.step.Wait
M.new_wait_until_state = wait_constructor("new_wait_until_state", "Timestamp", check.or_expression(check.timestamp),
  "new_wait_dynamic_until_state")
---@type fun(name: string, path: string, options: table?): stepfn.step.Wait
M.new_wait_dynamic_until_state = wait_constructor("new_wait_dynamic_until_state", "TimestampPath", check.path)
---@type fun(name: string, path: string, options: table?): stepfn.step.Wait
M.new_dynamic_wait_duration_state = wait_constructor("new_dynamic_wait_duration_state", "SecondsPath", check.path)

---A state that ends its scope well.
---@param name string
---@param options table?
---@return stepfn.step.Succeed
function M.new_success_state(name, options)
  local state = new_state("Succeed", "new_success_state", name, {}, 2, options)
  return state
end

---A state that fails the execution.
---@param name string
---@param error_name string?
---@param cause any? its text is used, as of an error value
---@param options table?
---@return stepfn.step.Fail
function M.new_fail_state(name, error_name, cause, options)
  local fields = {}
  if error_name ~= nil then
    fields.Error = check.argument("new_fail_state", 2, check.text, error_name)
  end
  if cause ~= nil then
    fields.Cause = check.argument("new_fail_state", 3, check.text, cause)
  end
  local state = new_state("Fail", "new_fail_state", name, fields, 4, options)
  return state
end

---A state that runs machines side by side.
---@param name string
---@param ... any machines or start states one by one, or a list; then options
---@return stepfn.step.Parallel
function M.new_parallel_state(name, ...)
  local items, count, options, position = items_and_options(...)
  local branches = {}
  for index = 1, count do
    branches[index] = check.argument("new_parallel_state", index + 1, scope, items[index])
  end
  local state = new_state("Parallel", "new_parallel_state", name, { Branches = branches }, position, options)
  return state
end

---A state that runs one machine for every item of a list.
---@param name string
---@param processor any a machine, a branch, or the state with which one begins
---@param options table? also `iterator = true`: the processor is written under its former name
---@return stepfn.step.Map
function M.new_map_state(name, processor, options)
  local fields = { processor = { scope = check.argument("new_map_state", 2, scope, processor) } }
  local state = new_state("Map", "new_map_state", name, fields, 3, options)
  fields[fields.is_iterator == "true" and "Iterator" or "ItemProcessor"] = fields.processor
  fields.processor, fields.is_iterator = nil, nil
  return state
end

return M
