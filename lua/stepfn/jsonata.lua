---JSONata: queries and transformations of data.
---
---    local jsonata = require "stepfn.jsonata"
---    local total = assert(jsonata.compile("$sum(items.(price * quantity))"))
---    print(total:evaluate { items = { { price = 2, quantity = 3 } } })
---
---Dialects, limits, errors: docs/jsonata.md.
local argument = require "stepfn.argument"
local checked = require "stepfn.options"
local core = require "stepfn.core"

local M = {}

---@class stepfn.JsonataLimits
---@field steps? integer how much work one evaluation may do, about one step a node evaluated; default 50,000,000
---@field depth? integer nested evaluations; default 2000, at most 3000
---@field sequence? integer elements of one array; default 10,000,000
---@field memory? integer bytes of one evaluation; default 256 MiB

---@class stepfn.JsonataOptions
---@field dialect? "2.2"|"aws" default "2.2"; machines use "aws"
---@field limits? stepfn.JsonataLimits

local known = { dialect = "string", limits = "table" }
local limits = { steps = "number", depth = "number", sequence = "number", memory = "number" }

---Compile an expression once, to use it many times.
---@param text string
---@param options? stepfn.JsonataOptions
---@return stepfn.Jsonata? expression nil when the text is none
---@return string? message
---@return stepfn.JsonataFault? detail
function M.compile(text, options)
  argument.check_string(text, 1, "compile", 2)
  options = checked.check(options, known, 2, "compile", 2)
  checked.check(options.limits, limits, 2, "compile", 2)
  local dialect = options.dialect or "2.2"
  if dialect ~= "2.2" and dialect ~= "aws" then
    argument.fault(2, "compile", "unknown dialect '" .. tostring(dialect) .. "'", 2)
  end
  return core.jsonata(text, dialect, options.limits)
end

return M
