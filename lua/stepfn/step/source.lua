---From a definition to the program that builds it: Lua source text that uses
---`stepfn.step`, and whose machine has the same JSON to the byte.
---
---Every state is a local named after it. The states of a branch come before the
---state that holds it; where each scope's states lead is said after them.
local branch = require "stepfn.step.branch"
local camel = require "stepfn.step.camel"
local check = require "stepfn.step.check"
local literal = require "stepfn.step.literal"
local order = require "stepfn.step.fields"
local policy = require "stepfn.step.policy"
local read = require "stepfn.step.read"
local states = require "stepfn.step.state"

local M = {}

local WIDTH = 110
local LOCALS_MAX = 150 -- Lua has 200 of them in a function
local NAME_MAX = 40

---@class stepfn.step.Program
---@field lines string[]
---@field variables table<stepfn.step.State, string>
---@field taken table<string, boolean> names of variables
---@field in_table boolean the states are fields of one local: there are too many

local quote = literal.quote

local function decoded(text)
  return (require("stepfn").decode(text))
end

-- --- names ---

local reserved = { step = true, stepfn = true, s = true }

local function variable_base(name)
  local base = name:gsub("[^%w]+", "_"):gsub("(%l)(%u)", "%1_%2"):lower():gsub("^_+", ""):sub(1, NAME_MAX):gsub("_+$", "")
  if base == "" or base:find "^%d" then
    base = ("state_" .. base):gsub("_$", "")
  end
  return (reserved[base] or not literal.is_name(base)) and base .. "_state" or base
end

local function new_variable(program, name)
  local base, number = variable_base(name), 1
  local variable = base
  while program.taken[variable] do
    number = number + 1
    variable = base .. "_" .. number
  end
  program.taken[variable] = true
  return program.in_table and "s." .. variable or variable
end

-- --- expressions ---

local constants = {}
for name, text in pairs(policy.errors) do
  constants[text] = "step." .. name
end

local function error_names(texts)
  local names = {}
  for i, text in ipairs(texts) do
    local name = decoded(text)
    names[i] = constants[name] or quote(name)
  end
  return names
end

-- The options by field. Of several the one that is called like the field.
local function by_field(options)
  local rows = {}
  for option, row in pairs(options) do
    if not rows[row[2]] or camel.snake(row[2]) == option then
      rows[row[2]] = row
    end
  end
  return rows
end

-- Is `text` what the builder makes of its value there?
local function is_kept(row, value, text)
  return row and type(row[3]) == "function" and row[3](value) == text
end

