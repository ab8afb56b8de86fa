---Templates of AWS CloudFormation and SAM: machines as templates, with roles that
---allow what their tasks need and no more; and templates as machines.
---
---    local template = require "stepfn.template"
---    print(template.write(machine, { logging = "ERROR", language = "yaml" }))
local argument = require "stepfn.argument"
local core = require "stepfn.core"
local identity = require "stepfn.identity"
local options_of = require "stepfn.options"
local read = require "stepfn.template.read"
local write = require "stepfn.template.write"

local M = {}

local known = {
  logical_id = "string", name = "string", role_arn = "string|table", functions = "table", substitutions = "table",
  logging = "string|table", include_execution_data = "boolean", tracing = "boolean", tags = "table", alias = "string",
  activities = "boolean", kms_key = "string|table",
  definition = "string", definition_file = "string", format = "string", language = "string", description = "string",
}

local NAME_MAX = 80 -- characters of an alias

local choices = {
  format = { cloudformation = true, sam = true },
  language = { json = true, yaml = true },
  definition = { string = true, object = true },
}

local function fault_of_choice(option, value)
  local names = {}
  for choice in pairs(choices[option]) do
    names[#names + 1] = '"' .. choice .. '"'
  end
  table.sort(names)
  return not choices[option][value] and table.concat(names, " or ") .. " expected" or nil
end

local function fault_of_alias(text)
  local fits = text:find "^[%w_.-]+$" and text:find "[^%d]" and #text <= NAME_MAX
  return not fits and ("1 to %d letters, digits, '-', '_' and '.' expected, not digits alone"):format(NAME_MAX) or nil
end

-- What is wrong with the text of an option, or nil.
local texts = {
  logical_id = function(text) return not text:find "^%w+$" and "letters and digits expected" or nil end,
  name = identity.name_fault,
  alias = fault_of_alias,
  role_arn = function(text) return not text:find "^arn:[%w-]+:iam::%d*:role/%S+$" and "the ARN of a role expected" or nil end,
}

for option in pairs(choices) do
  texts[option] = function(text) return fault_of_choice(option, text) end
end

local function fault_of(options)
  local wrong
  for option, check_text in pairs(texts) do
    local value = options[option]
    local fault = type(value) == "string" and check_text(value)
    if fault and (not wrong or option < wrong.option) then
      wrong = { option = option, fault = fault }
    end
  end
  return wrong and ("option '%s': %s"):format(wrong.option, wrong.fault)
end

-- Raises at the line of whoever called the function of that name.
local function check(machine, options, name)
  if type(machine) ~= "table" or not machine.to_json then
    argument.fault(1, name, "machine expected, got " .. type(machine), 3)
  end
  options = options_of.check(options, known, 2, name, 3)
  local wrong = fault_of(options)
  if wrong then
    argument.fault(2, name, wrong, 3)
  end
  return options
end

-- What a machine is added to, at the line of whoever called build.
local function check_into(into)
  if type(into) ~= "table" then
    argument.fault(3, "build", "table expected, got " .. type(into), 3)
  end
  for _, section in ipairs { "Resources", "Parameters", "Outputs" } do
    if into[section] ~= nil and type(into[section]) ~= "table" then
      argument.fault(3, "build", ("its %s: table expected, got %s"):format(section, type(into[section])), 3)
    end
  end
end

---A machine as a template, or added to one.
---@param machine stepfn.Machine
---@param options? stepfn.template.Options also format ("cloudformation" or "sam"), description
---@param into? table a template, which is changed
---@return table? template
---@return string|stepfn.template.Note[] notes where the role had to be wide; a message when there is no template
---@return string? definition the text for the option `definition_file`
function M.build(machine, options, into)
  options = check(machine, options, "build")
  if into ~= nil then
    check_into(into)
  end
  local template = into or { Description = options.description }
  local good, written = pcall(write.add, template, machine, options, options.format or "cloudformation")
  if not good then
    return nil, tostring(written)
  end
  return written.template, written.notes, written.definition
end

---A template as text.
---@param machine stepfn.Machine
---@param options? stepfn.template.Options also format, description, language ("json" or "yaml")
---@return string? text
---@return string|stepfn.template.Note[] notes where the role had to be wide; a message when there is no text
---@return string? definition the text for the option `definition_file`
function M.write(machine, options)
  options = check(machine, options, "write")
  local template, notes, definition = M.build(machine, options)
  if not template then
    return nil, notes
  end
  return write.text(template, options.language or "json"), notes, definition
end

local load_known = { resource = "string", parameters = "table" }

local function check_load(path, options, name)
  if type(path) ~= "string" then
    error("bad argument #1 to '" .. name .. "' (string expected, got " .. type(path) .. ")", 3)
  end
  options = options_of.check(options, load_known, 2, name, 3)
  for key, value in pairs(options.parameters or {}) do
    if type(key) ~= "string" or type(value) ~= "string" then
      error("bad argument #2 to '" .. name .. "' (option 'parameters': texts expected)", 3)
    end
  end
  return options
end

---The machine in a template of CloudFormation or SAM, JSON or YAML.
---@param path string
---@param options? stepfn.template.LoadOptions
---@return stepfn.Machine? machine its `logical_id` is that of the resource
---@return string? message all errors, one a line, each with file, line and column
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source? source what the diagnostics point into
function M.load(path, options)
  options = check_load(path, options, "load")
  return read.load(path, options)
end

---All that is wrong with a template, or with the definition in it.
---@param path string
---@param options? stepfn.template.LoadOptions
---@return stepfn.Diagnostic[] diagnostics
---@return stepfn.template.Source source what they point into
function M.validate(path, options)
  options = check_load(path, options, "validate")
  return read.validate(path, options)
end

---The logical ids of the state machines in a template, in its order.
---@param path string
---@param options? stepfn.template.LoadOptions
---@return string[]? ids
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics
function M.ids(path, options)
  options = check_load(path, options, "ids")
  return read.ids(path, options)
end

---The text of a template table.
---@param template table
---@param language? "json"|"yaml" "json"
---@return string
function M.text(template, language)
  argument.check_table(template, 1, "text", 2)
  if language ~= nil and not choices.language[language] then
    argument.fault(2, "text", '"json" or "yaml" expected', 2)
  end
  local _, message = core.encode(template) -- what holds itself, or no data
  if message then
    argument.fault(1, "text", message, 2)
  end
  return write.text(template, language or "json")
end

return M
