---State machines: load a definition, say what is wrong with it, start executions.
local argument = require "stepfn.argument"
local core = require "stepfn.core"
local definitions = require "stepfn.definition"
local diagnostic = require "stepfn.diagnostic"
local execution = require "stepfn.execution"
local files = require "stepfn.file"
local graph = require "stepfn.graph"
local options = require "stepfn.options"
local tasks = require "stepfn.tasks"

local M = {}

---@class stepfn.LoadOptions
---@field name? string
---@field type? "STANDARD"|"EXPRESS"
---@field format? stepfn.Format of a definition that is text: "json" when not given; load_file goes by the extension
---@field substitutions? table<string, string|number|boolean> for `${name}`
---@field functions? table<string, function> by Resource, name or "state:NAME", as tasks are: what runs a task that `tasks` does not name

---@class stepfn.Machine
---@field definition table
---@field name? string
---@field type "STANDARD"|"EXPRESS"
---@field logical_id? string of its resource, when it is from a template
local Machine = {}

local known = { name = "string", type = "string", format = "string", substitutions = "table", functions = "table" }

local replacements = { string = true, number = true, boolean = true }

-- --- loading ---

local function check_settings(settings, name)
  options.check(settings, known, 2, name, 3)
  if settings == nil then
    return
  end
  local kind, fault = settings.type, nil
  if kind ~= nil and kind ~= "STANDARD" and kind ~= "EXPRESS" then
    fault = "option 'type': \"STANDARD\" or \"EXPRESS\" expected"
  end
  if settings.format ~= nil and not definitions.formats[settings.format] then
    fault = "option 'format': \"json\" or \"yaml\" expected"
  end
  for key, value in pairs(settings.substitutions or {}) do
    if type(key) ~= "string" or not replacements[type(value)] then
      fault = "option 'substitutions': texts, numbers or booleans expected"
    end
  end
  if fault then
    argument.fault(2, name, fault, 3)
  end
end

local function read_definition(definition, format, settings, validate_only)
  settings = settings or {}
  return definitions.load(definition, settings.format or format, {
    name = settings.name,
    is_express = settings.type == "EXPRESS",
    substitutions = settings.substitutions and core.value(settings.substitutions),
    validate_only = validate_only,
  })
end

-- Text or a value; a machine comes back as it is.
local function check_definition(definition, name)
  local kind = type(definition)
  if kind == "string" or getmetatable(definition) == Machine then
    return definition
  end
  local value, message
  if kind == "table" or kind == "userdata" then
    value, message = core.value(definition)
  end
  if value == nil then
    message = message or "text, table or value expected, got " .. kind
    argument.fault(1, name, message, 3)
  end
  return value
end

local function new_machine(inner, settings)
  local name, is_express = inner:info()
  return setmetatable({
    core = inner, name = name, type = is_express and "EXPRESS" or "STANDARD",
    _functions = settings and settings.functions or {},
  }, Machine)
end

-- Loads what was read from 'file', if it was.
local function load(definition, settings, file)
  local inner, diagnostics = read_definition(definition, file and definitions.format_of(file), settings)
  if not inner then
    return nil, diagnostic.list(diagnostic.only(diagnostics, "ERROR"), file), diagnostics
  end
  return new_machine(inner, settings), nil, diagnostics
end

---@param definition string|table|stepfn.Value JSON text (YAML with that format), a table, a value, or a machine
---@param settings? stepfn.LoadOptions
---@return stepfn.Machine? machine
---@return string? message all errors, one a line
---@return stepfn.Diagnostic[] diagnostics warnings at most when there is a machine
function M.load(definition, settings)
  check_settings(settings, "load")
  local source = check_definition(definition, "load")
  if getmetatable(source) == Machine then
    return source, nil, {}
  end
  return load(source, settings)
end

local function unreadable(message)
  return nil, message, { { severity = "ERROR", code = "FILE_NOT_READABLE", message = message, pointer = "" } }
end

---@param path string a file with JSON text, or with YAML where it ends in .yaml or .yml
---@param settings? stepfn.LoadOptions
---@return stepfn.Machine? machine
---@return string? message all errors, one a line, each with file, line and column
---@return stepfn.Diagnostic[] diagnostics
function M.load_file(path, settings)
  check_settings(settings, "load_file")
  argument.check_string(path, 1, "load_file", 2)
  local text, message = files.read(path)
  if not text then
    return unreadable(message)
  end
  return load(text, settings, path)
end

---All that is wrong with a definition, errors and warnings.
---@param definition string|table|stepfn.Value
---@param settings? stepfn.LoadOptions
---@return stepfn.Diagnostic[]
function M.validate(definition, settings)
  check_settings(settings, "validate")
  local source = check_definition(definition, "validate")
  if getmetatable(source) == Machine then
    source = source.core:definition()
  end
  local _, diagnostics = read_definition(source, nil, settings, true)
  return diagnostics
