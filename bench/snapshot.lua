---What a snapshot costs, beside writing the values it holds as JSON text: one line
---for each situation.
---
---    sh tools/lua.sh any bench/snapshot.lua
local core = require "stepfn.core"
local stepfn = require "stepfn"

local SECONDS = 0.5 -- of one measurement
local ROUNDS = 5 -- of which the median counts

local function repeated(item, count)
  local list = {}
  for i = 1, count do
    list[i] = item(i)
  end
  return stepfn.array(list)
end

local function order(i)
  return { id = i, customer = "customer " .. i, items = { { sku = "A-" .. i, count = 2, price = 9.99 } }, paid = i % 2 == 0 }
end

local function word()
  return "a line of text with \"quotes\" and more\n"
end

local inputs = {
  { "small object", { user = "ada", order = { id = 1, lines = { 1, 2, 3 } } } },
  { "250 KB text", { text = ("the quick brown fox "):rep(12500) } },
  { "250 KB of short texts", { list = repeated(word, 6000) } },
  { "250 KB of objects", { orders = repeated(order, 2300) } },
  { "250 KB of integers", { numbers = repeated(function(i) return i * 7919 end, 36000) } },
  { "250 KB of decimals", { numbers = repeated(function(i) return i / 7 end, 14000) } },
}

local pause = { StartAt = "W", States = { W = { Type = "Wait", Seconds = 100, End = true } } }

local shared = {
  StartAt = "All",
  States = {
    All = {
      Type = "Map", ItemsPath = "$.items", End = true, ItemSelector = { ["all.$"] = "$.large" },
      ItemProcessor = pause,
    },
  },
}

-- Microseconds of a call: the median.
local function cost(run)
  local times = {}
  run()
  for round = 1, ROUNDS do
    local calls, started = 0, core.monotonic()
    repeat
      run()
      calls = calls + 1
    until core.monotonic() - started > SECONDS / ROUNDS
    times[round] = (core.monotonic() - started) / calls * 1e6
  end
  table.sort(times)
  return times[math.ceil(ROUNDS / 2)]
end

local function started(definition, input)
  local machine = assert(stepfn.load(definition))
  local execution = machine:start(input, { limits = { payload = false, map_concurrency = false } })
  execution:advance(execution.start_date)
  return execution, machine
end

-- The values of every execution: who it is.
local function add_facts(execution, values)
  local facts = execution.core:facts()
  for _, name in ipairs { "name", "arn", "machine_arn", "role_arn" } do
    values[#values + 1] = stepfn.value { facts[name] }
  end
end

local function print_row(name, execution, machine, values)
  add_facts(execution, values)
  local json = cost(function()
    for i = 1, #values do
      core.encode(values[i])
    end
  end)
  local text = execution:snapshot()
  local write = cost(function() execution:snapshot() end)
  local read = cost(function() machine:resume(text):close() end)
  local copy = cost(function() execution:fork():close() end)
  local print_ = cost(function() execution:fingerprint() end)
  print(("%-32s %9d bytes  json %9.1f us  snapshot %9.1f us (x %.2f)  resume %9.1f us  fork %7.1f us  fingerprint %9.1f us")
    :format(name, #text, json, write, write / json, read, copy, print_))
end

for _, row in ipairs(inputs) do
  local value = stepfn.value(row[2])
  local execution, machine = started(pause, value)
  print_row(row[1], execution, machine, { value })
end

-- The distinct values here: the input, and a small object an iteration.
local large = stepfn.value { ("x"):rep(250000) }
local items = repeated(function(i) return i end, 1000)
local execution, machine = started(shared, stepfn.value { items = items, large = large })
local values = { stepfn.value { items = items, large = large } }
local small = stepfn.value { all = 1 }
for i = 1, 1000 do
  values[i + 1] = small
end
print_row("250 KB under 1,000 iterations", execution, machine, values)
