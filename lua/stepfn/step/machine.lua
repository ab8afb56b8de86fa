---From a start state to a machine: the same object that `stepfn.load` gives,
---with the tasks' functions attached.
local camel = require "stepfn.step.camel"
local check = require "stepfn.step.check"
local copy = require "stepfn.copy"
local definition = require "stepfn.step.definition"
local packaging = require "stepfn.step.package"
local read = require "stepfn.step.read"
local setters = require "stepfn.step.setters"
local wording = require "stepfn.diagnostic"

local M = {}

-- The scope that a machine was built from, so that it can become a branch.
local scopes = setmetatable({}, { __mode = "k" })

local JSONPATH = '"JSONPath"'

-- Sparta's (and AWS's) LoggingConfiguration, kept as it was given.
local function logging_kind(value)
  local text, problem = check.object(value)
  return text and value, problem
end

-- What a machine is told beside its definition: fields of the machine, not of
-- the text.
local beside = { "role_arn", "logging" }

local options_known = {
  role_arn = { "role_arn", "role_arn", check.name },
  logging = { "logging", "logging", logging_kind },
}
setters.add({}, options_known, {
  { "comment", "Comment", check.text },
  { "version", "Version", check.text },
  { "query_language", "QueryLanguage", check.one_of("JSONPath", "JSONata") },
  { "timeout", "TimeoutSeconds", check.seconds },
  { "states", "declared", check.list(check.made("state")) },
})

---@return stepfn.step.Scope
local function new_scope(start, fields)
  local scope = {
    start = start, fields = fields, declared = {}, declared_order = fields.declared or {},
    language = fields.QueryLanguage or JSONPATH, role_arn = fields.role_arn, logging = fields.logging,
  }
  fields.declared, fields.role_arn, fields.logging = nil, nil, nil
  for _, state in ipairs(scope.declared_order) do
    scope.declared[state.state_name] = state
  end
  return scope
end

local function scope_of(value)
  if check.kind_of(value) == "state" then
    return { start = value, fields = {}, declared = {}, declared_order = {} }
  end
  return scopes[value] or read.as_scope(value)
end

local function scope_of_text(machine)
  return read.scope(machine:to_json())
end

