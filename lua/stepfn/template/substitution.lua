---Texts with `${…}` as values of a template: what a placeholder of the definition
---stands for is put in by Ref, Fn::GetAtt or Fn::Sub.
local M = {}

local PLACEHOLDER = "^%${([%w_]+)}$"

-- Names inside what a placeholder stands for, counted from 0.
local parts = {
  machine = { ":", 6 }, -- arn:aws:states:region:account:stateMachine:NAME
  queue = { "/", 4 }, -- https://sqs.region.amazonaws.com/account/NAME
}

---@alias stepfn.template.Values table<string, any> what each placeholder stands for: text, or a table as templates have it

---What stands for a placeholder; a parameter of its name when nobody said.
---@param values stepfn.template.Values
---@param name string
---@return any
function M.value(values, name)
  local value = values[name]
  if value == nil then
    return { Ref = name }
  end
  return value
end

local function is_list(value)
  return type(value) == "table" and #value == 2
end

-- What can stand inside a text of Fn::Sub itself, or nil.
local function inline(value)
  if type(value) ~= "table" then
    return tostring(value)
  elseif value.Ref then
    return "${" .. value.Ref .. "}"
  elseif is_list(value["Fn::GetAtt"]) then
    return "${" .. table.concat(value["Fn::GetAtt"], ".") .. "}"
  elseif type(value["Fn::Sub"]) == "string" then
    return value["Fn::Sub"]
  end
end

-- One placeholder inside a text; what can't be said there becomes a variable.
local function replaced(name, values, variables)
  local base, kind = name:match "^([%w_]+)|(%a+)$"
  if base then
    local part = parts[kind]
    variables[base .. "Name"] = { ["Fn::Select"] = { part[2], { ["Fn::Split"] = { part[1], M.value(values, base) } } } }
    return "${" .. base .. "Name}"
  elseif not name:find "^[%w_]+$" then
    return "${" .. name .. "}"
  end
  local value = M.value(values, name)
  local text = inline(value)
  if not text then
    variables[name] = value
    return "${" .. name .. "}"
  end
  return text
end

---A text with placeholders as a value of a template.
---@param text string
---@param values stepfn.template.Values
---@return any
function M.finish(text, values)
  local whole = text:match(PLACEHOLDER)
  if whole then
    return M.value(values, whole)
  end
  local variables = {}
  local out = text:gsub("%${([^}]+)}", function(name)
    return replaced(name, values, variables)
  end)
  if next(variables) then
    return { ["Fn::Sub"] = { out, variables } }
  elseif out:find("${", 1, true) then
    return { ["Fn::Sub"] = out }
  end
  return out
end

---All texts of a tree.
---@param tree any
---@param values stepfn.template.Values
---@return any
function M.finish_all(tree, values)
  if type(tree) == "string" then
    return M.finish(tree, values)
  elseif type(tree) ~= "table" then
    return tree
  end
  local copy = {}
  for key, value in pairs(tree) do
    copy[key] = M.finish_all(value, values)
  end
  return setmetatable(copy, getmetatable(tree))
end

---Does a text begin with an ARN, as far as can be told?
---@param text string
---@param values stepfn.template.Values
---@return boolean
function M.is_arn(text, values)
  local name = text:match "^%${([%w_]+)}"
  if not name then
    return text:find "^arn:" ~= nil
  end
  local value = M.value(values, name)
  local shown = inline(value) or ""
  return shown:find "^arn:" ~= nil or shown:find "[Aa][Rr][Nn]}$" ~= nil or name:find "[Aa][Rr][Nn]$" ~= nil
end

return M
