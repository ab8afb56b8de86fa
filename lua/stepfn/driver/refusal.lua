---What an attempt is told that yields what its driver does not know.
local M = {}

---@param signal any what was yielded
---@param known? string another way to wait that the driver knows
---@return string
function M.of(signal, known)
  return "a task yielded a " .. type(signal) .. ", which the driver does not know: wait with "
    .. (known and known .. ", " or "") .. "context:sleep or stepfn.await"
end

return M
