---Templates of CloudFormation and SAM for machines.
local layout = require "stepfn.template.layout"
local machines = require "stepfn.template.machine"

local M = {}

local formats = {
  cloudformation = require "stepfn.template.cloudformation",
  sam = require "stepfn.template.sam",
}

---@class stepfn.template.Written
---@field template table
---@field notes stepfn.template.Note[] where the role had to be wide
---@field definition string the definition, as a file of its own would have it

local VERSION = "2010-09-09"

-- What two machines both need must be the same.
local function merge(into, from)
  for name, member in pairs(from) do
    if into[name] == nil then
      into[name] = member
    end
  end
end

local function add_output(template, part)
  template.Outputs = template.Outputs or {}
  template.Outputs[part.id .. "Arn"] = { Description = "The state machine " .. (part.name or part.id), Value = { Ref = part.id } }
end

---Add a machine to a template. Raises text, without a place, when the options
---can't be met.
---@param template table is changed
---@param machine stepfn.Machine
---@param options stepfn.template.Options
---@param format "cloudformation"|"sam"
---@return stepfn.template.Written
function M.add(template, machine, options, format)
  local writer = formats[format]
  template.AWSTemplateFormatVersion = template.AWSTemplateFormatVersion or VERSION
  template.Transform = template.Transform or writer.transform
  template.Resources = template.Resources or {}
  local part, notes = machines.part(machine, options, template.Resources)
  if template.Resources[part.id] then
    error(("the template has a resource '%s' already: give the machine another logical id"):format(part.id), 0)
  end
  writer.add(part, template.Resources)
  merge(template.Resources, part.made)
  if next(part.definition.parameters) then
    template.Parameters = template.Parameters or {}
    merge(template.Parameters, part.definition.parameters)
  end
  add_output(template, part)
  return { template = template, notes = notes, definition = machines.definition_text(part) .. "\n" }
end

---@param template table
---@param language "json"|"yaml"
---@return string
function M.text(template, language)
  return layout[language](template)
end

return M
