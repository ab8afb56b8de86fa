---`stepfn package FILE`: writes a template of CloudFormation or SAM.
local complain = require "stepfn.cli.complain"
local display = require "stepfn.display"
local faults = require "stepfn.cli.report.text"
local write_file = require("stepfn.file").write
local pairs_of = require "stepfn.cli.pairs"
local source = require "stepfn.cli.source"
local template = require "stepfn.template"

local M = { check = source.check }

local DONE, INVALID, USAGE = 0, 1, 2

---@param command table argparse's
function M.describe(command)
  source.describe(command, "A definition in JSON or YAML, or a Lua file that returns a machine.")
  command:option("--format", "The kind of template."):choices { "cloudformation", "sam" }:default "cloudformation"
  command:option("--output", "Where to write it; in YAML when the name ends so."):argname "FILE"
  command:flag("--yaml", "Write YAML instead of JSON.")
  command:option("--name", "The name of the state machine."):argname "NAME"
  command:option("--logical-id", "Its logical id in the template."):argname "ID"
  command:option("--role-arn", "A role that is there already, instead of one made for its tasks."):argname "ARN"
  command:option("--function", "The logical id of a Lambda function."):argname("NAME=ID"):count "*"
  command:option("--substitution", "What ${NAME} in the definition stands for; a parameter when it is not said.")
    :argname("NAME=TEXT"):count "*"
  command:option("--logging", "Write logs of this level."):choices { "ALL", "ERROR", "FATAL", "OFF" }
  command:flag("--include-execution-data", "Put inputs and outputs into the logs.")
  command:flag("--tracing", "Trace with X-Ray.")
  command:option("--kms-key", "Encrypt with this key."):argname "KEY"
  command:option("--tag", "A tag."):argname("NAME=TEXT"):count "*"
  command:flag("--activities", "Make the activities that the machine names.")
  command:option("--alias", "Publish each version under this name."):argname "NAME"
  command:option("--definition-file", "Write the definition into a file of its own, beside the template."):argname "NAME"
  command:flag("--express", "An EXPRESS state machine.")
end

-- The machine and where it is from, or nil and the exit status.
local function load_machine(options, err)
  local machine, message, diagnostics, from = source.machine(options, { type = options.express and "EXPRESS" or nil })
  if diagnostics then
    faults.print(from.path, from.text, diagnostics, err)
  elseif not machine then
    complain(err, message)
  end
  if not machine then
    return nil, from.missing and USAGE or INVALID
  end
  return machine, from.path
end

local function is_yaml(options)
  return options.yaml or options.output and options.output:find "%.ya?ml$"
end

-- The options of template.write, or nil and a message.
local function settings_of(options)
  local lists = {}
  for name, option in pairs { functions = "function", substitutions = "substitution", tags = "tag" } do
    local read, message = pairs_of.read(options[option], "--" .. option)
    if not read then
      return nil, message
    end
    lists[name] = next(read) and read or nil
  end
  return {
    format = options.format, language = is_yaml(options) and "yaml" or "json", name = options.name,
    logical_id = options.logical_id, role_arn = options.role_arn, functions = lists.functions,
    substitutions = lists.substitutions, logging = options.logging,
    include_execution_data = options.include_execution_data or nil, tracing = options.tracing or nil, kms_key = options.kms_key,
    tags = lists.tags,
    activities = options.activities or nil, alias = options.alias, definition_file = options.definition_file,
  }
end

local names = { functions = "function", substitutions = "substitution", tags = "tag" }

-- What template.write says of its options, by the names that they have here.
local function in_words_of_the_command(message)
  message = message:match "bad argument #%d to '%w+' %((.*)%)$" or message
  return (message:gsub("^option '([%l_]+)'", function(option)
    return "--" .. (names[option] or option:gsub("_", "-"))
  end))
end

-- A file beside the template.
local function beside(output, name)
  return ((output or ""):match "^(.*/)[^/]*$" or "") .. name
end

local function write_all(options, text, definition, out)
  if options.definition_file then
    local good, message = write_file(beside(options.output, options.definition_file), definition)
    if not good then
      return nil, message
    end
  end
  if not options.output then
    out:write(text)
    return true
  end
  return write_file(options.output, text)
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local machine, path = load_machine(options, streams.err)
  if not machine then
    return path
  end
  local settings, wrong = settings_of(options)
  if not settings then
    complain(streams.err, wrong)
    return USAGE
  end
  local called, text, notes, definition = pcall(template.write, machine, settings)
  if not called or not text then
    complain(streams.err, in_words_of_the_command(tostring(called and notes or text)))
    return USAGE
  end
  for _, note in ipairs(notes) do
    streams.err:write(display.clean(("%s: note: %s: %s"):format(path, note.state, note.message)), "\n")
  end
  local good, message = write_all(options, text, definition, streams.out)
  if not good then
    complain(streams.err, message)
    return USAGE
  end
  return DONE
end

return M
