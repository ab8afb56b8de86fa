local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local task = assert(stepfn.load '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:f","End":true}}}')

local wrong = { NaN = 0 / 0, ["%-?inf"] = math.huge, ["1e%+15"] = 1e15 }

---`call` must raise for each of these times, naming what it got.
local function refuses(pattern, call)
  for text, number in pairs(wrong) do
    assert.error_matches(function() call(number) end, pattern .. "seconds between %-9223372036 and 9223372036 expected, got " .. text)
  end
end

describe("Times that are none", function()
  it("are refused as start_time", function()
    refuses("bad argument #2 to 'start' %(option 'start_time': ", function(time)
      task:start({}, { start_time = time })
    end)
  end)

  it("are refused as the now of an execution", function()
    local execution = task:start()
    refuses("bad argument #1 to 'advance' %(", function(time) execution:advance(time) end)
    refuses("bad argument #3 to 'task_succeeded' %(", function(time) execution:task_succeeded("t", {}, time) end)
    refuses("bad argument #4 to 'task_failed' %(", function(time) execution:task_failed("t", "E", "c", time) end)
    refuses("bad argument #2 to 'task_heartbeat' %(", function(time) execution:task_heartbeat("t", time) end)
    refuses("bad argument #3 to 'stop' %(", function(time) execution:stop("E", "c", time) end)
    refuses("bad argument #1 to 'wait' %(", function(time) execution:wait(time) end)
  end)

  it("are refused in events", function()
    local execution = task:start({}, { start_time = 0 })
    assert.error_matches(function() execution:feed { type = "task_succeeded", now = 0 / 0 } end,
      "bad argument #1 to 'feed' %(field 'now': seconds out of range%)")
    assert.error_matches(function() execution:feed { type = "task_succeeded", now = "soon" } end,
      "bad argument #1 to 'feed' %(field 'now': seconds expected%)")
  end)

  it("are refused by the virtual clock", function()
    refuses("bad argument #1 to 'new' %(option 'start': ", function(time) virtual.new { start = time } end)
    local clock = virtual.new()
    refuses("bad argument #1 to 'advance' %(", function(time) clock:advance(time) end)
    assert.error_matches(function() clock:advance(-1) end, "bad argument #1 to 'advance' %(time does not go back%)")
  end)

  it("are refused by a task's sleep", function()
    refuses("", function(time)
      local execution = task:run({}, { driver = "virtual", tasks = { f = function(_, context) context:sleep(time) end } })
      error(execution.cause)
    end)
  end)
end)

describe("The driver named virtual", function()
  it("begins at start_time", function()
    local tasks = { f = function(_, context) return context:now() end }
    local execution = task:run({}, { driver = "virtual", start_time = 1000, tasks = tasks })
    assert.equal(1000, execution.output)
    assert.equal(1000, execution.stop_date)
  end)
end)

describe("Under virtual time", function()
  local loop = assert(stepfn.load([[{"StartAt":"A","States":{
    "A":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"B"}],"Default":"A"},
    "B":{"Type":"Succeed"}}}]], { type = "EXPRESS" }))

  it("an execution that loops for ever comes to its time limit", function()
    assert.equal("TIMED_OUT", loop:run({}, { driver = "virtual", history = false }).status)
  end)

  it("a spawned one does, too", function()
    assert.equal("TIMED_OUT", loop:spawn({}, { driver = "virtual", history = false }):wait().status)
  end)

  it("much work takes no time", function()
    local execution = stepfn.load([[{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"n":0},"Next":"B"},
      "B":{"Type":"Pass","Assign":{"n.$":"States.MathAdd($n, 1)"},"Next":"C"},
      "C":{"Type":"Choice","Choices":[{"Variable":"$n","NumericLessThan":100000,"Next":"B"}],"Default":"D"},
      "D":{"Type":"Succeed"}}}]]):run({}, { driver = "virtual", history = false, limits = { events = false } })
    assert.equal("SUCCEEDED", execution.status)
    assert.equal(execution.start_date, execution.stop_date)
  end)
end)
