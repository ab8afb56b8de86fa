---Methods of a builder's machine that put it into templates of CloudFormation, as
---Sparta's decorators do.
local check = require "stepfn.step.check"

local M = {}

local function optional_table(value)
  if value == nil or type(value) == "table" then
    return value or false
  end
  return nil, "table"
end

-- A table or nil at `position` of `name`, else an error at the user's line.
local function expect_table(name, position, value)
  check.argument(name, position, optional_table, value)
end

local function add(machine, options, template)
  local good, built, message = pcall(require("stepfn.template").build, machine, options, template)
  if not good or not built then
    check.raise((tostring(good and message or built):gsub("^.*bad argument.-%((.*)%)$", "%1")))
  end
  return built
end

local function named(id, options)
  local all = {}
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  all.logical_id = id
  return all
end

local function decorator(machine, options)
  return function(template)
    expect_table("the decorator", 1, template)
    local added = add(machine, options, template)
    return added
  end
end

---A template of this machine alone.
---@param self stepfn.step.Machine
---@param options? stepfn.template.Options
---@return table template
function M.cloudformation(self, options)
  expect_table("cloudformation", 1, options)
  local template = add(self, options)
  return template
end

---A function that puts this machine into a template, so that several compose.
---@param self stepfn.step.Machine
---@param id string the logical id
---@param options? stepfn.template.Options
---@return fun(template: table): table
function M.state_machine_named_decorator(self, id, options)
  check.argument("state_machine_named_decorator", 1, check.name, id)
  expect_table("state_machine_named_decorator", 2, options)
  local settings = named(id, options)
  return decorator(self, settings)
end

---The same under a logical id made from the machine's name.
---@param self stepfn.step.Machine
---@param options? stepfn.template.Options
---@return fun(template: table): table
function M.state_machine_decorator(self, options)
  expect_table("state_machine_decorator", 1, options)
  return decorator(self, options)
end

return M
