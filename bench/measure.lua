---Measures one workload in a process of its own and prints one JSON line:
---
---    lua bench/measure.lua FOLDER NAME [history]
---
---FOLDER holds the workloads; NAME is one of them, or "transitions" or "parked",
---which need no data.  The output is checked before anything is timed.
local core = require "stepfn.core"
local stepfn = require "stepfn"
local system = require "stepfn.driver.system"
local workload = require "bench.workload"

-- The median of so many rounds is reported: short ones are many, since a machine
-- does other things, too.
local ROUNDS_MIN = 3
local SECONDS_MIN = 0.5
local TRANSITIONS = 1000000
local PARKED = 100000

local clock = system.new()
local UNLIMITED = { events = false }

local function now()
  return clock:now()
end

---@param field string "VmHWM": the most memory so far; "VmRSS": that of now
---@return integer? bytes nil where there is no /proc
local function memory(field)
  local status = workload.read "/proc/self/status"
  local kilobytes = status and status:match(field .. ":%s*(%d+) kB")
  return kilobytes and tonumber(kilobytes) * 1024
end

---@param body fun()
---@return number seconds the median of several runs
local function timed(body)
  local seconds, all = {}, 0
  while #seconds < ROUNDS_MIN or all < SECONDS_MIN do
    local start = now()
    body()
    local took = now() - start
    seconds[#seconds + 1] = took
    all = all + took
  end
  table.sort(seconds)
  return seconds[math.ceil(#seconds / 2)]
end

---@param execution table
---@return any output; a workload that fails is a fault of the engine
local function output_of(execution)
  if execution.status ~= "SUCCEEDED" then
    error(tostring(execution), 0)
  end
  return execution.output
end

---@param load bench.Workload
---@param inputs any[] taken in turn
---@param expected any[] the output of each
---@param executions integer how many in one round
---@param units integer
---@param history boolean
local function execute(load, inputs, expected, executions, units, history)
  local machine = assert(stepfn.load(workload.text(load, "definition")))
  local options = { tasks = workload.tasks(load), history = history, limits = UNLIMITED }
  local right = true
  for i = 1, #inputs do
    local got = output_of(machine:run(inputs[i], options))
    right = right and workload.canonical(got) == workload.canonical(expected[i])
  end
  local output
  local seconds = timed(function()
    for i = 1, executions do
      local execution = machine:run(inputs[(i - 1) % #inputs + 1], options)
      output = execution:output_value() -- held, as the input is
      execution:close()
    end
  end)
  right = right and output ~= nil
  return { units = units, seconds = seconds, right = right }
end

---@param load bench.Workload
---@return any[] inputs as values: what reading their JSON costs is not the engine's
local function values(load, name)
  local list = {}
  for i, item in ipairs(stepfn.decode(workload.text(load, name))) do
    list[i] = stepfn.value(item)
  end
  return list
end

---The SHA-256 of a text, in hexadecimal, by the system's own command.
local function sha256(text)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen("sha256sum <" .. name .. " || shasum -a 256 <" .. name))
  local digest = pipe:read "*a":match "^%x+"
  pipe:close()
  os.remove(name)
  return digest
end

local function right_nodes(nodes, query)
  local texts = {}
  for i, node in ipairs(nodes) do
    texts[i] = workload.canonical(node)
  end
  table.sort(texts)
  return #nodes == query.count and sha256(table.concat(texts, "\n")) == query.sha256
end

local kinds = {}

function kinds.execute_loop(load, history)
  local input = stepfn.value(workload.text(load, "input"))
  local expected = stepfn.decode(workload.text(load, "expected"))
  return execute(load, { input }, { expected }, 1, load.about.units, history)
end

kinds.execute_map = kinds.execute_loop

function kinds.execute_many(load, history)
  local input = stepfn.value(workload.text(load, "input"))
  local expected = stepfn.decode(workload.text(load, "expected"))
  local n = load.about.executions
  return execute(load, { input }, { expected }, n, n, history)
end

function kinds.execute_many_inputs(load, history)
  local expected = stepfn.decode(workload.text(load, "expected"))
  local n = load.about.executions
  return execute(load, values(load, "input"), expected, n, n, history)
end

function kinds.jsonpath(load)
  local jsonpath = require "stepfn.jsonpath"
  local document = stepfn.value(workload.text(load, "document"))
  local paths, right = {}, true
  for i, query in ipairs(stepfn.decode(workload.text(load, "queries"))) do
    paths[i] = assert(jsonpath.compile(query.query))
    right = right_nodes(paths[i]:values(document), query) and right
  end
  local rounds = load.about.rounds
  local seconds = timed(function()
    for _ = 1, rounds do
      for i = 1, #paths do
        paths[i]:select(document) -- like the peer's, nodes of the document itself
      end
    end
  end)
  return { units = rounds * #paths, seconds = seconds, right = right }
end

function kinds.jsonata(load)
  local jsonata = require "stepfn.jsonata"
  local states = { input = stepfn.value(workload.text(load, "document")) }
  local expressions, right = {}, true
  for i, query in ipairs(stepfn.decode(workload.text(load, "queries"))) do
    expressions[i] = assert(jsonata.compile(query.expression))
    local got = expressions[i]:evaluate(nil, { states = states })
    right = right and workload.canonical(got) == workload.canonical(query.expected)
  end
  local rounds = load.about.rounds
  local seconds = timed(function()
    for _ = 1, rounds do
      for i = 1, #expressions do
        expressions[i]:evaluate(nil, { states = states })
      end
    end
  end)
  return { units = rounds * #expressions, seconds = seconds, right = right }
end

function kinds.definition(load)
  local text = workload.text(load, "definition")
  local machine = assert(stepfn.load(text))
  local right = workload.canonical(machine.definition) == workload.canonical(stepfn.decode(text))
  local rounds = load.about.rounds
  local seconds = timed(function()
    for _ = 1, rounds do
      stepfn.load(text)
    end
  end)
  return { units = rounds, seconds = seconds, right = right }
end

---A Choice and a Pass in turn; memory after a tenth of the way against the end.
local function transitions(count)
  local machine = assert(stepfn.load [[{
    "StartAt": "More",
    "States": {
      "More": {"Type": "Choice", "Default": "End",
        "Choices": [{"Variable": "$.i", "NumericLessThanPath": "$.n", "Next": "Add"}]},
      "Add": {"Type": "Pass", "Next": "More",
        "Parameters": {"i.$": "States.MathAdd($.i, 1)", "n.$": "$.n"}},
      "End": {"Type": "Succeed"}
    }
  }]])
  local function run(steps)
    local n = math.floor(steps / 2)
    local execution = machine:run({ i = 0, n = n }, { history = false, limits = UNLIMITED })
    local right = output_of(execution).i == n
    execution:close()
    return right
  end
  local right = run(count / 10)
  local before = memory "VmHWM"
  local seconds = timed(function()
    right = run(count) and right
  end)
  local after = memory "VmHWM"
  return {
    units = count,
    seconds = seconds,
    right = right,
    per_second = math.floor(count / seconds),
    memory_growth = before and after - before,
  }
end

---Executions that have come to a Wait state and stay there.
local function parked(count)
  local machine = assert(stepfn.load [[{
    "StartAt": "Rest",
    "States": {"Rest": {"Type": "Wait", "Seconds": 86400, "Next": "End"}, "End": {"Type": "Succeed"}}
  }]])
  local start = now()
  local options = { history = false, start_time = start }
  local executions = {}
  collectgarbage()
  local before, lua_before, core_before = memory "VmRSS", collectgarbage "count", core.memory()
  for i = 1, count do
    local execution = machine:start({ order = i }, options)
    execution:advance(start)
    executions[i] = execution
  end
  local seconds = now() - start
  collectgarbage()
  local after, lua_after, core_after = memory "VmRSS", collectgarbage "count", core.memory()
  return {
    units = count,
    seconds = seconds,
    right = executions[count].status == "RUNNING",
    bytes_per_execution = before and math.floor((after - before) / count),
    of_these_lua = math.floor((lua_after - lua_before) * 1024 / count),
    of_these_core = math.floor((core_after - core_before) / count),
  }
end

local function measure(root, name, history)
  if name == "transitions" then
    return transitions(TRANSITIONS)
  elseif name == "parked" then
    return parked(PARKED)
  end
  local load = workload.load(root, name)
  return kinds[load.about.kind](load, history), load.about
end

local root, name = arg[1], arg[2]
local history = arg[3] == "history"
local result, about = measure(root, name, history)
local line = {
  engine = "stepfn",
  name = name,
  unit = about and about.unit or (name == "transitions" and "state transition" or "execution parked"),
  history = history,
  units = result.units,
  us_per_unit = tonumber(("%.4g"):format(result.seconds / result.units * 1e6)),
  peak_memory = memory "VmHWM",
  right = result.right,
  per_second = result.per_second,
  memory_growth = result.memory_growth,
  bytes_per_execution = result.bytes_per_execution,
  of_these_lua = result.of_these_lua,
  of_these_core = result.of_these_core,
}
print(stepfn.encode(line))
os.exit(result.right and 0 or 1)
