---Methods made from rows. A row says which method sets which field of the
---definition, and what its argument may be; the same row serves the option of
---that name at the end of a constructor.
local check = require "stepfn.step.check"
local options_of = require "stepfn.options"
local sorted_keys = require "stepfn.sorted_keys"

local M = {}

---@class stepfn.step.Setter
---@field [1] string the option's name; the method is "with_" and this
---@field [2] string the field of the definition
---@field [3] fun(value: any): any, string? | stepfn.step.List the kind of its argument

local function method_name(row)
  return "with_" .. row[1]
end

local function append(fields, field, values)
  local all = fields[field] or {}
  for _, value in ipairs(values) do
    all[#all + 1] = value
  end
  fields[field] = all
end

local function single_setter(row)
  local name, field, kind = method_name(row), row[2], row[3]
  return function(self, value)
    self.fields[field] = check.argument(name, 1, kind, value)
    return self
  end
end

local function list_setter(row)
  local name, field, kind = method_name(row), row[2], row[3]
  return function(self, ...)
    append(self.fields, field, check.arguments(name, kind, ...))
    return self
  end
end

-- Those that have a twin for a path, as "timeout" has "timeout_path", say so.
local function tell_twins(rows)
  local named = {}
  for _, row in ipairs(rows) do
    named[row[1]] = row
  end
  for name, row in pairs(named) do
    local twin = named[name .. "_path"]
    if twin and type(row[3]) == "function" then
      row[3] = check.with_twin(row[3], method_name(twin))
    end
  end
end

---Adds a method to `methods` and an entry to `options` for every row.
---@param methods table<string, function>
---@param options table<string, stepfn.step.Setter>
---@param rows stepfn.step.Setter[]
function M.add(methods, options, rows)
  tell_twins(rows)
  for _, row in ipairs(rows) do
    local is_list = type(row[3]) == "table"
    methods[method_name(row)] = is_list and list_setter(row) or single_setter(row)
    options[row[1]] = row
  end
end

local function apply(fields, row, name, position, value)
  local what = ("option '%s'"):format(row[1])
  if type(row[3]) ~= "table" then
    fields[row[2]] = check.field(name, position, what, row[3], value)
    return
  end
  local kept = {}
  for index, item in ipairs(check.is_list(value) and value or { value }) do
    kept[index] = check.field(name, position, what, row[3].each, item)
  end
  append(fields, row[2], kept)
end

---Sets the fields that an options table names; nil is an empty one.
---@param fields table<string, any>
---@param known table<string, stepfn.step.Setter>
---@param name string the constructor, for messages
---@param position integer of the options table
---@param options table?
function M.apply(fields, known, name, position, options)
  if options == nil then
    return
  end
  if type(options) ~= "table" or check.kind_of(options) then
    check.argument(name, position, function() return nil, "table of options" end, options)
  end
  for _, key in ipairs(sorted_keys(options)) do
    if not known[key] then
      check.raise(("bad argument #%d to '%s' (%s)"):format(position, name, options_of.unknown(key, known)))
    end
    apply(fields, known[key], name, position, options[key])
  end
end

return M
