package.path = "spec/support/?.lua;" .. package.path
local core = require "stepfn.core"
local memory = require "spec.support.memory"
local history = require "spec.support.history"
local player = require "player"
local plays = require "plays"
local stepfn = require "stepfn"

-- A player over a freshly loaded machine.
local function new_player(play)
  return player.new {
    machine = play.load(), input = play.input, tasks = play.tasks, answers = play.answers, children = play.children,
  }
end

-- The text of an undisturbed run, and its number of steps.
local function undisturbed(play)
  local p = new_player(play)
  p:run()
  return history.kept(p.execution), p.steps
end

-- The player goes on with an execution made from a snapshot, in another machine.
local function swap(p, play, settings)
  local text = assert(p.execution:snapshot(settings))
  p.execution:close()
  p.execution = assert(play.load():resume(text))
end

-- The play with a swap after so many steps; without history the events before
-- are those that the first execution had.
local function swapped_at(play, step, settings)
  local p = new_player(play)
  p:run(step)
  local before = settings and "" or history.kept(p.execution)
  swap(p, play, settings)
  p:run()
  return before .. history.kept(p.execution)
end

local function swapped_always(play)
  local p = new_player(play)
  while p:run(1) do
    swap(p, play, { history = true })
  end
  return history.kept(p.execution)
end

-- The play goes on in a copy.
local function forked_always(play)
  local p = new_player(play)
  while p:run(1) do
    local copy = assert(p.execution:fork())
    p.execution:close()
    p.execution = copy
  end
  return history.kept(p.execution)
end

describe("a snapshot", function()
  for index, play in ipairs(plays.all) do
    local name = play.name .. " (" .. index .. ")"
    local expected, steps = undisturbed(play)

    it("taken after any single event or effect changes nothing: " .. name, function()
      for step = 0, steps do
        assert.is_true(expected == swapped_at(play, step, { history = true }), "step " .. step)
      end
    end)

    it("without history goes on with the next event: " .. name, function()
      for step = 0, steps do
        assert.is_true(expected == swapped_at(play, step), "step " .. step)
      end
    end)

    it("taken after every event changes nothing: " .. name, function()
      assert.is_true(expected == swapped_always(play))
    end)

    it("of what was resumed has the same bytes: " .. name, function()
      local p = new_player(play)
      while p:run(1) do
        local text = p.execution:snapshot { history = true }
        assert.is_true(text == play.load():resume(text):snapshot { history = true })
      end
    end)

    it("is not needed for a copy that goes its own way: " .. name, function()
      assert.is_true(expected == forked_always(play))
    end)
  end
end)

local nested, approval = plays.all[9], plays.all[7]

-- An execution in the middle of things.
local function in_the_middle(steps)
  local p = new_player(nested)
  p:run(steps or 20)
  return p.execution
end

