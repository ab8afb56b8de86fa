local step = require "stepfn.step"
local stepfn = require "stepfn"

local function again(machine)
  return assert(step.from_json(machine:to_json(), { name = machine.name })):to_json()
end

local function noop() end

describe("step.from_json", function()
  it("gives back the bytes that the builder wrote", function()
    local recover = step.new_pass_state "recover"
    local start = step.new_task_state("start", noop, { timeout = 30 })
      :with_retriers(step.retry { errors = "E", interval = 2, max_delay = 9, jitter = "FULL" })
      :with_catchers(step.new_task_catch(recover, step.StatesAll, { result_path = "$.e" }))
    local both = step.new_parallel_state("both", step.new_pass_state("left", { a = 1.5 }),
      step.new_map_state("right", step.new_wait_delay_state("w", 1)))
    local pick = step.new_choice_state("pick",
      step.And { step.IsString { Variable = "$.a" }, step.Not { step.IsNull { Variable = "$.b" } }, Next = start },
      step.when("$.n"):gt(3):go(step.new_success_state "high")):with_default(step.new_fail_state("low", "E", 'quoted "text", [1]'))
    start:next(both):next(pick)
    local machine = step.new_state_machine("M", start, { comment = "c", timeout = 60, states = { recover } })
    assert.equal(machine:to_json(), again(machine))
  end)

  it("gives back the value that somebody else wrote", function()
    local text = [[{
      "States": {
        "b": { "Type": "Map", "Iterator": { "States": { "x": { "End": true, "Type": "Pass" } }, "StartAt": "x" },
               "Parameters": { "v.$": "$$.Map.Item.Value" }, "MaxConcurrency": 1e1, "Next": "c" },
        "a": { "Type": "Task", "Resource": "${Charge}", "Retry": [], "Next": "b" },
        "c": { "Type": "Succeed", "Comment": "\u00fc \"{[,]}\" \\" }
      },
      "StartAt": "a"
    }]]
    local machine = assert(step.from_json(text))
    assert.same(stepfn.decode(text), machine:to_table())
  end)

  it("gives states that can be changed", function()
    local machine = assert(step.from_json [[{"StartAt": "a", "States": {
      "a": { "Type": "Task", "Resource": "lua:x", "Next": "b" }, "b": { "Type": "Succeed" } }}]])
    machine:state("a"):with_timeout(30):with_catchers(step.new_task_catch(machine:state "b", step.StatesAll))
    local changed = step.new_state_machine("M", machine:start_state())
    assert.equal(
      '{"StartAt":"a","States":{"a":{"Type":"Task","Resource":"lua:x","TimeoutSeconds":30,'
        .. '"Catch":[{"ErrorEquals":["States.ALL"],"Next":"b"}],"Next":"b"},"b":{"Type":"Succeed"}}}',
      changed:to_json()
    )
  end)

  it("gives a machine with name, type and comment", function()
    local machine = assert(step.from_json('{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}', { name = "M", type = "EXPRESS" }))
    assert.equal("M", machine.name)
    assert.equal("EXPRESS", machine.type)
    assert.equal('{"Comment":"c","StartAt":"a","States":{"a":{"Type":"Succeed"}}}', machine:comment("c"):to_json())
  end)

  it("is refused what is no definition, at the caller's line", function()
    local _, text = pcall(function() step.from_json(3) end)
    assert.matches("^%S*step_read_spec.lua:%d+: bad argument #1 to 'from_json' %(text, table or value", text)
    _, text = pcall(function() step.from_json("{}", { nme = "M" }) end)
    assert.matches("^%S*step_read_spec.lua:%d+: bad argument #2 to 'from_json' %(unknown option 'nme'", text)
  end)

  it("tells all that is wrong with a definition", function()
    local machine, message, diagnostics = step.from_json '{"StartAt":"a","States":{"b":{"Type":"Pass","Next":"c"}}}'
    assert.is_nil(machine)
    assert.is_string(message)
    assert.is_true(#diagnostics >= 2)
  end)
end)

describe("a machine's states", function()
  it("come in the order in which they are written", function()
    local a, b = step.new_pass_state "a", step.new_success_state "b"
    a:next(b)
    local machine = step.new_state_machine("M", a)
    assert.same({ a, b }, machine:states())
    assert.equal(a, machine:start_state())
    assert.equal(b, machine:state "b")
    assert.is_nil(machine:state "c")
  end)
end)
