---The pump of an execution, and those of the executions below it.
local core = require "stepfn.core"
local objects = require "stepfn.objects"
local pump = require "stepfn.pump"
local start_execution = require "stepfn.start_execution"

local Pump = pump.class

-- The context object's Execution, as tasks see it.
function Pump:identity()
  local execution = self.execution
  local count, last = self.core:redrives()
  return {
    Id = execution.arn, Name = execution.name, Input = self.core:input(), RoleArn = execution._role_arn,
    StartTime = core.time_format(execution.start_date, true), RedriveCount = count,
    RedriveTime = last and core.time_format(last, true),
  }
end

function Pump:request_id(event_id)
  return core.seed_uuid(self.execution._seed, event_id + 1)
end

-- An execution below: a child of a Map Run.
function Pump:make_child(settings, name, arn, seed, now)
  local above = self.execution
  local child = setmetatable({
    machine = above.machine, core = settings.core, start_date = now, name = name, arn = arn,
    _seed = seed, _role_arn = above._role_arn, _machine_arn = above._machine_arn,
  }, getmetatable(above))
  settings.execution = child
  child._pump = pump.new(settings)
  return child._pump
end

-- Options that an execution hands on to those that its tasks start.
local function shared_options(settings)
  return {
    tasks = settings.tasks, aws = settings.aws, role_arn = settings.role_arn, limits = settings.limits,
    on_missing = settings.on_missing, history = settings.history, machines = settings.machines,
    objects = settings.objects, on_child = settings.on_child,
  }
end

-- Machines that the builder's tasks brought along stand behind those of the run.
local function own_tasks(self, settings)
  local machines = start_execution.either(settings.machines, rawget(self.machine, "_machines"))
  return machines and function(info)
    return start_execution.task(machines, info)
  end
end

---@param self stepfn.Execution
---@param settings table its options
---@param driver stepfn.Driver
---@return stepfn.Pump
return function(self, settings, driver)
  self._pump = pump.new {
    execution = self,
    core = self.core,
    driver = driver,
    on_child = settings.on_child,
    own = own_tasks(self, settings),
    store = objects.store(settings.objects),
    shared = shared_options(settings),
    tasks = settings.tasks or {},
    functions = self.machine._functions,
    infos = self.machine:_infos(),
    on_missing = settings.on_missing or "raise",
    on_exit = settings.on_exit,
    on_event = type(settings.history) == "function" and settings.history or nil,
    pause = settings.pause or false,
    open = nil, targets = nil, thread = nil, finished = nil, -- room
  }
  return self._pump
end