-- Every error on a line of its own, and no positions: the text is our own.
local function listed(name, message, diagnostics)
  local lines = { ("state machine '%s' is invalid"):format(name) }
  for _, diagnostic in ipairs(diagnostics or {}) do
    if diagnostic.severity == "ERROR" then
      lines[#lines + 1] = ("  %s: %s"):format(diagnostic.code, wording.message(diagnostic))
    end
  end
  if #lines == 1 then
    lines[2] = "  " .. tostring(message)
  end
  return table.concat(lines, "\n")
end

local methods = {}

local function load_scope(name, kind, scope)
  local written = scope.written or definition.write(scope, scope_of, scope_of_text)
  local machine, message, diagnostics = require("stepfn").load(definition.text(scope.fields, written),
    { name = name, type = kind, functions = written.functions })
  if not machine then
    check.raise(listed(name or "", message, diagnostics))
  end
  for method, run in pairs(methods) do
    rawset(machine, method, run)
  end
  rawset(machine, "_machines", next(written.machines) and written.machines or nil)
  for _, key in ipairs(beside) do
    rawset(machine, key, scope[key])
  end
  scope.written = written
  scopes[machine] = scope
  return machine
end

-- A loaded machine never changes, so that another one is loaded, of the states as
-- they were, and takes its place in the same object.
local function field_setter(name, field, kind)
  return function(self, value)
    local scope = copy(scopes[self])
    scope.fields = copy(scope.fields)
    scope.fields[field] = check.argument(name, 1, kind, value)
    local other = load_scope(self.name, self.type, scope)
    for key in pairs(self) do
      rawset(self, key, nil)
    end
    for key, loaded in pairs(other) do
      rawset(self, key, loaded)
    end
    scopes[self] = scope
    return self
  end
end

local function beside_setter(name, key, kind)
  return function(self, value)
    check.argument(name, 1, kind, value)
    scopes[self][key] = value
    rawset(self, key, value)
    return self
  end
end

methods.comment = field_setter("comment", "Comment", check.text)
methods.with_comment = field_setter("with_comment", "Comment", check.text)
methods.with_version = field_setter("with_version", "Version", check.text)
methods.with_timeout = field_setter("with_timeout", "TimeoutSeconds", check.seconds)
methods.with_role_arn = beside_setter("with_role_arn", "role_arn", check.name)
methods.with_logging = beside_setter("with_logging", "logging", logging_kind)

-- The definition as a table.
function methods.to_table(self)
  return self.definition
end

-- All that can be said about it: warnings, since it was loaded.
function methods.validate(self)
  return require("stepfn").validate(self)
end

-- The state with which it begins.
function methods.start_state(self)
  return scopes[self].start
end

-- Its states in the order in which they are written.
function methods.states(self)
  return (definition.discover(scopes[self]))
end

-- The state of that name, not looking into branches; nil when there is none.
function methods.state(self, name)
  check.argument("state", 1, check.name, name)
  for _, state in ipairs(self:states()) do
    if state.state_name == name then
      return state
    end
  end
end

for name, method in pairs(packaging) do
  methods[name], methods[camel.upper(name)] = method, method
end

local function marshal(self)
  return self:to_json()
end

for _, name in ipairs { "comment", "with_comment", "with_version", "with_timeout", "with_role_arn", "with_logging",
  "to_table", "validate", "start_state", "states", "state" } do
  methods[camel.upper(name)] = methods[name]
end
methods.ToJson, methods.ToJSON, methods.MarshalJSON = marshal, marshal, marshal
methods.ToLua = function(self) return self:to_lua() end

local start_kind = check.made("state")

local function new_machine(constructor, kind, name, position, start, options, logging)
  check.argument(constructor, 1, check.name, name)
  check.argument(constructor, position, start_kind, start)
  local fields = {}
  setters.apply(fields, options_known, constructor, position + 1, options)
  if logging ~= nil then
    fields.logging = check.argument(constructor, 2, logging_kind, logging)
  end
  local machine = load_scope(name, kind, new_scope(start, fields))
  return machine
end

---A STANDARD machine that begins with `start`.
---@param name string
---@param start stepfn.step.State
---@param options table? comment, version, query_language, timeout, role_arn, logging, states (those that only names lead to)
---@return stepfn.step.Machine
function M.new_state_machine(name, start, options)
  local machine = new_machine("new_state_machine", "STANDARD", name, 2, start, options)
  return machine
end

---An EXPRESS machine. Sparta's logging configuration may stand before `start`; it
---is kept as `machine.logging`.
---@param name string
---@param logging table|nil|stepfn.step.State
---@param start stepfn.step.State?
---@param options table?
---@return stepfn.step.Machine
function M.new_express_state_machine(name, logging, start, options)
  local constructor = "new_express_state_machine"
  if check.kind_of(logging) == "state" then
    local machine = new_machine(constructor, "EXPRESS", name, 2, logging, start)
    return machine
  end
  local machine = new_machine(constructor, "EXPRESS", name, 3, start, options, logging)
  return machine
end

---A definition as the builder's objects: `machine:state("Charge"):with_timeout(30)`.
---What it is written as again is the same JSON, and the same bytes when the
---builder wrote it.
---@param source string|table|stepfn.Value JSON text, a table, a value, or a machine
---@param options stepfn.LoadOptions? of stepfn.load: name, type
---@return stepfn.step.Machine? machine
---@return string? message all errors, one a line
---@return stepfn.Diagnostic[] diagnostics
function M.from_json(source, options)
  local ok, loaded, message, diagnostics = pcall(require("stepfn").load, source, options)
  if not ok then
    check.raise((tostring(loaded):gsub("^.-(bad argument #%d to )'load'", "%1'from_json'")))
  elseif not loaded then
    return nil, message, diagnostics
  end
  local machine = load_scope(loaded.name, loaded.type, scope_of_text(loaded))
  return machine, nil, diagnostics
end

---The program that builds a machine with `stepfn.step`: its definition is the same
---to the byte as that of `from_json`. Functions are no part of it: `tasks` serve it.
---@param machine stepfn.Machine
---@return string source
function M.to_lua(machine)
  local text = scopes[machine] and machine:to_json() or assert(M.from_json(machine:to_json())):to_json()
  return require("stepfn.step.source").write(machine, text, options_known)
end

---"base-user", so that people who share an account do not meet.
---@param base string
---@return string
function M.user_scoped_stack_name(base)
  check.argument("user_scoped_stack_name", 1, check.name, base)
  local user = os.getenv "USER" or os.getenv "USERNAME" or "user"
  return base .. "-" .. user:gsub("[^%w]", "-")
end

return M
