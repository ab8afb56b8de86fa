---After a resume: what becomes of work that was done in the process that took the
---snapshot.  Submitted jobs, tokens and activities that others work on live on.
local children = require "stepfn.children"
local tasks = require "stepfn.tasks"

local M = {}

-- Was it done there?  An activity is, where it has a function.
local function was_there(pump, pending)
  if not pending.told then
    return false
  elseif pending.status == "running" then
    return true
  end
  return pending.kind == "activity"
    and tasks.target(pump.tasks, pump.functions, pump.infos[pending.state_index], nil, pump.own).fn ~= nil
end

local function settle_attempt(pump, pending, way)
  if way == "again" or pending.status == "waiting" then
    pump.core:retell(pending.task)
  else
    pump.core:feed { type = "task_lost", task = pending.task, now = pump.driver:now() }
  end
end

local LOST = "The process that ran the child execution ended before it reported a result."

local function settle_child(pump, id, way)
  if way == "again" then
    pump.core:retell_child(id)
  else
    pump.core:feed {
      type = "child_finished", child = id, status = "FAILED", error = "Stepfn.TaskLost", cause = LOST,
      now = pump.driver:now(),
    }
  end
end

---Nobody will report what ran there: as the option `interrupted` says, once.
---Children that came with the snapshot go on; what was being written is written
---again.
---@param pump stepfn.Pump
function M.settle(pump)
  local way = pump.interrupted
  pump.interrupted = nil
  children.carry(pump)
  if way == "keep" then
    return
  end
  pump.core:retell_writes()
  for _, open in ipairs(pump.core:children()) do
    if open.told and not pump.children[open.child] then
      settle_child(pump, open.child, way)
    end
  end
  for _, pending in ipairs(pump.core:pending()) do
    if was_there(pump, pending) then
      settle_attempt(pump, pending, way)
    end
  end
end

return M
