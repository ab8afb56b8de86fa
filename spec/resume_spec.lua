local core = require "stepfn.core"
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local function machine_of(states)
  return assert(stepfn.load { StartAt = "Begin", States = states })
end

local START = 1767225600 -- when virtual time begins
local WORK = "arn:aws:lambda:us-east-1:000000000000:function:work"
local HELP = "arn:aws:states:us-east-1:000000000000:activity:help"

local function one_task(fields)
  local state = { Type = "Task", Resource = WORK, End = true }
  for key, value in pairs(fields or {}) do
    state[key] = value
  end
  return machine_of { Begin = state }
end

-- Runs to where the task works, and gives the snapshot taken there.
local function snapshot_inside(machine, name)
  local execution, text
  execution = machine:start({ n = 1 }, {
    driver = "virtual",
    tasks = {
      [name or "work"] = function()
        text = assert(execution:snapshot())
        return { by = "the first process" }
      end,
    },
  })
  execution:run()
  return text
end

local function resume(machine, text, settings)
  settings.driver = settings.driver or "virtual"
  return assert(machine:resume(text, settings))
end

local answers = {
  work = function() return { by = "the second process" } end,
  help = function() return { by = "the second process" } end,
}

describe("a resumed execution", function()
  it("is the same one", function()
    local machine = one_task()
    local first = machine:start({}, { start_time = START, name = "it", arn = "arn:it", seed = 5, tasks = answers })
    local second = resume(machine, first:snapshot(), { tasks = answers })
    assert.equal("it", second.name)
    assert.equal("arn:it", second.arn)
    assert.equal(START, second.start_date)
    assert.equal("RUNNING", second.status)
    assert.equal("SUCCEEDED", second:run().status)
  end)

  it("loses what ran when the snapshot was taken: Stepfn.TaskLost", function()
    local machine = one_task()
    local execution = resume(machine, snapshot_inside(machine), { tasks = answers }):run()
    assert.equal("FAILED", execution.status)
    assert.equal("Stepfn.TaskLost", execution.error)
  end)

  it("tries again what was lost where Retry says so", function()
    local machine = one_task { Retry = { { ErrorEquals = { "States.TaskFailed" } } } }
    local execution = resume(machine, snapshot_inside(machine), { tasks = answers }):run()
    assert.same({ by = "the second process" }, execution.output)
  end)

  it("runs the same attempt again when it is told to", function()
    local machine, attempt = one_task(), nil
    local execution = resume(machine, snapshot_inside(machine), {
      interrupted = "again",
      tasks = { work = function(input, context) attempt = context.attempt return input end },
    }):run()
    assert.same({ n = 1 }, execution.output)
    assert.equal(0, attempt)
  end)

  it("leaves it to whoever works on it when it is told to", function()
    local machine = one_task()
    local execution = resume(machine, snapshot_inside(machine), { interrupted = "keep", tasks = answers, pause = true })
    execution:run()
    assert.equal("RUNNING", execution.status)
    execution:feed { type = "task_succeeded", task = execution:pending()[1].task, output = "late", now = 0 }
    assert.equal("late", execution:run().output)
  end)

  it("keeps a token open", function()
    local machine = one_task {
      Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters = { FunctionName = "work", Payload = { ["token.$"] = "$$.Task.Token" } },
    }
    local first = machine:run({}, { driver = "virtual", tasks = answers })
    local token = first:open_tasks()[1].token
    local second = resume(machine, first:snapshot(), { tasks = answers })
    assert.is_true(second:task_succeeded(token, "answered"))
    assert.equal("answered", second:run().output)
    assert.same({ nil, "InvalidToken" }, { second:task_succeeded("x", "again"), "InvalidToken" })
  end)

  it("keeps an activity open that somebody else works on", function()
    local machine = one_task { Resource = HELP }
    local first = machine:run({}, { driver = "virtual" })
    local second = resume(machine, first:snapshot(), {})
    assert.equal("RUNNING", second:run().status)
    assert.equal(1, #second:open_tasks())
  end)

  it("loses an activity that its own process worked on", function()
    local machine = one_task { Resource = HELP }
    local text = snapshot_inside(machine, "help")
    assert.equal("Stepfn.TaskLost", resume(machine, text, { tasks = answers }):run().error)
  end)

  it("takes an activity that was only queued, where there is a function for it", function()
    local machine = one_task { Resource = HELP }
    local first = machine:start({}, { start_time = START })
    first:advance(START)
    for effect in first:effects() do -- luacheck: ignore 213
    end
    local second = resume(machine, first:snapshot(), { tasks = answers }):run()
    assert.same({ by = "the second process" }, second.output)
  end)

  it("does at most once what the outbox still held", function()
    local machine, calls = one_task(), 0
    local first = machine:start({}, { start_time = START })
    first:advance(START)
    local second = resume(machine, first:snapshot(), {
      tasks = { work = function() calls = calls + 1 return calls end },
    })
    assert.equal(1, second:run().output)
    assert.equal(1, calls)
  end)

  it("waits for the rest of a Wait", function()
    local machine = machine_of { Begin = { Type = "Wait", Seconds = 100, End = true } }
    local first = machine:run({}, { driver = virtual.new { start = 1000 }, pause = true })
    local text = first:snapshot()
    local clock = virtual.new { start = 1040 }
    local second = resume(machine, text, { driver = clock }):run()
    assert.equal("SUCCEEDED", second.status)
    assert.equal(1100, second.stop_date)
    assert.equal(1100, clock:now())
  end)

  it("wakes at once when its time has passed meanwhile", function()
    local machine = machine_of { Begin = { Type = "Wait", Seconds = 100, End = true } }
    local first = machine:run({}, { driver = virtual.new { start = 1000 }, pause = true })
    local second = resume(machine, first:snapshot(), { driver = virtual.new { start = 5000 } }):run()
    assert.equal(5000, second.stop_date)
  end)

  it("draws the same random numbers", function()
    local machine = machine_of {
      Begin = { Type = "Wait", Seconds = 1, Next = "Draw" },
      Draw = { Type = "Pass", Parameters = { ["id.$"] = "States.UUID()" }, End = true },
    }
    local first = machine:run({}, { driver = "virtual", pause = true })
    local text = first:snapshot()
    assert.same(first:run { pause = false }.output, resume(machine, text, {}):run().output)
  end)

  it("tells its end again when it had ended", function()
    local machine = machine_of { Begin = { Type = "Fail", Error = "E", Cause = "C" } }
    local first = machine:run({}, { driver = "virtual" })
    local second = resume(machine, first:snapshot { history = true }, {})
    assert.equal("FAILED at /States/Begin: E: C", tostring(second))
    assert.equal(first.stop_date, second.stop_date)
    assert.equal(3, #second:history())
    assert.equal("FAILED", second:run().status)
    assert.equal(second, (second:wait()))
  end)

  it("can be spawned", function()
    local machine, clock = one_task(), virtual.new()
    local execution = resume(machine, machine:start({}, { start_time = START }):snapshot(), { driver = clock, tasks = answers })
    execution:spawn()
    clock:advance(1)
    assert.equal("SUCCEEDED", execution.status)
  end)

  it("keeps events as it did, or as it is told now", function()
    local machine = one_task()
    local text = machine:start({}, { start_time = START, history = false }):snapshot()
    assert.equal(0, #resume(machine, text, { tasks = answers }):run():history())
    assert.equal(7, #resume(machine, text, { tasks = answers, history = true }):run():history())
    local seen = {}
    resume(machine, text, { tasks = answers, history = function(event) seen[#seen + 1] = event.id end }):run()
    assert.same({ 1, 2, 3, 4, 5, 6, 7 }, seen)
  end)

  it("gives a trace of the visits since then", function()
    local machine = machine_of {
      Begin = { Type = "Pass", Next = "Pause" },
      Pause = { Type = "Wait", Seconds = 1, Next = "End" },
      End = { Type = "Pass", End = true },
    }
    local first = machine:run({}, { driver = "virtual", pause = true })
    local second = resume(machine, first:snapshot(), {}):run()
    assert.equal(1, #second:trace())
    assert.equal("End", second:trace()[1].state)
  end)
end)

describe("a resumed distributed Map", function()
  local function items(processor, fields)
    local map = {
      Type = "Map", ItemsPath = "$.items", End = true,
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
        StartAt = "Item", States = { Item = processor },
      },
    }
    for name, value in pairs(fields or {}) do
      map[name] = value
    end
    return machine_of { Begin = map }
  end

  local function three(machine, settings)
    settings.driver = settings.driver or "virtual"
    return machine:run({ items = { 1, 2, 3 } }, settings)
  end

  local waiting = { Type = "Wait", SecondsPath = "$", End = true }
  local asking = {
    Type = "Task", Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken", End = true,
    Parameters = { FunctionName = "work", Payload = { ["token.$"] = "$$.Task.Token" } },
  }

  it("goes on with its children, each where it was", function()
    local machine = items(waiting, { MaxConcurrency = 2 })
    local whole = three(machine, {})
    local first = three(machine, { pause = true })
    local second = resume(items(waiting, { MaxConcurrency = 2 }), first:snapshot { history = true }, {})
    assert.equal("RUNNING", second.status)
    second:run()
    assert.same({ 1, 2, 3 }, second.output)
    assert.equal(whole.stop_date - whole.start_date, second.stop_date - second.start_date)
    assert.equal(#whole:history(), #second:history())
    assert.same(whole:map_runs()[1].itemCounts, second:map_runs()[1].itemCounts)
  end)

  it("has the tokens of its children open at once", function()
    local machine = items(asking)
    local first = three(machine, { tasks = answers })
    local second = resume(machine, first:snapshot(), { tasks = answers })
    local open = second:open_tasks()
    assert.equal(3, #open)
    for index, task in ipairs(open) do
      assert.is_true(second:task_succeeded(task.token, "answer " .. index))
    end
    assert.equal("SUCCEEDED", second:run().status)
    assert.equal(3, #second.output)
  end)

  it("tries again in a child what that child lost", function()
    local machine = items { Type = "Task", Resource = WORK, End = true, Retry = { { ErrorEquals = { "Stepfn.TaskLost" } } } }
    local text, first
    first = machine:start({ items = { 1, 2 } }, {
      driver = "virtual",
      tasks = {
        work = function(input, context)
          text = text or first:snapshot()
          context:sleep(input)
          return input
        end,
      },
    })
    first:run()
    local second = resume(machine, text, { tasks = { work = function(input) return -input end } }):run()
    assert.same({ -1, -2 }, second.output)
  end)

  it("may stand in the processor of another one", function()
    local inner = {
      Type = "Map", ItemsPath = "$.of", End = true,
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
        StartAt = "Leaf", States = { Leaf = waiting },
      },
    }
    local machine = items(inner)
    local first = machine:run({ items = { { of = { 1, 2 } }, { of = { 3 } } } }, { driver = "virtual", pause = true })
    local second = resume(machine, first:snapshot(), {}):run()
    assert.same({ { 1, 2 }, { 3 } }, second.output)
  end)

  it("goes both ways in a copy", function()
    local machine = items(asking)
    local first = three(machine, { tasks = answers })
    local copy = first:fork()
    for _, task in ipairs(first:open_tasks()) do
      first:task_succeeded(task.token, "first")
      copy:task_failed(task.token, "Second")
    end
    assert.same({ "first", "first", "first" }, first:run().output)
    assert.equal("FAILED", copy:run().status)
  end)

  it("takes children that nobody has for lost", function()
    local machine = items { Type = "Pass", End = true }
    local first = machine:start({ items = { 1 } }, { start_time = START })
    first:advance(START)
    for effect in first:effects() do -- luacheck: ignore 213
    end
    local text = first:snapshot()
    assert.equal("FAILED", resume(machine, text, {}):run().status)
    assert.same({ 1 }, resume(machine, text, { interrupted = "again" }):run().output)
  end)

  it("knows Map Runs that had ended before", function()
    local machine = machine_of {
      Begin = {
        Type = "Map", Next = "Pause", ItemProcessor = {
          ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
          StartAt = "Item", States = { Item = { Type = "Pass", End = true } },
        },
      },
      Pause = { Type = "Wait", Seconds = 10, End = true },
    }
    local first = machine:run(stepfn.array { 1, 2 }, { driver = "virtual", pause = true })
    local second = resume(machine, first:snapshot(), {})
    assert.same(first:map_runs(), second:map_runs())
    assert.equal("SUCCEEDED", second:map_runs()[1].status)
  end)

  it("gives all memory back, also when a part is damaged", function()
    local machine = items(asking)
    local first = three(machine, { tasks = answers })
    local text = first:snapshot()
    resume(machine, text, { tasks = answers }):close()
    local broken = core.seal((text:gsub("c 2 ", "c 3 ", 1)))
    collectgarbage()
    collectgarbage()
    local before = core.memory()
    local execution, message, detail = machine:resume(broken, { driver = "virtual" })
    assert.is_nil(execution)
    assert.equal("the snapshot is damaged", message)
    assert.equal("DAMAGED", detail.code)
    resume(machine, text, { tasks = answers }):fork():close()
    collectgarbage()
    collectgarbage()
    assert.equal(before, (core.memory()))
  end)
end)

describe("a fork", function()
  local function asked()
    local machine = one_task {
      Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters = { FunctionName = "work", Payload = { ["token.$"] = "$$.Task.Token" } },
    }
    return machine:run({}, { driver = "virtual", tasks = answers })
  end

  it("goes its own way, with the same history behind it", function()
    local execution = asked()
    local token, copy = execution:open_tasks()[1].token, execution:fork()
    assert.same(execution:history(), copy:history())
    copy:task_succeeded(token, "yes")
    assert.equal("yes", copy:run().output)
    assert.equal("RUNNING", execution.status)
    execution:task_failed(token, "No")
    assert.equal("No", execution:run().error)
  end)

  it("outlives the one that it was made from", function()
    local execution = asked()
    local token, copy = execution:open_tasks()[1].token, execution:fork()
    execution:close()
    copy:task_succeeded(token, "yes")
    assert.equal("yes", copy:run().output)
  end)
end)

describe("a fingerprint", function()
  local machine = machine_of {
    Begin = {
      Type = "Parallel", End = true, Branches = {
        { StartAt = "A", States = { A = { Type = "Task", Resource = WORK, TimeoutSeconds = 10, End = true } } },
        { StartAt = "B", States = { B = { Type = "Task", Resource = WORK, TimeoutSeconds = 20, End = true } } },
      },
    },
  }

  -- Both tasks under way.
  local function under_way(now, seed, input)
    local execution = machine:start(input or { n = 1 }, { start_time = now, seed = seed })
    execution:advance(now)
    for effect in execution:effects() do -- luacheck: ignore 213
    end
    return execution
  end

  local function finish(execution, task, output)
    execution:feed { type = "task_succeeded", task = task, output = output, now = 0 }
    return execution
  end

  it("is 32 characters", function()
    assert.matches("^%x+$", under_way(0, 1):fingerprint())
    assert.equal(32, #under_way(0, 1):fingerprint())
  end)

  it("does not know time, seed and names", function()
    assert.equal(under_way(0, 1):fingerprint(), under_way(99999, 2):fingerprint())
  end)

  it("knows the input, also where it is large", function()
    local large = ("x"):rep(1000)
    assert.not_equal(under_way(0, 1):fingerprint(), under_way(0, 1, { n = 2 }):fingerprint())
    assert.not_equal(under_way(0, 1, { large .. 1 }):fingerprint(), under_way(0, 1, { large .. 2 }):fingerprint())
  end)

  it("knows what has been answered, and not when", function()
    local a, b = under_way(0, 1), under_way(0, 1)
    assert.equal(finish(a, 1, "x"):fingerprint(), finish(b, 1, "x"):fingerprint())
    assert.not_equal(finish(under_way(0, 1), 1, "y"):fingerprint(), a:fingerprint())
    assert.not_equal(finish(under_way(0, 1), 2, "x"):fingerprint(), a:fingerprint())
  end)

  it("forgets in which order things came to be as they are", function()
    local function two_tasks(first, second)
      local task = { Type = "Task", Resource = WORK, End = true }
      return { StartAt = first, States = { [first] = { Type = "Task", Resource = WORK, Next = second }, [second] = task } }
    end
    local pair = machine_of {
      Begin = { Type = "Parallel", End = true, Branches = { two_tasks("A", "C"), two_tasks("B", "D") } },
    }
    local function answered(first, second)
      local execution = pair:start({}, { start_time = START })
      execution:advance(0)
      for effect in execution:effects() do -- luacheck: ignore 213
      end
      finish(finish(execution, first, "x"), second, "x")
      for effect in execution:effects() do -- luacheck: ignore 213
      end
      return execution:fingerprint()
    end
    assert.equal(answered(1, 2), answered(2, 1))
  end)

  it("is that of what was resumed and of copies", function()
    local execution = under_way(0, 1)
    assert.equal(execution:fingerprint(), machine:resume(execution:snapshot()):fingerprint())
    assert.equal(execution:fingerprint(), execution:fork():fingerprint())
  end)
end)
