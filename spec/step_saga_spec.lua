local step = require "stepfn.step"

-- A task that notes its name, and fails when the input says so.
local function action(name, log)
  return step.new_task_state(name, function(input)
    log[#log + 1] = name
    if input.fail == name then
      error({ Error = "Refused", Cause = name .. " was refused" }, 0)
    end
    return "did " .. name
  end, { result_path = "$." .. name })
end

local function run(start, input)
  return step.new_state_machine("M", start):run(input or {}, { driver = "virtual" })
end

local function booking(log, options)
  return step.saga("Booking", {
    { action("hotel", log), action("cancelHotel", log) },
    { action("flight", log), action("cancelFlight", log) },
    action("charge", log),
  }, options)
end

describe("a saga", function()
  it("does its actions in order and leads on when all went well", function()
    local log = {}
    local execution = run(booking(log, { done = step.new_success_state "booked" }))
    assert.same({ "hotel", "flight", "charge" }, log)
    assert.equal("SUCCEEDED", execution.status)
  end)

  it("undoes what was done, last first, and fails with the error that began it", function()
    local log = {}
    local execution = run(booking(log), { fail = "charge" })
    assert.same({ "hotel", "flight", "charge", "cancelFlight", "cancelHotel" }, log)
    assert.equal("Refused", execution.error)
    assert.equal('{"Error":"Refused","Cause":"charge was refused"}', execution.cause)
  end)

  it("undoes nothing that was not done", function()
    local log = {}
    run(booking(log), { fail = "flight" })
    assert.same({ "hotel", "flight", "cancelHotel" }, log)
  end)

  it("fails at once when the first action fails", function()
    local log = {}
    local execution = run(booking(log), { fail = "hotel" })
    assert.same({ "hotel" }, log)
    assert.equal("Refused", execution.error)
  end)

  it("also undoes the action that failed, when told so", function()
    local log = {}
    run(booking(log, { undo_failed = true }), { fail = "flight" })
    assert.same({ "hotel", "flight", "cancelFlight", "cancelHotel" }, log)
  end)

  it("leads where it is told when it was undone", function()
    local sorry = step.new_pass_state "sorry"
    local execution = run(booking({}, { failed = sorry }), { fail = "charge" })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal("Refused", execution.output.error.Error)
  end)

  it("shows compensations what the actions gave", function()
    local seen
    local hotel = step.new_task_state("hotel", function() return { booking = 7 } end, { result_path = "$.hotel" })
    local cancel = step.new_task_state("cancel", function(input) seen = input end)
    local charge = step.new_task_state("charge", function() error({ Error = "Refused" }, 0) end)
    run(step.saga("Booking", { { hotel, cancel }, charge }), { user = "ada" })
    assert.equal(7, seen.hotel.booking)
    assert.equal("ada", seen.user)
    assert.equal("Refused", seen.error.Error)
  end)

  it("tries compensations again as told", function()
    local tries = 0
    local cancel = step.new_task_state("cancel", function()
      tries = tries + 1
      if tries < 3 then
        error({ Error = "Busy" }, 0)
      end
    end)
    local hotel = step.new_task_state("hotel", function() return 1 end, { result_path = "$.hotel" })
    local charge = step.new_task_state("charge", function() error({ Error = "Refused" }, 0) end)
    local again = step.retry { errors = step.StatesAll, max_attempts = 5 }
    local execution = run(step.saga("Booking", { { hotel, cancel }, charge }, { retriers = again }))
    assert.equal(3, tries)
    assert.equal("Refused", execution.error)
  end)

  it("catches the errors that it is told", function()
    local log = {}
    local execution = run(booking(log, { errors = "Other" }), { fail = "charge" })
    assert.same({ "hotel", "flight", "charge" }, log)
    assert.equal("Refused", execution.error)
  end)

  it("ends with its last action, which may lead on", function()
    local last = action("charge", {})
    local first = step.saga("Booking", { action("hotel", {}), last })
    last:next(step.new_pass_state("after", "end"))
    assert.equal("end", run(first).output)
  end)

  it("writes a catch with the error beside the input", function()
    local first = booking {}
    local text = step.new_state_machine("M", first):to_json()
    assert.truthy(text:find('"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Booking failed"}]', 1, true))
    assert.truthy(text:find(
      '"Booking failed":{"Type":"Fail","ErrorPath":"$.error.Error","CausePath":"States.JsonToString($.error)"}', 1, true
    ))
  end)

  it("is refused with what is no step", function()
    assert.error_matches(function() step.saga("Booking", {}) end, "list of steps expected")
    assert.error_matches(function() step.saga("Booking", { "hotel" }) end, "step 1 %(state, or { state, its undo } expected%)")
    assert.error_matches(function()
      step.saga("Booking", { { action("a", {}), step.new_success_state "b" } })
    end, "step 1 %(what undoes it is no state that leads on%)")
  end)
end)
