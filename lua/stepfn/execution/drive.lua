---Who drives an execution on: the caller, until nothing can move, or the loop of its
---driver.
local class = require "stepfn.execution.class"
local drivers = require "stepfn.driver"
local reactor = require "stepfn.driver.reactor"
local seconds = require "stepfn.seconds"
local settings_of = require "stepfn.execution.settings"
local tasks = require "stepfn.tasks"

---@class stepfn.Execution
local methods = {}

local M = { methods = methods }

-- Machine -> the targets of its last run, as long as something holds them: runs of
-- one machine mostly have the same functions.
local latest = setmetatable({}, { __mode = "kv" })

local function check_functions(p, level)
  if p.is_checked or p.on_missing ~= "raise" then
    return
  end
  local machine = p.execution.machine
  local targets, missing = tasks.targets(p.tasks, p.functions, p.infos, p.own, latest[machine])
  if not targets then
    error(missing, level + 1)
  end
  latest[machine] = targets
  p.targets, p.is_checked = targets, true
end

local function go_on(p, settings, name, level)
  settings = settings_of.go_on(settings, name, level + 1)
  if settings.driver then
    p:take_seat(settings_of.driver(settings.driver, 1, name, level + 1))
  end
  if settings.tasks then
    p.tasks, p.targets, p.is_checked = settings.tasks, {}, false
  end
  p.on_missing = settings.on_missing or p.on_missing
  p.on_exit = settings.on_exit or p.on_exit
  if settings.pause ~= nil then
    p.pause = settings.pause
  end
end

-- Nobody else drives it?  -> the running coroutine
local function check_idle(self, name, level)
  class.check_open(self, name, level + 1)
  local thread = coroutine.running() or "main"
  local p = self._pump
  local active = p.thread
  local is_elsewhere = active and active ~= thread and (active == "main" or coroutine.status(active) ~= "dead")
  if is_elsewhere or p.spawned and not p.finished then
    error("'" .. name .. "': the execution is being driven already", level + 1)
  end
  return thread
end

---@param self stepfn.Execution
---@param name string of the function that misuse names
---@param level integer where misuse raises, as error takes it
function M.drive(self, name, level)
  local p = self._pump
  local thread = check_idle(self, name, level)
  check_functions(p, level)
  local seat = drivers.seat(drivers.base(p.driver), name, level)
  p:take_seat(seat)
  p.thread = thread
  if seat.keep then
    seat:keep(p)
  else
    p:run()
  end
  p.thread = nil
end

---Drive it on, after a pause, an answer from outside, or by hand.
---@param settings? { tasks: table|function?, driver: table|string?, pause: boolean?, on_missing: string?, on_exit: function? }
---@return stepfn.Execution self
function methods:run(settings)
  class.check_self(self, "run", 2)
  if settings ~= nil then
    go_on(self._pump, settings, "run", 2)
  end
  M.drive(self, "run", 3)
  return self
end

---@param self stepfn.Execution
---@param name string
---@param level integer
function M.detach(self, name, level)
  local p = self._pump
  check_idle(self, name, level)
  check_functions(p, level)
  local before, carrier = p.driver, reactor.of(drivers.base(p.driver))
  p.spawned, p.is_given_up = true, false
  carrier:add(p)
  if before.add then
    before:hand_over(carrier)
  end
  carrier:start()
end

---Drive it inside the loop of its driver; comes back at once.
---@param settings? table as for run
---@return stepfn.Execution self
function methods:spawn(settings)
  class.check_self(self, "spawn", 2)
  if settings ~= nil then
    go_on(self._pump, settings, "spawn", 2)
  end
  M.detach(self, "spawn", 3)
  return self
end

local function is_over(p)
  return p.finished or p.closed or not (p.spawned or p.thread)
end

local function remove(list, item)
  for i, one in ipairs(list) do
    if one == item then
      return table.remove(list, i)
    end
  end
end

local function wait(p, deadline, name, level)
  local seat = drivers.seat(drivers.base(p.driver), name, level + 1)
  local function wake()
    seat:wake()
  end
  table.insert(p:made "on_end", wake)
  local progress = true
  while progress ~= false and not is_over(p) and (not deadline or seat:now() < deadline) do
    progress = seat:park(deadline)
  end
  remove(p.on_end, wake)
end

---Wait for the end of a spawned execution.
---@param timeout? number seconds
---@return stepfn.Execution? self nil when it still runs
---@return "timeout"|"closed"|"given up"|"not driven"? message
function methods:wait(timeout)
  class.check_open(self, "wait", 2)
  if timeout ~= nil then
    seconds.check(timeout, 1, "wait", 2)
  end
  local p = self._pump
  if not is_over(p) then
    wait(p, timeout and p.driver:now() + timeout, "wait", 2)
  end
  if p.finished then
    return self
  elseif p.fault then
    error(p.fault, 2)
  end
  return nil, p.closed and "closed" or p.is_given_up and "given up" or p.spawned and "timeout" or "not driven"
end

return M
