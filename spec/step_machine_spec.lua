local step = require "stepfn.step"

local function json(start, options)
  return step.new_state_machine("M", start, options):to_json()
end

local function names(text)
  local found = {}
  for name in text:gmatch '"([%w ]+)":{"Type"' do
    found[#found + 1] = name
  end
  return table.concat(found, " ")
end

describe("next", function()
  it("returns the next state, so that a chain reads forwards", function()
    local a, b, c = step.new_pass_state "a", step.new_wait_delay_state("b", 1), step.new_success_state "c"
    assert.equal(c, a:next(b):next(c))
    assert.equal(
      '{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"b"},"b":{"Type":"Wait","Seconds":1,"Next":"c"},"c":{"Type":"Succeed"}}}',
      json(a)
    )
  end)

  it("returns the state itself when the target is only a name", function()
    local a = step.new_pass_state "a"
    assert.equal(a, a:next("a"))
  end)
end)

describe("the order of states", function()
  it("is breadth-first over next, choices, default and catchers", function()
    local start = step.new_task_state("start", "lua:x")
    local choice = step.new_choice_state("choice")
    local left, right, default = step.new_pass_state "left", step.new_pass_state "right", step.new_pass_state "default"
    local recover, after = step.new_pass_state "recover", step.new_success_state "after"
    start:with_catchers(step.new_task_catch(recover, step.StatesAll)):next(choice)
    choice:add(step.when("$.n"):lt(1):go(left)):add(step.when("$.n"):gt(1):go(right)):with_default(default)
    left:next(after)
    right:next(after)
    assert.equal("start choice recover left right default after", names(json(start)))
  end)

  it("finds states by name among those that are declared", function()
    local a, b = step.new_pass_state "a", step.new_success_state "b"
    a:next("b")
    assert.equal('{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"b"},"b":{"Type":"Succeed"}}}', json(a, { states = { b } }))
  end)

  it("visits a loop once", function()
    local a, b = step.new_pass_state "a", step.new_choice_state("b")
    a:next(b)
    b:add(step.when("$.n"):lt(1):go(a)):with_default(step.new_success_state "c")
    assert.equal("a b c", names(json(a)))
  end)
end)

describe("names in CamelCase", function()
  it("make the same machine", function()
    local go = step.NewPassState("a", { n = 1 }):WithComment("c"):WithResultPath("$.r")
    go:Next(step.NewTaskState("b", "lua:x"):WithRetriers(step.NewTaskRetry():WithErrors("E"):WithMaxDelay(9)))
    local lua = step.new_pass_state("a", { n = 1 }):with_comment("c"):with_result_path("$.r")
    lua:next(step.new_task_state("b", "lua:x"):with_retriers(step.new_task_retry():with_errors("E"):with_max_delay(9)))
    assert.equal(json(lua), step.NewStateMachine("M", go):to_json())
  end)

  it("exist for rules and subjects", function()
    local done = step.new_success_state "done"
    local rule = step.When("$.n"):NumericLessThan(3):Go(done)
    assert.truthy(json(step.NewChoiceState("c", rule)):find('"NumericLessThan":3', 1, true))
  end)
end)

describe("a state", function()
  it("has a name and neighbours", function()
    local done = step.new_success_state "done"
    local state = step.new_task_state("work", "lua:x"):with_catchers(step.new_task_catch("elsewhere", step.StatesAll))
    state:next(done)
    assert.equal("work", state:name())
    assert.same({ done, "elsewhere" }, state:adjacent_states())
  end)
end)

describe("a machine", function()
  it("has name and type", function()
    local machine = step.new_state_machine("M", step.new_pass_state "a")
    assert.equal("M", machine.name)
    assert.equal("STANDARD", machine.type)
  end)

  it("writes its own fields around those of its states", function()
    assert.equal(
      '{"Comment":"c","Version":"1.0","StartAt":"a","States":{"a":{"Type":"Succeed"}},"TimeoutSeconds":60}',
      json(step.new_success_state "a", { comment = "c", version = "1.0", timeout = step.Minute })
    )
  end)

  it("takes a comment afterwards, and keeps its functions", function()
    local machine = step.new_state_machine("M", step.new_task_state("a", function() return "ran" end))
    assert.equal(machine, machine:comment("c"))
    assert.matches('^{"Comment":"c",', machine:to_json())
    assert.equal("ran", machine:run().output)
  end)

  it("runs the functions of its tasks, inside branches too", function()
    local double = step.new_task_state("double", function(input) return input.n * 2 end)
    local square = step.new_task_state("square", function(input) return input.n * input.n end)
    local both = step.new_parallel_state("both", double, step.new_state_machine("inner", square))
    assert.same({ 6, 9 }, step.new_state_machine("M", both):run({ n = 3 }).output)
  end)

  it("prefers the functions that a run is given", function()
    local machine = step.new_state_machine("M", step.new_task_state("a", function() return "built in" end))
    assert.equal("given", machine:run({}, { tasks = { a = function() return "given" end } }).output)
  end)

  it("takes a time-out and a version afterwards", function()
    local machine = step.new_state_machine("M", step.new_success_state "a"):with_timeout(60):with_version("1.0")
    assert.equal('{"Version":"1.0","StartAt":"a","States":{"a":{"Type":"Succeed"}},"TimeoutSeconds":60}', machine:to_json())
  end)

  it("stays what it was built as, whatever becomes of its states, when it takes something afterwards", function()
    local a = step.new_task_state("a", function() return "ran" end)
    local machine = step.new_state_machine("M", a)
    a:next(step.new_pass_state "b")
    machine:with_comment("c"):with_role_arn("r"):with_timeout(60)
    assert.equal('"a":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:a","End":true}',
      machine:to_json():match '^{"Comment":"c","StartAt":"a","States":{(.*)},"TimeoutSeconds":60}$')
    assert.equal("ran", machine:run().output)
  end)

  it("is as it was when what it takes afterwards is wrong", function()
    local machine = step.new_state_machine("M", step.new_success_state "a")
    local _, text = pcall(function() machine:with_version("2.0") end)
    assert.matches("step_machine_spec.lua:%d+: .*Version", text)
    assert.equal('{"Comment":"c","StartAt":"a","States":{"a":{"Type":"Succeed"}}}', machine:comment("c"):to_json())
  end)

  it("runs under its role, unless the run names another", function()
    local machine = step.new_state_machine("M", step.new_pass_state("a"):with_parameters({ ["role.$"] = "$$.Execution.RoleArn" }))
    assert.equal("arn:aws:iam::1:role/own", machine:with_role_arn("arn:aws:iam::1:role/own"):run().output.role)
    assert.equal("arn:aws:iam::1:role/other", machine:run({}, { role_arn = "arn:aws:iam::1:role/other" }).output.role)
  end)

  it("keeps its role and its logging when it is given a comment", function()
    local machine = step.new_express_state_machine("M", { Level = "ALL" }, step.new_success_state "a", { role_arn = "r" })
    machine:comment("c")
    assert.equal("r", machine.role_arn)
    assert.same({ Level = "ALL" }, machine.logging)
  end)

  it("is its definition as text", function()
    local machine = step.new_state_machine("M", step.new_success_state "a")
    assert.equal('{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}', tostring(machine))
    assert.equal(tostring(machine), machine:MarshalJSON())
  end)

  it("tells what may be said about it", function()
    assert.same({}, step.new_state_machine("M", step.new_success_state "a"):validate())
  end)

  it("gives its definition as a table", function()
    local machine = step.new_state_machine("M", step.new_pass_state("a"):assign({ v = 1 }))
    assert.same({ StartAt = "a", States = { a = { Type = "Pass", Assign = { v = 1 }, End = true } } }, machine:to_table())
  end)

  it("is EXPRESS when made so, with Sparta's logging configuration or without", function()
    local done = step.new_success_state "a"
    assert.equal("EXPRESS", step.new_express_state_machine("M", done).type)
    assert.equal("EXPRESS", step.new_express_state_machine("M", nil, done).type)
    assert.equal("EXPRESS", step.NewExpressStateMachine("M", { Level = "ALL" }, done, { comment = "c" }).type)
  end)
end)

-- The call must raise `expected` at its first line.
local function raises(expected, call)
  local _, text = pcall(call)
  local here = debug.getinfo(call, "S")
  assert.equal(("%s:%d: %s"):format(here.short_src, here.linedefined + 1, expected), text)
end

describe("an argument that is wrong", function()
  it("is named with its function, at the caller's line", function()
    raises("bad argument #1 to 'new_pass_state' (name expected, got nothing)", function()
      step.new_pass_state()
    end)
    raises("bad argument #2 to 'new_task_state' (function, lambda or resource expected, got 1)", function()
      step.new_task_state("a", 1)
    end)
    raises("bad argument #1 to 'next' (state or name of a state expected, got nothing)", function()
      step.new_pass_state("a"):next(nil)
    end)
    raises("bad argument #2 to 'new_state_machine' (state expected, got \"a\")", function()
      step.new_state_machine("M", "a")
    end)
  end)

  it("is named with its option", function()
    raises("bad argument #3 to 'new_task_state': option 'timeout' (whole number of seconds above 0 expected, got 0.5)", function()
      step.new_task_state("a", function() end, { timeout = 0.5 })
    end)
    raises("bad argument #3 to 'new_task_state' (unknown option 'timeot' (did you mean 'timeout'?))", function()
      step.new_task_state("a", function() end, { timeot = 1 })
    end)
  end)

  it("is named with its field of a comparison", function()
    raises("bad argument #1 to 'NumericEquals': Value (number expected, got \"3\")", function()
      step.NumericEquals { Variable = "$.a", Value = "3" }
    end)
    raises("bad argument #1 to 'IsNull': Variable (path beginning with '$' expected, got \"a\")", function()
      step.IsNull { Variable = "a" }
    end)
    raises("bad argument #1 to 'IsNull' (unknown field 'Vlaue', did you mean 'Value'?)", function()
      step.IsNull { Variable = "$.a", Vlaue = true }
    end)
  end)

  it("is a negative time", function()
    raises("bad argument #2 to 'new_wait_delay_state' (whole number of seconds expected, got -1)", function()
      step.new_wait_delay_state("a", -1)
    end)
  end)

  it("is a Next inside another comparison", function()
    raises("bad argument #1 to 'Not': Comparison (a comparison inside another one has no Next)", function()
      step.Not { Comparison = step.IsNull { Variable = "$.a", Next = "b" } }
    end)
  end)

  it("is a choice rule that leads nowhere", function()
    raises("bad argument #2 to 'new_choice_state' (a choice rule needs a Next)", function()
      step.new_choice_state("a", step.IsNull { Variable = "$.a" })
    end)
  end)

  it("is a name that Lambda refuses", function()
    raises("bad argument #1 to 'new_lambda' (name of at most 64 letters, digits, '-' and '_' expected, got \"a b\")", function()
      step.new_lambda("a b", function() end)
    end)
  end)
end)

describe("step.user_scoped_stack_name", function()
  it("ends with the user's name", function()
    assert.matches("^StateMachine%-[%w-]+$", step.user_scoped_stack_name "StateMachine")
  end)
end)

describe("a machine that cannot be", function()
  it("has two states of one name", function()
    local first = step.new_task_state("task1", "lua:x")
    first:next(step.new_task_state("task1", "lua:y"))
    raises("duplicate state names: 'task1'", function()
      step.new_state_machine("M", first)
    end)
  end)

  it("has two functions of one lambda name", function()
    local first = step.new_task_state("a", step.new_lambda("same", function() end))
    first:next(step.new_task_state("b", step.new_lambda("same", function() end)))
    raises("two functions are named 'same'", function()
      step.new_state_machine("M", first)
    end)
  end)

  it("has a state that contains itself", function()
    local loop = step.new_pass_state "start"
    local outer = step.new_parallel_state("outer", loop)
    loop:next(outer)
    raises("state 'outer' contains itself", function()
      step.new_state_machine("M", outer)
    end)
  end)

  it("is raised at the caller's line with every fault", function()
    local state = step.new_pass_state("a"):next("nowhere")
    local other = step.new_pass_state("b"):next("neither")
    local _, text = pcall(function()
      step.new_state_machine("M", state, { states = { other } })
    end)
    assert.matches("step_machine_spec.lua:%d+: state machine 'M' is invalid\n", text)
    assert.matches("nowhere.*neither", text)
  end)
end)
