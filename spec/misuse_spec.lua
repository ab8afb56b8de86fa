local jsonata = require "stepfn.jsonata"
local jsonpath = require "stepfn.jsonpath"
local stepfn = require "stepfn"

local HERE = "^spec/misuse_spec.lua:%d+: "

local task = assert(stepfn.load '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:f","End":true}}}')

local function refuses(pattern, call)
  local good, message = pcall(call)
  assert.is_false(good)
  assert.matches(pattern, message)
end

describe("A method called without self", function()
  it("is told how it is called, of a machine", function()
    for _, name in ipairs { "run", "start", "spawn", "resume", "to_json", "resources", "variable_references" } do
      refuses(HERE .. "'" .. name .. "' is a method: machine:" .. name .. "%(...%)$", function()
        task[name]()
        return nil
      end)
    end
  end)

  it("is told how it is called, of an execution", function()
    local execution = task:start()
    for _, name in ipairs {
      "run", "spawn", "wait", "advance", "effects", "feed", "pending", "open_tasks", "stop", "task_succeeded", "task_failed",
      "task_heartbeat", "result", "output_json", "history", "trace", "describe", "logs", "map_runs", "status_changes",
      "snapshot", "fork", "fingerprint", "close",
    } do
      refuses(HERE .. "'" .. name .. "' is a method: execution:" .. name .. "%(...%)$", function()
        execution[name]()
        return nil
      end)
    end
  end)
end)

describe("Misuse", function()
  it("of feed names its argument", function()
    local execution = task:start()
    refuses(HERE .. "bad argument #1 to 'feed' %(table expected, got number%)", function() execution:feed(5) end)
    refuses(HERE .. "bad argument #1 to 'feed' %(field 'type': no such event%)", function() execution:feed {} end)
  end)

  it("of tasks names state and Resource", function()
    refuses("tasks%[\"f\"%] is no function but a number %(for the state 'A', Resource lua:f%)$", function()
      task:run({}, { tasks = { f = 5 } })
    end)
  end)

  it("of options is refused everywhere", function()
    refuses(HERE .. "bad argument #2 to 'encode' %(unknown option 'indnt' %(did you mean 'indent'%?%)%)", function()
      stepfn.encode({}, { indnt = true })
    end)
    refuses(HERE .. "bad argument #1 to 'to_json' %(unknown option 'x'%)", function() task:to_json { x = 1 } end)
    refuses(HERE .. "bad argument #2 to 'compile' %(unknown option 'x'%)", function() jsonpath.compile("$", { x = 1 }) end)
    refuses(HERE .. "bad argument #3 to 'read' %(unknown option 'x'%)", function() jsonpath.read({}, "$", { x = 1 }) end)
    refuses(HERE .. "bad argument #2 to 'compile' %(unknown option 'x'%)", function() jsonata.compile("$", { x = 1 }) end)
    refuses(HERE .. "bad argument #2 to 'compile' %(unknown option 'x'%)", function()
      jsonata.compile("$", { limits = { x = 1 } })
    end)
  end)

  it("of limits is refused: they are whole numbers", function()
    refuses("limit 'events': a whole number from 1 on, or false for none, expected", function()
      task:run({}, { limits = { events = 1.5 } })
    end)
  end)
end)

describe("The name of an execution", function()
  local function start(name)
    return task:start({}, { name = name }).name
  end

  it("is what AWS takes", function()
    for _, name in ipairs { "a", "it-is_fine.(really)!+=@'", ("\195\164"):rep(80) } do
      assert.equal(name, start(name))
    end
  end)

  it("has 1 to 80 characters", function()
    refuses(HERE .. "bad argument #2 to 'start' %(option 'name': 1 to 80 characters expected, got 0%)", function() start "" end)
    refuses("1 to 80 characters expected, got 81", function() start(("x"):rep(81)) end)
  end)

  it("has no blanks, brackets, wildcards, special or control characters", function()
    for character in (" <>{}[]?*\"#%\\^|~`$&,;:/"):gmatch "." do
      refuses("option 'name': '%" .. character .. "' can't be in a name", function() start("a" .. character) end)
    end
    for _, character in ipairs { "\0", "\n", "\127", "\194\133" } do
      refuses("a control character can't be in a name", function() start("a" .. character) end)
    end
    refuses("option 'name': no UTF%-8", function() start "a\255" end)
  end)
end)

describe("execution:wait", function()
  it("says so when nobody drives it", function()
    assert.same({ nil, "not driven" }, { task:start():wait() })
  end)
end)

describe("stepfn.is_array", function()
  it("knows values", function()
    assert.is_true(stepfn.is_array(stepfn.value "[]"))
    assert.is_false(stepfn.is_array(stepfn.value "{}"))
    assert.is_false(stepfn.is_array(stepfn.value "1"))
  end)
end)
