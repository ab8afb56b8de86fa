package.path = "spec/support/?.lua;" .. package.path
local step = require "stepfn.step"
local stepfn = require "stepfn"
local support = require "cli"
local template = require "stepfn.template"
local virtual = require "stepfn.driver.virtual"

local function definition(name)
  return assert(stepfn.load_file("examples/" .. name .. "/definition.json"))
end

local function tasks(name)
  return dofile("examples/" .. name .. "/tasks.lua")
end

local function built(name)
  return dofile("examples/" .. name .. "/" .. name .. ".lua")
end

local function run(name, input, seed)
  return definition(name):run(input, { tasks = tasks(name), driver = "virtual", seed = seed })
end

-- The names of the states that an execution visited, and the seconds spent.
local function story(execution)
  local visited = {}
  for index, row in ipairs(execution:trace()) do
    visited[index] = row.state
  end
  return table.concat(visited, " ")
end

local function duration(execution)
  return execution.stop_date - execution.start_date
end

local function visit(execution, state)
  for _, row in ipairs(execution:trace()) do
    if row.state == state then
      return row
    end
  end
end

describe("every example", function()
  for _, name in ipairs { "onboarding", "registration_saga", "trip", "roll_die", "loop", "approval" } do
    it("is the same definition in both forms: " .. name, function()
      assert.equal(definition(name):to_json(), built(name):to_json())
    end)

    it("is run by the command, in no time: " .. name, function()
      local file = "examples/" .. name .. "/definition.json"
      local started = os.time()
      local status = support.call {
        "run", file, "--tasks", "examples/" .. name .. "/tasks.lua", "--virtual-time",
        "--seed", "1",
      }
      assert.equal(0, status)
      assert.is_true(os.time() - started < 5)
    end)

    it("prints what became of it, run as a program: " .. name, function()
      assert.matches("^SUCCEEDED\t{.*}\n$", support.process("examples/" .. name .. "/" .. name .. ".lua"))
    end)
  end
end)

describe("the onboarding example", function()
  it("ends in Done, whatever fails on its way", function()
    for seed = 1, 20 do
      local execution = run("onboarding", { user = "ada" }, seed)
      assert.equal("SUCCEEDED", execution.status)
      assert.matches("^Defaults SendWelcome WaitTwoDays FetchActivity IsActive .*Done$", story(execution))
    end
  end)

  it("writes again, and then offers a call, while there is no activity", function()
    local quiet = tasks "onboarding"
    quiet.FetchActivity = function() return { count = 0 } end
    quiet.SendMessage = function(input) return { kind = input.kind } end
    local execution = definition("onboarding"):run({ user = "ada" }, { tasks = quiet, driver = "virtual" })
    assert.equal(
      "Defaults SendWelcome WaitTwoDays FetchActivity IsActive SendTips WaitThreeMoreDays FetchActivityAgain IsActiveNow OfferCall Done",
      story(execution)
    )
    assert.equal("call", execution.output.message.kind)
    assert.equal(5 * step.Day, duration(execution))
  end)

  it("retries after 2, 4, 8 … seconds", function()
    local calls = 0
    local slow = tasks "onboarding"
    slow.FetchActivity = function() return { count = 1 } end
    slow.SendMessage = function()
      calls = calls + 1
      return calls == 4 and {} or stepfn.fail("MailServer.Busy")
    end
    local execution = definition("onboarding"):run({ user = "ada" }, { tasks = slow, driver = "virtual" })
    assert.equal(2 + 4 + 8 + 2 * step.Day, duration(execution))
    assert.equal(4, visit(execution, "SendWelcome").attempts)
  end)

  it("runs as its builder made it, without tasks", function()
    local execution = built("onboarding"):run({ user = "ada" }, { driver = "virtual", seed = 3 })
    assert.equal("SUCCEEDED", execution.status)
  end)
end)

describe("the registration example", function()
  it("registers three times and confirms", function()
    local execution = run("registration_saga", { user = "ada" })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal(3, execution.output.confirmation.registrations)
    assert.equal("promotions", execution.output.registrations[3].service)
    assert.equal(0, duration(execution))
  end)

  it("rolls back when one registration fails after two retries, 10 s and 15 s later", function()
    local execution = run("registration_saga", { user = "ada", broken = "products" })
    assert.equal("FAILED", execution.status)
    assert.equal("RegistrationFailed", execution.error)
    assert.equal(25, duration(execution))
    assert.equal(3, visit(execution, "RegisterForProducts").attempts)
    assert.equal("ServiceUnavailable", visit(execution, "RollBack").input.error.Error)
  end)

  it("rolls back when the confirmation fails", function()
    local execution = run("registration_saga", { user = "ada", broken = "email" })
    assert.equal("FAILED", execution.status)
    assert.equal("MailServer.Busy", visit(execution, "RollBack").input.error.Error)
  end)
end)

