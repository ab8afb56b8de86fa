---The executions below an execution: each has a pump of its own, which goes on
---beside the one above it and reports its end to that.
local reactor = require "stepfn.driver.reactor"

local M = {}

-- What carries the pumps below a pump: whatever carries that one, or a reactor
-- of its own.
local function carrier(parent)
  local driver = parent.driver
  if not driver.add then
    driver = reactor.new(driver)
    parent.driver = driver
  end
  return driver
end

-- What a child's pump has in common with that of its parent.
local function settings_of(parent, core, id, driver)
  return {
    core = core,
    id = id,
    parent = parent,
    driver = driver,
    spawned = true,
    tasks = parent.tasks,
    functions = parent.functions,
    infos = parent.infos,
    targets = parent.targets,
    own = parent.own,
    store = parent.store,
    shared = parent.shared,
    on_missing = parent.on_missing,
    on_child = parent.on_child,
    pause = parent.pause,
  }
end

local function remove(parent, child)
  parent.children[child.id] = nil
  M.set_busy(child, false)
end

-- The parent hears of it, then all of the child is given back.
local function ended(child)
  local parent = child.parent
  remove(parent, child)
  if not parent.closed then
    parent.core:child_finished(child.id, child.core, parent.driver:now())
    parent:wake()
  end
  M.dispose(child)
end

local function add(parent, child)
  parent:made "children"[child.id] = child
  parent.busy = parent.busy + 1
  child.is_busy = true
  table.insert(child:made "on_end", function()
    ended(child)
  end)
end

---Show a child that has ended to whoever asked, and free it.
---@param child stepfn.Pump
function M.dispose(child)
  if child.on_child then
    child.on_child(child.execution)
  end
  child.execution:close()
end

---The `child` effect that was drained last: start what it asks for.
---@param parent stepfn.Pump
---@param id integer
function M.start(parent, id)
  local now = parent.driver:now()
  local core, name, arn, seed = parent.core:child(now, parent.on_child ~= nil)
  local child = parent:make_child(settings_of(parent, core, id, carrier(parent)), name, arn, seed, now)
  add(parent, child)
  child.driver:add(child)
end

---A child as a snapshot has it, or a copy of one: it goes on when its parent does.
---@param parent stepfn.Pump
---@param id integer
---@param core userdata
---@return stepfn.Pump child
function M.adopt(parent, id, core)
  local who = core:facts()
  local child = parent:make_child(settings_of(parent, core, id, parent.driver), who.name, who.arn, who.seed,
    who.start_time)
  child.interrupted = parent.interrupted
  add(parent, child)
  return child
end

---The parent goes on: so do those that it has adopted, in order of their ids.
---@param parent stepfn.Pump
function M.carry(parent)
  local ids = M.ids(parent)
  for _, id in ipairs(ids) do
    local child = parent.children[id]
    child.driver = carrier(parent)
    child.driver:add(child)
  end
end

---The ids of the children, in order.
---@param pump stepfn.Pump
---@return integer[]
function M.ids(pump)
  local ids = {}
  for id in pairs(pump.children) do
    ids[#ids + 1] = id
  end
  table.sort(ids)
  return ids
end

---A child has its first step.  Its parent begins no more of them than it has heard
---of, so what waits for a step is bounded, however many may run.
---@param child stepfn.Pump
function M.begun(child)
  local parent = child.parent
  child.is_begun = true
  if not parent.closed then
    parent.core:child_started(child.id, parent.driver:now())
    parent:wake()
  end
end

-- Off the reactor, where one carries it already.
local function put_down(child)
  if child.driver.remove then
    child.driver:remove(child)
  end
end

---End a child; its parent does not wait for it.
---@param parent stepfn.Pump
---@param id integer
function M.stop(parent, id)
  local child = parent.children[id]
  if not child then
    return
  end
  remove(parent, child)
  child.core:stop(nil, nil, parent.driver:now())
  put_down(child)
  M.dispose(child)
end

---All of them are dropped, because the parent is.
---@param parent stepfn.Pump
function M.close(parent)
  for _, child in pairs(parent.children) do
    put_down(child)
    child.execution:close()
  end
  parent.children = nil
  parent.busy = 0
end

---Call `visit` with a pump and all those below it, until it gives true.
---@param pump stepfn.Pump
---@param visit fun(pump: stepfn.Pump): boolean?
---@return boolean?
function M.each(pump, visit)
  if visit(pump) then
    return true
  end
  for _, child in pairs(pump.children) do
    if M.each(child, visit) then
      return true
    end
  end
  for execution in pairs(pump.nested) do
    if rawget(execution, "core") and M.each(execution._pump, visit) then
      return true
    end
  end
end

---Does a child have anything to do that comes without the outside?  Its parent
---waits for it only then.
---@param child stepfn.Pump
---@param is_busy boolean
function M.set_busy(child, is_busy)
  if child.is_busy == is_busy then
    return
  end
  local parent = child.parent
  child.is_busy = is_busy
  parent.busy = parent.busy + (is_busy and 1 or -1)
  parent:wake()
end

return M
