local step = require "stepfn.step"

-- The text of the only Map of a machine.
local function map(state, options)
  return (step.new_state_machine("M", state, options):to_json():match '"States":{"s":(.*)}}$')
end

local PROCESSOR = '"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"%s"},'
  .. '"StartAt":"each","States":{"each":{"Type":"Pass","End":true}}}'

local function each()
  return step.new_pass_state "each"
end

describe("a distributed map", function()
  it("is a map whose items are executions of their own", function()
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "STANDARD" .. ',"End":true}', map(step.new_map_state("s", each()):distributed()))
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "EXPRESS" .. ',"End":true}',
      map(step.new_map_state("s", each()):distributed { execution_type = "EXPRESS" }))
  end)

  it("takes a processor from elsewhere", function()
    local loaded = assert(require("stepfn").load '{"StartAt":"each","States":{"each":{"Type":"Pass","End":true}}}')
    assert.equal('{"Type":"Map",' .. PROCESSOR:format "STANDARD" .. ',"End":true}', map(step.new_map_state("s", loaded):distributed()))
  end)

  it("runs the functions of its processor", function()
    local double = step.new_task_state("double", function(n) return n * 2 end)
    local state = step.new_map_state("s", double, { items_path = "$.list" }):distributed { tolerated_failure_count = 1 }
    local execution = step.new_state_machine("M", state):run({ list = { 1, 2, 3 } }, { driver = "virtual" })
    assert.same({ 2, 4, 6 }, execution.output)
  end)

  it("is refused with what is no option of it", function()
    assert.error_matches(function() step.new_map_state("s", each()):distributed { batch = {} } end,
      "bad argument #1 to 'distributed' %(unknown option 'batch'%)")
    assert.error_matches(function() step.new_map_state("s", each()):distributed { execution_type = "FAST" } end,
      '"STANDARD" or "EXPRESS" expected, got "FAST"')
  end)
end)