local with_lyaml = pcall(require, "yaml") and describe or pending

with_lyaml("the registration example in YAML", function()
  it("is run by the command as the one in JSON is", function()
    local outputs = {}
    for i, extension in ipairs { "json", "yaml" } do
      local status, out = support.call {
        "run", "examples/registration_saga/definition." .. extension, "--tasks", "examples/registration_saga/tasks.lua",
        "--virtual-time", "--seed", "1", "--input", '{"user":"ada"}',
      }
      outputs[i] = status .. out
    end
    assert.matches("^0{.*confirmation.*}\n$", outputs[1])
    assert.equal(outputs[1], outputs[2])
  end)
end)

describe("the trip", function()
  it("is booked", function()
    local execution = run("trip", {})
    assert.equal("SUCCEEDED", execution.status)
    assert.equal("ReserveHotel ReserveFlight ChargeCard Booked", story(execution))
  end)

  it("is undone, last first, when the card is declined", function()
    local execution = run("trip", { broken = "card" })
    assert.equal("ReserveHotel ReserveFlight ChargeCard CancelFlight CancelHotel Trip failed", story(execution))
    assert.equal("CardDeclined", execution.error)
    assert.equal('{"Error":"CardDeclined","Cause":"no funds"}', execution.cause)
    assert.equal(5 + 5, duration(execution))
  end)

  it("undoes what was done alone", function()
    assert.equal("ReserveHotel ReserveFlight CancelHotel Trip failed", story(run("trip", { broken = "flight" })))
    assert.equal("ReserveHotel Trip failed", story(run("trip", { broken = "hotel" })))
  end)

  it("hands each compensation what there is to undo", function()
    local execution = run("trip", { broken = "card" })
    assert.equal(visit(execution, "ReserveFlight").output.flight.number, visit(execution, "CancelFlight").input.flight.number)
  end)

  it("shows the path of its rollback", function()
    assert.equal([[
FAILED at /States/Trip failed: CardDeclined: {"Error":"CardDeclined","Cause":"no funds"}
ReserveHotel
ReserveFlight
ChargeCard: CardDeclined
CancelFlight: Busy, 2 attempts
CancelHotel: Busy, 2 attempts
Trip failed: CardDeclined
●
├─ ✓ ReserveHotel  [Task ReserveHotel]
│  └─   catch States.ALL ──▶ Trip failed
├─ ✓ ReserveFlight  [Task ReserveFlight]
│  └─   catch States.ALL ──▶ CancelHotel
├─ ✓ ChargeCard  [Task ChargeCard]  (caught: CardDeclined)
│  └─ ✓ catch States.ALL ──▶ CancelFlight
├─   Booked  [Succeed] ──■
├─ ✓ CancelFlight  [Task CancelFlight]  (1 retry)
├─ ✓ CancelHotel  [Task CancelHotel]  (1 retry)
└─ ✗ Trip failed  [Fail]  (failed: CardDeclined)

]], support.process "examples/trip/rollback.lua")
  end)
end)

describe("the die", function()
  it("is rolled until it shows more than three, three seconds apart", function()
    local rolls = { 1, 3, 2, 5 }
    local execution = definition("roll_die"):run({}, {
      tasks = { lambdaRollDie = function() return { roll = table.remove(rolls, 1) } end },
      driver = "virtual",
    })
    assert.same({ roll = 5 }, execution.output)
    assert.equal(9, duration(execution))
  end)

  it("runs as the documentation prints it", function()
    local roll  = step.new_task_state("lambdaRollDie", function(_, context) return { roll = context:random(1, 6) } end)
    local done  = step.new_success_state("success")
    local again = step.new_wait_delay_state("tryAgainShortly", 3 * step.Second)
    local check = step.new_choice_state("checkRoll",
      step.Not { Comparison = step.NumericGreaterThan { Variable = "$.roll", Value = 3 }, Next = again }
    ):with_default(done)
    roll:next(check)
    again:next(roll)
    local execution = step.new_state_machine("RollDie", roll):run({}, { driver = "virtual", seed = 42 })
    assert.equal("SUCCEEDED", execution.status)
    assert.is_true(execution.output.roll > 3)
  end)
end)