-- "name = value" for each field that an option has; the others come back.
local function option_items(fields, rows, indent)
  local items, rest = {}, {}
  for _, field in ipairs(order) do
    local text, row = fields[field], rows[field]
    if type(text) == "string" then
      local expression, value = literal.of_json(text, indent + 2)
      if is_kept(row, value, text) then
        items[#items + 1] = row[1] .. " = " .. expression
      else
        rest[#rest + 1] = field
      end
    end
  end
  return items, rest
end

local function options_of(fields, rows, indent, first)
  local items, rest = option_items(fields, rows, indent)
  if first then
    table.insert(items, 1, first)
  end
  if #rest > 0 then
    error("no option for the field '" .. rest[1] .. "'", 0)
  end
  return items
end

local retrier_rows, catcher_rows = by_field(policy.options.retrier), by_field(policy.options.catcher)
local branch_rows = by_field(branch.options)

local function retrier(item, indent)
  local names = error_names(item.fields.ErrorEquals)
  local errors = "errors = " .. (#names == 1 and names[1] or literal.table_of(names, indent + 2))
  return "step.retry " .. literal.table_of(options_of(item.fields, retrier_rows, indent, errors), indent)
end

local function catcher(program, item, indent)
  local arguments = { program.variables[item.fields.Next] }
  for _, name in ipairs(error_names(item.fields.ErrorEquals)) do
    arguments[#arguments + 1] = name
  end
  local items = options_of(item.fields, catcher_rows, indent)
  if #items > 0 then
    arguments[#arguments + 1] = literal.table_of(items, indent)
  end
  return "step.new_task_catch(" .. table.concat(arguments, ", ") .. ")"
end

local rule_rows = {}
for _, field in ipairs { "Comment", "Assign", "Output" } do
  rule_rows[field] = { field, field, field == "Assign" and check.object or check.data }
end

local rule

local function operand_items(program, operands, indent)
  local items = {}
  for i, operand in ipairs(operands) do
    items[i] = rule(program, operand, indent + 2)
  end
  return items
end

local function condition(program, fields)
  local text = "step.when(" .. literal.of_json(fields.Condition, 0) .. ")"
  for _, field in ipairs { "Comment", "Assign", "Output" } do
    if fields[field] then
      text = ("%s:with_%s(%s)"):format(text, camel.snake(field), (literal.of_json(fields[field], 4)))
    end
  end
  return text .. (fields.Next and ":go(" .. program.variables[fields.Next] .. ")" or "")
end

-- What is asked: the constructor and the first items of its literal.
local function comparison(program, fields, indent)
  for _, operator in ipairs { "And", "Or" } do
    if fields[operator] then
      return operator, operand_items(program, fields[operator], indent)
    end
  end
  if fields.Not then
    return "Not", { "Comparison = " .. rule(program, fields.Not, indent + 2) }
  end
  for _, operator in ipairs(order) do
    if fields[operator] and operator ~= "Variable" and operator ~= "Next" and not rule_rows[operator] then
      return operator, {
        "Variable = " .. literal.of_json(fields.Variable, indent), "Value = " .. literal.of_json(fields[operator], indent),
      }
    end
  end
end

function rule(program, item, indent)
  local fields = item.fields
  if fields.Condition then
    return condition(program, fields)
  end
  local operator, items = comparison(program, fields, indent)
  local others = {}
  for field in pairs(rule_rows) do
    others[field] = fields[field]
  end
  for _, option in ipairs((option_items(others, rule_rows, indent))) do
    items[#items + 1] = option
  end
  if fields.Next then
    items[#items + 1] = "Next = " .. program.variables[fields.Next]
  end
  return "step." .. operator .. " " .. literal.table_of(items, indent, WIDTH - indent - #operator - 6)
end

-- --- states ---

local function call(name, ...)
  return "step." .. name .. "(" .. table.concat({ ... }, ", ") .. ")"
end

local function first_state(program, scope, without_config)
  local fields = {}
  for field, text in pairs(scope.fields) do
    fields[field] = text
  end
  fields.ProcessorConfig = not without_config and fields.ProcessorConfig or nil
  local items = options_of(fields, branch_rows, 2)
  local start = program.variables[scope.start]
  return #items == 0 and start or call("new_branch", start, literal.table_of(items, 2))
end

local configs = {
  ['{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}'] = ":distributed()",
  ['{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}'] = ':distributed { execution_type = "EXPRESS" }',
}

local function map_state(program, state, name)
  local fields = state.fields
  local processor = fields.ItemProcessor or fields.Iterator
  local mode = fields.ItemProcessor and configs[processor.scope.fields.ProcessorConfig]
  local inner = first_state(program, processor.scope, mode)
  if fields.Iterator then
    return call("new_map_state", name, inner, "{ iterator = true }")
  end
  return call("new_map_state", name, inner), {}, mode
end

local function parallel_state(program, state, name)
  local items = {}
  for i, scope in ipairs(state.fields.Branches) do
    items[i] = first_state(program, scope)
  end
  return call("new_parallel_state", name, literal.table_of(items, 0))
end

local function wait_state(_, state, name)
  for field, constructor in pairs {
    Seconds = "new_wait_delay_state", Timestamp = "new_wait_until_state", SecondsPath = "new_dynamic_wait_duration_state",
    TimestampPath = "new_wait_dynamic_until_state",
  } do
    if state.fields[field] then
      return call(constructor, name, (literal.of_json(state.fields[field], 0))), { [field] = true }
    end
  end
end

local function pass_state(_, state, name)
  local result = state.fields.Result
  if result then
    return call("new_pass_state", name, (literal.of_json(result, 0))), { Result = true }
  end
  return call("new_pass_state", name)
end

local function fail_state(_, state, name)
  local fields = state.fields
  if fields.Error and fields.Cause then
    return call("new_fail_state", name, quote(decoded(fields.Error)), quote(decoded(fields.Cause))), { Error = true, Cause = true }
  elseif fields.Error then
    return call("new_fail_state", name, quote(decoded(fields.Error))), { Error = true }
  end
  return call("new_fail_state", name)
end

-- Each gives the constructor's call, the fields that it takes, and what follows.
local constructors = {
  Task = function(_, state, name)
    return call("new_task_state", name, quote(decoded(state.fields.Resource))), { Resource = true }
  end,
  Pass = pass_state,
  Wait = wait_state,
  Fail = fail_state,
  Succeed = function(_, _, name) return call("new_success_state", name) end,
  Choice = function(_, _, name) return call("new_choice_state", name) end,
  Parallel = parallel_state,
  Map = map_state,
}

-- The call that sets a field: its own method, or the one for any field.
local function setter(rows, field, text)
  local expression, value = literal.of_json(text, 2)
  if not is_kept(rows[field], value, text) then
    return (":with_field(%s, %s)"):format(quote(field), expression)
  elseif expression:sub(1, 1) == "{" then
    return (":with_%s %s"):format(rows[field][1], expression)
  end
  return (":with_%s(%s)"):format(rows[field][1], expression)
end

-- ":name(item, item)", or a list with a line for each.
local function call_with(name, items)
  local inline = ":" .. name .. "(" .. table.concat(items, ", ") .. ")"
  if #inline < WIDTH and not inline:find "\n" then
    return inline
  end
  return ":" .. name .. " " .. literal.table_of(items, 2, 0)
end

local function retriers(list)
  local items = {}
  for i, item in ipairs(list) do
    items[i] = retrier(item, 4)
  end
  return #items == 0 and ":with_retriers {}" or call_with("with_retriers", items)
end

local function setters_of(state, taken, first)
  local calls, rows = { first }, by_field(states.options(states.type_of(state)))
  for _, field in ipairs(order) do
    local value = state.fields[field]
    if field == "Retry" and value then
      calls[#calls + 1] = retriers(value)
    elseif type(value) == "string" and not taken[field] then
      calls[#calls + 1] = setter(rows, field, value)
    end
  end
  return calls
end

-- A call and those that follow: in one line, or a line each.
local function chained(head, calls)
  local inline = head .. table.concat(calls)
  if #inline <= WIDTH and not inline:find "\n" then
    return inline
  end
  return head .. "\n  " .. table.concat(calls, "\n  ")
end

local function add(program, line)
  program.lines[#program.lines + 1] = line
end

local function declare_state(program, state)
  local variable = new_variable(program, state.state_name)
  program.variables[state] = variable
  local head, taken, first = constructors[states.type_of(state)](program, state, quote(state.state_name))
  local target = (program.in_table and "" or "local ") .. variable .. " = "
  add(program, target .. chained(head, setters_of(state, taken or {}, first)))
end

-- --- where they lead ---

local function next_chains(program, scope)
  local told = {}
  for _, state in ipairs(scope.declared_order) do
    local calls, from = {}, state
    while from.fields.Next and not told[from] do
      told[from] = true
      from = from.fields.Next
      calls[#calls + 1] = ":next(" .. program.variables[from] .. ")"
    end
    if #calls > 0 then
      add(program, chained(program.variables[state], calls))
    end
  end
end

local function catchers(program, state)
  local items = {}
  for i, item in ipairs(state.fields.Catch) do
    items[i] = catcher(program, item, 4)
  end
  return #items == 0 and ":with_catchers {}" or call_with("with_catchers", items)
end

local function choices(program, state)
  local calls = {}
  for i, item in ipairs(state.fields.Choices) do
    calls[i] = ":add(" .. rule(program, item, 2) .. ")"
  end
  if state.fields.Default then
    calls[#calls + 1] = ":with_default(" .. program.variables[state.fields.Default] .. ")"
  end
  return calls
end

local function link_scope(program, scope)
  local declared = #program.lines
  next_chains(program, scope)
  for _, state in ipairs(scope.declared_order) do
    if state.fields.Catch then
      add(program, program.variables[state] .. catchers(program, state))
    end
    if state.fields.Choices then
      add(program, chained(program.variables[state], choices(program, state)))
    end
  end
  if #program.lines > declared then
    table.insert(program.lines, declared + 1, "")
  end
end

-- The scopes that a state holds, each with what is said of it.
local function inner_scopes(state)
  local fields, list = state.fields, {}
  for i, scope in ipairs(fields.Branches or {}) do
    list[i] = { scope, ("branch %d of %s"):format(i, state.state_name) }
  end
  local processor = fields.ItemProcessor or fields.Iterator
  if processor then
    list[1] = { processor.scope, "each item of " .. state.state_name }
  end
  return list
end

local function write_scope(program, scope, title)
  for _, state in ipairs(scope.declared_order) do
    for _, inner in ipairs(inner_scopes(state)) do
      write_scope(program, inner[1], inner[2])
    end
  end
  add(program, "")
  if title then
    add(program, "-- " .. title:gsub("%c", " "))
  end
  for _, state in ipairs(scope.declared_order) do
    declare_state(program, state)
  end
  link_scope(program, scope)
end

local function count_states(scope)
  local count = #scope.declared_order
  for _, state in ipairs(scope.declared_order) do
    for _, inner in ipairs(inner_scopes(state)) do
      count = count + count_states(inner[1])
    end
  end
  return count
end

-- --- the machine ---

local function machine_options(machine, scope, rows)
  local items = options_of(scope.fields, rows, 0)
  for _, key in ipairs { "role_arn", "logging" } do
    local value = rawget(machine, key)
    if value ~= nil then
      items[#items + 1] = key .. " = " .. literal.of_json(assert(check.encode(value)), 2)
    end
  end
  return items
end

local function machine_call(program, machine, scope, rows)
  local constructor = machine.type == "EXPRESS" and "new_express_state_machine" or "new_state_machine"
  local arguments = { quote(machine.name or "StateMachine"), program.variables[scope.start] }
  local items = machine_options(machine, scope, rows)
  if #items > 0 then
    arguments[3] = literal.table_of(items, 0, WIDTH - 60)
  end
  return "return " .. call(constructor, (table.concat(arguments, ", ")))
end

---The program that builds a machine.
---@param machine stepfn.Machine
---@param text string its definition, as the builder writes it
---@param options table<string, stepfn.step.Setter> of a machine
---@return string source
function M.write(machine, text, options)
  local scope = read.scope(text)
  local program = { lines = {}, variables = {}, taken = {}, in_table = count_states(scope) > LOCALS_MAX }
  write_scope(program, scope)
  add(program, "\n" .. machine_call(program, machine, scope, by_field(options)))
  local body = table.concat(program.lines, "\n")
  local head = { "---The state machine " .. (machine.name or "StateMachine"):gsub("%c", " ") .. "." }
  head[2] = 'local step = require "stepfn.step"'
  if body:find("stepfn.", 1, true) then
    head[#head + 1] = 'local stepfn = require "stepfn"'
  end
  if program.in_table then
    head[#head + 1] = "\nlocal s = {} -- the states: more than Lua has locals"
  end
  return table.concat(head, "\n") .. "\n" .. body .. "\n"
end

return M
