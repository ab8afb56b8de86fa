---The pump of an execution, and those of the executions below it.
local core = require "stepfn.core"
local objects = require "stepfn.objects"
local pump = require "stepfn.pump"
local start_execution = require "stepfn.start_execution"

-- The context object's Execution, as tasks see it; made once.
local function identity_of(self)
  local count, last = self.core:redrives()
  return {
    Id = self.arn, Name = self.name, Input = self.core:input(), RoleArn = self._role_arn,
    StartTime = core.time_format(self.start_date), RedriveCount = count, RedriveTime = last and core.time_format(last),
  }
end

-- A pump for what `settings` say, as the execution `self` has it.
local function add_pump(self, settings)
  local seed = self._seed
  settings.identity = function()
    return identity_of(self)
  end
  settings.request_id = function(event_id)
    return core.seed_uuid(seed, event_id + 1)
  end
  settings.execution = self
  self._pump = pump.new(settings)
  return self._pump
end

-- An execution below `self`: a child of a Map Run.
local function child_maker(self)
  return function(settings, name, arn, seed, now)
    local child = setmetatable({
      machine = self.machine, core = settings.core, start_date = now, name = name, arn = arn,
      _seed = seed, _role_arn = self._role_arn, _machine_arn = self._machine_arn,
    }, getmetatable(self))
    return add_pump(child, settings)
  end
end

-- Options that an execution hands on to those that its tasks start.
local handed_on = { "tasks", "aws", "role_arn", "limits", "on_missing", "history", "machines", "objects", "on_child" }

local function shared_options(settings)
  local shared = {}
  for _, name in ipairs(handed_on) do
    shared[name] = settings[name]
  end
  return shared
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
  return add_pump(self, {
    core = self.core,
    driver = driver,
    make_child = child_maker(self),
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
  })
end
