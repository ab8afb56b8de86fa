---The machine that the arguments name: in a file, or in a template.
local files = require "stepfn.cli.files"
local pairs_of = require "stepfn.cli.pairs"

local M = {}

---@class stepfn.cli.Source what diagnostics point into
---@field path string
---@field text? string
---@field missing? boolean it was not there to be read, or the arguments are wrong

---@param command table argparse's
---@param what string the argument's description
function M.describe(command, what)
  command:argument("file", what):argname("FILE"):args "?"
  M.describe_template(command)
end

---@param command table argparse's
function M.describe_template(command)
  command:option("--template", "A template of CloudFormation or SAM that has the machine."):argname "FILE"
  command:option("--resource", "The logical id of the machine in the template."):argname "ID"
  command:option("--parameter", "The value of a parameter of the template."):argname("NAME=TEXT"):count "*"
end

---How to read the template that the arguments name.
---@param options table what argparse made of the arguments
---@return stepfn.template.LoadOptions?
---@return string? message
function M.template_options(options)
  local parameters, message = pairs_of.read(options.parameter, "--parameter")
  if not parameters then
    return nil, message
  end
  return { resource = options.resource, parameters = parameters }
end

-- What is wrong with the arguments.
local function fault(options, has_file)
  if options.template and has_file then
    return "a FILE or --template expected, not both"
  elseif not options.template and not has_file then
    return "missing argument 'file', or the option '--template'"
  elseif not options.template and (options.resource or options.parameter and options.parameter[1]) then
    return "--resource and --parameter are for --template"
  end
end

---What is wrong with the arguments of a command that takes one file.
---@param options table
---@return string?
function M.check(options)
  return fault(options, options.file ~= nil)
end

---What is wrong with the arguments of a command that takes several.
---@param options table
---@return string?
function M.check_files(options)
  return fault(options, #options.files > 0)
end

local function of_template(options)
  local settings, message = M.template_options(options)
  if not settings then
    return nil, message, nil, { path = options.template, missing = true }
  end
  local machine, wrong, diagnostics, source = require("stepfn.template").load(options.template, settings)
  source = source or { path = options.template }
  source.missing = not files.read(options.template)
  return machine, wrong, diagnostics, source
end

---@param options table what argparse made of the arguments
---@param settings table for stepfn.load
---@return stepfn.Machine? machine
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics errors, or warnings beside a machine
---@return stepfn.cli.Source source
function M.machine(options, settings)
  if options.template then
    return of_template(options)
  end
  local machine, message, diagnostics, text = files.machine(options.file, settings)
  return machine, message, diagnostics, { path = options.file, text = text, missing = not files.read(options.file) }
end

return M
