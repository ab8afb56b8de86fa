---`stepfn validate FILE…`: prints every fault of every definition.
local complain = require "stepfn.cli.complain"
local definition = require "stepfn.definition"
local files = require "stepfn.cli.files"
local report = require "stepfn.cli.report"
local source = require "stepfn.cli.source"
local stepfn = require "stepfn"

local M = { check = source.check_files }

local VALID, INVALID, USAGE = 0, 1, 2

---@param command table argparse's
function M.describe(command)
  command:argument("files", "Definitions in JSON or YAML, or Lua files that return a machine."):argname("FILE"):args "*"
  source.describe_template(command)
  command:option("--format", "How to write what is found: for people, for programs, as annotations."):choices(report.names)
    :default "text"
end

local function single(code, message)
  return { { severity = "ERROR", code = code, message = message, pointer = "" } }
end

local function check_lua(path)
  local machine, message, diagnostics = files.checked_machine(path)
  return {
    path = path, valid = machine ~= nil, is_judged = diagnostics ~= nil,
    diagnostics = diagnostics or single("SCRIPT_FAILED", message),
  }
end

local function is_valid(diagnostics)
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.severity == "ERROR" then
      return false
    end
  end
  return true
end

-- Nothing was checked, for want of lyaml.
local function lacks_reader(diagnostics)
  return diagnostics[1] and diagnostics[1].code == "YAML_NOT_AVAILABLE"
end

---@return stepfn.cli.Report
local function check(path)
  local text, message = files.read(path)
  if not text then
    return { path = path, valid = false, unreadable = true, diagnostics = single("FILE_NOT_READABLE", message) }
  elseif path:find "%.lua$" then
    return check_lua(path)
  end
  local diagnostics = stepfn.validate(text, { format = definition.format_of(path) })
  return {
    path = path, text = text, valid = is_valid(diagnostics), unreadable = lacks_reader(diagnostics),
    diagnostics = diagnostics,
  }
end

-- The definition in a template.
local function check_template(path, settings)
  local diagnostics, from = require("stepfn.template").validate(path, settings)
  local first = diagnostics[1]
  return {
    path = from.path, text = from.text, stands_in = from.stands_in, valid = is_valid(diagnostics), diagnostics = diagnostics,
    unreadable = first and (first.code == "FILE_NOT_READABLE" or first.code == "YAML_NOT_AVAILABLE"),
  }
end

local function status_of(checked)
  return checked.valid and VALID or checked.unreadable and USAGE or INVALID
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status the worst of all files
function M.run(options, streams)
  local settings, wrong = source.template_options(options)
  if not settings then
    complain(streams.err, wrong)
    return USAGE
  end
  local reports, worst = {}, VALID
  for i, path in ipairs(options.files) do
    reports[i] = check(path)
    worst = math.max(worst, status_of(reports[i]))
  end
  if options.template then
    reports[1] = check_template(options.template, settings)
    worst = status_of(reports[1])
  end
  report.write(options.format, reports, streams)
  return worst
end

return M
