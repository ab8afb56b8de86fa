---Files in the `asl` format, expanded to cases.  A file is one case or a table of
---rows, each merged over what they have in common.
local stepfn = require "stepfn"

---@class conformance.AslCase
---@field id string
---@field key string? of a table's row
---@field kind string
---@field fields fun(name: string): any a field as a value, members in order; nil when absent
---@field get fun(name: string): any a field as Lua data

local M = {}

local KINDS = {
  execution = true, test_state = true, create_error = true, update_error = true, start_error = true,
  validate = true, variable_references = true, map_run = true, table = true,
}

local VALUE = getmetatable(stepfn.value "{}")

local function is_value(v)
  return type(v) == "userdata" and getmetatable(v) == VALUE
end

local function member(layer, name)
  return is_value(layer) and layer[name] or nil
end

local function lua_data(v)
  return is_value(v) and v:get() or v
end

-- The first of the layers that has a field wins.
local function new_case(id, layers)
  local case = { id = id }
  function case.field(name)
    for _, layer in ipairs(layers) do
      local value = member(layer, name)
      if value ~= nil then
        return value
      end
    end
  end
  function case.get(name)
    return lua_data(case.field(name))
  end
  case.kind = case.field "kind"
  case.key = case.field "key"
  return case
end

---The cases in a file; none when it has another shape.
---@param document any
---@return conformance.AslCase[]
function M.expand(document)
  if type(member(document, "id")) ~= "string" or not KINDS[document.kind] then
    return {}
  elseif document.kind ~= "table" then
    return { new_case(document.id, { document }) }
  end
  local cases = {}
  for i = 1, #document.rows do
    cases[i] = new_case(document.id, { document.rows[i], document.common, document })
  end
  return cases
end

---Does the definition use JSONata?
---@param case conformance.AslCase
---@return boolean
function M.has_jsonata(case)
  local text = case.field "definition_text" or tostring(case.field "definition" or "")
  return text:find('"QueryLanguage"%s*:%s*"JSONata"') ~= nil
end

return M