describe("a snapshot's text", function()
  it("is refused when it is none", function()
    local execution, message, detail = nested.load():resume "{\"a\":1}"
    assert.is_nil(execution)
    assert.equal("this is not a snapshot", message)
    assert.equal("NOT_A_SNAPSHOT", detail.code)
  end)

  it("is refused when a byte of it is changed, added or missing", function()
    local machine, text = nested.load(), in_the_middle():snapshot()
    for _, damaged in ipairs {
      text:sub(1, -2), text .. "x", text:sub(1, 8), text:sub(1, 100) .. "\255" .. text:sub(102),
    } do
      local execution, message, detail = machine:resume(damaged)
      assert.is_nil(execution)
      assert.equal("the snapshot is damaged", message)
      assert.equal("DAMAGED", detail.code)
    end
  end)

  it("is refused when a newer version wrote it", function()
    local text = in_the_middle():snapshot()
    local _, message, detail = nested.load():resume(core.seal(text:sub(1, 8) .. "\5" .. text:sub(10)))
    assert.equal("the snapshot has version 5, and this stepfn reads version 4: a newer stepfn wrote it", message)
    assert.equal("NEWER", detail.code)
  end)

  it("is refused when an older version wrote it, whose fields were others", function()
    local text = in_the_middle():snapshot()
    local _, message, detail = nested.load():resume(core.seal(text:sub(1, 8) .. "\1" .. text:sub(10)))
    assert.equal("the snapshot has version 1, and this stepfn reads version 4: an older stepfn wrote it", message)
    assert.equal("OLDER", detail.code)
  end)

  it("is refused by a machine of another definition", function()
    local _, message, detail = approval.load():resume(in_the_middle():snapshot())
    assert.equal("the snapshot is of another definition than this machine's", message)
    assert.equal("FOREIGN", detail.code)
  end)

  it("is refused by a machine of the same definition and another type", function()
    local standard = plays.all[10].load()
    local express = assert(stepfn.load(standard:to_json(), { type = "EXPRESS" }))
    local _, message, detail = express:resume(standard:start { n = 0 }:snapshot())
    assert.equal("the snapshot is of a STANDARD execution, and this machine is EXPRESS", message)
    assert.equal("FOREIGN", detail.code)
  end)

  it("fits a definition that is only laid out differently", function()
    local machine = assert(stepfn.load(nested.load():to_json { indent = true }))
    assert.is_truthy(machine:resume(in_the_middle():snapshot()))
  end)

  it("holds a value once, however many share it", function()
    local machine = assert(stepfn.load {
      StartAt = "All",
      States = {
        All = {
          Type = "Map", ItemsPath = "$.items", MaxConcurrency = 1000, End = true,
          ItemSelector = { ["all.$"] = "$.large" },
          ItemProcessor = { StartAt = "W", States = { W = { Type = "Wait", Seconds = 1, End = true } } },
        },
      },
    })
    local items = {}
    for i = 1, 1000 do
      items[i] = i
    end
    local execution = machine:start({ items = stepfn.array(items), large = ("x"):rep(200000) },
      { limits = { map_concurrency = false } })
    execution:advance(player.START)
    local text = execution:snapshot()
    assert.is_true(#text < 200000 + 1000 * 100)
    assert.equal(text, machine:resume(text):snapshot())
  end)

  it("must be text, and options must be known", function()
    local machine = nested.load()
    assert.error_matches(function() machine:resume(42) end, "string expected, got number")
    assert.error_matches(function() machine:resume("", { task = {} }) end, "did you mean 'tasks'")
    assert.error_matches(function() machine:resume("", { interrupted = "maybe" }) end, "option 'interrupted'")
  end)
end)

-- --- what somebody else made of it ---

-- The same numbers on every Lua.
local function generator(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

local changes = {
  function(text, random) -- a byte
    local at = random(#text)
    return text:sub(1, at - 1) .. string.char(random(256) - 1) .. text:sub(at + 1)
  end,
  function(text, random) -- a bit
    local at = random(#text)
    local bit = 2 ^ (random(8) - 1)
    return text:sub(1, at - 1) .. string.char((text:byte(at) + bit) % 256) .. text:sub(at + 1)
  end,
  function(text, random) -- a piece is gone
    local at = random(#text)
    return text:sub(1, at - 1) .. text:sub(at + random(10))
  end,
  function(text, random) -- a piece twice
    local from = random(#text)
    local to = from + random(20)
    return text:sub(1, to) .. text:sub(from)
  end,
  function(text, random) -- one piece over another
    local from, to, length = random(#text), random(#text), random(16)
    return text:sub(1, to - 1) .. text:sub(from, from + length - 1) .. text:sub(to + length)
  end,
}

local HEAD = 8 + 4 + 32 + 1 + 4

-- Snapshots after every step of the plays with the most in them.
local function samples()
  local list = {}
  for _, index in ipairs { 7, 9, 11, 12, 13 } do
    local play = plays.all[index]
    local p, machine = new_player(play), play.load()
    while p:run(1) do
      list[#list + 1] = { machine = machine, text = p.execution:snapshot { history = #list % 2 == 0 } }
    end
  end
  return list
end

-- Everything that can be done with it.
local function use(execution)
  local inner = execution.core
  execution:feed { type = "child_finished", child = 1, now = player.START, status = "FAILED", error = "E" }
  execution:map_runs()
  execution:advance(player.START + 1)
  for effect in execution:effects() do
    if effect.type == "task" then
      execution:feed { type = "task_succeeded", task = effect.task, now = player.START + 2, output = { effect.state } }
    elseif effect.type == "child" then
      execution:feed { type = "child_started", child = effect.child, now = player.START + 2 }
      execution:feed {
        type = "child_finished", child = effect.child, now = player.START + 3, status = "SUCCEEDED", output = 1,
      }
    end
  end
  execution:advance(player.START + 10000)
  for _, pending in ipairs(execution:pending()) do
    inner:token(pending.task)
    execution:feed { type = "task_failed", task = pending.task, now = player.START + 10000, error = "E" }
  end
  execution:fingerprint()
  execution:fork():stop("E", "C", player.START)
  execution:snapshot { history = true }
  pcall(execution.history, execution)
  pcall(execution.trace, execution)
  execution:stop("E", "C", player.START + 20000)
  return tostring(execution)
end

describe("a changed snapshot", function()
  it("is refused, 10,000 times", function()
    local random, list = generator(1), samples()
    for _ = 1, 10000 do
      local sample = list[random(#list)]
      local changed = changes[random(#changes)](sample.text, random)
      if changed ~= sample.text then
        local execution, _, detail = sample.machine:resume(changed)
        assert.is_nil(execution)
        assert.is_true(detail.code == "DAMAGED" or detail.code == "NOT_A_SNAPSHOT")
      end
    end
  end)

  it("with the right checksum is refused or can be used, 10,000 times", function()
    local random, list = generator(2), samples()
    local used, before = 0, memory.live()
    for _ = 1, 10000 do
      local sample = list[random(#list)]
      local text = sample.text
      local body = changes[random(#changes)](text:sub(HEAD + 1, -33), random)
      local execution, _, detail = sample.machine:resume(core.seal(text:sub(1, HEAD) .. body .. text:sub(-32)))
      if execution then
        used = used + 1
        use(execution)
        execution:close()
      else
        assert.equal("DAMAGED", detail.code)
      end
    end
    assert.is_true(used > 100)
    assert.equal(before, memory.live())
  end)
end)

-- --- memory ---

describe("memory", function()
  local machine = nested.load()

  it("is all given back", function()
    local text = in_the_middle():snapshot { history = true }
    machine:resume(text):close() -- what the machine keeps
    local before = memory.live()
    do
      local execution = machine:resume(text)
      local copy = execution:fork()
      copy:snapshot()
      copy:fingerprint()
      use(execution)
    end
    machine:resume(core.seal(text:sub(1, -40) .. text:sub(-32)))
    assert.equal(before, memory.live())
  end)

  for name, run in pairs {
    snapshot = function(execution) return assert(execution:snapshot { history = true }) end,
    fork = function(execution) return assert(execution:fork()) end,
    fingerprint = function(execution) return assert(execution:fingerprint()) end,
    resume = function(execution, text) return assert(execution.machine:resume(text)) end,
  } do
    it("that is missing anywhere is an error and harms nothing: " .. name, function()
      local execution = in_the_middle()
      local text = execution:snapshot { history = true }
      local before = memory.live()
      assert.is_true(memory.fail_each(function() run(execution, text) end) > 4)
      assert.equal(before, memory.live())
      assert.is_true(text == execution:snapshot { history = true })
    end)
  end
end)
