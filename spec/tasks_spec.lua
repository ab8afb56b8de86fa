local history = require "spec.support.history"
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
local INVOKE = "arn:aws:states:::lambda:invoke"

---A machine of one Task state, "Work".
local function machine(resource, fields)
  local state = { Type = "Task", Resource = resource, End = true }
  for name, value in pairs(fields or {}) do
    state[name] = value
  end
  return assert(stepfn.load { StartAt = "Work", States = { Work = state } })
end

---Run that machine with one function under the name "f".
local function run(fn, options)
  options = options or {}
  options.tasks = { f = fn }
  options.driver = options.driver or "virtual"
  return machine("lua:f"):run({ n = 1 }, options)
end

---The same, spawned.
local function spawned(fn)
  local execution = machine("lua:f"):spawn({ n = 1 }, { tasks = { f = fn }, driver = virtual.new() })
  return assert(execution:wait())
end

local function answer(text)
  return function() return text end
end

describe("The lookup of task functions", function()
  it("finds the name in a function's ARN, without version or alias", function()
    for _, resource in ipairs { LAMBDA .. "f", LAMBDA .. "f:42", LAMBDA .. "f:prod", "lua:f", "${f}", LAMBDA .. "${f}" } do
      assert.equal("yes", machine(resource):run({}, { tasks = { f = answer "yes" } }).output)
    end
  end)

  it("prefers state:NAME, then the Resource, then the name", function()
    local tasks = { ["state:Work"] = answer "state", [LAMBDA .. "f"] = answer "resource", f = answer "name" }
    assert.equal("state", machine(LAMBDA .. "f"):run({}, { tasks = tasks }).output)
    tasks["state:Work"] = nil
    assert.equal("resource", machine(LAMBDA .. "f"):run({}, { tasks = tasks }).output)
    tasks[LAMBDA .. "f"] = nil
    assert.equal("name", machine(LAMBDA .. "f"):run({}, { tasks = tasks }).output)
  end)

  it("honours __index", function()
    local tasks = setmetatable({}, { __index = { f = answer "inherited" } })
    assert.equal("inherited", machine("lua:f"):run({}, { tasks = tasks }).output)
  end)

  it("is made anew for each run", function()
    local same, tasks = machine(LAMBDA .. "f"), { f = answer "first" }
    assert.equal("first", same:run({}, { tasks = tasks }).output)
    assert.equal("first", same:run({}, { tasks = tasks }).output)
    tasks.f = answer "second"
    assert.equal("second", same:run({}, { tasks = tasks }).output)
    tasks["state:Work"] = answer "third"
    assert.equal("third", same:run({}, { tasks = tasks }).output)
    assert.equal("fourth", same:run({}, { tasks = answer "fourth" }).output)
    assert.equal("third", same:run({}, { tasks = tasks }).output)
    assert.error_matches(function() same:run({}, { tasks = {} }) end, "no task function for the state 'Work'")
  end)

  it("takes callable tables", function()
    local callable = setmetatable({}, { __call = function(_, input) return input end })
    assert.same({ n = 1 }, run(callable).output)
  end)

  it("finds the functions given at loading by name too", function()
    local definition = machine(INVOKE, { Parameters = { FunctionName = "f", Payload = 7 } }).definition
    local loaded = assert(stepfn.load(definition, { functions = { f = function(input) return input + 1 end } }))
    assert.equal(8, loaded:run({}, { driver = "virtual" }).output.Payload)
  end)

  it("comes to the functions of the builder last", function()
    local definition = { StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:f", End = true } } }
    local built = assert(stepfn.load(definition, { functions = { ["lua:f"] = answer "built" } }))
    assert.equal("built", built:run().output)
    assert.equal("given", built:run({}, { tasks = { f = answer "given" } }).output)
  end)

  it("gives a function every attempt, at the level of the integration", function()
    local seen
    local execution = machine(INVOKE, { Parameters = { FunctionName = "f", Payload = { a = 1 } } }):run({}, {
      tasks = function(resource, input, context)
        seen = { resource, input, context.state }
        return "raw"
      end,
    })
    assert.same({ INVOKE, { FunctionName = "f", Payload = { a = 1 } }, "Work" }, seen)
    assert.equal("raw", execution.output)
  end)

  it("takes unresolved names from substitutions when they are given", function()
    local definition = '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${ChargeArn}","End":true}}}'
    local resolved = assert(stepfn.load(definition, { substitutions = { ChargeArn = LAMBDA .. "charge" } }))
    assert.equal("ok", resolved:run({}, { tasks = { charge = answer "ok" } }).output)
    assert.equal("ok", assert(stepfn.load(definition)):run({}, { tasks = { ChargeArn = answer "ok" } }).output)
  end)

  it("raises before anything runs when a function is missing, and says what is there", function()
    local ran = false
    local both = assert(stepfn.load { StartAt = "A", States = {
      A = { Type = "Task", Resource = "lua:first", Next = "B" },
      B = { Type = "Task", Resource = LAMBDA .. "second", End = true },
    } })
    local good, message = pcall(both.run, both, {}, { tasks = { first = function() ran = true end } })
    assert.is_false(good)
    assert.matches("no task function for the state 'B' %(Resource " .. LAMBDA:gsub("%-", "%%-") .. "second, name second%)", message)
    assert.matches("registered: first$", message)
    assert.is_false(ran)
  end)

  it("fails the attempt instead with on_missing = \"fail\"", function()
    local execution = machine("lua:f"):run({}, { on_missing = "fail" })
    assert.equal("Lambda.ResourceNotFoundException", execution.error)
    assert.equal("Function not found: f", execution.cause)
  end)

  it("refuses what is no function", function()
    assert.error_matches(function() run "text" end, 'tasks%["f"%] is no function but a string')
  end)
end)

describe("lambda:invoke", function()
  local function invoke(parameters, fn, tasks)
    return machine(INVOKE, { Parameters = parameters }):run({ name = "f", n = 7 }, { tasks = tasks or { f = fn } })
  end

  local function echo(input) return input end

  it("hands over the Payload and wraps the output as AWS does", function()
    local execution = invoke({ FunctionName = "f", ["Payload.$"] = "$.n" }, function(n) return { doubled = 2 * n } end)
    assert.same({ doubled = 14 }, execution.output.Payload)
    assert.equal(200, execution.output.StatusCode)
    assert.equal("$LATEST", execution.output.ExecutedVersion)
    assert.equal(200, execution.output.SdkHttpMetadata.HttpStatusCode)
    assert.equal(36, #execution.output.SdkResponseMetadata.RequestId)
  end)

  it("answers with the headers that AWS's answer has", function()
    local output = machine(INVOKE, { Parameters = { FunctionName = "f" } })
      :run({}, { tasks = { f = function() return "h\195\166" end }, start_time = 1767225600, driver = "virtual" }).output
    local headers = output.SdkHttpMetadata.HttpHeaders
    assert.equal(output.SdkResponseMetadata.RequestId, headers["x-amzn-RequestId"])
    assert.matches("^Root=1%-6955b900%-%x+;Sampled=0$", headers["X-Amzn-Trace-Id"])
    headers["x-amzn-RequestId"], headers["X-Amzn-Trace-Id"] = nil, nil
    assert.same({
      Connection = "keep-alive", ["Content-Length"] = "5", ["Content-Type"] = "application/json",
      Date = "Thu, 01 Jan 2026 00:00:00 GMT", ["X-Amz-Executed-Version"] = "$LATEST", ["x-amzn-Remapped-Content-Length"] = "0",
    }, headers)
    assert.same({ "5" }, output.SdkHttpMetadata.AllHttpHeaders["Content-Length"])
  end)

  it("finds the function of an ARN, with its qualifier", function()
    assert.equal(1, invoke({ FunctionName = LAMBDA .. "f:7", Payload = 1 }, echo).output.Payload)
    assert.equal(1, invoke({ FunctionName = "123456789012:function:f", Payload = 1 }, echo).output.Payload)
    assert.equal(1, invoke({ FunctionName = "f:prod", Payload = 1 }, echo).output.Payload)
    assert.equal(1, invoke({ FunctionName = "${f}", Payload = 1 }, echo).output.Payload)
  end)

  it("finds the function that the input names", function()
    assert.equal(1, invoke({ ["FunctionName.$"] = "$.name", Payload = 1 }, echo).output.Payload)
  end)

  it("raises for one that the input names and nobody has", function()
    assert.error_matches(function() invoke({ ["FunctionName.$"] = "$.name" }, nil, { g = echo }) end,
      "no task function for the state 'Work'.*name f%): registered: g")
  end)

  it("sends text as raw JSON, and null or nothing as {}", function()
    assert.equal(0.5, invoke({ FunctionName = "f", Payload = "0.5" }, echo).output.Payload)
    assert.same({}, invoke({ FunctionName = "f" }, echo).output.Payload)
    assert.same({}, invoke({ FunctionName = "f", Payload = stepfn.null }, echo).output.Payload)
    assert.equal("Lambda.InvalidRequestContentException", invoke({ FunctionName = "f", Payload = "no JSON" }, echo).error)
  end)

  it("is raw for the exact Resource", function()
    local execution = invoke({ FunctionName = "f", Payload = 1 }, nil, { [INVOKE] = echo })
    assert.same({ FunctionName = "f", Payload = 1 }, execution.output)
  end)
end)

describe("A task function", function()
  it("gets a fresh copy of the input", function()
    local twice = assert(stepfn.load { StartAt = "A", States = {
      A = { Type = "Task", Resource = "lua:f", ResultPath = stepfn.null, Next = "B" },
      B = { Type = "Task", Resource = "lua:g", End = true },
    } })
    local execution = twice:run({ list = { 1 } }, { tasks = {
      f = function(input) input.list[1] = "changed" end,
      g = function(input) return input end,
    } })
    assert.same({ list = { 1 } }, execution.output)
  end)

  it("gives null for a bare nil", function()
    assert.equal(stepfn.null, run(function() end).output)
    assert.equal("null", run(function() return nil end):output_json())
  end)

  it("may return a value as it is", function()
    assert.same({ 1, { 2 } }, run(function(_, context) return stepfn.value { 1, { context:raw().n + 1 } } end).output)
  end)

  it("fails with the name and cause given to stepfn.fail", function()
    local execution = run(function() stepfn.fail("CardDeclined", "no funds") end)
    assert.same({ "FAILED", "CardDeclined", "no funds" }, { execution.status, execution.error, execution.cause })
    assert.equal("FAILED at /States/Work: CardDeclined: no funds", tostring(execution))
  end)

  it("fails with a raised table with Error and Cause", function()
    local execution = run(function() error { Error = "E", Cause = { code = 7 } } end)
    assert.same({ "E", '{"code":7}' }, { execution.error, execution.cause })
    assert.is_nil(run(function() error { Error = "E" } end).cause)
  end)

  it("fails as a Lambda does for a plain error, without file paths", function()
    local execution = run(function() error "no connection" end)
    assert.equal("LuaError", execution.error)
    assert.equal('{"errorMessage":"no connection","errorType":"LuaError"}', execution.cause)
  end)

  it("keeps what looks like a position but is none", function()
    assert.equal('{"errorMessage":"host:80: refused","errorType":"LuaError"}', run(function() error("host:80: refused", 0) end).cause)
  end)

  it("keeps the traceback for the trace", function()
    local execution = run(function() error "deep down" end)
    assert.matches("deep down\nstack traceback:.*tasks_spec", execution:trace()[1].traceback)
    assert.is_nil(run(answer "fine"):trace()[1].traceback)
  end)

  it("fails with what it returns after nil", function()
    local execution = run(function() return nil, "not today" end)
    assert.same({ "LuaError", "not today" }, { execution.error, execution.cause })
    execution = run(function() return nil, { Error = "E", Cause = "c" } end)
    assert.same({ "E", "c" }, { execution.error, execution.cause })
    execution = run(function() return nil, { reason = 1 } end)
    assert.same({ "LuaError", '{"reason":1}' }, { execution.error, execution.cause })
  end)

  it("fails without addresses for odd error values", function()
    assert.equal('{"errorMessage":"nil","errorType":"LuaError"}', run(function() error() end).cause:gsub("null", "nil"))
    assert.equal('{"errorMessage":"42","errorType":"LuaError"}', run(function() error(42) end).cause)
    assert.equal('{"errorMessage":"(a function)","errorType":"LuaError"}', run(function() error(print) end).cause)
    local with_text = setmetatable({}, { __tostring = answer "my error" })
    assert.equal('{"errorMessage":"my error","errorType":"LuaError"}', run(function() error(with_text) end).cause)
  end)

  it("fails for a message that is no UTF-8, with the bytes replaced", function()
    assert.equal('{"errorMessage":"a\239\191\189b","errorType":"LuaError"}', run(function() error("a\255b", 0) end).cause)
  end)

  it("may be a function of C", function()
    assert.equal("table", run(type).output)
    assert.equal("table", spawned(type).output)
    assert.equal("LuaError", run(error).error)
  end)

  it("fails, whatever the metamethods of its error value raise", function()
    local function bad() error "from a metamethod" end
    for _, name in ipairs { "__tostring", "__index", "__pairs", "__len" } do
      local value = setmetatable({}, { [name] = bad })
      local function raising() error(value) end
      local function returning() return nil, value end
      for _, fn in ipairs { raising, returning } do
        assert.equal("LuaError", run(fn).error)
        assert.equal("LuaError", spawned(fn).error)
      end
    end
    local numbers = setmetatable({}, { __tostring = function() return 5 end })
    assert.equal("LuaError", run(function() error(numbers) end).error)
    local late = setmetatable({ Error = "Late" }, { __index = bad })
    assert.equal("Late", run(function() error(late) end).error)
  end)

  it("fails with a value whose metatable is hidden", function()
    local hidden = setmetatable({}, { __metatable = "hidden" })
    assert.equal("LuaError", run(function() error(hidden) end).error)
  end)

  it("fails with what the function given to await raises", function()
    local function fn()
      stepfn.await(function() error { Error = "Refused" } end)
    end
    assert.equal("Refused", run(fn).error)
    assert.equal("Refused", spawned(fn).error)
  end)

  it("fails with Error and Cause in UTF-8, whatever the bytes", function()
    local function raising() error { Error = "E\255", Cause = "c\255" } end
    local function failing() stepfn.fail("E\255", "c\255") end
    local function returning() return nil, { Error = "E\255", Cause = "c\255" } end
    for _, fn in ipairs { raising, failing, returning } do
      local execution = run(fn)
      assert.same({ "E\239\191\189", "c\239\191\189" }, { execution.error, execution.cause })
    end
    assert.equal("c\239\191\189", run(function() return nil, "c\255" end).cause)
  end)

  it("fails with no more characters than AWS allows for Error and Cause", function()
    local euro = "\226\130\172"
    local function limits_of(name, cause)
      local execution = run(function() stepfn.fail(name, cause) end)
      return { execution.error, execution.cause }
    end
    local longest = { euro:rep(256), euro:rep(32768) }
    assert.same(longest, limits_of(longest[1], longest[2]))
    assert.same(longest, limits_of(longest[1] .. euro, longest[2] .. "x"))
    assert.same({ ("x"):rep(256), ("y"):rep(32768) }, limits_of(("x"):rep(257), ("y"):rep(40000)))
  end)

  it("fails when it returns what has no form in JSON", function()
    local endless = {}
    endless.again = endless
    for text, value in pairs {
      ["value.f: a function has no form in JSON"] = { f = print },
      ["a table contains itself"] = endless,
      ["value: NaN is no JSON number"] = 0 / 0,
      ["an array has a hole"] = { 1, nil, 3 },
    } do
      local execution = run(function() return value end)
      assert.equal("LuaError", execution.error)
      assert.is_truthy(execution.cause:find(text, 1, true), execution.cause)
    end
  end)

  it("is matched by States.TaskFailed and States.ALL, and retried", function()
    local calls = 0
    local retried = machine("lua:f", { Retry = { { ErrorEquals = { "States.TaskFailed" }, IntervalSeconds = 5 } } })
    local execution = retried:run({}, { driver = "virtual", tasks = { f = function(_, context)
      calls = calls + 1
      return context.attempt == 2 and "third" or error "again"
    end } })
    assert.equal("third", execution.output)
    assert.equal(3, calls)
    assert.equal(5 + 10, execution.stop_date - execution.start_date)
  end)

  it("fails, and says so, when it yields what the driver does not know", function()
    local execution = run(function() coroutine.yield "what?" end)
    assert.equal("LuaError", execution.error)
    assert.matches("a task yielded a string, which the driver does not know", execution.cause)
  end)
end)

describe("Tasks in a row", function()
  local EACH = {
    StartAt = "Each",
    States = { Each = { Type = "Map", End = true, MaxConcurrency = 1, ItemProcessor = {
      StartAt = "Work",
      States = {
        Work = { Type = "Task", Resource = "lua:f", End = true,
          Retry = { { ErrorEquals = { "Again" } } }, Catch = { { ErrorEquals = { "States.ALL" }, Next = "Failed" } } },
        Failed = { Type = "Pass", Parameters = { ["error.$"] = "$.Error" }, End = true },
      },
    } } },
  }
  local FAILED = { error = "LuaError" }

  local acts = {
    value = function() return "value" end,
    raise = function() error "raised" end,
    refuse = function() return nil, "refused" end,
    yield = function() return coroutine.yield "odd" end,
    sleep = function(context)
      context:sleep(5)
      return "slept"
    end,
    sleep_and_raise = function(context)
      context:sleep(5)
      error "raised"
    end,
    odd = function() return print end,
    again = function(context) return context.attempt == 2 and "twice again" or stepfn.fail "Again" end,
  }

  local function play(items, driver, concurrency)
    EACH.States.Each.MaxConcurrency = concurrency
    local function act(input, context) return acts[input](context) end
    return assert(stepfn.load(EACH)):run(items, { driver = driver, tasks = { f = act } }).output
  end

  local items = {
    "value", "raise", "value", "refuse", "value", "yield", "value", "sleep", "value", "sleep_and_raise", "value", "odd",
    "value", "again", "value",
  }
  local outputs = {
    "value", FAILED, "value", FAILED, "value", FAILED, "value", "slept", "value", FAILED, "value", FAILED,
    "value", "twice again", "value",
  }

  it("each come to their own end, however those before them ended", function()
    assert.same(outputs, play(items, "virtual", 1))
  end)

  it("each come to their own end beside those that wait", function()
    assert.same(outputs, play(items, "virtual", 40))
  end)

  it("end with their execution when one of them stops it", function()
    local execution
    local count = 0
    local function act(input)
      count = count + 1
      return input ~= "stop" or execution:stop("Enough")
    end
    execution = assert(stepfn.load(EACH)):start({ "go", "go", "stop", "go" }, { driver = "virtual", tasks = { f = act } })
    execution:run()
    assert.same({ "ABORTED", "Enough", count <= 4 }, { execution.status, execution.error, true })
  end)

  it("end with their execution when one of them closes it", function()
    local execution
    local seen = {}
    local function act(input)
      seen[#seen + 1] = input
      return input ~= "close" or execution:close()
    end
    EACH.States.Each.MaxConcurrency = 1
    execution = assert(stepfn.load(EACH)):start({ "go", "close", "go" }, { driver = "virtual", tasks = { f = act } })
    execution:run()
    assert.same({ "go", "close" }, seen)
  end)

  it("may run machines of their own", function()
    local function act(input)
      return input == "deep" and play({ "value", "raise", "sleep" }, nil, 40) or input
    end
    local map = assert(stepfn.load(EACH))
    assert.same({ "a", { "value", FAILED, "slept" }, "b" },
      map:run({ "a", "deep", "b" }, { driver = "virtual", tasks = { f = act } }).output)
  end)
end)

describe("The context of a task", function()
  it("tells state, resource, attempt, execution", function()
    local seen
    run(function(_, context)
      seen = { context.state, context.resource, context.attempt, context.execution }
    end, { name = "mine", driver = virtual.new { start = "2026-03-01T12:00:00Z" } })
    assert.same({ "Work", "lua:f", 0 }, { seen[1], seen[2], seen[3] })
    assert.same({
      Id = "arn:aws:states:us-east-1:000000000000:execution:machine:mine", Name = "mine", Input = { n = 1 },
      RoleArn = "arn:aws:iam::000000000000:role/StepFunctions", StartTime = "2026-03-01T12:00:00Z", RedriveCount = 0,
    }, seen[4])
  end)

  it("draws the same random numbers for the same seed", function()
    local function draws(seed)
      return run(function(_, context)
        return { context:random(), context:random(6), context:random(10, 20), context:random(5, 5) }
      end, { seed = seed }).output
    end
    local first = draws(7)
    assert.same(first, draws(7))
    assert.not_same(first, draws(8))
    assert.is_true(first[1] >= 0 and first[1] < 1)
    assert.is_true(first[2] >= 1 and first[2] <= 6 and first[3] >= 10 and first[3] <= 20)
    assert.equal(5, first[4])
  end)

  it("checks the bounds of random", function()
    assert.matches("whole numbers m <= n expected", run(function(_, context) context:random(2, 1) end).cause)
  end)

  it("sleeps and tells the time of the driver", function()
    local execution = run(function(_, context)
      local before = context:now()
      context:sleep(3600)
      return context:now() - before
    end)
    assert.equal(3600, execution.output)
  end)

  it("refuses to sleep in a coroutine of the task's own making", function()
    local execution = run(function(_, context)
      return assert(select(2, coroutine.resume(coroutine.create(function() context:sleep(1) end))))
    end)
    assert.matches("sleep was called outside of a task's own coroutine", execution.output)
  end)

  it("gives the input as a value", function()
    assert.equal('{"n":1}', run(function(_, context) return tostring(context:raw()) end).output)
  end)

  it("beats: HeartbeatSeconds counts from there", function()
    local slow = machine("lua:f", { HeartbeatSeconds = 10, TimeoutSeconds = 100 })
    local function work(beats)
      return slow:run({}, { driver = "virtual", tasks = { f = function(_, context)
        context:sleep(8)
        assert(not beats or context:heartbeat())
        context:sleep(8)
        return "done"
      end } })
    end
    assert.equal("done", work(true).output)
    assert.equal("States.Timeout", work(false).error)
  end)
end)

describe("A timeout", function()
  it("ends a task that sleeps too long, at its very time", function()
    local slow = machine("lua:f", { TimeoutSeconds = 60 })
    local came_back = false
    local execution = slow:run({}, { driver = "virtual", tasks = { f = function(_, context)
      context:sleep(3600)
      came_back = true
    end } })
    assert.equal("States.Timeout", execution.error)
    assert.equal(60, execution.stop_date - execution.start_date)
    assert.is_false(came_back)
  end)
end)

describe(".waitForTaskToken", function()
  local ask = machine("arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    { Parameters = { ["MessageBody"] = { ["token.$"] = "$$.Task.Token" }, QueueUrl = "q" } })
  local QUEUE = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"

  it("stays open after the function has returned", function()
    local token
    local execution = ask:run({}, { driver = "virtual", tasks = { [QUEUE] = function(input, context)
      token = context.token
      assert(input.MessageBody.token == token)
      return { MessageId = "1" }
    end } })
    assert.equal("RUNNING", execution.status)
    assert.equal(token, execution:open_tasks()[1].token)
    assert.is_true(execution:task_succeeded(token, { yes = true }))
    assert.same({ yes = true }, execution:run().output)
  end)

  it("may be answered inside the function", function()
    local execution
    execution = ask:start({}, { driver = "virtual", tasks = { [QUEUE] = function(_, context)
      assert(execution:task_succeeded(context.token, "at once"))
    end } })
    assert.equal("at once", execution:run().output)
  end)

  it("fails when the function fails", function()
    local execution = ask:run({}, { tasks = { [QUEUE] = function() stepfn.fail("SQS.Down") end } })
    assert.equal("SQS.Down", execution.error)
  end)

  it("knows late, foreign and forged tokens", function()
    local tasks = { [QUEUE] = function() return {} end }
    local execution, other = ask:run({}, { tasks = tasks, seed = 1 }), ask:run({}, { tasks = tasks, seed = 2 })
    local token = execution:open_tasks()[1].token
    local done, _, detail = other:task_succeeded(token, 1)
    assert.is_nil(done)
    assert.equal("TaskDoesNotExist", detail.code)
    local forged = token:sub(1, 20) .. (token:sub(21, 21) == "A" and "B" or "A") .. token:sub(22)
    assert.equal("InvalidToken", select(3, execution:task_succeeded(forged, 1)).code)
    assert.equal("InvalidToken", select(3, execution:task_succeeded("nonsense", 1)).code)
    assert.equal("InvalidOutput", select(3, execution:task_succeeded(token, print)).code)
    assert.is_true(execution:task_heartbeat(token))
    assert.is_true(execution:task_failed(token, "No", "because"))
    local late, message, why = execution:task_succeeded(token, 1)
    assert.is_nil(late)
    assert.equal("string", type(message))
    assert.equal("TaskTimedOut", why.code)
    assert.equal("No: because", select(2, execution:run():result()))
  end)
end)

describe("An activity", function()
  local arn = "arn:aws:states:us-east-1:123456789012:activity:work"

  it("without a function stays open", function()
    local execution = machine(arn):run({ n = 1 }, { driver = "virtual" })
    local open = execution:open_tasks()[1]
    assert.equal("RUNNING", execution.status)
    assert.same({ "Work", arn, { n = 1 }, 0 }, { open.state, open.resource, open.input, open.attempt })
    assert.is_true(execution:task_succeeded(open.token, "done"))
    assert.equal("done", execution:run().output)
  end)

  it("with a function runs it", function()
    local execution = machine(arn):run({}, { tasks = { work = answer "mine" } })
    assert.equal("mine", execution.output)
    assert.same({
      "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
      "TaskStateExited", "ExecutionSucceeded",
    }, history.types(execution))
  end)
end)
