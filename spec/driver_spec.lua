local core = require "stepfn.core"
local nginx = require "spec.support.nginx"
local stepfn = require "stepfn"
local story = require "spec.support.driver_story"
local system = require "stepfn.driver.system"
local virtual = require "stepfn.driver.virtual"

local function task_state(name)
  return { StartAt = name, States = { [name] = { Type = "Task", Resource = "lua:" .. name, End = true } } }
end

local three = assert(stepfn.load { StartAt = "All", States = { All = {
  Type = "Parallel", End = true, Branches = { task_state "a", task_state "b", task_state "c" },
} } })

local one = assert(stepfn.load(task_state "a"))

local wait_then_work = assert(stepfn.load { StartAt = "W", States = {
  W = { Type = "Wait", Seconds = 60, Next = "a" },
  a = { Type = "Task", Resource = "lua:a", End = true },
} })

local token = assert(stepfn.load { StartAt = "a", States = {
  a = { Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End = true },
} })

local MODERN = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil
local only_modern, only_51 = MODERN and it or pending, MODERN and pending or it
local with_fibers = core.has_fibers and it or pending

---Three functions that write down what they do, each sleeping between.
local function sleepers(log, seconds)
  local function sleeper(name)
    return function(_, context)
      log[#log + 1] = name .. "1"
      context:sleep(seconds[name])
      log[#log + 1] = name .. "2"
      return name
    end
  end
  return { a = sleeper "a", b = sleeper "b", c = sleeper "c" }
end

describe("Three branches whose tasks sleep", function()
  it("interleave in virtual time", function()
    local log = {}
    local execution = three:run({}, { driver = "virtual", tasks = sleepers(log, { a = 30, b = 10, c = 20 }) })
    assert.equal("a1 b1 c1 b2 c2 a2", table.concat(log, " "))
    assert.same({ "a", "b", "c" }, execution.output)
    assert.equal(30, execution.stop_date - execution.start_date)
  end)

  it("interleave in real time", function()
    local log = {}
    local execution = three:run({}, { driver = "system", tasks = sleepers(log, { a = 0.003, b = 0.001, c = 0.002 }) })
    assert.equal("a1 b1 c1 b2 c2 a2", table.concat(log, " "))
    assert.same({ "a", "b", "c" }, execution.output)
  end)

  it("go in the order of their beginning when they wake at the same time", function()
    local log = {}
    three:run({}, { driver = "virtual", tasks = sleepers(log, { a = 1, b = 1, c = 1 }) })
    assert.equal("a1 b1 c1 a2 b2 c2", table.concat(log, " "))
  end)

  it("are dropped when one of them fails", function()
    local log = {}
    local tasks = sleepers(log, { a = 30, b = 10, c = 20 })
    tasks.b = function(_, context)
      context:sleep(15)
      stepfn.fail "B.Failed"
    end
    local execution = three:run({}, { driver = "virtual", tasks = tasks })
    assert.equal("B.Failed", execution.error)
    assert.equal("a1 c1", table.concat(log, " "))
    assert.equal(15, execution.stop_date - execution.start_date)
  end)
end)

describe("Virtual time", function()
  it("begins where it is told, always at the same time otherwise", function()
    local start = "2030-05-06T07:08:09Z"
    assert.equal(virtual.new { start = start }:now(), virtual.new { start = virtual.new { start = start }:now() }:now())
    assert.equal(virtual.new():now(), virtual.new():now())
    assert.error_matches(function() virtual.new { start = "yesterday" } end, "not a time of RFC 3339: yesterday")
    assert.error_matches(function() virtual.new { begin = 1 } end, "unknown option 'begin'")
  end)

  it("jumps over a year", function()
    local year = assert(stepfn.load { StartAt = "W", TimeoutSeconds = 99999999, States = {
      W = { Type = "Wait", Seconds = 31000000, End = true },
    } })
    local execution = year:run({}, { driver = "virtual" })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal(31000000, execution.stop_date - execution.start_date)
  end)

  it("does not jump for a built-in maximum alone", function()
    local driver = virtual.new()
    local execution = token:run({}, { driver = driver, tasks = function() return {} end })
    assert.equal("RUNNING", execution.status)
    assert.equal(execution.start_date, driver:now())
  end)

  it("advances spawned executions as far as it is told", function()
    local driver, log = virtual.new(), {}
    local executions = {}
    for i = 1, 3 do
      executions[i] = wait_then_work:spawn({ i = i }, { driver = driver, tasks = { a = function(input, context)
        context:sleep(10 * input.i)
        log[#log + 1] = input.i
        return input.i
      end } })
    end
    driver:advance(59)
    assert.same({ "RUNNING", "" }, { executions[1].status, table.concat(log) })
    driver:advance(11)
    assert.same({ "SUCCEEDED", "RUNNING", "1" }, { executions[1].status, executions[2].status, table.concat(log) })
    driver:advance(100)
    assert.same({ "SUCCEEDED", "SUCCEEDED", "123" }, { executions[2].status, executions[3].status, table.concat(log) })
    assert.equal(80, executions[2].stop_date - executions[2].start_date)
  end)

  it("waits for a spawned execution, or until a timeout", function()
    local driver = virtual.new()
    local execution = wait_then_work:spawn({}, { driver = driver, tasks = { a = function() return "done" end } })
    local none, message = execution:wait(30)
    assert.is_nil(none)
    assert.equal("timeout", message)
    assert.equal(execution, execution:wait())
    assert.equal("done", execution.output)
    assert.equal(execution, execution:wait(5))
  end)

  it("spawned executions wait for answers from outside", function()
    local driver = virtual.new()
    local execution = token:spawn({}, { driver = driver, tasks = function() return {} end })
    driver:advance(5)
    assert.equal("RUNNING", execution.status)
    assert.is_true(execution:task_succeeded(execution:open_tasks()[1].token, "answer"))
    driver:advance(0)
    assert.equal("answer", execution.output)
    assert.equal(execution, execution:wait())
  end)

  it("carries run and spawned executions together", function()
    local driver, log = virtual.new(), {}
    local spawned = wait_then_work:spawn({}, { driver = driver, tasks = { a = function() log[1] = "spawned" end } })
    one:run({}, { driver = driver, tasks = { a = function(_, context) context:sleep(100) end } })
    assert.same({ "SUCCEEDED", "spawned" }, { spawned.status, log[1] })
  end)
end)

describe("A machine run inside a task", function()
  it("waits as the task waits: others go on", function()
    local log = {}
    local execution = three:run({}, { driver = "virtual", tasks = {
      a = function()
        local inner = wait_then_work:run({}, { tasks = { a = function() return "inner" end } })
        log[#log + 1] = "a"
        return inner.output
      end,
      b = function(_, context)
        context:sleep(10)
        log[#log + 1] = "b"
      end,
      c = function() log[#log + 1] = "c" end,
    } })
    assert.equal("c b a", table.concat(log, " "))
    assert.equal("inner", execution.output[1])
    assert.equal(60, execution.stop_date - execution.start_date)
  end)

  it("may have a clock of its own", function()
    local execution = one:run({}, { driver = "virtual", tasks = { a = function(_, context)
      local before = context:now()
      local inner = wait_then_work:run({}, { driver = "virtual", tasks = { a = function() return "inner" end } })
      return { inner.output, context:now() - before }
    end } })
    assert.same({ "inner", 0 }, execution.output)
  end)
end)

describe("stepfn.await", function()
  it("gives what done was given, at once or later", function()
    local finish
    local execution = three:run({}, { driver = "virtual", tasks = {
      a = function()
        local x, y = stepfn.await(function(done) done(1, 2) end)
        return { x, y }
      end,
      b = function() return (stepfn.await(function(done) finish = done end)) end,
      c = function(_, context)
        context:sleep(5)
        finish "from c"
        finish "again"
      end,
    } })
    assert.same({ { 1, 2 }, "from c", stepfn.null }, execution.output)
  end)

  it("comes back RUNNING when nobody is left to call done, and goes on later", function()
    local finish
    local execution = one:run({}, { tasks = { a = function()
      return (stepfn.await(function(done) finish = done end))
    end } })
    assert.equal("RUNNING", execution.status)
    finish "late"
    assert.equal("late", execution:run().output)
  end)

  it("is for tasks", function()
    assert.error_matches(function() stepfn.await(function() end) end, "await was called outside of a task's own coroutine")
    assert.error_matches(function() stepfn.await(1) end, "bad argument #1 to 'await'")
  end)
end)

describe("Waiting across pcall", function()
  local function sleep_in_pcall(_, context)
    local good = pcall(context.sleep, context, 1)
    return good
  end

  only_modern("works where Lua can yield through it", function()
    assert.equal(true, one:run({}, { driver = "virtual", tasks = { a = sleep_in_pcall } }).output)
  end)

  only_51("fails the attempt, also when the task swallows the error", function()
    local execution = one:run({}, { driver = "virtual", tasks = { a = sleep_in_pcall } })
    assert.equal("LuaError", execution.error)
    assert.matches("sleep was called where Lua 5.1 can't yield: inside pcall", execution.cause)
  end)
end)

describe("A yield that C does not let through", function()
  only_modern("leaves nothing behind, though the task swallows the error", function()
    local done
    local execution = three:run({}, { driver = "virtual", tasks = {
      a = function(_, context)
        pcall(table.sort, { 2, 1 }, function() context:sleep(5) end)
        pcall(table.sort, { 2, 1 }, function() stepfn.await(function(finish) done = finish end) end)
        return "a"
      end,
      b = function(_, context)
        context:sleep(1)
        done()
        context:sleep(9)
        return "b"
      end,
      c = function() return "c" end,
    } })
    assert.same({ "a", "b", "c" }, execution.output)
    assert.equal(10, execution.stop_date - execution.start_date)
  end)
end)

describe("A driver of one's own", function()
  ---The least that a driver is: bodies run at once, nothing can wait.
  local function plain()
    local driver = { time = 100, parked = {} }
    function driver:now() return self.time end
    function driver:sleep(seconds) self.time = self.time + seconds end
    function driver.spawn(_, body) body() end
    function driver.cancel() end
    function driver.await(_, start) start(function() end) end
    function driver:park(deadline)
      table.insert(self.parked, deadline or false)
      self.time = deadline or self.time
    end
    function driver.wake() end
    return driver
  end

  it("needs seven methods", function()
    local driver = plain()
    local execution = wait_then_work:run({}, { driver = driver, tasks = { a = function() return "done" end } })
    assert.equal("done", execution.output)
    assert.same({ 160 }, driver.parked)
    assert.equal(160, execution.stop_date)
  end)

  it("may report a task when the execution has ended: that is ignored", function()
    local driver, late = plain(), nil
    function driver.spawn(_, body)
      late = body
    end
    function driver:park()
      self.execution:stop()
    end
    local execution = one:start({}, { driver = driver, tasks = { a = function() return "too late" end } })
    driver.execution = execution
    assert.equal("ABORTED", execution:run().status)
    late()
    assert.equal("ABORTED", execution.status)
    assert.is_nil(execution.output)
  end)
end)

describe("The system driver", function()
  it("tells the system's time", function()
    assert.is_true(math.abs(system.new():now() - os.time()) < 5)
  end)

  it("sleeps to the due time", function()
    local soon = assert(stepfn.load { StartAt = "W", States = { W = { Type = "Wait", TimestampPath = "$", End = true } } })
    local due = core.time_format(core.clock() + 0.02)
    local execution = soon:run(due)
    assert.equal("SUCCEEDED", execution.status)
    assert.is_true(core.clock() >= core.time_parse(due))
  end)
end)

describe("A spawned execution", function()
  local dynamic = assert(stepfn.load { StartAt = "S", States = { S = {
    Type = "Task", Resource = "arn:aws:states:::lambda:invoke", Parameters = { ["FunctionName.$"] = "$.name" }, End = true,
  } } })

  it("that can't go on is told to who waits, and does not disturb the others", function()
    local driver, reported = virtual.new(), nil
    driver.report = function(message) reported = message end
    local broken = dynamic:spawn({ name = "nobody" }, { driver = driver })
    local other = wait_then_work:spawn({}, { driver = driver, tasks = { a = function() return "done" end } })
    assert.error_matches(function() broken:wait() end, "no task function for the state 'S'")
    assert.matches("no task function for the state 'S'", reported)
    assert.equal("done", assert(other:wait()).output)
  end)

  it("is driven by one only", function()
    local execution = wait_then_work:spawn({}, { driver = "virtual", tasks = { a = function() end } })
    assert.error_matches(function() execution:run() end, "'run': the execution is being driven already")
    assert.error_matches(function() execution:spawn() end, "'spawn': the execution is being driven already")
  end)

  it("may be closed while others wait for it", function()
    local driver = virtual.new()
    local execution = wait_then_work:spawn({}, { driver = driver, tasks = { a = function() end } })
    local closer = one:spawn({}, { driver = driver, tasks = { a = function(_, context)
      context:sleep(1)
      execution:close()
    end } })
    local none, message = execution:wait()
    assert.same({ "nil", "closed" }, { type(none), message })
    assert.equal("SUCCEEDED", assert(closer:wait()).status)
  end)
end)

-- --- what all drivers do ---

local function play_inside_nginx()
  local server = nginx.start()
  local told = server:eval [[ return require("spec.support.driver_story").play() ]]
  local log = server:error_log()
  server:stop()
  assert.equal("", log)
  return told
end

local function play_on(name)
  return function()
    return story.play(require("stepfn.driver." .. name).new())
  end
end

-- Why it can't be played here; nil when it can.
local function lacks(library)
  return not pcall(require, library) and library .. " is not installed for this Lua" or nil
end

local function lacks_nginx()
  if not rawget(_G, "jit") then
    return "played once, by the specs on LuaJIT"
  end
  return select(2, nginx.find())
end

local players = {
  { name = "virtual", play = play_on "virtual" },
  { name = "system", play = play_on "system" },
  { name = "cqueues", play = play_on "cqueues", lack = lacks "cqueues" },
  { name = "luv", play = play_on "luv", lack = lacks "luv" },
  { name = "ngx", play = play_inside_nginx, lack = lacks_nginx(), knows_every_yield = true },
}

for _, player in ipairs(players) do
  describe("The driver " .. player.name, function()
    if player.lack then
      return pending("is not tried: " .. player.lack)
    end

    local told

    setup(function()
      told = player.play()
    end)

    it("runs the tasks of branches side by side", function()
      assert.equal("a1 b1 c1 b2 c2 a2", table.concat(told.branches.told, " "))
      assert.same({ "a", "b", "c" }, told.branches.output)
      assert.is_true(told.branches.seconds < 2)
    end)

    it("ends a task at its timeout, for good", function()
      assert.same({ "FAILED", "States.Timeout" }, { told.timeout.status, told.timeout.error })
      assert.same({ "slow1" }, told.timeout.told)
      assert.is_true(told.timeout.seconds >= 1 and told.timeout.seconds < 3)
    end)

    it("ends a task that does not beat, and lets one live that does", function()
      assert.same({ "dead1", "beat", "beat" }, told.heartbeat.told)
      assert.equal("States.Timeout", told.heartbeat.error)
    end)

    it("drops the tasks of other branches when one fails", function()
      assert.same({ "Broken", "for good" }, { told.cancelled.error, told.cancelled.cause })
      assert.same({ "slow1" }, told.cancelled.told)
      assert.is_true(told.cancelled.seconds < 2)
    end)

    it("waits before a retry", function()
      assert.equal("at last", told.retried.output)
      assert.same({ 0, 1 }, told.retried.told)
      assert.is_true(told.retried.seconds >= 1 and told.retried.seconds < 5)
    end)

    it("waits in a Wait state", function()
      assert.equal("SUCCEEDED", told.waited.status)
      assert.is_true(told.waited.seconds >= 1 and told.waited.seconds < 5)
    end)

    it("stops an execution at the word of others, its tasks with it", function()
      assert.same({ "ABORTED", "Stop", "from outside" }, { told.stopped.status, told.stopped.error, told.stopped.cause })
      assert.same({ "slow1" }, told.stopped.told)
      assert.same({ true, true }, told.outsider.told)
    end)

    it("takes answers by token from others", function()
      assert.same({ answer = 42 }, told.answered.output)
    end)

    it("keeps room for others beside a machine that loops for ever, which can be stopped", function()
      assert.same({ "ABORTED", "was heard" }, { told.endless.status, told.endless.cause })
      assert.is_true(told.endless.seconds < 2)
    end)

    with_fibers("keeps room for others beside one huge expression, which can be stopped", function()
      assert.same({ "ABORTED", "was heard" }, { told.huge.status, told.huge.cause })
    end)

    it("tells an error in a task function by its message", function()
      assert.equal("LuaError", told.failing.error)
      assert.equal("no such luck", stepfn.decode(told.failing.cause).errorMessage)
    end)

    it("awaits what calls back, at once or later", function()
      assert.same({ { "at", "once" }, "later" }, told.awaited.told)
    end)

    it("runs a machine inside a task, while other tasks go on", function()
      assert.same({ "deep", "other" }, told.inside.output)
      assert.equal("other2 deep2 SUCCEEDED", table.concat(told.inside.told, " ", 3))
    end)

    it("knows which yields are not its own", function()
      assert.equal(player.knows_every_yield and "SUCCEEDED" or "FAILED", told.yielding.status)
      assert.matches(player.knows_every_yield and "" or "yielded a string, which the driver does not know",
        told.yielding.cause or "")
    end)
  end)
end

local has_cqueues, cqueues = pcall(require, "cqueues")
local with_cqueues = has_cqueues and describe or pending

with_cqueues("In a coroutine of a cqueues controller", function()
  local loop, log

  before_each(function()
    loop, log = cqueues.new(), {}
  end)

  it("run suspends that coroutine alone", function()
    loop:wrap(function()
      local execution = three:run({}, { driver = "cqueues", tasks = sleepers(log, { a = 0.05, b = 0.05, c = 0.05 }) })
      log[#log + 1] = execution.status
    end)
    loop:wrap(function()
      cqueues.sleep(0.02)
      log[#log + 1] = "other"
    end)
    assert(loop:loop())
    assert.equal("a1 b1 c1 other", table.concat(log, " ", 1, 4))
    assert.equal("SUCCEEDED", log[#log])
  end)

  it("tasks wait with all that cqueues has, until nobody wants them", function()
    local signal = require("cqueues.condition").new()
    loop:wrap(function()
      cqueues.sleep(0.01)
      signal:signal()
    end)
    loop:wrap(function()
      local execution = three:run({}, { driver = "cqueues", tasks = {
        a = function() log[1] = signal:wait() end,
        b = function()
          require("cqueues.condition").new():wait()
          log[2] = "never"
        end,
        c = function()
          cqueues.sleep(0.03)
          stepfn.fail "Enough"
        end,
      } })
      log[#log + 1] = execution.error
    end)
    assert(loop:loop(1))
    assert.same({ true, "Enough" }, log)
    assert.is_true(loop:empty())
  end)
end)

local has_luv, uv = pcall(require, "luv")
local with_luv = has_luv and describe or pending

with_luv("In luv's loop", function()
  it("run in a coroutine suspends that coroutine alone", function()
    local log = {}
    coroutine.wrap(function()
      local execution = three:run({}, { driver = "luv", tasks = sleepers(log, { a = 0.05, b = 0.05, c = 0.05 }) })
      log[#log + 1] = execution.status
    end)()
    local timer = uv.new_timer()
    timer:start(20, 0, function()
      log[#log + 1] = "other"
      timer:close()
    end)
    uv.run()
    assert.equal("a1 b1 c1 other a2 b2 c2 SUCCEEDED", table.concat(log, " "))
  end)

  it("run in a callback says what to do instead", function()
    local good, message, spawned
    local timer = uv.new_timer()
    timer:start(1, 0, function()
      good, message = pcall(function() one:run({}, { driver = "luv", tasks = { a = function() end } }) end)
      spawned = one:spawn({}, { driver = "luv", tasks = { a = function() return "spawned" end } })
      timer:close()
    end)
    uv.run()
    assert.is_false(good)
    assert.matches("'run' can't wait in a callback of the loop: use machine:spawn", message)
    assert.equal("spawned", spawned.output)
  end)

  it("tasks await what calls back", function()
    local execution = one:run({}, { driver = "luv", tasks = { a = function()
      local fault, stat = stepfn.await(function(done) uv.fs_stat("Makefile", done) end)
      return { fault or stepfn.null, stat.type }
    end } })
    assert.same({ stepfn.null, "file" }, execution.output)
  end)
end)