end

-- --- a machine ---

local function check_self(self, name)
  if getmetatable(self) ~= Machine then
    error("'" .. name .. "' is a method: machine:" .. name .. "(...)", 3)
  end
end

---The definition as JSON text, members in the order in which they were given.
---@param settings? { indent: boolean? }
---@return string
function Machine:to_json(settings)
  check_self(self, "to_json")
  settings = options.check(settings, { indent = "boolean" }, 1, "to_json", 2)
  return core.encode(self.core:definition(), settings.indent)
end

---The program in Lua that builds this machine with `stepfn.step`.
---@return string source
function Machine:to_lua()
  check_self(self, "to_lua")
  return require("stepfn.step.machine").to_lua(self)
end

-- The Task states, read once.
function Machine:_infos()
  local infos = rawget(self, "_tasks")
  if not infos then
    infos = tasks.infos(self.core)
    rawset(self, "_tasks", infos)
  end
  return infos
end

---Every Resource, with the states that name it.
---@return { resource: string, kind: string, states: string[] }[] in byte order
function Machine:resources()
  check_self(self, "resources")
  local by_resource, list = {}, {}
  for _, info in pairs(self:_infos()) do
    local row = by_resource[info.resource]
    if not row then
      row = { resource = info.resource, kind = info.kind, states = {} }
      by_resource[info.resource] = row
      list[#list + 1] = row
    end
    table.insert(row.states, info.state)
  end
  for _, row in ipairs(list) do
    table.sort(row.states)
  end
  table.sort(list, function(a, b) return a.resource < b.resource end)
  return list
end

-- Does the execution run this definition?
local function is_of(machine, of)
  return of.machine == machine or of.machine:to_json() == machine:to_json()
end

---A picture of the machine; with an execution, the path it took, its retries
---and where it failed are marked.
---@param format? "text"|"mermaid"|"dot"|"svg" "text"
---@param of? stepfn.Execution
---@param child_traces? table[] the traces of the children of its distributed Maps, which `on_child` shows
---@return string? picture
---@return string? message svg needs Graphviz; a path needs a history
function Machine:graph(format, of, child_traces)
  check_self(self, "graph")
  format = format or "text"
  if not graph.knows(format) then
    argument.fault(1, "graph", "\"text\", \"mermaid\", \"dot\" or \"svg\" expected", 2)
  end
  if child_traces ~= nil and type(child_traces) ~= "table" then
    argument.fault(3, "graph", "list of traces expected, got " .. type(child_traces), 2)
  elseif of == nil then
    return graph.draw(self.definition, format)
  elseif type(of) ~= "table" or type(of.trace) ~= "function" then
    argument.fault(2, "graph", "execution expected, got " .. type(of), 2)
  elseif not is_of(self, of) then
    argument.fault(2, "graph", "it is an execution of another machine", 2)
  end
  local rows = of:trace()
  if #rows == 0 and of.usage.events.count > 0 then
    return nil, "the execution kept no history, so that its path is not known"
  end
  return graph.draw(self.definition, format, rows, child_traces)
end

---The variables that each state reads; states that read none are not there.
---@return table<string, string[]>
function Machine:variable_references()
  check_self(self, "variable_references")
  return self.core:variables_read()
end

---Run to the end, or to where only others can bring it on.
---@param input any nil is {}
---@param settings? table
---@return stepfn.Execution
function Machine:run(input, settings)
  check_self(self, "run")
  local started = execution.new(self, input, settings, "run", 3)
  execution.drive(started, "run", 3)
  return started
end

---An execution of which nothing has run yet.
---@param input any
---@param settings? table
---@return stepfn.Execution
function Machine:start(input, settings)
  check_self(self, "start")
  local started = execution.new(self, input, settings, "start", 3)
  return started
end

---Run inside the loop of a driver; comes back at once.
---@param input any
---@param settings? table
---@return stepfn.Execution
function Machine:spawn(input, settings)
  check_self(self, "spawn")
  local started = execution.new(self, input, settings, "spawn", 3)
  execution.detach(started, "spawn", 3)
  return started
end

---An execution as a snapshot tells; nothing of it has run on yet.
---@param text string of Execution:snapshot, of this very definition
---@param settings? stepfn.ResumeOptions
---@return stepfn.Execution? execution
---@return string? message
---@return { code: "NOT_A_SNAPSHOT"|"DAMAGED"|"NEWER"|"OLDER"|"FOREIGN" }? detail
function Machine:resume(text, settings)
  check_self(self, "resume")
  return execution.resume(self, text, settings, 3)
end

function Machine.__index(self, key)
  if key == "definition" then
    local definition = self.core:definition():get()
    rawset(self, "definition", definition)
    return definition
  end
  return Machine[key]
end

function Machine.__tostring(self)
  return self:to_json()
end

Machine.__name = "stepfn.machine"

return M
