local stepfn = require "stepfn"

---The context object of a Pass state.
local function context(options)
  local machine = assert(stepfn.load {
    StartAt = "S",
    States = { S = { Type = "Pass", Parameters = { ["c.$"] = "$$" }, End = true } },
  })
  return machine:run({}, options).output.c
end

---The input of a Task state that asks for its token.
local function token(resource)
  local machine = assert(stepfn.load {
    StartAt = "S",
    States = { S = {
      Type = "Task", Resource = "arn:aws:states:::" .. resource, Parameters = { ["t.$"] = "$$.Task.Token" }, End = true,
    } },
  })
  local execution = machine:start({}, { start_time = 0 })
  execution:advance(0)
  local effect = execution:effects()()
  return effect.input and effect.input.t, effect.token, execution
end

describe("The context object", function()
  it("counts redrives, but not where the caller waits for the end", function()
    assert.equal(0, context().Execution.RedriveCount)
    assert.is_nil(context { synchronous = true }.Execution.RedriveCount)
  end)

  it("shows times in UTC, in milliseconds where they are not 0", function()
    local function times(start_time)
      local seen = context { driver = "virtual", start_time = start_time }
      assert.equal(seen.Execution.StartTime, seen.State.EnteredTime)
      return seen.State.EnteredTime
    end
    assert.equal("2026-01-01T00:00:00Z", times(1767225600))
    assert.equal("2026-01-01T00:00:00.250Z", times(1767225600.25))
    assert.equal("2026-01-01T00:00:00Z", times(1767225600.0001))
    assert.equal("1969-12-31T23:59:59.500Z", times(-0.5))
  end)

  it("tells of the item of a Map by its index, its value and its source", function()
    local machine = assert(stepfn.load { StartAt = "S", States = { S = {
      Type = "Map", ItemSelector = { ["item.$"] = "$$.Map.Item" }, End = true,
      ItemProcessor = { StartAt = "T", States = { T = { Type = "Pass", End = true } } },
    } } })
    assert.same({
      { item = { Index = 0, Value = "a", Source = "STATE_DATA" } }, { item = { Index = 1, Value = "b", Source = "STATE_DATA" } },
    }, machine:run(stepfn.array { "a", "b" }).output)
  end)

  it("holds a token for every task that ends later than its call", function()
    local seen, own = token "sqs:sendMessage.waitForTaskToken"
    assert.equal(own, seen)
    seen, own = token "states:startExecution.sync"
    assert.equal(own, seen)
  end)

  it("holds the token of an activity", function()
    local machine = assert(stepfn.load { StartAt = "S", States = { S = {
      Type = "Task", Resource = "arn:aws:states:us-east-1:123456789012:activity:a", Parameters = { ["t.$"] = "$$.Task.Token" },
      End = true,
    } } })
    local open = machine:run({}, { driver = "virtual" }):open_tasks()[1]
    assert.equal(open.token, open.input.t)
  end)

  it("holds no token for other tasks", function()
    local _, _, execution = token "sqs:sendMessage"
    assert.equal("States.Runtime", execution.error)
  end)
end)
