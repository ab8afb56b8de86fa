package.path = "spec/support/?.lua;" .. package.path
local core = require "stepfn.core"
local history = require "spec.support.history"
local player = require "player"
local plays = require "plays"
local stepfn = require "stepfn"

local START = 1767225600 -- 2026-01-01
local WORK = "arn:aws:lambda:us-east-1:000000000000:function:work"

local function new_player(play, slice)
  return player.new {
    machine = play.load(), input = play.input, tasks = play.tasks, answers = play.answers, children = play.children,
    limits = slice and { slice = slice },
  }
end

local function played(play, slice)
  local p = new_player(play, slice)
  p:run()
  return history.kept(p.execution)
end

-- The same, resumed from a snapshot after so many steps.
local function swapped(play, slice, step)
  local p = new_player(play, slice)
  local more = p:run(step)
  local text = assert(p.execution:snapshot { history = true })
  p.execution:close()
  p.execution = assert(play.load():resume(text))
  p:run()
  return history.kept(p.execution), more
end

-- Is it the same wherever it is interrupted?
local function can_be_swapped(play, slice)
  local expected, step, more = played(play), 0, true
  while more do
    local text
    text, more = swapped(play, slice, step)
    assert.is_true(expected == text, "step " .. step)
    step = step + 1
  end
end

describe("how work is sliced", function()
  for index, play in ipairs(plays.all) do
    local name = play.name .. " (" .. index .. ")"

    it("is not seen in the history: " .. name, function()
      local expected = played(play)
      for _, slice in ipairs { 1, 2, 3, 7, 40, 300 } do
        assert.is_true(expected == played(play, slice), "slice " .. slice)
      end
    end)

    it("lets an execution be resumed in the midst of any expression: " .. name, function()
      can_be_swapped(play, 20)
    end)
  end
end)

-- Every place where a state evaluates has something that takes many slices.
local HUGE = "$sum([1..400].($ * 2))"

local everywhere = {
  QueryLanguage = "JSONata", StartAt = "Set",
  States = {
    Set = { Type = "Pass", Assign = { n = "{% " .. HUGE .. " %}" }, Output = "{% " .. HUGE .. " %}", Next = "Choose" },
    Choose = {
      Type = "Choice", Default = "Never",
      Choices = {
        { Condition = "{% " .. HUGE .. " = 0 %}", Next = "Never" },
        { Condition = "{% " .. HUGE .. " = $n %}", Assign = { m = "{% " .. HUGE .. " %}" }, Next = "Pause" },
      },
    },
    Pause = {
      Type = "Wait", Seconds = "{% " .. HUGE .. " - $m + 5 %}",
      Output = { at = "{% $states.context.State.EnteredTime & " .. HUGE .. " %}" },
      Next = "Work",
    },
    Work = {
      Type = "Task", Resource = WORK, Next = "Fails",
      Arguments = { sum = "{% " .. HUGE .. " %}", id = "{% $uuid() %}" }, TimeoutSeconds = "{% " .. HUGE .. " - $m + 9 %}",
      Output = "{% $append($states.result.sum, [" .. HUGE .. ", $random()]) %}",
    },
    Fails = {
      Type = "Task", Resource = "arn:aws:lambda:us-east-1:000000000000:function:fails", Next = "Never",
      Retry = { { ErrorEquals = { "Busy" }, IntervalSeconds = 2, MaxAttempts = 1 } },
      Catch = {
        { ErrorEquals = { "Other" }, Next = "Never" },
        {
          ErrorEquals = { "States.ALL" }, Assign = { caught = "{% $states.errorOutput.Error & " .. HUGE .. " %}" },
          Output = "{% $states.errorOutput.Cause & " .. HUGE .. " %}", Next = "Each",
        },
      },
    },
    Each = {
      Type = "Map", Items = "{% [1..5].($ + " .. HUGE .. ") %}", MaxConcurrency = 2, Next = "Both",
      ItemSelector = { item = "{% $states.context.Map.Item.Value - " .. HUGE .. " %}", id = "{% $uuid() %}" },
      ItemProcessor = {
        StartAt = "Item",
        States = { Item = { Type = "Pass", Output = "{% $states.input.item + " .. HUGE .. " - $m %}", End = true } },
      },
      Output = "{% $sum($states.result) - $m + " .. HUGE .. " %}",
    },
    Both = {
      Type = "Parallel", Arguments = "{% " .. HUGE .. " %}", Output = "{% $states.result[0] + " .. HUGE .. " %}", Next = "Last",
      Branches = {
        { StartAt = "L", States = { L = { Type = "Succeed", Output = "{% " .. HUGE .. " %}" } } },
        { StartAt = "R", States = { R = { Type = "Wait", Seconds = 3, Output = "{% " .. HUGE .. " %}", End = true } } },
      },
    },
    Last = { Type = "Fail", Error = "{% $string(" .. HUGE .. ") %}", Cause = "{% $caught & " .. HUGE .. " %}" },
    Never = { Type = "Fail", Error = "Never" },
  },
}

