---@meta stepfn.core
---The C module behind stepfn.  Its functions are internal, with positional
---arguments and few checks: programs use the modules in lua/stepfn.

---@class stepfn.Value: userdata an immutable value kept as it is
---@operator len: integer
---@field [string|integer] any a member, one level; arrays and objects are values again
local Value = {}

---The Lua value.
---@return any
function Value:get() end

---@class stepfn.Integer: userdata an exact integer; has tostring, ==, <, <=

---@class stepfn.JsonFault
---@field code string
---@field position integer byte, from 1
---@field line integer
---@field column integer

---@class stepfn.DataFault
---@field code "NAN"|"INFINITY"|"HOLE"|"MIXED_KEYS"|"BAD_KEY"|"CYCLE"|"DEPTH"|"UTF8"|"TYPE"|"LIMIT"
---@field path string "value.items[3]", as Lua would write it

---@class stepfn.core
---@field null lightuserdata
local core = {}

---For tests: what the core holds.
---@return number live bytes in use
---@return number count allocations made so far
function core.memory() end

---For tests: the n-th allocation from now fails, once; 0 takes that back.
---@param n integer
---@return boolean pending was the last one asked for still to come?
function core.fail_allocation(n) end

---@return number seconds since the epoch
function core.clock() end

---@return number seconds since some point; never goes back
function core.monotonic() end

---May come back early, when a signal came.
---@param seconds number
function core.sleep(seconds) end

---@param n integer at most 1024
---@return string
function core.random_bytes(n) end

---@param descriptor integer
---@return boolean
function core.isatty(descriptor) end

---@param value any
---@param indented? boolean
---@return string? text
---@return string? message
---@return stepfn.DataFault? detail
function core.encode(value, indented) end

---@param text string
---@return any value
---@return string? message
---@return stepfn.JsonFault? detail
function core.decode(text) end

---@param source any
---@return stepfn.Value? value
---@return string? message
---@return table? detail
function core.value(source) end

---@param digits any
---@return stepfn.Integer? integer
---@return string? message
function core.integer(digits) end

---The metatables that mark arrays and objects from now on.
---@param array table
---@param object table
function core.marks(array, object) end

---@param value table
---@return "array"|"object"|nil
function core.mark_of(value) end

---@param text fun(cdata: any): string? digits of LuaJIT's 64-bit integers
function core.cdata_text(text) end

---@class stepfn.Path: userdata a compiled JSONPath
local Path = {}

---What the path names, as AWS reads a Path: a definite path gives the value,
---any other an array of what was found.
---@param document any
---@return any value nil when a definite path names nothing
---@return string? message
---@return stepfn.PathFault? detail
function Path:read(document) end

---The nodelist.
---@param document any
---@return any[]? values
---@return string? message
---@return stepfn.PathFault? detail
function Path:values(document) end

---The nodelist kept as it is, shared with the document: nothing is converted.
---@param document any
---@return stepfn.Value? nodes
---@return string? message
---@return stepfn.PathFault? detail
function Path:select(document) end

---Normalized paths of the same nodes.
---@param document any
---@return string[]? locations
---@return string? message
---@return stepfn.PathFault? detail
function Path:locations(document) end

---May it stand in ResultPath?
---@return boolean
function Path:is_reference() end

---Does it name at most one node?
---@return boolean
function Path:is_definite() end

---What it uses that AWS's guide calls unsupported.
---@return string?
function Path:doubtful() end

---@class stepfn.PathFault
---@field code "SYNTAX"|"LIMIT"|"NOT_FOUND"|"EVALUATE"
---@field position? integer byte of the path's text, from 1

---@param text string
---@param dialect? "rfc9535"|"aws"
---@param steps? integer work that one evaluation may do
---@return stepfn.Path? path
---@return string? message
---@return stepfn.PathFault? detail
function core.path(text, dialect, steps) end

return core
