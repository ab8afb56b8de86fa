package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"
local stepfn = require "stepfn"

local PAYLOAD = 262144
local HALF = ("x"):rep(140000) -- twice is too much

local TOO_LARGE = "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."

local function text_of(bytes)
  return stepfn.value(('"%s"'):format(("x"):rep(bytes - 2)))
end

---What a state "S" fails with.
local function fails(name, state, input, tasks)
  local error_name, cause = asl.failure(state, input, { tasks = tasks })
  assert.equal("States.DataLimitExceeded", error_name)
  assert.equal(TOO_LARGE:format(name), cause)
end

describe("A payload may have 262,144 bytes of JSON text", function()
  it("as the input of an execution", function()
    assert.equal("SUCCEEDED", asl.run({ S = { Type = "Succeed" } }, text_of(PAYLOAD)).status)
    fails("S", { Type = "Succeed" }, text_of(PAYLOAD + 1))
  end)

  it("counted in bytes of UTF-8, not in characters", function()
    fails("S", { Type = "Pass" }, stepfn.value('"' .. ("\195\164"):rep(PAYLOAD / 2) .. '"'))
  end)

  it("as what a task is sent", function()
    local function never() error "it was sent" end
    fails("S", { Type = "Task", Resource = "lua:f", Parameters = { ["a.$"] = "$", ["b.$"] = "$" } }, stepfn.value('"' .. HALF .. '"'),
      { f = never })
  end)

  it("as what a task gives back", function()
    local exact = ("x"):rep(PAYLOAD - 2)
    local task = { Type = "Task", Resource = "lua:f" }
    assert.equal(PAYLOAD, #asl.output(task, "{}", { tasks = { f = function() return exact end } }))
    fails("lua:f", task, "{}", { f = function() return exact .. "x" end })
  end)

  it("as what ResultSelector makes", function()
    fails("S", { Type = "Task", Resource = "lua:f", ResultSelector = { ["a.$"] = "$", ["b.$"] = "$" } }, "{}",
      { f = function() return HALF end })
  end)

  it("as what ResultPath makes", function()
    fails("S", { Type = "Task", Resource = "lua:f", ResultPath = "$.r" }, stepfn.value { a = HALF },
      { f = function() return HALF end })
  end)

  it("as the output of a state", function()
    fails("S", { Type = "Pass", Parameters = { ["a.$"] = "$.a", ["b.$"] = "$.a" } }, stepfn.value { a = HALF })
    fails("S", { Type = "Pass", QueryLanguage = "JSONata", Output = "{% [$states.input, $states.input] %}" }, stepfn.value { a = HALF })
  end)

  it("as the output of a state that changes nothing but its path", function()
    local input = text_of(PAYLOAD)
    fails("S", { Type = "Wait", Seconds = 1, OutputPath = "$$" }, input)
    fails("S", { Type = "Succeed", OutputPath = "$$" }, input)
    local choice = {
      S = { Type = "Choice", OutputPath = "$$", Choices = { { Variable = "$", IsString = true, Next = "T" } } },
      T = { Type = "Pass", InputPath = "$.none", End = true },
    }
    assert.equal("States.DataLimitExceeded", asl.run(choice, input).error)
  end)

  it("as what a catcher makes; its state fails then, and is not left", function()
    local function last_event(catcher, language)
      catcher.ErrorEquals, catcher.Next = { "States.ALL" }, "T"
      local state = { Type = "Task", Resource = "lua:f", QueryLanguage = language, End = true, Catch = { catcher } }
      local execution = asl.run({ S = state, T = { Type = "Pass", InputPath = "$.none", End = true } },
        stepfn.value { a = ("x"):rep(250000) }, { tasks = { f = function() stepfn.fail("E", ("c"):rep(32768)) end } })
      assert.equal("States.DataLimitExceeded", execution.error)
      assert.equal(TOO_LARGE:format "S", execution.cause)
      assert.truthy(execution.usage.payload.bytes > PAYLOAD)
      local history = asl.history(execution)
      return history[#history - 1]
    end
    assert.equal("5<-4 LambdaFunctionFailed", last_event { ResultPath = "$.e" })
    assert.equal("5<-4 LambdaFunctionFailed", last_event({ Output = "{% [$states.input, $states.errorOutput] %}" }, "JSONata"))
  end)

  it("as the results of branches and of iterations together", function()
    local pass = { Type = "Pass" }
    fails("S", { Type = "Parallel", Branches = { asl.scope("A", pass), asl.scope("B", { Type = "Pass" }) } }, stepfn.value { a = HALF })
    fails("S", { Type = "Map", ItemProcessor = asl.scope("A", { Type = "Pass", Result = HALF }) }, "[1,2]")
  end)

  it("where it goes somewhere: not as results that the state makes small", function()
    local large = asl.scope("A", { Type = "Pass", Result = HALF })
    assert.equal("[1,2]", asl.output({ Type = "Map", ItemProcessor = large, ResultPath = stepfn.null }, "[1,2]"))
    assert.equal('{"n":2}', asl.output({
      Type = "Parallel", Branches = { large, asl.scope("B", { Type = "Pass", Result = HALF }) },
      ResultSelector = { ["n.$"] = "States.ArrayLength($)" },
    }, "{}"))
  end)

  it("as what an ItemSelector makes, in the first state of the iteration", function()
    fails("A", {
      Type = "Map", ItemSelector = { ["a.$"] = "$", ["b.$"] = "$" }, ItemProcessor = asl.scope("A", { Type = "Pass" }),
    }, stepfn.value { HALF })
  end)
end)

describe("Variables may have", function()
  local TOO_MANY = "The state 'S' assigned variables with a size exceeding the maximum number of bytes service limit."

  local function assigning(assign, input)
    local execution = asl.run({ S = { Type = "Pass", Assign = assign, End = true } }, input)
    return execution.error, execution.cause
  end

  it("262,144 bytes each", function()
    local half = stepfn.value { a = ("x"):rep(131071) }
    assert.is_nil((assigning({ ["v.$"] = "States.Format('{}{}', $.a, $.a)" }, half)))
    local error_name, cause = assigning({ ["v.$"] = "States.Format('{}{}.', $.a, $.a)" }, half)
    assert.equal("States.DataLimitExceeded", error_name)
    assert.equal(TOO_MANY, cause)
  end)

  it("262,144 bytes together in one Assign", function()
    assert.equal("States.DataLimitExceeded", (assigning({ ["a.$"] = "$.a", ["b.$"] = "$.a" }, stepfn.value { a = HALF })))
  end)

  it("as much as the usage tells beforehand", function()
    local execution = asl.run({
      S = { Type = "Pass", Assign = { a = 1, b = { 1, 2 } }, Next = "T" },
      T = { Type = "Pass", Assign = { ["a.$"] = "$" }, Next = "U" },
      U = { Type = "Pass", Assign = { a = 0 }, End = true },
    }, text_of(PAYLOAD - 100))
    assert.same({ bytes = PAYLOAD - 100, limit = PAYLOAD, state = "T" }, execution.usage.assign)
    assert.same({ bytes = 0, limit = PAYLOAD }, asl.run({ S = { Type = "Succeed" } }, "{}").usage.assign)
    local over = asl.run({ S = { Type = "Pass", Assign = { ["a.$"] = "$.a", ["b.$"] = "$.a" }, End = true } }, stepfn.value { a = HALF })
    assert.same({ 2 * (#HALF + 2), "S" }, { over.usage.assign.bytes, over.usage.assign.state })
  end)

  ---States S1 to Sn that assign 250,002 bytes each.
  local function many(count, name_of)
    local states = {}
    for i = 1, count do
      states["S" .. i] = { Type = "Pass", Assign = { [name_of(i) .. ".$"] = "$" }, Next = "S" .. i + 1 }
    end
    states["S" .. count + 1] = { Type = "Succeed" }
    return assert(stepfn.load { StartAt = "S1", States = states }):run(text_of(250002), { driver = "virtual", history = false })
  end

  it("10,485,760 bytes in an execution", function()
    assert.equal("SUCCEEDED", many(41, function(i) return "v" .. i end).status)
    assert.equal("States.DataLimitExceeded", many(42, function(i) return "v" .. i end).error)
  end)

  it("as many new values as they like: those that are replaced do not count", function()
    assert.equal("SUCCEEDED", many(60, function(i) return "v" .. i % 41 end).status)
  end)

  it("more where that limit is lifted", function()
    local execution = asl.run({ S = { Type = "Pass", Assign = { ["a.$"] = "$.a", ["b.$"] = "$.a" }, End = true } },
      stepfn.value { a = HALF }, { limits = { variables = false } })
    assert.equal("SUCCEEDED", execution.status)
  end)
end)

describe("An error", function()
  local long, longer = { ("\195\164"):rep(256), ("c"):rep(32768) }, { ("\195\164"):rep(257), ("c"):rep(32769) }

  it("of a Fail state is cut to 256 characters, its cause to 32,768", function()
    local execution = asl.run({ S = { Type = "Fail", ErrorPath = "$[0]", CausePath = "$[1]" } }, stepfn.array(longer))
    assert.same(long, { execution.error, execution.cause })
    local details = execution:history()[3].executionFailedEventDetails
    assert.same(long, { details.error, details.cause })
    execution = asl.run({ S = { Type = "Fail", Error = long[1], Cause = long[2] } }, "{}")
    assert.same(long, { execution.error, execution.cause })
  end)

  it("that the answer of a service is, has the same limits", function()
    local http = "arn:aws:states:::http:invoke"
    local execution = asl.run({ S = {
      Type = "Task", Resource = http, End = true, Parameters = {
        ApiEndpoint = "https://a.b", Method = "GET",
        Authentication = { ConnectionArn = "arn:aws:events:us-east-1:123456789012:connection/a/b" },
      },
    } }, "{}", { tasks = { [http] = function() return { StatusCode = 500, ResponseBody = ("c"):rep(40000) } end } })
    assert.equal("States.Http.StatusCode.500", execution.error)
    assert.equal(32768, #execution.cause)
  end)

  it("of the engine has them, too", function()
    local execution = asl.run({ S = { Type = "Pass", Parameters = { ["a.$"] = "$.none" }, End = true } }, stepfn.value { a = HALF })
    assert.equal("States.Runtime", execution.error)
    assert.equal(32768, #execution.cause)
  end)

  it("from outside is cut to 256 characters, its cause to 32,768", function()
    local execution = assert(stepfn.load { StartAt = "S", States = {
      S = { Type = "Task", Resource = "arn:aws:states:us-east-1:123456789012:activity:a", End = true },
    } }):run({}, { driver = "virtual" })
    assert(execution:task_failed(execution:open_tasks()[1].token, ("\195\164"):rep(300), ("c"):rep(40000)))
    execution:run()
    assert.equal(("\195\164"):rep(256), execution.error)
    assert.equal(32768, #execution.cause)
  end)

  it("is cut also where an execution is stopped", function()
    local execution = assert(stepfn.load { StartAt = "S", States = { S = { Type = "Wait", Seconds = 9, End = true } } })
      :run({}, { driver = "virtual", pause = true })
    assert(execution:stop(("e"):rep(300), ("c"):rep(40000)))
    assert.same({ 256, 32768 }, { #execution.error, #execution.cause })
  end)
end)

describe("An execution may have 25,000 events", function()
  local function many(kind)
    local items = {}
    for i = 1, 7000 do
      items[i] = 0
    end
    local machine = assert(stepfn.load({ StartAt = "S", States = {
      S = { Type = "Map", End = true, ItemProcessor = asl.scope("A", { Type = "Pass" }) },
    } }, { type = kind }))
    return machine:run(stepfn.array(items), { driver = "virtual" })
  end

  it("as many as come where it is EXPRESS", function()
    local execution = many "EXPRESS"
    assert.equal("SUCCEEDED", execution.status)
    assert.same({ count = 28006 }, execution.usage.events)
  end)

  it("also in iterations: the last one says that there are too many", function()
    local execution = many "STANDARD"
    local history = execution:history()
    assert.equal(25000, #history)
    assert.equal("ExecutionFailed", history[25000].type)
    assert.equal("States.Runtime", execution.error)
    assert.equal("The execution reached the maximum number of history events (25000).", execution.cause)
  end)
end)
