local history = require "spec.support.history"
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local function machine(states, fields)
  local definition = { StartAt = "A", States = states }
  for name, value in pairs(fields or {}) do
    definition[name] = value
  end
  return assert(stepfn.load(definition))
end

---The message that a call raises, with the position in front.
local function raised(fn)
  return select(2, pcall(fn))
end

local pass = machine { A = { Type = "Pass", End = true } }
local task = machine { A = { Type = "Task", Resource = "lua:f", End = true } }
local wait = machine { A = { Type = "Wait", Seconds = 60, End = true } }

describe("stepfn.load", function()
  it("takes JSON text, a table, a value, or a machine", function()
    local text = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
    assert.equal("SUCCEEDED", assert(stepfn.load(text)):run().status)
    assert.equal("SUCCEEDED", assert(stepfn.load(stepfn.decode(text))):run().status)
    assert.equal("SUCCEEDED", assert(stepfn.load(stepfn.value(text))):run().status)
    assert.equal(pass, (stepfn.load(pass)))
  end)

  it("prints all faults, one a line, with line and column", function()
    local loaded, message, diagnostics = stepfn.load('{\n "StartAt": "B",\n "States": {\n  "A": { "Type": "Nonsense" }\n }\n}')
    assert.is_nil(loaded)
    assert.equal(#diagnostics, select(2, message:gsub("[^\n]+", "")))
    assert.matches("^%d+:%d+: error [A-Z_]+: ", message)
    assert.equal("ERROR", diagnostics[1].severity)
    assert.is_number(diagnostics[1].line)
    assert.is_string(diagnostics[1].pointer)
  end)

  it("gives no lines for a table", function()
    local _, message, diagnostics = stepfn.load { StartAt = "A" }
    assert.matches("^error SCHEMA_VALIDATION_FAILED: .* at /", message)
    assert.is_nil(diagnostics[1].line)
  end)

  it("names the file", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write '{"StartAt":"A"}'
    file:close()
    local _, message = stepfn.load_file(path)
    os.remove(path)
    assert.equal(1, (message:find(path .. ":1:", 1, true)))
  end)

  it("says which file can't be read", function()
    local loaded, message, diagnostics = stepfn.load_file "no/such/file.json"
    assert.is_nil(loaded)
    assert.matches("no/such/file.json", message)
    assert.equal("FILE_NOT_READABLE", diagnostics[1].code)
  end)

  it("shows the error of a visit, and when it was over without being left", function()
    local both = assert(stepfn.load [[{"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
      {"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":9,"End":true}}},
      {"StartAt":"Late","States":{"Late":{"Type":"Wait","Seconds":5,"Next":"Bad"},"Bad":{"Type":"Fail","Error":"E","Cause":"c"}}}]}}}]])
    local rows = {}
    for i, row in ipairs(both:run({}, { driver = "virtual", start_time = 100 }):trace()) do
      rows[i] = { row.state, error = row.error, cause = row.cause, exited = row.exited, ended = row.ended }
    end
    assert.same({
      { "Both", error = "E", cause = "c", ended = 105 }, { "Slow", ended = 105 },
      { "Late", exited = 105 }, { "Bad", error = "E", cause = "c", ended = 105 },
    }, rows)
  end)

  it("shows the error that a state ended with, not one of an earlier attempt", function()
    local one = assert(stepfn.load [[{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:a","End":true,
      "Retry":[{"ErrorEquals":["Busy"]}],"OutputPath":"$.missing"}}}]])
    local tries = 0
    local row = one:run({}, { driver = "virtual", tasks = { a = function()
      tries = tries + 1
      return tries > 1 and {} or stepfn.fail "Busy"
    end } }):trace()[1]
    assert.same({ "States.Runtime", 2 }, { row.error, row.attempts })
  end)

  it("raises for misuse, at the caller's line", function()
    local here = "^spec/execution_spec.lua:%d+: bad argument "
    assert.matches(here .. "#1 to 'load' %(", raised(function() local _ = stepfn.load() end))
    assert.matches(here .. "#2 to 'load' %(unknown option 'nam' %(did you mean 'name'%?%)%)",
      raised(function() local _ = stepfn.load("{}", { nam = "x" }) end))
    assert.error_matches(function() stepfn.load("{}", { type = "FAST" }) end, "option 'type': \"STANDARD\" or \"EXPRESS\"")
    assert.error_matches(function() stepfn.load({ 0 / 0 }) end, "bad argument #1 to 'load' %(value%[1%]: NaN")
  end)
