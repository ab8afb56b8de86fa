---JSONPath: RFC 9535, and the paths of AWS Step Functions (Jayway JsonPath).
---
---    local jsonpath = require "stepfn.jsonpath"
---    local cheap = assert(jsonpath.compile("$.store.book[?@.price < 10].title"))
---    for _, title in ipairs(cheap:values(document)) do print(title) end
---
---The two dialects: docs/jsonpath.md.
local argument = require "stepfn.argument"
local checked = require "stepfn.options"
local core = require "stepfn.core"

local M = {}

---Compiled paths that `read` and `values` keep, at most.
M.CACHE_SIZE = 256

---@class stepfn.PathOptions
---@field dialect? "rfc9535"|"aws" default "rfc9535"; machines use "aws"
---@field steps? integer how much work an evaluation may do, about one step a
---node visited; default 20,000,000

local known = { dialect = "string", steps = "number" }

local function check_options(options, name, position)
  options = checked.check(options, known, position, name, 3)
  local dialect = options.dialect or "rfc9535"
  if dialect ~= "rfc9535" and dialect ~= "aws" then
    argument.fault(position, name, "unknown dialect '" .. tostring(dialect) .. "'", 3)
  end
  return dialect, options.steps
end

---Compile a path once, to use it many times.
---@param text string
---@param options? stepfn.PathOptions
---@return stepfn.Path? path nil when the text is no path
---@return string? message
---@return stepfn.PathFault? detail where
function M.compile(text, options)
  argument.check_string(text, 1, "compile", 2)
  local dialect, steps = check_options(options, "compile", 2)
  return core.path(text, dialect, steps)
end

-- Two generations: when the young one is full it becomes the old one, and what
-- was not asked for since is forgotten.
local young, old, count = {}, {}, 0

local function compiled(text, dialect, steps)
  local key = dialect .. " " .. tostring(steps) .. " " .. text
  local path = young[key]
  if path then
    return path
  end
  local message, detail
  path = old[key]
  if not path then
    path, message, detail = core.path(text, dialect, steps)
    if not path then
      return nil, message, detail
    end
  end
  if count >= M.CACHE_SIZE / 2 then
    young, old, count = {}, young, 0
  end
  young[key] = path
  count = count + 1
  return path
end

---What the path names, as AWS reads a Path: a definite path gives the value,
---any other an array of what was found. Compiles and caches.
---@param document any a Lua value or a `stepfn.value`
---@param text string
---@param options? stepfn.PathOptions
---@return any value nil when a definite path names nothing
---@return string? message
---@return stepfn.PathFault? detail
function M.read(document, text, options)
  argument.check_string(text, 2, "read", 2)
  local path, message, detail = compiled(text, check_options(options, "read", 3))
  if not path then
    return nil, message, detail
  end
  return path:read(document)
end

---The nodelist as an array. Compiles and caches.
---@param document any a Lua value or a `stepfn.value`
---@param text string
---@param options? stepfn.PathOptions
---@return any[]? values
---@return string? message
---@return stepfn.PathFault? detail
function M.values(document, text, options)
  argument.check_string(text, 2, "values", 2)
  local path, message, detail = compiled(text, check_options(options, "values", 3))
  if not path then
    return nil, message, detail
  end
  return path:values(document)
end

return M
