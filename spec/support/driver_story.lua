---What every driver must do, as one story: many executions that are spawned at
---once and go on side by side.  It is told in plain data, so that it can be
---played elsewhere (inside nginx) and judged here.
local core = require "stepfn.core"
local stepfn = require "stepfn"

local M = {}

local function task(name, fields)
  local state = { Type = "Task", Resource = "lua:" .. name, End = true }
  for key, value in pairs(fields or {}) do
    state[key] = value
  end
  return { StartAt = name, States = { [name] = state } }
end

local function parallel(...)
  return { StartAt = "All", States = { All = { Type = "Parallel", End = true, Branches = { ... } } } }
end

local loop = { StartAt = "A", States = {
  A = { Type = "Pass", Next = "B" },
  B = { Type = "Choice", Choices = { { Variable = "$.never", IsPresent = true, Next = "C" } }, Default = "A" },
  C = { Type = "Succeed" },
} }

-- Where the platform has no fibers it would hold the others till its end.
local endless = core.has_fibers and "($f := function($n) { $f($n + 1) }; $f(0))" or "1"

local huge = { QueryLanguage = "JSONata", StartAt = "A", States = {
  A = { Type = "Pass", Output = "{% " .. endless .. " %}", End = true },
} }

local retry = { { ErrorEquals = { "Again" }, IntervalSeconds = 1, MaxAttempts = 1 } }

local function sleeper(log, name, seconds)
  return function(_, context)
    log[#log + 1] = name .. 1
    context:sleep(seconds)
    log[#log + 1] = name .. 2
    return name
  end
end

-- What each execution is about.  -> definition, tasks, input, other options
local chapters = {}

function chapters.branches(told)
  return parallel(task "a", task "b", task "c"), {
    a = sleeper(told, "a", 0.4), b = sleeper(told, "b", 0.1), c = sleeper(told, "c", 0.25),
  }
end

function chapters.timeout(told)
  return task("slow", { TimeoutSeconds = 1 }), { slow = sleeper(told, "slow", 1.2) }
end

function chapters.heartbeat(told)
  return parallel(task("alive", { HeartbeatSeconds = 1 }), task("dead", { HeartbeatSeconds = 1 })), {
    alive = function(_, context)
      for _ = 1, 2 do
        context:sleep(0.35)
        told[#told + 1] = context:heartbeat() and "beat"
      end
      context:sleep(0.9)
    end,
    dead = sleeper(told, "dead", 1.3),
  }
end

function chapters.cancelled(told)
  return parallel(task "slow", task "failing"), {
    slow = sleeper(told, "slow", 0.5),
    failing = function(_, context)
      context:sleep(0.1)
      stepfn.fail("Broken", "for good")
    end,
  }
end

function chapters.retried(told)
  return task("work", { Retry = retry }), {
    work = function(_, context)
      told[#told + 1] = context.attempt
      if context.attempt == 0 then
        stepfn.fail "Again"
      end
      return "at last"
    end,
  }
end

function chapters.waited()
  return { StartAt = "W", States = { W = { Type = "Wait", Seconds = 1, End = true } } }, {}
end

function chapters.failing()
  return task "bad", { bad = function() error("no such luck") end }
end

function chapters.awaited(told)
  local finish
  return parallel(task "a", task "b"), {
    a = function()
      told[#told + 1] = { stepfn.await(function(done) done("at", "once") end) }
      told[#told + 1] = stepfn.await(function(done) finish = done end)
    end,
    b = function(_, context)
      context:sleep(0.1)
      finish "later"
      finish "again"
    end,
  }
end

function chapters.inside(told)
  local inner = assert(stepfn.load(task "deep"))
  return parallel(task "outer", task "other"), {
    outer = function()
      local execution = inner:run({}, { tasks = { deep = sleeper(told, "deep", 0.3) } })
      told[#told + 1] = execution.status
      return execution.output
    end,
    other = sleeper(told, "other", 0.1),
  }
end

function chapters.stopped(told)
  return task "slow", { slow = sleeper(told, "slow", 0.6) }
end

function chapters.answered()
  return task("ask", { Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken" }), function() return {} end
end

function chapters.endless()
  return loop, {}, {}, { limits = { events = false }, history = false }
end

function chapters.huge()
  return huge, {}, {}, { history = false }
end

function chapters.yielding()
  return task "odd", { odd = function() coroutine.yield "what" end }
end

-- Somebody outside of those executions: a task of one more.
local function outsider(executions, told)
  return function(_, context)
    executions.endless:stop("Enough", "was heard")
    executions.huge:stop("Enough", "was heard")
    context:sleep(0.2)
    told[#told + 1] = executions.stopped:stop("Stop", "from outside")
    local open = executions.answered:open_tasks()[1]
    told[#told + 1] = executions.answered:task_succeeded(open.token, { answer = 42 })
  end
end

local function outcome(execution, told)
  return {
    status = execution.status,
    output = execution.output,
    error = execution.error,
    cause = execution.cause,
    seconds = execution.stop_date and execution.stop_date - execution.start_date,
    told = stepfn.array(told),
  }
end

local function options_of(driver, tasks, others)
  local options = { driver = driver, tasks = tasks }
  for key, value in pairs(others or {}) do
    options[key] = value
  end
  return options
end

---@param driver? string|table
---@return table<string, table> by chapter: status, output, error, cause, seconds, told
function M.play(driver)
  local executions, told, story = {}, {}, {}
  for name, chapter in pairs(chapters) do
    told[name] = {}
    local definition, tasks, input, others = chapter(told[name])
    local machine = assert(stepfn.load(definition))
    executions[name] = machine:spawn(input, options_of(driver, tasks, others))
  end
  told.outsider = {}
  executions.outsider = assert(stepfn.load(task "meddle")):spawn({}, {
    driver = driver, tasks = { meddle = outsider(executions, told.outsider) },
  })
  for _, execution in pairs(executions) do
    assert(execution:wait(5))
  end
  -- What was cancelled would still be heard of by now.
  assert(stepfn.load { StartAt = "nap", States = { nap = task("nap").States.nap } }):run({}, {
    driver = driver, tasks = { nap = function(_, context) context:sleep(0.1) end },
  })
  for name, execution in pairs(executions) do
    story[name] = outcome(execution, told[name])
  end
  return story
end

return M
