---Statements of IAM from single allowances: as few as say the same, always in the
---same order.
local core = require "stepfn.core"

local M = {}

---@class stepfn.template.Allowance
---@field action string "dynamodb:GetItem"
---@field resource any an ARN as templates have it, or "*"
---@field condition? table

local function encoded(value)
  return value ~= nil and assert(core.encode(value)) or ""
end

-- What is allowed on every resource needs not be allowed on one.
local function without_covered(entries)
  local everywhere = {}
  for _, entry in ipairs(entries) do
    if entry.resource == "*" and not entry.condition then
      everywhere[entry.action] = true
    end
  end
  local kept = {}
  for _, entry in ipairs(entries) do
    if entry.resource == "*" and not entry.condition or not everywhere[entry.action] then
      kept[#kept + 1] = entry
    end
  end
  return kept
end

-- The groups of a list by a key, in the order of the keys.
local function grouped(list, key_of)
  local groups, keys = {}, {}
  for _, item in ipairs(list) do
    local key = key_of(item)
    if not groups[key] then
      groups[key] = {}
      keys[#keys + 1] = key
    end
    table.insert(groups[key], item)
  end
  table.sort(keys)
  local ordered = {}
  for index, key in ipairs(keys) do
    ordered[index] = groups[key]
  end
  return ordered
end

local function unique_sorted(list)
  local seen, out = {}, {}
  for _, item in ipairs(list) do
    if not seen[item] then
      seen[item] = true
      out[#out + 1] = item
    end
  end
  table.sort(out)
  return out
end

-- All of a service that is allowed on one resource under one condition.
local function by_resource(entries)
  local rows = {}
  local groups = grouped(entries, function(entry)
    return entry.action:match "^[^:]*" .. "\n" .. encoded(entry.condition) .. "\n" .. encoded(entry.resource)
  end)
  for index, group in ipairs(groups) do
    local actions = {}
    for i, entry in ipairs(group) do
      actions[i] = entry.action
    end
    rows[index] = { actions = unique_sorted(actions), resource = group[1].resource, condition = group[1].condition }
  end
  return rows
end

---@param entries stepfn.template.Allowance[]
---@return table[] statements
function M.of(entries)
  local statements = {}
  local groups = grouped(by_resource(without_covered(entries)), function(row)
    return table.concat(row.actions, " ") .. "\n" .. encoded(row.condition)
  end)
  for index, group in ipairs(groups) do
    local resources = {}
    for i, row in ipairs(group) do
      resources[i] = row.resource
    end
    statements[index] = {
      Effect = "Allow", Action = group[1].actions, Condition = group[1].condition,
      Resource = resources[1] == "*" and "*" or resources,
    }
  end
  return statements
end

return M
