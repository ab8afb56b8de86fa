---Which driver the running coroutine belongs to: so that a machine run inside a
---task, and stepfn.await, find the loop that they are in.
local M = {}

local running = coroutine.running

-- Coroutine -> its driver.  Weak both ways: a driver holds its coroutines, and
-- Lua 5.1 would never collect such a pair.
local drivers = setmetatable({}, { __mode = "kv" })
-- Coroutine -> the waiting call that has not come back yet.
local waiting = setmetatable({}, { __mode = "k" })

---Say that a coroutine runs tasks of a driver.
---@param thread thread
---@param driver table
function M.set(thread, driver)
  drivers[thread] = driver
end

---The driver of the running coroutine, nil outside of tasks.
---@return table?
function M.driver()
  local thread = running()
  return thread and drivers[thread]
end

-- While `start` runs nothing waits yet: what it raises is its own.
local function begin(thread, start)
  return function(done)
    waiting[thread] = nil
    start(done)
    waiting[thread] = "await"
  end
end

---Call a method that yields of the driver of the running coroutine.
---@param method "sleep"|"await"
---@param argument number|function
function M.suspend(method, argument)
  local thread = running()
  local driver = thread and drivers[thread]
  if not driver then
    error(method .. " was called outside of a task's own coroutine", 3)
  end
  waiting[thread] = method
  if method == "sleep" then
    driver:sleep(argument)
    waiting[thread] = nil
    return
  end
  return M.resumed(thread, driver:await(begin(thread, argument)))
end

function M.resumed(thread, ...)
  waiting[thread] = nil
  return ...
end

---What the coroutine was waiting for when it ended: a yield that never arrived,
---because Lua 5.1 can't yield across pcall.
---@param thread thread
---@return string? method
function M.interrupted(thread)
  local method = waiting[thread]
  waiting[thread] = nil
  return method
end

return M
