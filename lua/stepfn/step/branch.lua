---Where a branch of a Parallel or the processor of a Map begins, when there is
---more to say than its first state.
local check = require "stepfn.step.check"
local setters = require "stepfn.step.setters"

local M = {}

local meta = { step_kind = "scope", __name = "stepfn.step.Branch" }

local known = {}
setters.add({}, known, {
  { "comment", "Comment", check.text },
  { "processor_config", "ProcessorConfig", check.object },
})

---@param scope stepfn.step.Scope
---@return stepfn.step.Scope
function M.of(scope)
  return setmetatable(scope, meta)
end

---A branch, or a processor, with a comment or a ProcessorConfig of its own.
---@param start stepfn.step.State
---@param options table? comment, processor_config
---@return stepfn.step.Scope
function M.new_branch(start, options)
  local fields = {}
  check.argument("new_branch", 1, check.made "state", start)
  setters.apply(fields, known, "new_branch", 2, options)
  return M.of { start = start, fields = fields, declared = {}, declared_order = {} }
end

---The options of `new_branch`, each the row of its field.
M.options = known

return M
