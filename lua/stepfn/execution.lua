---A running state machine: drive it, answer its tasks, read what became of it.
local children = require "stepfn.children"
local bundle = require "stepfn.bundle"
local core = require "stepfn.core"
local drivers = require "stepfn.driver"
local description = require "stepfn.description"
local identity = require "stepfn.identity"
local log = require "stepfn.log"
local objects = require "stepfn.objects"
local options = require "stepfn.options"
local pump = require "stepfn.pump"
local reactor = require "stepfn.driver.reactor"
local seconds = require "stepfn.seconds"
local start_execution = require "stepfn.start_execution"
local tasks = require "stepfn.tasks"
local trace = require "stepfn.execution_trace"

---@class stepfn.Execution
---@field status "RUNNING"|"SUCCEEDED"|"FAILED"|"TIMED_OUT"|"ABORTED"
---@field output any
---@field error string?
---@field cause string?
---@field name string
---@field arn string
---@field start_date number
---@field stop_date number?
---@field wake_at number? when a timer is due next
---@field usage table { events = { count, limit }, payload = { bytes, state, limit }, variables = { bytes, limit } }
---@field machine stepfn.Machine
local Execution = {}

local M = {}

M.options = {
  tasks = "table|function", driver = "string|table", name = "string", arn = "string", machine_arn = "string",
  role_arn = "string", start_time = "number", aws = "table", seed = "number", history = "boolean|function",
  limits = "table", pause = "boolean", on_missing = "string", synchronous = "boolean", on_child = "function",
  machines = "table|function", objects = "string|table", on_exit = "function",
}

local going_on = {
  tasks = "table|function", driver = "string|table", pause = "boolean", on_missing = "string", on_exit = "function",
}

local forking = {
  tasks = "table|function", driver = "string|table", pause = "boolean", on_missing = "string",
  machines = "table|function", objects = "string|table", on_child = "function", interrupted = "string",
  on_exit = "function",
}

local resuming = { history = "boolean|function" }
for name, kinds in pairs(forking) do
  resuming[name] = kinds
end

local limit_names = {
  payload = "number|boolean", events = "number|boolean", variables = "number|boolean",
  map_concurrency = "number|boolean",
}
local PAYLOAD, EVENTS, VARIABLES, MAP_CONCURRENCY = 262144, 25000, 10485760, 40
local NO_LIMITS = {}

local math_type = rawget(math, "type") or function() end
local unpack = rawget(table, "unpack") or rawget(_G, "unpack")

-- Ids of events for EventBridge: UUIDs of the seed from here on, past those of
-- requests, which are as many as the history may have events.
local STATUS_CHANGES = 2 ^ 30

local function either(value, default)
  if value == nil then
    return default
  end
  return value
end

local function argument_fault(position, name, fault, level)
  error("bad argument #" .. position .. " to '" .. name .. "' (" .. fault .. ")", level + 1)
end

local function check_on_missing(value, position, name, level)
  if value ~= nil and value ~= "raise" and value ~= "fail" then
    argument_fault(position, name, "option 'on_missing': \"raise\" or \"fail\" expected", level + 1)
  end
end

local function check_limits(limits, name, level)
  options.check(limits, limit_names, 2, name, level + 1)
  for key, value in pairs(limits or {}) do
    if value == true or value and not (value >= 1 and value <= 2 ^ 53 and value % 1 == 0) then
      argument_fault(2, name, "limit '" .. key .. "': a whole number from 1 on, or false for none, expected", level + 1)
    end
  end
end

local function check_seed(seed, name, level)
  local is_exact = seed and (math_type(seed) == "integer" or seed % 1 == 0 and math.abs(seed) <= 2 ^ 53)
  if seed and not is_exact then
    argument_fault(2, name, "option 'seed': an integer expected", level + 1)
  end
end

local function check_name(given, name, level)
  local fault = given and identity.name_fault(given)
  if fault then
    argument_fault(2, name, "option 'name': " .. fault, level + 1)
  end
