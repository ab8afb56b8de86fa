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

describe("a name", function()
  it("is UTF-8", function()
    raises("bad argument #1 to 'new_pass_state' (the name is not UTF-8)", function() pass "\255" end)
    raises("bad argument #1 to 'next' (the name is not UTF-8)", function() pass "a":next("\255") end)
    raises("bad argument #2 to 'new_start_execution_state' (the name is not UTF-8)",
      function() step.new_start_execution_state("s", "\255") end)
    raises("bad argument #2 to 'new_task_state' (value: the text is not UTF-8: encode bytes, for instance as base64)",
      function() step.new_task_state("t", "arn:\255") end)
  end)

  it("becomes that of a function for Lambda: a mark for each character that Lambda does not allow", function()
    local function resource_of(name)
      local definition = step.new_state_machine("M", step.new_task_state(name, print)).definition
      return (definition.States[name].Resource:gsub("^.*:", ""))
    end
    assert.equal("a_b_c", resource_of "a bäc")
    assert.equal("task", resource_of "カードを請求する")
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

describe("a list of errors", function()
  it("loses none behind one that is not there", function()
    raises("bad argument #2 to 'new_task_catch' (string expected, got nothing)", function() step.new_task_catch("a", nil, "E") end)
    raises("bad argument #3 to 'new_task_catch' (string expected, got nothing)",
      function() step.new_task_catch("a", "E", step.StatesTypo) end)
  end)
end)

describe("an option", function()
  it("that is not known is told with the one that is like it", function()
    raises("bad argument #3 to 'new_pass_state' (unknown option 'coment' (did you mean 'comment'?))",
      function() step.new_pass_state("a", 1, { coment = "c" }) end)
    raises("bad argument #1 to 'retry' (unknown option 'max_attemps' (did you mean 'max_attempts'?))",
      function() step.retry { max_attemps = 3 } end)
    raises("bad argument #2 to 'new_success_state' (option names are text, got a number)",
      function() step.new_success_state("a", { "comment" }) end)
  end)
end)

describe("a function's handle", function()
  it("has a size of memory and tags, or neither", function()
    raises("bad argument #3 to 'new_lambda': option 'memory_size' (whole number from 128 to 10240 expected, got \"128\")",
      function() step.new_lambda("f", print, { memory_size = "128" }) end)
    raises("bad argument #3 to 'new_lambda': option 'tags' (names and texts expected)",
      function() step.new_lambda("f", print, { tags = { team = 3 } }) end)
    raises("bad argument #3 to 'new_lambda' (unknown option 'tag' (did you mean 'tags'?))",
      function() step.new_lambda("f", print, { tag = {} }) end)
    assert.same({ memory_size = 256, tags = { team = "a" } },
      step.new_lambda("f", print, { memory_size = 256, tags = { team = "a" } }).options)
  end)
end)

describe("what puts a machine into a template", function()
  local machine = step.new_state_machine("M", step.new_success_state "a")

  it("takes tables", function()
    raises("bad argument #1 to 'cloudformation' (table expected, got 3)", function() machine:cloudformation(3) end)
    raises("bad argument #1 to 'state_machine_decorator' (table expected, got 3)", function() machine:state_machine_decorator(3) end)
    raises("bad argument #2 to 'state_machine_named_decorator' (table expected, got 3)",
      function() machine:state_machine_named_decorator("Id", 3) end)
    raises("bad argument #1 to 'the decorator' (table expected, got 3)", function() machine:state_machine_decorator()(3) end)
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
    raises("bad argument #2 to 'new_wait_until_state' (time (RFC 3339, or a whole number as of os.time) expected, got \"now\")",
      function() step.new_wait_until_state("w", "now") end)
  end)

  it("of day has no fraction, and a year that can be told", function()
    raises("bad argument #2 to 'new_wait_until_state' (time (RFC 3339, or a whole number as of os.time) expected, got 1893456000.5)",
      function() step.new_wait_until_state("w", 1893456000.5) end)
    raises("bad argument #2 to 'new_wait_until_state' (time (RFC 3339, or a whole number as of os.time) expected, got 9223372037)",
      function() step.new_wait_until_state("w", 9223372037) end)
    assert.equal("1677-09-21T00:12:44Z",
      step.new_state_machine("M", step.new_wait_until_state("w", -9223372036)).definition.States.w.Timestamp)
  end)

  it("that a path was given for says what takes a path", function()
    local a_time = "time (RFC 3339, or a whole number as of os.time) expected"
    raises("bad argument #2 to 'new_wait_until_state' (" .. a_time .. "; a path is for 'new_wait_dynamic_until_state')",
      function() step.new_wait_until_state("w", "$.at") end)
    raises("bad argument #2 to 'new_wait_delay_state' (whole number of seconds expected; a path is for 'new_dynamic_wait_duration_state')",
      function() step.new_wait_delay_state("w", "$.seconds") end)
    raises("bad argument #1 to 'with_timeout' (whole number of seconds above 0 expected; a path is for 'with_timeout_path')",
      function() task():with_timeout("$.limit") end)
    raises("bad argument #1 to 'TimestampEquals': Value (" .. a_time .. "; a path is for 'TimestampEqualsPath')",
      function() step.TimestampEquals { Variable = "$.at", Value = "$.then" } end)
    raises("bad argument #1 to 'NumericEquals': Value (number expected; a path is for 'NumericEqualsPath')",
      function() step.when("$.n"):numeric_equals("$.m") end)
  end)
end)