describe("the loop", function()
  it("counts to five, and each error waits as its own retrier says", function()
    local execution = run("loop", {})
    assert.equal("SUCCEEDED", execution.status)
    assert.same({ taskresult = { count = 5 } }, execution.output)
    assert.equal(1 + 30, duration(execution))
  end)

  it("fails in ErrorA when it starts above five", function()
    local execution = run("loop", { taskresult = { count = 7 } })
    assert.equal("FAILED", execution.status)
    assert.matches("/States/ErrorA", tostring(execution))
    assert.equal("TooMany", execution.error)
  end)
end)

describe("the approval example", function()
  local function paused()
    local driver = virtual.new()
    local execution = definition("approval"):run({ request = "a chair" }, {
      tasks = tasks "approval",
      driver = driver,
      pause = true,
    })
    return execution, execution:open_tasks()[1], driver
  end

  it("waits with a token", function()
    local execution, open = paused()
    assert.equal("RUNNING", execution.status)
    assert.equal("AskForApproval", open.state)
    assert.equal(7 * step.Day, open.deadline - execution.start_date)
    assert.equal(1 * step.Day, open.heartbeat_deadline - execution.start_date)
  end)

  it("goes on with the answer", function()
    local execution, open = paused()
    assert.is_true(execution:task_succeeded(open.token, { approved = true, by = "grace" }))
    execution:run()
    assert.equal("SUCCEEDED", execution.status)
    assert.equal("grace", execution.output.answer.by)
  end)

  it("fails when the answer is no", function()
    local execution, open = paused()
    execution:task_succeeded(open.token, { approved = false })
    execution:run()
    assert.equal("Rejected", execution.error)
  end)

  it("expires a day after the last sign of life", function()
    local execution = paused()
    execution:run { pause = false }
    assert.equal("SUCCEEDED", execution.status)
    assert.equal("States.Timeout", execution.output.error.Error)
    assert.equal(1 * step.Day, duration(execution))
  end)

  it("answers from outside in a program of its own", function()
    assert.equal("RUNNING\twaits in AskForApproval\nSUCCEEDED\tgrace\n", support.process "examples/approval/answer.lua")
  end)
end)

with_lyaml("the refund example", function()
  local function refund(customer, amount, parameters)
    local machine = assert(template.load("examples/refund/template.yaml", { parameters = parameters }))
    return machine:run({ order = "7", customer = customer, amount = amount }, { tasks = tasks "refund", driver = "virtual" })
  end

  it("pays small amounts at once, when the bank has time", function()
    local execution = refund("mallory", 10)
    assert.equal("IsSmall Pay Record", story(execution))
    assert.equal(30, duration(execution))
    assert.equal("R-7", execution.output.payment.receipt)
  end)

  it("looks at the history before it pays large ones", function()
    assert.equal("IsSmall LookAtHistory IsTrusted Pay Record", story(refund("ada", 50)))
    assert.equal("Refused", refund("mallory", 50).error)
  end)

  it("has another limit where it is live", function()
    assert.equal("IsSmall Pay Record", story(refund("mallory", 50, { Stage = "live" })))
  end)

  it("is run by the command, from its template", function()
    local status, out = support.call {
      "run", "--template", "examples/refund/template.yaml", "--tasks", "examples/refund/tasks.lua", "--virtual-time",
      "--input", '{"order":"7","customer":"ada","amount":50}',
    }
    assert.equal(0, status)
    assert.matches('"receipt":"R%-7"', out)
  end)
end)

describe("one seed", function()
  it("gives the same histories, byte by byte, in two processes", function()
    local one = support.process "spec/support/story.lua 7"
    assert.matches("ExecutionSucceeded", one)
    assert.equal(one, support.process "spec/support/story.lua 7")
    assert.not_equal(one, support.process "spec/support/story.lua 8")
  end)

  it("gives them on every Lua", function()
    local one = support.process "spec/support/story.lua 7"
    for _, name in ipairs(support.interpreters()) do
      assert.equal(one, support.process("spec/support/story.lua 7", name))
    end
  end)
end)
