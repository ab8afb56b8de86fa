local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local START = 1767225600 -- 2026-01-01

describe("A Map Run that runs", function()
  local driver

  ---Spawned; each item takes ten seconds, and those below zero fail.
  local function spawn(fields, items)
    local map = {
      Type = "Map", End = true,
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
        StartAt = "Item", States = { Item = { Type = "Task", Resource = "lua:f", End = true } },
      },
    }
    for name, value in pairs(fields) do
      map[name] = value
    end
    driver = virtual.new { start = START }
    local machine = assert(stepfn.load { StartAt = "All", States = { All = map } })
    local execution = machine:spawn(stepfn.array(items), {
      driver = driver, seed = 1,
      tasks = { f = function(n, context)
        context:sleep(10)
        return n >= 0 and n or stepfn.fail "Negative"
      end },
    })
    driver:advance(1)
    return execution, execution:map_runs()[1].mapRunArn
  end

  it("can be given more children at once", function()
    local execution, arn = spawn({ MaxConcurrency = 1 }, { 1, 2, 3, 4 })
    assert.equal(1, execution:map_runs()[1].executionCounts.running)
    assert.is_true(execution:update_map_run(arn, { maxConcurrency = 3 }))
    driver:advance(1)
    assert.equal(3, execution:map_runs()[1].executionCounts.running)
    assert.equal(3, execution:map_runs()[1].maxConcurrency)
    driver:advance(30)
    assert.same({ 1, 2, 3, 4 }, execution.output)
    assert.equal(START + 20, execution.stop_date)
  end)

  it("can be given fewer: those that run go on", function()
    local execution, arn = spawn({}, { 1, 2, 3 })
    assert.is_true(execution:update_map_run(arn, { maxConcurrency = 1 }))
    assert.equal(3, execution:map_runs()[1].executionCounts.running)
    driver:advance(30)
    assert.equal("SUCCEEDED", execution.status)
  end)

  it("takes 0 for as many as may run", function()
    local execution, arn = spawn({ MaxConcurrency = 1 }, { 1, 2, 3 })
    execution:update_map_run(arn, { maxConcurrency = 0 })
    driver:advance(9)
    assert.equal(0, execution:map_runs()[1].maxConcurrency)
    assert.equal(1, execution:map_runs()[1].executionCounts.succeeded)
    assert.equal(2, execution:map_runs()[1].executionCounts.running)
  end)

  it("can be told to tolerate failures that are still to come", function()
    local execution, arn = spawn({}, { -1, 2 })
    execution:update_map_run(arn, { toleratedFailureCount = 1 })
    driver:advance(10)
    assert.equal("SUCCEEDED", execution.status)
    execution, arn = spawn({}, { -1, 2 })
    execution:update_map_run(arn, { toleratedFailurePercentage = 50 })
    driver:advance(10)
    assert.equal("SUCCEEDED", execution.status)
  end)

  it("fails at once when what has failed already is more than is tolerated now", function()
    local execution, arn = spawn({ MaxConcurrency = 1, ToleratedFailureCount = 1 }, { -1, 2, 3 })
    driver:advance(10)
    assert.equal("RUNNING", execution.status)
    execution:update_map_run(arn, { toleratedFailureCount = 0 })
    driver:advance(0)
    assert.equal("States.ExceedToleratedFailureThreshold", execution.error)
  end)

  it("can't be changed when it is over, or is none of this execution", function()
    local execution, arn = spawn({}, { 1 })
    assert.equal("ResourceNotFound", select(3, execution:update_map_run("arn:x", { maxConcurrency = 1 })).code)
    driver:advance(30)
    local done, message, detail = execution:update_map_run(arn, { maxConcurrency = 1 })
    assert.is_nil(done)
    assert.equal("the Map Run is over: SUCCEEDED", message)
    assert.equal("ValidationException", detail.code)
  end)

  it("takes only settings that are in their range", function()
    local execution, arn = spawn({}, { 1 })
    for _, settings in ipairs {
      { maxConcurrency = -1 }, { maxConcurrency = 1.5 }, { toleratedFailureCount = -1 }, { toleratedFailurePercentage = 101 },
    } do
      assert.equal("ValidationException", select(3, execution:update_map_run(arn, settings)).code)
    end
    assert.error_matches(function() execution:update_map_run(arn, { max = 1 }) end, "setting 'max': a number for maxConcurrency")
    assert.error_matches(function() execution:update_map_run(arn, 1) end, "bad argument #2 to 'update_map_run' %(table expected")
  end)
end)
