---Plays an execution by hand, one event or effect at a time: the tasks answer at
---once, in the order of their effects, and virtual time jumps to what is due.
---The same machine, input and tasks give the same play.
local failure = require "stepfn.failure"

local M = {}

local Player = {}
Player.__index = Player

---@class spec.Play
---@field machine stepfn.Machine
---@field input any
---@field tasks table<string, function> by the name of a state's function, as in examples/*/tasks.lua
---@field children? fun(input: any): boolean does the child with this input fail?
---@field answers? table<string, any[]> by state: outputs for tokens, or nothing: nobody answers
---@field limits? table

M.START = 1767225600 -- 2026-01-01

---@param play spec.Play
function M.new(play)
  local execution = play.machine:start(play.input, {
    seed = 7, name = "play", start_time = M.START, limits = play.limits,
  })
  return setmetatable({ execution = execution, play = play, events = {}, now = M.START, steps = 0, is_new = true }, Player)
end

-- What a task function may use of its context.
local function context_of(execution, effect)
  local draws = 0
  return {
    attempt = effect.attempt,
    random = function(_, m, n)
      draws = draws + 1
      return m + math.floor(execution.core:random(effect.event_id, effect.attempt, draws) * (n - m + 1))
    end,
  }
end

-- The function of an attempt, and what it is given.
local function function_of(play, effect)
  if effect.service == "lambda" then
    return play.tasks[effect.input.FunctionName:match "([^:]+)$"], effect.input.Payload
  end
  return play.tasks[effect.resource:match "([^:]+)$"], effect.input
end

local function add(self, event)
  table.insert(self.events, event)
end

local function add_answer(self, effect)
  local run, input = function_of(self.play, effect)
  local good, output = xpcall(function()
    return run(input, context_of(self.execution, effect))
  end, failure.handler)
  if not good then
    local name, cause = failure.of_raised(output)
    return add(self, { type = "task_failed", task = effect.task, error = name, cause = cause })
  end
  if effect.pattern ~= "request" then
    add(self, { type = "task_submitted", task = effect.task, output = output })
  end
  if effect.pattern ~= "token" then
    return add(self, { type = "task_succeeded", task = effect.task, output = output })
  end
  local answer = (self.play.answers or {})[effect.state]
  if answer ~= nil then
    add(self, { type = "task_succeeded", token = effect.token, output = answer })
  end
end

local handle = {}

function handle.task(self, effect)
  if effect.kind == "activity" then
    add(self, { type = "task_scheduled", task = effect.task })
    add(self, { type = "task_started", task = effect.task, worker = "worker" })
  end
  add_answer(self, effect)
end

-- A child is answered by its input; what `children` says fails.
function handle.child(self, effect)
  add(self, { type = "child_started", child = effect.child, start_date = self.now })
  local fails = self.play.children and self.play.children(effect.input)
  add(self, {
    type = "child_finished", child = effect.child, status = fails and "FAILED" or "SUCCEEDED",
    output = not fails and { of = effect.input } or nil, error = fails and "Child" or nil,
  })
end

function handle.child_stop(self, effect)
  for i = #self.events, 1, -1 do
    if self.events[i].child == effect.child then
      table.remove(self.events, i)
    end
  end
end

function handle.map_run() end

function handle.write(self, effect)
  add(self, { type = "written", writer = effect.writer, key = effect.key, etag = "e" })
end

-- Before all else, so that how work is sliced changes nothing.
function handle.more(self)
  table.insert(self.events, 1, { type = "continue" })
end

function handle.wake(self, effect)
  self.wake_at = effect.at
end

function handle.cancel(self, effect)
  for i = #self.events, 1, -1 do
    if self.events[i].task == effect.task then
      table.remove(self.events, i)
    end
  end
end

function handle.finished(self)
  self.has_ended = true
end

-- Drain one effect.  -> was there one?
local function drain(self)
  local effect = self.execution:effects()()
  if effect then
    handle[effect.type](self, effect)
  end
  return effect ~= nil
end

local function feed(self, event)
  event.now = self.now
  self.execution:feed(event)
end

---One step: an effect drained, or an event fed.
---@return boolean more
function Player:step()
  self.steps = self.steps + 1
  if self.is_new then
    self.is_new = false
    feed(self, { type = "time" })
  elseif drain(self) then -- luacheck: ignore 542
  elseif self.has_ended then
    return false
  elseif self.events[1] then
    feed(self, table.remove(self.events, 1))
  else
    self.now = math.max(self.now, self.wake_at)
    feed(self, { type = "time" })
  end
  return true
end

---To the end, or for so many steps.
---@param steps? integer
---@return boolean more
function Player:run(steps)
  while steps == nil or steps > 0 do
    if not self:step() then
      return false
    end
    steps = steps and steps - 1
  end
  return true
end

return M
