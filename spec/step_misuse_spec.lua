-- What is wrong is told at the line of whoever wrote it, with what was expected.
local step = require "stepfn.step"

local function pass(name)
  return step.new_pass_state(name)
end

local function task()
  return step.new_task_state("t", "lua:x")
end

-- The call raises `expected`, and names its own line.
local function raises(expected, call)
  local good, text = pcall(call)
  local here = debug.getinfo(call, "S")
  assert.is_false(good)
  assert.equal(("%s:%d: %s"):format(here.short_src, here.linedefined, expected), text)
end

local function invalid(fault)
  return "state machine 'M' is invalid\n  " .. fault
end

describe("a target", function()
  it("is a state or its name", function()
    raises("bad argument #1 to 'next' (state or name of a state expected, got nothing)", function() pass "a":next(nil) end)
    raises("bad argument #1 to 'next' (state or name of a state expected, got 3)", function() pass "a":Next(3) end)
    raises("bad argument #1 to 'next' (state or name of a state expected, got table)",
      function() pass "a":next(step.IsNull { Variable = "$.a" }) end)
    raises("bad argument #1 to 'new_task_catch' (state or name of a state expected, got nothing)",
      function() step.new_task_catch(nil, "E") end)
    raises("bad argument #1 to 'with_default' (state or name of a state expected, got nothing)",
      function() step.new_choice_state("c"):with_default(nil) end)
    raises("bad argument #1 to 'go' (state or name of a state expected, got nothing)", function() step.when("$.a"):gt(1):go(nil) end)
  end)

  it("is there", function()
    local a = pass "a"
    a:next "b"
    raises(invalid "MISSING_TRANSITION_TARGET: Missing 'Next' target: b at /States/a/Next", function() step.new_state_machine("M", a) end)
  end)

  it("takes the place of the one before: a state has one next", function()
    local a, c = pass "a", pass "c"
    a:next(pass "b")
    a:next(c)
    assert.same({ c }, a:adjacent_states())
  end)
end)

describe("a machine", function()
  it("comes to an end somewhere", function()
    local a, b = pass "a", pass "b"
    a:next(b):next(a)
    raises(invalid "MISSING_END_STATE: Workflow has no terminal state", function() step.new_state_machine("M", a) end)
  end)

  it("has every name once, in its branches too", function()
    local a = pass "a"
    a:next(pass "a")
    raises("duplicate state names: 'a'", function() step.new_state_machine("M", a) end)
    local both = step.new_parallel_state("both", pass "b", pass "b")
    raises(invalid "DUPLICATE_STATE_NAME: State name 'b' appears more than once at /States/both/Branches[1]/States/b",
      function() step.new_state_machine("M", both) end)
  end)

  it("has no state both in a branch and outside it", function()
    local b, a = pass "b", pass "a"
    a:next(b)
    local both = step.new_parallel_state("both", a)
    both:next(b)
    raises(invalid "DUPLICATE_STATE_NAME: State name 'b' appears more than once at /States/both/Branches[0]/States/b",
      function() step.new_state_machine("M", both) end)
  end)

  it("keeps what it was built from: states may serve another one, and change", function()
    local a = pass "a"
    local first = step.new_state_machine("First", a)
    a:next(pass "b")
    assert.equal('{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}', first:to_json())
    assert.equal('{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"b"},"b":{"Type":"Pass","End":true}}}',
      step.new_state_machine("Second", a):to_json())
  end)

  it("begins with a state, and has a name", function()
    raises("bad argument #2 to 'new_state_machine' (state expected, got nothing)", function() step.new_state_machine("M", nil) end)
    raises("bad argument #1 to 'new_state_machine' (name expected, got table)", function() step.new_state_machine(pass "a", "M") end)
  end)

  it("tells all its faults at once", function()
    local a = step.new_task_state("t", "${X}")
    a:next "nowhere"
    local c = step.new_choice_state "c"
    a:with_catchers(step.new_task_catch(c, "E"))
    raises(invalid "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/c/Choices\n  "
      .. "MISSING_TRANSITION_TARGET: Missing 'Next' target: nowhere at /States/t/Next", function() step.new_state_machine("M", a) end)
  end)
end)

describe("a retrier or catcher", function()
  it("is made by the builder: a table of ASL's fields is none", function()
    raises("bad argument #1 to 'with_retriers' (retrier expected, got table)",
      function() task():with_retriers { ErrorEquals = { "E" } } end)
    raises("bad argument #1 to 'with_catchers' (catcher expected, got table)",
      function() task():with_catchers { ErrorEquals = { "E" }, Next = "a" } end)
    raises("bad argument #3 to 'new_task_state': option 'retriers' (retrier expected, got table)",
      function() step.new_task_state("t", print, { retriers = { ErrorEquals = { "E" } } }) end)
    raises("bad argument #1 to 'with_catchers' (catcher expected, got table)",
      function() task():with_catchers(step.retry { errors = "E" }) end)
    raises("bad argument #1 to 'with_retriers' (retrier expected, got nothing)", function() task():with_retriers(nil) end)
  end)

  it("names an error", function()
    local t = task():with_retriers(step.new_task_retry())
    raises(invalid "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/t/Retry[0]",
      function() step.new_state_machine("M", t) end)
  end)
end)

describe("a branch", function()
  it("is there", function()
    raises("bad argument #3 to 'new_parallel_state' (machine, branch or state expected, got nothing)",
      function() step.new_parallel_state("p", pass "a", nil, pass "b") end)
    raises("bad argument #2 to 'new_map_state' (machine, branch or state expected, got nothing)", function() step.new_map_state "m" end)
    raises("bad argument #1 to 'new_branch' (state expected, got \"a\")", function() step.new_branch "a" end)
  end)

  it("is not empty", function()
    local p = step.new_parallel_state "p"
    raises(invalid "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/p/Branches", function() step.new_state_machine("M", p) end)
  end)
end)

describe("data", function()
  it("has a form in JSON", function()
    raises("bad argument #1 to 'with_result' (value.f: a function has no form in JSON)", function() pass "a":with_result { f = print } end)
    raises("bad argument #1 to 'with_parameters' (value expected, got nothing)",
      function() task():with_parameters(nil) end)
  end)
end)

describe("a time", function()
  it("is a whole number of seconds", function()
    raises("bad argument #2 to 'new_wait_delay_state' (whole number of seconds expected, got 0.5)",
      function() step.new_wait_delay_state("w", 0.5 * step.Second) end)
    raises("bad argument #2 to 'new_wait_delay_state' (whole number of seconds expected, got \"3\")",
      function() step.new_wait_delay_state("w", "3") end)
    raises("bad argument #2 to 'new_wait_until_state' (time (RFC 3339, or a number as of os.time) expected, got \"now\")",
      function() step.new_wait_until_state("w", "now") end)
  end)
end)