end

local function check_start_time(time, name, level)
  local fault = time and seconds.fault(time)
  if fault then
    argument_fault(2, name, "option 'start_time': " .. fault, level + 1)
  end
end

local function check_self(self, name, level)
  if getmetatable(self) ~= Execution then
    error("'" .. name .. "' is a method: execution:" .. name .. "(...)", level + 1)
  end
end

local function check_open(self, name, level)
  check_self(self, name, level + 1)
  if not rawget(self, "core") then
    error("'" .. name .. "': the execution is closed", level + 1)
  end
end

-- --- making one ---

local function find_driver(option, position, name, level, start_time)
  local driver, message = drivers.of(option, start_time)
  if not driver then
    argument_fault(position, name, "option 'driver': " .. message, level + 1)
  end
  return driver
end

local function as_input(input, name, level)
  if input == nil then
    return core.value {}
  end
  local is_text = type(input) == "string" -- a value, no JSON
  local value, message = core.value(is_text and { input } or input)
  if value == nil then
    argument_fault(1, name, message, level + 1)
  end
  return is_text and input or value
end

-- The context object's Execution, as tasks see it; made once.
local function identity_of(self)
  return {
    Id = self.arn, Name = self.name, Input = self.core:input(), RoleArn = self._role_arn,
    StartTime = core.time_format(self.start_date), RedriveCount = 0,
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
    }, Execution)
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

