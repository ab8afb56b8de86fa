---Data between Lua and JSON: the marks that tell arrays from objects, null,
---integers that Lua has no exact number for, values kept as they are.
---What becomes what: docs/data.md.
local argument = require "stepfn.argument"
local checked = require "stepfn.options"
local core = require "stepfn.core"

local M = {}

---JSON's null: equal to `cjson.null` and `ngx.null`.
---@type lightuserdata
M.null = core.null

---The metatable of our arrays: that of lua-cjson where it has one, so that its
---encoder and ours agree.
local function array_metatable()
  local cjson = package.loaded["cjson"]
  if not cjson and rawget(_G, "ngx") then
    cjson = select(2, pcall(require, "cjson")) -- OpenResty has it, and programs there use it
  end
  if type(cjson) == "table" and type(rawget(cjson, "array_mt")) == "table" then
    return cjson.array_mt
  end
  return { __jsontype = "array", __name = "stepfn.array" }
end

local array_mt = array_metatable()
local object_mt = { __jsontype = "object", __name = "stepfn.object" }
core.marks(array_mt, object_mt)

-- LuaJIT's 64-bit integers can't be seen by C; their text can.
if rawget(_G, "jit") then
  local has_ffi, ffi = pcall(require, "ffi")
  if has_ffi then
    core.cdata_text(function(value)
      if ffi.istype("int64_t", value) or ffi.istype("uint64_t", value) then
        return (tostring(value):gsub("[UL]+$", ""))
      end
    end)
  end
end

local function check_table(value, name)
  if value ~= nil and type(value) ~= "table" then
    argument.fault(1, name, "table expected, got " .. type(value), 3)
  end
  return value or {}
end

---Mark a table as an array, also when it is empty.
---@generic T: table
---@param list? T a new table when there is none
---@return T list the same table
function M.array(list)
  return setmetatable(check_table(list, "array"), array_mt)
end

---Mark a table as an object.
---@generic T: table
---@param object? T a new table when there is none
---@return T object the same table
function M.object(object)
  return setmetatable(check_table(object, "object"), object_mt)
end

---Would this be written as a JSON array?
---@param value any
---@return boolean
function M.is_array(value)
  local mark = core.mark_of(value)
  if mark or type(value) ~= "table" then
    return mark == "array"
  end
  return type((next(value))) == "number"
end

local encoding = { indent = "boolean" }

---JSON text of a value.
---@param value any
---@param options? { indent: boolean? }
---@return string? text nil when the value has no form in JSON
---@return string? message where and why
---@return stepfn.DataFault? detail
function M.encode(value, options)
  if options == nil then
    return core.encode(value)
  end
  return core.encode(value, checked.check(options, encoding, 2, "encode", 2).indent)
end

---The value of a JSON text; JSON's null is `stepfn.null`.
---@type fun(text: string): any, string?, stepfn.JsonFault?
M.decode = core.decode

---An immutable value kept as it is: from JSON text or a Lua value.
---@type fun(source: any): stepfn.Value?, string?, table?
M.value = core.value

---An exact integer of any size, from its digits or a number.
---@type fun(digits: string|number|userdata): stepfn.Integer?, string?
M.integer = core.integer

return M
