---From a start state to a machine: the same object that `stepfn.load` gives,
---with the tasks' functions attached.
local check = require "stepfn.step.check"
local definition = require "stepfn.step.definition"
local setters = require "stepfn.step.setters"

local M = {}

-- The scope that a machine was built from, so that it can become a branch.
local scopes = setmetatable({}, { __mode = "k" })

local options_known = {}
setters.add({}, options_known, {
  { "comment", "Comment", check.text },
  { "version", "Version", check.text },
  { "timeout", "TimeoutSeconds", check.seconds },
  { "states", "declared", check.list(check.made("state")) },
})

---@return stepfn.step.Scope
local function new_scope(start, fields)
  local declared_order = fields.declared or {}
  local declared = {}
  fields.declared = nil
  for _, state in ipairs(declared_order) do
    declared[state.state_name] = state
  end
  return { start = start, fields = fields, declared = declared, declared_order = declared_order }
end

local function scope_of(value)
  if check.kind_of(value) == "state" then
    return new_scope(value, {})
  end
  return scopes[value]
end

-- Every error on a line of its own, and no positions: the text is our own.
local function listed(name, message, diagnostics)
  local lines = { ("state machine '%s' is invalid"):format(name) }
  for _, diagnostic in ipairs(diagnostics or {}) do
    if diagnostic.severity == "ERROR" then
      local location = diagnostic.location and " at " .. diagnostic.location or ""
      lines[#lines + 1] = ("  %s: %s%s"):format(diagnostic.code, diagnostic.message, location)
    end
  end
  if #lines == 1 then
    lines[2] = "  " .. tostring(message)
  end
  return table.concat(lines, "\n")
end

local methods = {}

local function load_scope(name, kind, scope)
  local text, functions = definition.write(scope, scope_of)
  local machine, message, diagnostics =
    require("stepfn").load(text, { name = name, type = kind, functions = functions })
  if not machine then
    check.raise(listed(name, message, diagnostics))
  end
  for method, run in pairs(methods) do
    rawset(machine, method, run)
  end
  scopes[machine] = scope
  return machine
end

-- Sets the machine's comment. A loaded machine never changes, so that another
-- one is loaded and takes its place in the same object.
local function comment(self, text)
  local scope = scopes[self]
  scope.fields.Comment = check.argument("comment", 1, check.text, text)
  local other = load_scope(self.name, self.type, scope)
  for key in pairs(self) do
    rawset(self, key, nil)
  end
  for key, value in pairs(other) do
    rawset(self, key, value)
  end
  return self
end

-- The definition as a table.
function methods.to_table(self)
  return self.definition
end

for _, name in ipairs { "comment", "with_comment", "Comment", "WithComment" } do
  methods[name] = comment
end

local start_kind = check.made("state")

local function new_machine(constructor, kind, name, position, start, options)
  check.argument(constructor, 1, check.name, name)
  check.argument(constructor, position, start_kind, start)
  local fields = {}
  setters.apply(fields, options_known, constructor, position + 1, options)
  local machine = load_scope(name, kind, new_scope(start, fields))
  return machine
end

---A STANDARD machine that begins with `start`.
---@param name string
---@param start stepfn.step.State
---@param options table? comment, version, timeout, states (those that only names lead to)
---@return stepfn.step.Machine
function M.new_state_machine(name, start, options)
  local machine = new_machine("new_state_machine", "STANDARD", name, 2, start, options)
  return machine
end

---An EXPRESS machine. Sparta's logging configuration may stand before `start`.
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
  local machine = new_machine(constructor, "EXPRESS", name, 3, start, options)
  return machine
end

return M