local function new_pump(self, settings, driver)
  add_pump(self, {
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

local function start_core(self, input, settings, start_time)
  local limits = settings.limits or NO_LIMITS
  local who = identity.of(self.machine, settings, self._seed)
  self.name, self.arn, self._role_arn, self._machine_arn = who.name, who.arn, who.role_arn, who.machine_arn
  return core.execution(self.machine.core, input, who, start_time, self._seed, core.seed_secret(self._seed),
    settings.history ~= false,
    either(limits.payload, PAYLOAD),
    either(limits.events, EVENTS),
    either(limits.variables, VARIABLES),
    either(limits.map_concurrency, MAP_CONCURRENCY))
end

---An execution at its beginning.
---@param machine stepfn.Machine
---@param input any
---@param settings table? options of run
---@param name "run"|"start"|"spawn"
---@param level integer where misuse raises, as error takes it
---@return stepfn.Execution
function M.new(machine, input, settings, name, level)
  settings = options.check(settings, M.options, 2, name, level)
  check_limits(settings.limits, name, level)
  check_on_missing(settings.on_missing, 2, name, level)
  check_seed(settings.seed, name, level)
  check_name(settings.name, name, level)
  check_start_time(settings.start_time, name, level)
  local driver = find_driver(settings.driver, 2, name, level, settings.start_time)
  local start_time = settings.start_time or driver:now()
  local self = setmetatable({
    machine = machine, start_date = start_time, _seed = identity.seed(settings.seed),
  }, Execution)
  self.core = assert(start_core(self, as_input(input, name, level), settings, start_time))
  self._settings, self._driver = settings, driver -- for its pump
  return self
end

-- --- snapshots ---

---@class stepfn.ResumeOptions
---@field tasks? table|function
---@field driver? table|string
---@field pause? boolean
---@field on_missing? "raise"|"fail"
---@field history? boolean|function as in the snapshot when not given
---What becomes of attempts that ran when the snapshot was taken: they fail with
---Stepfn.TaskLost (the default), run again, or wait for whoever still works on them.
---@field interrupted? "lost"|"again"|"keep"
---@field machines? table|function
---@field on_child? fun(child: stepfn.Execution)

local ways = { lost = true, again = true, keep = true }

local function copy_of(settings)
  local copy = {}
  for name, value in pairs(settings) do
    copy[name] = value
  end
  return copy
end

-- -> a copy of the settings
local function check_resuming(settings, known, position, name, level)
  settings = copy_of(options.check(settings, known, position, name, level + 1))
  check_on_missing(settings.on_missing, position, name, level + 1)
  if settings.interrupted ~= nil and not ways[settings.interrupted] then
    argument_fault(position, name, "option 'interrupted': \"lost\", \"again\" or \"keep\" expected", level + 1)
  end
  return settings
end

-- An execution around one that the core has made; its own facts say who it is.
local function adopt(machine, inner, settings, driver)
  local facts = inner:facts()
  settings.role_arn = facts.role_arn
  local self = setmetatable({
    machine = machine, core = inner, name = facts.name, arn = facts.arn, start_date = facts.start_time,
    _role_arn = facts.role_arn, _machine_arn = facts.machine_arn, _seed = facts.seed,
  }, Execution)
  new_pump(self, settings, driver)
  self._pump.interrupted = settings.interrupted or "lost"
  self._pump.finished = inner:status() ~= "RUNNING"
  return self
end

-- The execution, when all of it is there; otherwise nothing of it stays.
local function whole(self, done, message, detail)
  if done then
    return self
  end
  self:close()
  return nil, message, detail
end

---@param machine stepfn.Machine
---@param text string
---@param settings table?
---@param level integer where misuse raises, as error takes it
---@return stepfn.Execution? execution
---@return string? message
---@return { code: string }? detail
function M.resume(machine, text, settings, level)
  if type(text) ~= "string" then
    argument_fault(1, "resume", "string expected, got " .. type(text), level)
  end
  settings = check_resuming(settings, resuming, 2, "resume", level)
  local driver = find_driver(settings.driver, 2, "resume", level)
  local keeps = nil
  if settings.history ~= nil then
    keeps = settings.history ~= false
  end
  local inner, attached, detail = core.resume(machine.core, text, keeps)
  if not inner then
    return nil, attached, detail
  end
  local self = adopt(machine, inner, settings, driver)
  return whole(self, bundle.restore(self._pump, attached))
end

---All that decides how it goes on, as text: for Machine:resume.
---@param settings? { history: boolean? } with the events so far
---@return string? text
---@return string? message
---@return { code: string }? detail
function Execution:snapshot(settings)
  settings = options.check(settings, { history = "boolean" }, 1, "snapshot", 2)
  check_open(self, "snapshot", 2)
  return bundle.snapshot(self._pump, settings.history)
end

---A copy that goes its own way; what is not given in `settings` is as here.
---@param settings? stepfn.ResumeOptions without history
---@return stepfn.Execution? execution
---@return string? message
---@return { code: string }? detail
function Execution:fork(settings)
  settings = check_resuming(settings, forking, 1, "fork", 2)
  check_open(self, "fork", 2)
  local p = self._pump
  local driver = find_driver(settings.driver or p.driver.outer or p.driver, 1, "fork", 2)
  local inner, message, detail = self.core:fork()
  if not inner then
    return nil, message, detail
  end
  local all = copy_of(p.shared)
  all.tasks, all.on_missing, all.pause, all.history = p.tasks, p.on_missing, p.pause, nil
  for option, value in pairs(settings) do
    all[option] = value
  end
  local copy = adopt(self.machine, inner, all, driver)
  return whole(copy, bundle.fork(p, copy._pump))
end

---What decides its future, but for ids, times and randomness: two situations
---of one machine with the same fingerprint are the same to a workflow.
---@return string? text 32 characters
---@return string? message
---@return { code: string }? detail
function Execution:fingerprint()
  check_open(self, "fingerprint", 2)
  return self.core:fingerprint()
end

-- --- driving ---

local function check_functions(p, level)
  if p.is_checked or p.on_missing ~= "raise" then
    return
  end
  local targets, missing = tasks.targets(p.tasks, p.functions, p.infos, p.own)
  if not targets then
    error(missing, level + 1)
  end
  p.targets, p.is_checked = targets, true
end

local function go_on(p, settings, name, level)
  settings = options.check(settings, going_on, 1, name, level + 1)
  check_on_missing(settings.on_missing, 1, name, level + 1)
  if settings.driver then
    p:take_seat(find_driver(settings.driver, 1, name, level + 1))
  end
  if settings.tasks then
    p.tasks, p.targets, p.is_checked = settings.tasks, {}, false
  end
  p.on_missing = settings.on_missing or p.on_missing
  p.on_exit = settings.on_exit or p.on_exit
  p.pause = either(settings.pause, p.pause)
end

-- Nobody else drives it?  -> the running coroutine
local function check_idle(self, name, level)
  check_open(self, name, level + 1)
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
function Execution:run(settings)
  check_self(self, "run", 2)
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
function Execution:spawn(settings)
  check_self(self, "spawn", 2)
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
  table.insert(p.on_end, wake)
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
function Execution:wait(timeout)
  check_open(self, "wait", 2)
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

-- --- answers from outside ---

local function now_of(self, now, position, name)
  if now == nil then
    return self._pump.driver:now()
  end
  seconds.check(now, position, name, 3)
  return now
end

local function answered(self, done, message, code)
  if not done then
    return nil, message, { code = code }
  end
  local p = rawget(self, "_pump")
  if p then
    p:wake()
  end
  return true
end

-- Answer a task by its token: one of this execution, or of those below it.
local function answer(self, method, token, ...)
  local arguments, count = { ... }, select("#", ...)
  local done, message, code
  children.each(self._pump, function(p)
    done, message, code = p.core[method](p.core, token, unpack(arguments, 1, count))
    if code ~= "TaskDoesNotExist" then
      p:wake()
      return true
    end
  end)
  return answered(self, done, message, code)
end

local function check_token(self, token, name)
  check_open(self, name, 3)
  if type(token) ~= "string" then
    argument_fault(1, name, "string expected, got " .. type(token), 3)
  end
end

local function check_text(value, position, name)
  if value ~= nil and type(value) ~= "string" then
    argument_fault(position, name, "string expected, got " .. type(value), 3)
  end
end

---@param token string
---@param output any
---@param now? number the driver's clock when it is not given
---@return true? done
---@return string? message
---@return { code: "TaskDoesNotExist"|"TaskTimedOut"|"InvalidToken"|"InvalidOutput" }? detail
function Execution:task_succeeded(token, output, now)
  check_token(self, token, "task_succeeded")
  return answer(self, "succeed", token, output, now_of(self, now, 3, "task_succeeded"))
end

---@param token string
---@param error_name? string
---@param cause? string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function Execution:task_failed(token, error_name, cause, now)
  check_token(self, token, "task_failed")
  check_text(error_name, 2, "task_failed")
  check_text(cause, 3, "task_failed")
  return answer(self, "fail", token, error_name, cause, now_of(self, now, 4, "task_failed"))
end

---@param token string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function Execution:task_heartbeat(token, now)
  check_token(self, token, "task_heartbeat")
  return answer(self, "heartbeat", token, now_of(self, now, 2, "task_heartbeat"))
end

---@param error_name? string
---@param cause? string
---@param now? number
---@return true? done
---@return string? message
---@return { code: string }? detail
function Execution:stop(error_name, cause, now)
  check_open(self, "stop", 2)
  check_text(error_name, 1, "stop")
  check_text(cause, 2, "stop")
  return answered(self, self.core:stop(error_name, cause, now_of(self, now, 3, "stop")))
end

---@class stepfn.OpenTask
---@field token string
---@field state string
---@field resource string
---@field input any
---@field attempt integer
---@field deadline number?
---@field heartbeat_deadline number?

local function add_open_tasks(list, p)
  for _, pending in ipairs(p.core:pending()) do
    if not p.open[pending.task] then
      list[#list + 1] = {
        token = p.core:token(pending.task),
        state = pending.state,
        resource = pending.resource,
        input = p.core:task_input(pending.task),
        attempt = pending.attempt,
        deadline = pending.deadline,
        heartbeat_deadline = pending.heartbeat_deadline,
      }
    end
  end
end

---The tasks that wait for an answer from outside, those of child executions too.
---@return stepfn.OpenTask[]
function Execution:open_tasks()
  check_open(self, "open_tasks", 2)
  local list = {}
  children.each(self._pump, function(p)
    add_open_tasks(list, p)
  end)
  return list
end

-- --- stepping by hand ---

---@class stepfn.Pending an open attempt
---@field task integer its id, as in effects
---@field status "running"|"submitted"|"waiting" in this process; answered, the end will be reported; an activity that nobody has taken
---@field told boolean has its `task` effect been drained?
---@field state string
---@field resource string
---@field kind "lambda"|"activity"|"integration"|"http"
---@field pattern "request"|"sync"|"sync2"|"token"
---@field attempt integer
---@field deadline number?
---@field heartbeat_deadline number?

---The open attempts, in order of their ids.
---@return stepfn.Pending[]
function Execution:pending()
  check_open(self, "pending", 2)
  return self.core:pending()
end

---Time is now `now`; runs until nothing can move or the slice is spent.
---@param now number
---@return boolean? accepted
---@return string? message
---@return { code: string }? detail
function Execution:advance(now)
  check_open(self, "advance", 2)
  seconds.check(now, 1, "advance", 2)
  return answered(self, self.core:advance(now))
end

---Drain the effects; what is left when the loop is broken off comes first next time.
---@return fun(): table?
function Execution:effects()
  check_open(self, "effects", 2)
  local inner = self.core
  return function()
    return inner:effect()
  end
end

---Feed an event: `{ type = "task_succeeded", now =, task =, output = }`.
---@param event table
---@return boolean? accepted
---@return string? message
---@return { code: string }? detail
function Execution:feed(event)
  check_open(self, "feed", 2)
  local good, done, message, code = pcall(self.core.feed, self.core, event)
  if not good then
    error((tostring(done):gsub("^bad argument #%d+ to '[^']*'", "bad argument #1 to 'feed'")), 2)
  end
  return answered(self, done, message, code)
end

-- --- reading ---

---@return any output nil when it did not succeed
---@return string? message "Error: cause"
---@return stepfn.Execution? self
function Execution:result()
  check_self(self, "result", 2)
  if self.status == "SUCCEEDED" then
    return self.output
  end
  return nil, M.summary(self), self
end

---The output as a `stepfn.value`: nothing of it is turned into tables.
---@return stepfn.Value? value nil while there is no output
function Execution:output_value()
  local kept = rawget(self, "_kept")
  if kept then
    return kept.output
  end
  return self.core:output(true)
end

---@return string? json nil while there is no output
function Execution:output_json()
  check_self(self, "output_json", 2)
  local kept = rawget(self, "_kept")
  if kept then
    return kept.output and (core.encode(kept.output))
  end
  return self.core:output_json()
end

---The events in the shape of AWS GetExecutionHistory.
---@return table[]
function Execution:history()
  check_open(self, "history", 2)
  local events = {}
  for i = 1, self.core:history_count() do
    events[i] = self.core:history_at(i)
  end
  return events
end

---As AWS DescribeExecution tells it.
---@return stepfn.Description
function Execution:describe()
  check_open(self, "describe", 2)
  return description.of(self, self._machine_arn)
end

---The changes of its status so far, each as EventBridge gets it.
---@return table[]
function Execution:status_changes()
  check_open(self, "status_changes", 2)
  return description.status_changes(self:describe(), function(n)
    return core.seed_uuid(self._seed, STATUS_CHANGES + n)
  end)
end

local log_options = { level = "string", include_execution_data = "boolean" }

---What the service writes to CloudWatch Logs.
---@param settings? { level: "ALL"|"ERROR"|"FATAL"|"OFF"?, include_execution_data: boolean? } ALL, with data
---@return stepfn.LogEntry[]
function Execution:logs(settings)
  check_open(self, "logs", 2)
  settings = options.check(settings, log_options, 1, "logs", 2)
  local level = settings.level or "ALL"
  if not log.is_level(level) then
    argument_fault(1, "logs", "option 'level': \"ALL\", \"ERROR\", \"FATAL\" or \"OFF\" expected", 2)
  end
  return log.entries(self:history(), self.arn, level, settings.include_execution_data ~= false)
end

---One row a visit of a state.
---@return table[]
function Execution:trace()
  check_open(self, "trace", 2)
  return trace.rows(self.core, self._pump.tracebacks)
end

---The Map Runs of its distributed Map states, in the shape of AWS DescribeMapRun;
---`stateName` says whose they are.
---@return table[] in the order in which they began
function Execution:map_runs()
  check_open(self, "map_runs", 2)
  local by_arn, list = {}, {}
  local function add(run)
    local at = by_arn[run.mapRunArn] or #list + 1
    by_arn[run.mapRunArn], list[at] = at, run
  end
  for id = 1, #self._pump.map_runs do
    add(self._pump.map_runs[id])
  end
  local index = 1
  local run = self.core:map_run(index)
  while run do
    add(run)
    index = index + 1
    run = self.core:map_run(index)
  end
  return list
end

-- The outcome outlives the core; the output as a value, which costs nothing.
local function keep_outcome(self)
  for _, name in ipairs(M.kept) do
    rawset(self, name, self[name])
  end
  self._kept = { output = self.core:output(true), failed_at = self.core:failed_at() }
end

---Give its memory back now; the outcome can still be read.
function Execution:close()
  check_self(self, "close", 2)
  if not rawget(self, "core") then
    return
  end
  local p = rawget(self, "_pump")
  if p then
    p:close()
  end
  keep_outcome(self)
  self.core:close()
  self.core = nil
end

Execution.__close = Execution.close

local getters = {}

-- Made when something needs it: an execution that is stepped by hand, or parked,
-- has none.
function getters._pump(self)
  new_pump(self, self._settings, self._driver)
  return rawget(self, "_pump")
end

function getters.status(self)
  return self.core:status()
end

function getters.output(self)
  local kept = rawget(self, "_kept")
  local output
  if kept then
    output = kept.output and kept.output:get()
  else
    output = self.core:output()
  end
  if output ~= nil then
    rawset(self, "output", output)
  end
  return output
end

function getters.error(self)
  return self.core:error()
end

function getters.cause(self)
  return self.core:cause()
end

function getters.stop_date(self)
  return self.core:stop_date()
end

function getters.wake_at(self)
  return (self.core:next_wake())
end

function getters.usage(self)
  return self.core:usage()
end

-- What is read at close, to be there after it.
M.kept = { "status", "error", "cause", "stop_date", "usage" }

function Execution.__index(self, key)
  local method = Execution[key]
  if method ~= nil then
    return method
  end
  local getter = getters[key]
  if not getter then
    return nil
  end
  if rawget(self, "core") == nil and key ~= "output" then
    return nil
  end
  return getter(self)
end

---"Error: cause", or the status where there is no error.
---@param self stepfn.Execution
---@return string
function M.summary(self)
  local name, cause = self.error, self.cause
  if name and cause then
    return name .. ": " .. cause
  end
  return name or cause or self.status
end

function Execution.__tostring(self)
  local status = self.status
  if status == "SUCCEEDED" or status == "RUNNING" then
    return status
  end
  local kept = rawget(self, "_kept")
  local pointer
  if kept then
    pointer = kept.failed_at
  else
    pointer = self.core:failed_at()
  end
  local text = status .. (pointer and " at " .. pointer or "")
  local summary = M.summary(self)
  return summary == status and text or text .. ": " .. summary
end

Execution.__name = "stepfn.execution"

return M
