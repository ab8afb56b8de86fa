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
    assert.error_matches(function() step.saga("Booking", { action("a", {}), nil, action("b", {}) }) end,
      "step 2 %(state, or { state, its undo } expected%)")
  end)

  it("has each state once: one that undoes two steps would lead to itself", function()
    local undo, again = action("undo", {}), action("again", {})
    local _, text = pcall(function()
      step.saga("Booking", { { action("a", {}), undo }, { action("b", {}), undo }, action("c", {}) })
    end)
    assert.matches("step_saga_spec.lua:%d+: bad argument #2 to 'saga': step 2 %(state 'undo' stands in the saga twice%)$", text)
    assert.error_matches(function() step.saga("Booking", { again, again }) end, "step 2 %(state 'again' stands in the saga twice%)")
    assert.error_matches(function() step.saga("Booking", { { again, again } }) end, "step 1 %(state 'again' stands in the saga twice%)")
  end)

  it("does not lead from its last undo to an undo", function()
    local first, second = action("undo a", {}), action("undo b", {})
    local steps = { { action("a", {}), first }, { action("b", {}), second }, action("c", {}) }
    local problem = "bad argument #3 to 'saga': option 'failed' %(state 'undo b' undoes a step%)"
    assert.error_matches(function() step.saga("Booking", steps, { failed = second }) end, problem)
    assert.error_matches(function() step.saga("Booking", steps, { failed = "undo b" }) end, problem)
  end)

  it("has other states among its actions, which lead on", function()
    local log, done = {}, step.new_success_state "done"
    local start = step.saga("Booking", { action("a", log), step.new_pass_state "p", action("b", log) }, { done = done })
    assert.equal("SUCCEEDED", run(start).status)
    assert.same({ "a", "b" }, log)
  end)

  it("ends with a state that leads nowhere by itself, as a Choice does", function()
    local log, done = {}, step.new_success_state "done"
    local choice = step.new_choice_state("which", step.when("$.a"):is_present():go(done))
    assert.equal("SUCCEEDED", run(step.saga("Booking", { action("a", log), choice })).status)
    local problem = "step 2 %(a Choice has no next: nothing can follow it%)"
    assert.error_matches(function() step.saga("Booking", { action("a", {}), choice, action("b", {}) }) end, problem)
    assert.error_matches(function() step.saga("Booking", { action("a", {}), choice }, { done = done }) end, problem)
  end)

  it("changes no state when it is refused", function()
    local first, undo = action("a", {}), action("undo", {})
    assert.has_error(function() step.saga("Booking", { { first, undo }, "b" }) end)
    assert.same({}, first:adjacent_states())
    assert.same({}, undo:adjacent_states())
  end)
end)
