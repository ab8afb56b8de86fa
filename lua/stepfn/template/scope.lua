---A template being worked out: its functions come to what they stand for, as far as
---that is known without deploying anything.
local conditions = require "stepfn.template.conditions"
local document = require "stepfn.template.document"
local fault = require "stepfn.template.fault"
local functions = require "stepfn.template.functions"
local options = require "stepfn.options"

local M = {}

local DEPTH_MAX = 1000 -- as in documents
local NAMES_MAX = 50
local SPENT_MAX = 64 * 1024 * 1024

---@class stepfn.template.Scope
---@field document stepfn.template.Document
---@field parameters table<string, string> given
---@field resolving table<string, boolean> what is being worked out
---@field resolved table<stepfn.yaml.Node, stepfn.yaml.Node> what was: many may ask for it
---@field truths table<stepfn.yaml.Node, boolean> of conditions
---@field spent integer bytes that functions made
---@field depth integer
---@field names integer names and conditions that need each other
local Scope = {}
Scope.__index = Scope

-- --- names ---

local pseudo_parameters = {
  ["AWS::AccountId"] = "000000000000",
  ["AWS::Partition"] = "aws",
  ["AWS::Region"] = "us-east-1",
  ["AWS::StackName"] = "stack",
  ["AWS::URLSuffix"] = "amazonaws.com",
}

---@param name string
---@return string?
function Scope:pseudo(name)
  if name == "AWS::StackId" then
    return ("arn:%s:cloudformation:%s:%s:stack/%s/00000000-0000-0000-0000-000000000000"):format(self:pseudo "AWS::Partition",
      self:pseudo "AWS::Region", self:pseudo "AWS::AccountId", self:pseudo "AWS::StackName")
  end
  return self.parameters[name] or pseudo_parameters[name]
end

---A section of the template.
---@param name string "Parameters"
---@return stepfn.yaml.Node?
function Scope:section(name)
  return (document.member(self.document.root, name))
end

---A resource of the template.
---@param id string
---@return stepfn.yaml.Node?
function Scope:resource(id)
  return (document.member(self:section "Resources", id))
end

---"did you mean", among the names of these sections.
---@param name string
---@param sections string[]
---@return string
function Scope:hint(name, sections)
  local names = {}
  for _, section in ipairs(sections) do
    for _, key in ipairs((self:section(section) or {}).keys or {}) do
      names[key.name] = true
    end
  end
  local like = #name > 2 and options.nearest(name, names) -- any two letters are like each other
  return like and ("; did you mean '%s'?"):format(like) or ""
end

---Work something out that must not need itself.
---@generic T
---@param key string what
---@param node stepfn.yaml.Node
---@param work fun(): T
---@return T
function Scope:guarded(key, node, work)
  if self.resolving[key] then
    fault.raise(node, "CIRCULAR_REFERENCE", "%s needs itself", key)
  elseif self.names == NAMES_MAX then
    fault.raise(node, "INVALID_TEMPLATE", "%s is needed by more than %d others, one by the other", key, NAMES_MAX)
  end
  self.resolving[key], self.names = true, self.names + 1
  local result = work()
  self.resolving[key], self.names = nil, self.names - 1
  return result
end

---Functions count what they make: a little may come to very much.
---@param bytes integer
---@param node stepfn.yaml.Node
function Scope:spend(bytes, node)
  self.spent = self.spent + bytes
  if self.spent > SPENT_MAX then
    fault.raise(node, "INVALID_TEMPLATE", "its functions come to more than %d bytes", SPENT_MAX)
  end
end

---Is a resource there, as its condition says?
---@param resource stepfn.yaml.Node
---@return boolean
function Scope:is_made(resource)
  local condition = document.member(resource, "Condition")
  return not condition or conditions.holds(self, condition)
end

-- --- trees ---

-- { "Fn::…": … } -> the function, its arguments
local function function_of(node)
  local key = node.keys and #node.keys == 1 and node.keys[1]
  if not key then
    return nil
  elseif functions[key.name] then
    return functions[key.name], node.values[1]
  elseif key.name:find "^Fn::" then
    fault.raise(key, "INVALID_FUNCTION", "%s can't be worked out here", key.name)
  end
end

local function resolve_members(scope, node)
  local copy = { first = node.first, last = node.last, values = {}, keys = node.keys and {} or nil }
  for index, child in ipairs(node.values) do
    local value = scope:resolve(child)
    if value ~= document.NOTHING then
      table.insert(copy.values, value)
      if node.keys then
        table.insert(copy.keys, node.keys[index])
      end
    end
  end
  return copy
end

local function resolve_collection(scope, node)
  local call, argument = function_of(node)
  if call then
    return call(scope, argument)
  end
  return resolve_members(scope, node)
end

---A tree without functions.
---@param node stepfn.yaml.Node
---@return stepfn.yaml.Node
function Scope:resolve(node)
  if node.json then
    return node
  elseif self.resolved[node] then
    return self.resolved[node]
  elseif self.depth == DEPTH_MAX then
    fault.raise(node, "INVALID_TEMPLATE", "more than %d levels deep", DEPTH_MAX)
  end
  self.depth = self.depth + 1
  local result = resolve_collection(self, node)
  self.depth = self.depth - 1
  self.resolved[node] = result
  return result
end

---What a node comes to, when that is text, a number, true or false.
---@param node stepfn.yaml.Node?
---@return string?
function Scope:text(node)
  local resolved = node and self:resolve(node)
  return resolved and resolved ~= document.NOTHING and document.text(resolved) or nil
end

---@param source stepfn.template.Document
---@param parameters table<string, string>?
---@return stepfn.template.Scope
function M.new(source, parameters)
  return setmetatable({
    document = source, parameters = parameters or {}, resolving = {}, resolved = {}, truths = {}, spent = 0, depth = 0,
    names = 0,
  }, Scope)
end

return M