end)

describe("stepfn.validate", function()
  it("gives all diagnostics as a list, empty for a good definition", function()
    assert.same({}, stepfn.validate '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}')
    assert.is_true(#stepfn.validate "{}" > 0)
    assert.is_true(#stepfn.validate "no JSON" > 0)
    assert.same({}, stepfn.validate(pass))
  end)
end)

describe("A machine", function()
  it("gives its definition, name and type", function()
    local named = assert(stepfn.load('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}', { name = "N", type = "EXPRESS" }))
    assert.same({ "N", "EXPRESS" }, { named.name, named.type })
    assert.equal("Succeed", named.definition.States.A.Type)
    assert.equal('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}', named:to_json())
    assert.matches('\n  "StartAt"', named:to_json { indent = true })
  end)

  it("lists its resources with their states", function()
    local two = machine {
      A = { Type = "Task", Resource = "lua:f", Next = "B" },
      B = { Type = "Parallel", End = true, Branches = { {
        StartAt = "C", States = { C = { Type = "Task", Resource = "lua:f", End = true } },
      } } },
    }
    assert.same({ { resource = "lua:f", kind = "lambda", states = { "A", "C" } } }, two:resources())
  end)
end)

describe("machine:run", function()
  it("takes nil for {}", function()
    assert.equal("{}", pass:run():output_json())
  end)

  it("takes any value, text and null too", function()
    assert.equal('"text"', pass:run("text"):output_json())
    assert.equal("[1]", pass:run(stepfn.value "[1]"):output_json())
    assert.equal(stepfn.null, pass:run(stepfn.null).output)
  end)

  it("tells what became of it", function()
    local execution = pass:run({ a = 1 }, { name = "mine", driver = "virtual" })
    assert.same({ "SUCCEEDED", { a = 1 } }, { execution.status, execution.output })
    assert.same({ a = 1 }, (execution:result()))
    assert.equal("mine", execution.name)
    assert.equal("arn:aws:states:us-east-1:000000000000:execution:machine:mine", execution.arn)
    assert.equal(execution.start_date, execution.stop_date)
    assert.is_nil(execution.error)
    assert.is_nil(execution.no_such_field)
    assert.equal("SUCCEEDED", tostring(execution))
  end)

  it("decodes the output once", function()
    local execution = pass:run { a = {} }
    assert.equal(execution.output, execution.output)
  end)

  it("gives the result of a failure as nil, message, execution", function()
    local execution = task:run({}, { tasks = { f = function() stepfn.fail("E", "c") end } })
    local output, message, same = execution:result()
    assert.is_nil(output)
    assert.equal("E: c", message)
    assert.equal(execution, same)
    assert.is_nil(execution:output_json())
  end)

  it("counts usage beside its limits", function()
    local usage = pass:run({ a = "x" }, { limits = { events = 100, payload = false } }).usage
    assert.same({ count = 4, limit = 100 }, usage.events)
    assert.is_nil(usage.payload.limit)
    assert.equal(9, usage.payload.bytes)
    assert.equal(10485760, usage.variables.limit)
  end)

  it("writes the history as AWS does", function()
    local execution = pass:run({ a = 1 }, { role_arn = "arn:aws:iam::1:role/r" })
    local first = execution:history()[1]
    assert.same({ "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded" }, history.types(execution))
    assert.equal('{"a":1}', first.executionStartedEventDetails.input)
    assert.equal("arn:aws:iam::1:role/r", first.executionStartedEventDetails.roleArn)
    assert.same({ 1, 0 }, { first.id, first.previousEventId })
  end)

  it("keeps no history when told so", function()
    assert.same({}, pass:run({}, { history = false }):history())
  end)

  it("passes each event to a history function", function()
    local seen = {}
    local execution = pass:run({}, { history = function(event) seen[#seen + 1] = event.type end })
    assert.equal("ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded", table.concat(seen, " "))
    assert.same({}, execution:history())
  end)

  it("shows one row a state visit", function()
    local row = pass:run({ a = 1 }, { driver = "virtual" }):trace()[1]
    assert.same({ "A", "Pass", { a = 1 }, { a = 1 } }, { row.state, row.type, row.input, row.output })
  end)

  it("raises for misuse, at the caller's line", function()
    local here = "^spec/execution_spec.lua:%d+: "
    assert.matches(here .. "bad argument #2 to 'run' %(unknown option 'taks' %(did you mean 'tasks'%?%)%)",
      raised(function() pass:run({}, { taks = {} }) end))
    assert.matches(here .. ".*option 'tasks': table or function expected, got number",
      raised(function() pass:run({}, { tasks = 1 }) end))
    assert.matches(here .. "bad argument #1 to 'run' %(value%[1%]: NaN", raised(function() pass:run({ 0 / 0 }) end))
    assert.matches(here .. "bad argument #1 to 'start' %(value.f: a function",
      raised(function() pass:start { f = print } end))
    assert.matches(here .. ".*no driver 'bicycle'", raised(function() pass:run({}, { driver = "bicycle" }) end))
    assert.matches(here .. ".*a driver has a method 'now'", raised(function() pass:run({}, { driver = {} }) end))
    assert.matches(here .. ".*option 'seed': an integer expected", raised(function() pass:run({}, { seed = 1.5 }) end))
    assert.matches(here .. ".*limit 'payload'", raised(function() pass:run({}, { limits = { payload = -1 } }) end))
    assert.matches(here .. ".*did you mean 'payload'", raised(function() pass:run({}, { limits = { payloads = 1 } }) end))
    assert.matches(here .. ".*option 'on_missing'", raised(function() pass:run({}, { on_missing = "shout" }) end))
    assert.matches(here .. "no task function for the state 'A'", raised(function() task:run() end))
  end)
end)

describe("Going on", function()
  it("pauses where only timers are left, and goes on", function()
    local driver = virtual.new()
    local execution = wait:run({}, { driver = driver, pause = true })
    assert.equal("RUNNING", execution.status)
    assert.equal(driver:now() + 60, execution.wake_at)
    driver:advance(60)
    assert.equal("SUCCEEDED", execution:run().status)
  end)

  it("stops with error and cause", function()
    local execution = wait:run({}, { driver = "virtual", pause = true })
    assert.is_true(execution:stop("Enough", "of this"))
    assert.same({ "ABORTED", "Enough", "of this" }, { execution:run().status, execution.error, execution.cause })
    local again, _, detail = execution:stop()
    assert.is_nil(again)
    assert.equal("ExecutionFinished", detail.code)
  end)

  it("may be asked to run when it has ended", function()
    local execution = pass:run()
    assert.equal("SUCCEEDED", execution:run().status)
  end)

  it("refuses to be driven twice at once", function()
    local execution
    execution = task:start({}, { tasks = { f = function() execution:run() end } })
    assert.matches("the execution is being driven already", execution:run().cause)
  end)

  it("can be stopped by its own task", function()
    local execution
    execution = task:start({}, { tasks = { f = function() execution:stop "Own" end } })
    assert.equal("ABORTED", execution:run().status)
  end)
end)

describe("Stepping by hand", function()
  it("drains effects and feeds events", function()
    local execution = task:start({ n = 1 }, { start_time = 1000 })
    execution:advance(1000)
    local effects = {}
    for effect in execution:effects() do
      effects[#effects + 1] = effect
    end
    assert.same({ "task", "wake" }, { effects[1].type, effects[2].type })
    assert.same({ { n = 1 }, "lambda", "request", "lua:f", "A", 0 }, {
      effects[1].input, effects[1].kind, effects[1].pattern, effects[1].resource, effects[1].state, effects[1].attempt,
    })
    assert.is_true(effects[2].implicit)
    assert.is_true(execution:feed { type = "task_succeeded", now = 1001, task = effects[1].task, output = "fed" })
    local last
    for effect in execution:effects() do
      last = effect
    end
    assert.same({ "finished", "SUCCEEDED", "fed", 1001 }, { last.type, last.status, last.output, last.stop_date })
    assert.equal("fed", execution.output)
  end)

  it("keeps what a broken loop left", function()
    local three = machine { A = { Type = "Parallel", End = true, Branches = {
      { StartAt = "X", States = { X = { Type = "Task", Resource = "lua:x", End = true } } },
      { StartAt = "Y", States = { Y = { Type = "Task", Resource = "lua:y", End = true } } },
    } } }
    local execution = three:start({}, { start_time = 0 })
    execution:advance(0)
    local first = execution:effects()
    assert.equal("X", first().state)
    local second = execution:effects()
    assert.equal("Y", second().state)
    assert.same({ "X", "Y" }, { execution:open_tasks()[1].state, execution:open_tasks()[2].state })
  end)

  it("answers events that nobody waits for", function()
    local execution = task:start({}, { start_time = 0 })
    execution:advance(0)
    local done, _, detail = execution:feed { type = "task_succeeded", now = 0, task = 99, output = 1 }
    assert.is_nil(done)
    assert.equal("TaskDoesNotExist", detail.code)
    assert.equal("ExecutionNotRedrivable", select(3, execution:feed { type = "redrive", now = 0 }).code)
  end)

  it("takes events of the vocabulary alone", function()
    local execution = task:start({}, { start_time = 0 })
    assert.error_matches(function() execution:feed { type = "task_won", now = 0 } end, "no such event")
    assert.error_matches(function() execution:feed { type = "time" } end, "field 'now': seconds expected")
    assert.error_matches(function() execution:feed { type = "task_failed", now = 0, stage = "late" } end, "field 'stage': no such name")
  end)

  it("goes on with run where the hand stopped", function()
    local execution = task:start({}, { tasks = { f = function() return "ran" end } })
    execution:advance(execution.start_date)
    assert.equal("ran", execution:run().output)
  end)
end)

describe("Two executions of one machine", function()
  it("do not disturb one another", function()
    local inner
    local outer = task:run({ n = 1 }, { tasks = { f = function(input)
      inner = task:run({ n = input.n + 1 }, { tasks = { f = function(deeper) return deeper end } })
      return { inner.output, input }
    end } })
    assert.same({ { n = 2 }, { n = 1 } }, outer.output)
  end)
end)

describe("execution:close", function()
  it("gives memory back and leaves the outcome", function()
    local execution = task:run({}, { tasks = { f = function() stepfn.fail("E", "c") end } })
    execution:close()
    execution:close()
    assert.same({ "FAILED", "E", "c" }, { execution.status, execution.error, execution.cause })
    assert.matches("^spec/execution_spec.lua:%d+: 'run': the execution is closed", raised(function() execution:run() end))
    assert.error_matches(function() execution:history() end, "'history': the execution is closed")
    assert.error_matches(function() execution:task_succeeded "x" end, "'task_succeeded': the execution is closed")
    assert.equal("FAILED at /States/A: E: c", tostring(execution))
  end)

  it("leaves an outcome that nobody has read before", function()
    local execution = task:run({}, { tasks = { f = function() return { list = stepfn.array(), n = 1 } end } })
    local usage = execution.usage
    execution:close()
    assert.equal("SUCCEEDED", tostring(execution))
    assert.equal('{"list":[],"n":1}', execution:output_json())
    assert.same({ list = {}, n = 1 }, execution.output)
    assert.equal(execution.output, (execution:result()))
    assert.same(usage, execution.usage)
  end)

  it("leaves what there was of one that had not ended", function()
    local execution = task:start()
    execution:close()
    assert.same({ "RUNNING" }, { execution.status, execution.output, execution:output_json(), execution.error })
    assert.same({ nil, "RUNNING", execution }, { execution:result() })
  end)

  it("drops tasks that run", function()
    local execution
    execution = task:start({}, { driver = "virtual", tasks = { f = function(_, context)
      execution:close()
      context:sleep(1)
      error "never"
    end } })
    execution:run()
    assert.equal("RUNNING", execution.status)
  end)
end)

describe("The option driver", function()
  it("says which drivers there are, and what one needs", function()
    local here = "bad argument #2 to 'run' %(option 'driver': "
    assert.error_matches(function() task:run({}, { driver = "nope" }) end,
      here .. "no driver 'nope', there are: cqueues, luv, ngx, system, virtual%)$")
    assert.error_matches(function() task:run({}, { driver = "timers" }) end, here .. "no driver 'timers', ")
    assert.error_matches(function() task:run({}, { driver = "ngx" }) end,
      here .. "the driver 'ngx' needs OpenResty: it works inside its workers alone%)$")
  end)
end)