local distributed = {
  QueryLanguage = "JSONata", StartAt = "Each",
  States = {
    Each = {
      Type = "Map", Items = "{% [1..7].($ + " .. HUGE .. ") %}", MaxConcurrency = "{% " .. HUGE .. " - 160397 %}", End = true,
      ToleratedFailureCount = "{% " .. HUGE .. " - 160399 %}",
      ItemSelector = { item = "{% $states.context.Map.Item.Value - " .. HUGE .. " %}" },
      ItemBatcher = {
        MaxItemsPerBatch = "{% " .. HUGE .. " - 160398 %}", BatchInput = { sum = "{% " .. HUGE .. " %}" },
      },
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
        StartAt = "Item", States = { Item = { Type = "Pass", End = true } },
      },
      Output = "{% $count($states.result) + " .. HUGE .. " %}",
    },
  },
}

-- The same in JSONPath: what a path, a filter or an intrinsic function has to do.
local jsonpath = {
  StartAt = "Set",
  States = {
    Set = {
      Type = "Pass", InputPath = "$..*", Parameters = { ["deep.$"] = "$..n", ["range.$"] = "States.ArrayRange(1, 500, 1)" },
      Assign = { ["all.$"] = "$.range" }, OutputPath = "$.range[?(@ > 100)]", Next = "Unique",
    },
    Unique = {
      Type = "Pass", Next = "Choose",
      Parameters = { ["list.$"] = "States.ArrayUnique($)", ["parts.$"] = "States.ArrayPartition($all, 7)" },
    },
    Choose = {
      Type = "Choice", Default = "Never", InputPath = "$.list",
      Choices = { { Variable = "$[399]", NumericEquals = 500, Next = "Each" } },
    },
    Each = {
      Type = "Map", InputPath = "$[?(@ < 106)]", MaxConcurrency = 2, Next = "Fails",
      ItemSelector = {
        ["found.$"] = "$$.Map.Item.Value", ["many.$"] = "States.ArrayLength($all)", ["hash.$"] = "States.Hash($all[0], 'MD5')",
      },
      ResultSelector = { ["found.$"] = "$..found" }, ResultPath = "$[0]",
      ItemProcessor = { StartAt = "Item", States = { Item = { Type = "Pass", OutputPath = "$..*", End = true } } },
    },
    Fails = {
      Type = "Task", Resource = "arn:aws:lambda:us-east-1:000000000000:function:fails", Next = "Never",
      Parameters = { ["text.$"] = "States.JsonToString($all)" },
      Catch = {
        { ErrorEquals = { "States.ALL" }, Next = "End", Assign = { ["why.$"] = "States.ArrayUnique($all)" }, ResultPath = "$[1]" },
      },
    },
    End = { Type = "Succeed", InputPath = "$[?(@.Error)]" },
    Never = { Type = "Fail", Error = "Never" },
  },
}

local tasks = {
  work = function(input) return input end,
  fails = function(_, context)
    stepfn.fail(context.attempt == 0 and "Busy" or "Broken", "no reason")
  end,
}

local many = {}
for i = 1, 300 do
  many[i] = { n = i, text = "number " .. i }
