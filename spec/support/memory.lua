---The core's memory: how much of it is in use, and what happens when there is none.
local core = require "stepfn.core"

local M = {}

local jit = rawget(_G, "jit")

---@return integer bytes in use when all garbage is gone
function M.live()
  if jit then
    jit.flush() -- compiled code refers to what it has seen
  end
  for _ = 1, 3 do -- what a finalizer lets go of is taken by the next one
    collectgarbage()
  end
  return (core.memory())
end

-- Does it say that memory ran out, now or before?
local function tells(told)
  return tostring(told):find "not enough memory" or tostring(told):find "ran out of memory"
end

---Calls `run` with the first, second, third ... allocation failing, until it needs
---none more.  It must say so each time, or do as if nothing had happened.
---@param run fun(): any
---@param whole any? what it gives then; nil: anything
---@return integer failures how often it failed
---@return integer tries
function M.fail_each(run, whole)
  local tries, failures = 0, 0
  repeat
    tries = tries + 1
    core.fail_allocation(tries)
    local good, told = pcall(run)
    local unused = core.fail_allocation(0)
    if not good then
      failures = failures + 1
      assert(tells(told), told)
    elseif whole ~= nil then
      assert(told == whole or tells(told), told)
    end
  until unused
  return failures, tries
end

return M
