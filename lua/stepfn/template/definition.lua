---A definition as a template has it: the ARNs of a region and account that exist
---nowhere become placeholders, and every placeholder gets its value.
local core = require "stepfn.core"

local M = {}

local ACCOUNT, REGION = "000000000000", "us-east-1" -- those of the builder

---@class stepfn.template.Definition
---@field text string JSON
---@field tree table the same as a Lua table
---@field values stepfn.template.Values what each placeholder stands for
---@field parameters table<string, table> those that the template needs for them

-- What an ARN names, how its placeholder is called and its value is written.
local kinds = {
  {
    pattern = "^lambda:function:([%w_-]+)$", suffix = "FunctionArn", attribute = "Arn", name = "FunctionName",
    types = { ["AWS::Lambda::Function"] = true, ["AWS::Serverless::Function"] = true },
  },
  {
    pattern = "^states:activity:([%w_-]+)$", suffix = "ActivityArn", name = "Name", resource = "AWS::StepFunctions::Activity",
    types = { ["AWS::StepFunctions::Activity"] = true },
  },
  {
    pattern = "^states:stateMachine:([%w_-]+)$", suffix = "StateMachineArn", name = "StateMachineName",
    types = { ["AWS::StepFunctions::StateMachine"] = true, ["AWS::Serverless::StateMachine"] = true },
  },
}

---A text as a logical id: letters and digits.
---@param text string
---@return string
function M.logical_id(text)
  return (text:gsub("[^%w]+", ""))
end

-- The resource of a template that has this name.
local function find_resource(resources, kind, name)
  local found
  for id, resource in pairs(resources) do
    local is_kind = type(resource) == "table" and kind.types[resource.Type]
    local properties = is_kind and resource.Properties or {}
    if is_kind and (properties[kind.name] == name or properties.Name == name or id == M.logical_id(name)) then
      found = (not found or id < found) and id or found -- of several the same one, always
    end
  end
  return found
end

local function reference(kind, id)
  return kind.attribute and { ["Fn::GetAtt"] = { id, kind.attribute } } or { Ref = id }
end

local function kind_of(service, rest)
  for _, kind in ipairs(kinds) do
    local name = (service .. ":" .. rest):match(kind.pattern)
    if name then
      return kind, name
    end
  end
end

---@class stepfn.template.Placing
---@field functions table<string, string|table> logical ids of Lambda functions by their name
---@field used table<string, boolean> those of them that were wanted
---@field makes_activities boolean
---@field made table<string, table> resources that the definition needs beside what is there
---@field resources table<string, table> those that the template has

-- What stands for an ARN of nowhere: a resource of the template, or the same name
-- in the stack's own region and account.
local function value_of(service, region, rest, placing)
  local kind, name = kind_of(service, rest)
  local given = service == "lambda" and placing.functions[name] or nil
  placing.used[name or ""] = given ~= nil or nil
  local id = kind and (given or find_resource(placing.resources, kind, name))
  if not id and kind and placing.makes_activities and kind.resource then
    id = M.logical_id(name) .. "Activity"
    placing.made[id] = { Type = kind.resource, Properties = { Name = name } }
  end
  if type(id) == "table" then
    return id
  elseif id then
    return reference(kind, id)
  end
  region = region == REGION and "${AWS::Region}" or region
  return { ["Fn::Sub"] = ("arn:${AWS::Partition}:%s:%s:${AWS::AccountId}:%s"):format(service, region, rest) }
end

local function placeholder_name(service, rest, taken)
  local kind, name = kind_of(service, rest)
  local base = M.logical_id(name or service .. rest:gsub("^%l", string.upper)) .. (kind and kind.suffix or "Arn")
  local unique, number = base, 1
  while taken[unique] do
    number = number + 1
    unique = base .. number
  end
  return unique
end

-- Placeholders that the definition has.
local function placeholders(text)
  local found = {}
  for name in text:gmatch "%${([%w_]+)}" do
    found[name] = true
  end
  return found
end

-- Replaces the ARNs of nowhere in the strings of a JSON text.
local function place_arns(text, taken, placing, values)
  local by_arn = {}
  return (text:gsub('"arn:aws:([%w-]+):([%w-]*):' .. ACCOUNT .. ':([^"\\]+)"', function(service, region, rest)
    local arn = service .. ":" .. region .. ":" .. rest
    local name = by_arn[arn]
    if not name then
      name = placeholder_name(service, rest, taken)
      by_arn[arn], taken[name] = name, true
      values[name] = value_of(service, region, rest, placing)
    end
    return '"${' .. name .. '}"'
  end))
end

-- A queue is known by its URL.
local function place_queues(text, taken, values)
  local pattern = '"https://sqs%.([%w-]+)%.amazonaws%.com/' .. ACCOUNT .. '/([%w_.-]+)"'
  return (text:gsub(pattern, function(region, queue)
    local base = M.logical_id(queue) .. "QueueUrl"
    local url = ("https://sqs.%s.${AWS::URLSuffix}/${AWS::AccountId}/%s"):format(
      region == REGION and "${AWS::Region}" or region, queue)
    local name, number = base, 1
    while taken[name] and not (values[name] and values[name]["Fn::Sub"] == url) do
      number = number + 1
      name = base .. number
    end
    taken[name], values[name] = true, { ["Fn::Sub"] = url }
    return '"${' .. name .. '}"'
  end))
end

-- Of what the definition left open: given, or a parameter of the template.
local function add_parameters(names, given, values, parameters)
  for name in pairs(names) do
    local value = given[name]
    if value == nil then
      local id = M.logical_id(name)
      parameters[id] = { Type = "String", Description = "What ${" .. name .. "} in the definition stands for" }
      value = { Ref = id }
    end
    values[name] = value
  end
end

-- What was given and stands for nothing is a slip of the hand.
local function check_used(given, used, option, what)
  local names = {}
  for name in pairs(given) do
    names[#names + 1] = not used[name] and tostring(name) or nil
  end
  table.sort(names)
  if names[1] then
    error(("option '%s': the definition has no %s"):format(option, what:format(names[1])), 0)
  end
end

---Raises text, without a place, when something is given for what is not there.
---@param json string
---@param given stepfn.template.Values
---@param placing stepfn.template.Placing
---@return stepfn.template.Definition
function M.prepare(json, given, placing)
  local values, parameters = {}, {}
  local names = placeholders(json)
  local taken = {}
  for name in pairs(names) do
    taken[name] = true
  end
  check_used(given, names, "substitutions", "${%s}")
  add_parameters(names, given, values, parameters)
  local text = place_queues(place_arns(json, taken, placing, values), taken, values)
  check_used(placing.functions, placing.used, "functions", "function '%s' that the stack could have")
  return { text = text, tree = core.decode(text), values = values, parameters = parameters }
end

---Does JSON null occur? Templates can't say it.
---@param tree any
---@return boolean
function M.has_null(tree)
  if tree == core.null then
    return true
  elseif type(tree) ~= "table" then
    return false
  end
  for _, value in pairs(tree) do
    if M.has_null(value) then
      return true
    end
  end
  return false
end

---The substitutions as the machine's resource has them; nil when there are none.
---@param definition stepfn.template.Definition
---@return table?
function M.substitutions(definition)
  return next(definition.values) and definition.values or nil
end

return M