end

local function of(name, definition, input)
  return { name = name, load = function() return assert(stepfn.load(definition)) end, input = input, tasks = tasks }
end

local heavy = {
  of("JSONata", everywhere, {}), of("a distributed Map", distributed, {}), of("JSONPath", jsonpath, { many = many }),
}

-- One execution by hand: its slices until it has come to an effect.
local function slices(execution)
  local count = 0
  local more = true
  execution:advance(START)
  while more do
    more = false
    for effect in execution:effects() do
      more = more or effect.type == "more"
    end
    if more then
      count = count + 1
      execution:feed { type = "continue", now = START }
    end
  end
  return count
end

-- What a Pass with one expression has done after some slices.
local function begun(expression, slice, count)
  local machine = assert(stepfn.load {
    QueryLanguage = "JSONata", StartAt = "A", States = { A = { Type = "Pass", Output = "{% " .. expression .. " %}", End = true } },
  })
  local execution = machine:start({}, { limits = { slice = slice }, seed = 1, start_time = START, name = "begun" })
  execution:advance(START)
  for _ = 1, count do
    execution:feed { type = "continue", now = START }
  end
  return execution, machine
end

-- Where the platform has no fibers an expression is never left in its midst.
local with_fibers = core.has_fibers and it or pending

describe("an expression that is too much for one slice", function()
  for _, play in ipairs(heavy) do
    it("is gone on with wherever a state has one: " .. play.name, function()
      local expected = played(play)
      assert.is_true(#expected > 1000)
      assert.is_nil(expected:find("Never", 1, true))
      for _, slice in ipairs { 20, 150, 1000, 5000 } do
        assert.is_true(expected == played(play, slice), "slice " .. slice)
      end
    end)

    it("is begun again after a snapshot in its midst: " .. play.name, function()
      can_be_swapped(play, 1500)
    end)

    it("gives all memory back, whichever allocation fails: " .. play.name, function()
      collectgarbage()
      collectgarbage()
      local before = core.memory()
      local failed, n = true, 0
      while failed do
        n = n + 23
        local p = new_player(play, 700)
        core.fail_allocation(n)
        pcall(p.run, p)
        failed = not core.fail_allocation(0)
        p.execution:close()
        p = nil -- luacheck: ignore
      end
      collectgarbage()
      collectgarbage()
      assert.is_true(core.memory() <= before)
    end)
  end

  with_fibers("takes as many slices as its work needs", function()
    local execution = begun("$sum([1..100000].($ * 2))", 50000, 0)
    assert.is_true(slices(execution) >= 5)
    assert.equal(10000100000, execution.output)
  end)

  with_fibers("can be stopped in its midst", function()
    local execution = begun("$sum([1..100000].($ * 2))", 5000, 3)
    assert.equal("RUNNING", execution.status)
    assert.is_true(execution:stop("Enough", "of this", START))
    assert.equal("ABORTED", execution.status)
    assert.equal("Enough", execution.error)
    assert.equal("ExecutionAborted", execution:history()[3].type)
  end)

  it("can be closed in its midst", function()
    collectgarbage()
    local before = core.memory()
    local execution = begun("$sum([1..100000].($ * 2))", 5000, 3)
    execution:close()
    execution = nil -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    assert.is_true(core.memory() <= before)
  end)

  with_fibers("does not outlive the time that the machine has", function()
    local machine = assert(stepfn.load {
      QueryLanguage = "JSONata", StartAt = "A", TimeoutSeconds = 10,
      States = { A = { Type = "Pass", Output = "{% $sum([1..100000].($ * 2)) %}", End = true } },
    })
    local execution = machine:start({}, { limits = { slice = 5000 }, start_time = START })
    execution:advance(START)
    execution:feed { type = "continue", now = START + 11 }
    assert.equal("TIMED_OUT", execution.status)
  end)

  it("sees the time at which it was begun, also after a snapshot", function()
    local execution, machine = begun("[$sum([1..100000].($ * 2)), $millis()]", 50000, 2)
    execution:feed { type = "continue", now = START + 5 }
    execution = assert(machine:resume(execution:snapshot()))
    execution:feed { type = "continue", now = START + 9 }
    while execution.status == "RUNNING" do
      execution:feed { type = "continue", now = START + 9 }
    end
    assert.equal(START * 1000, execution.output[2])
  end)

  with_fibers("draws the same random numbers when it is begun again", function()
    local one, machine = begun("[$random(), $sum([1..20000].($ * 2)), $uuid()]", 10000000, 0)
    local other = begun("[$random(), $sum([1..20000].($ * 2)), $uuid()]", 5000, 5)
    assert.equal("RUNNING", other.status)
    other = assert(machine:resume(other:snapshot()))
    slices(other)
    assert.same(one.output, other.output)
  end)

  with_fibers("still fails when it is more than one expression may be", function()
    local execution = begun("($f := function($n) { $f($n + 1) }; $f(0))", nil, 0)
    assert.is_true(slices(execution) > 50)
    assert.equal("FAILED", execution.status)
    assert.equal("States.QueryEvaluationError", execution.error)
  end)

  it("may nest as deep as expressions and values can", function()
    local deep = string.rep("[", 95) .. "1" .. string.rep("]", 95)
    local execution = begun("($sum([1..200]); " .. deep .. ")", 50, 0)
    slices(execution)
    assert.equal("SUCCEEDED", execution.status)
    execution = begun("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(1000))", 50, 0)
    slices(execution)
    assert.equal("FAILED", execution.status)
    assert.matches("U1001", execution.cause)
  end)

  it("may look for many matches in a long text", function()
    local execution = begun("$length($replace($pad('', 200000, 'abc '), /[ab]/, 'xy'))", nil, 0)
    slices(execution)
    assert.equal(300000, execution.output)
  end)

  with_fibers("may be a regular expression that tries and tries", function()
    for _, pattern in ipairs { "/(a|aa)+$/", "/(a*)*[bc]/", "/a+$/" } do
      local execution = begun("$contains($pad('', 20000, 'a') & '!c'[0], " .. pattern .. ")", nil, 0)
      assert.is_true(slices(execution) > 20, pattern)
    end
  end)

  it("shares its regular expressions with other executions that run while it rests", function()
    local machine = assert(stepfn.load {
      QueryLanguage = "JSONata", StartAt = "A",
      States = { A = { Type = "Pass", Output = "{% $replace($states.input, /([a-z]+)-([0-9]+)/, '$2-$1') %}", End = true } },
    })
    local function start(text)
      return machine:start(text, { limits = { slice = 3 }, start_time = START })
    end
    local one, other = start(("a-1 "):rep(30)), start(("longer-22333 "):rep(30))
    one:advance(START)
    other:advance(START)
    while one.status == "RUNNING" or other.status == "RUNNING" do
      one:feed { type = "continue", now = START }
      other:feed { type = "continue", now = START }
    end
    assert.equal(("1-a "):rep(30), one.output)
    assert.equal(("22333-longer "):rep(30), other.output)
  end)

  with_fibers("lets other tasks of the same execution report in its midst", function()
    local machine = assert(stepfn.load {
      QueryLanguage = "JSONata", StartAt = "Both",
      States = {
        Both = {
          Type = "Parallel", End = true, Branches = {
            { StartAt = "T", States = { T = { Type = "Task", Resource = WORK, End = true } } },
            { StartAt = "W", States = { W = { Type = "Wait", Seconds = 5, Next = "P" },
              P = { Type = "Pass", Output = "{% $sum([1..20000].($ * 2)) %}", End = true } } },
          },
        },
      },
    })
    local execution = machine:start({}, { limits = { slice = 5000 }, start_time = START })
    local task
    execution:advance(START)
    for effect in execution:effects() do
      task = task or effect.task
    end
    execution:advance(START + 5)
    execution:feed { type = "task_succeeded", task = task, output = "done", now = START + 5 }
    assert.equal("RUNNING", execution.status)
    slices(execution)
    assert.same({ "done", 400020000 }, execution.output)
  end)
end)
