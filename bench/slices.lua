---The longest turn: how long one feed of the engine holds whoever drives it, for
---expressions that are much work, with the limits of AWS.  One line each; the time is
---that of the processor, so that other work on the machine does not count.
---
---    sh tools/lua.sh any bench/slices.lua
local stepfn = require "stepfn"

local ROUNDS = 3 -- of which the best counts
local TURNS_MAX = 3000

local function repeated(item, count)
  local list = {}
  for i = 1, count do
    list[i] = item(i)
  end
  return stepfn.array(list)
end

local inputs = {
  none = {},
  numbers = { a = repeated(function(i) return i end, 20000) },
  objects = { a = repeated(function(i) return { id = i, name = "n" .. i, k = i % 7 } end, 4000) },
  text = { s = ("abcdefgh "):rep(28000) },
  blanks = { s = (" "):rep(30000) .. "x" },
  same = { s = ("a"):rep(40) .. "!" },
}
for name, input in pairs(inputs) do
  inputs[name] = stepfn.value(input)
end

local jsonata = {
  { "a loop without end", "none", "($f := function($n) { $f($n + 1) }; $f(0))" },
  { "200,000 calls", "none", "$count($map([1..200000], function($x) { $x * 2 }))" },
  { "sort", "numbers", "$count($sort($states.input.a, function($l, $r) { $l < $r }))" },
  { "distinct", "numbers", "$count($distinct($states.input.a))" },
  { "each with each", "objects", "$count($states.input.a[id in $states.input.a.k])" },
  { "join of two", "objects", "$count($states.input.a@$x.$states.input.a@$y[$x.id = $y.id])" },
  { "5,000,000 bytes of padding", "none", "$length($pad('x', 5000000))" },
  { "1,000 parts of a text", "text", "$count([1..1000].$substring($states.input.s, $, 200000))" },
  { "50 texts for a URL", "text", "$sum([1..50].$length($encodeUrlComponent($states.input.s)))" },
  { "200 hashes", "text", "$count([1..200].($hash($states.input.s, 'SHA-512')))" },
  { "20,000 numbers as text", "none", "$count([1..20000].$formatNumber($, '#,##0.00'))" },
  { "20,000 dates", "none", "$count([1..20000].$fromMillis($ * 1000, '[Y]-[M]-[D] [FNn]'))" },
  { "a long text looked for", "text", "$contains($states.input.s, $substring($states.input.s, 0, 5000) & 'b')" },
  { "a regex, quadratic", "blanks", "$contains($states.input.s, /\\s+$/)" },
  { "a regex, exponential", "same", "$match($states.input.s, /(a|aa)+$/)" },
  { "a result that is too large", "none", "$map([1..40000], function($i) { { 'a': $i } })" },
}

local jsonpath = {
  { "$..*..*", "objects", "$..*..*" },
  { "a filter for each item", "objects", "$.a[?($.a[*].id contains @.id)]" },
  { "StringSplit", "text", "States.StringSplit($.s, 'abcdefghijklmnopqrstuvwxyz')" },
  { "JsonToString", "objects", "States.JsonToString($)" },
  { "ArrayUnique", "objects", "States.ArrayUnique($.a)" },
}

-- Milliseconds of the longest turn, and of all of them.
local function turns(machine, input)
  local execution = machine:start(input, { seed = 1, history = false })
  local longest, all = 0, 0
  local now, count = execution.start_date, 0
  repeat
    local began = os.clock()
    execution:advance(now)
    local took = (os.clock() - began) * 1000
    longest, all, count = math.max(longest, took), all + took, count + 1
    for _ in execution:effects() do end -- luacheck: ignore 542
  until execution.status ~= "RUNNING" or count == TURNS_MAX
  execution:close()
  return longest, all, count
end

local function print_row(name, input, state, language)
  local machine = assert(stepfn.load { QueryLanguage = language, StartAt = "A", States = { A = state } })
  local longest, all, count = math.huge, 0, 0
  for _ = 1, ROUNDS do
    collectgarbage()
    local this
    this, all, count = turns(machine, inputs[input])
    longest = math.min(longest, this)
  end
  print(("%-30s longest turn %6.2f ms  all %8.1f ms in %4d"):format(name, longest, all, count))
end

for _, row in ipairs(jsonata) do
  print_row(row[1], row[2], { Type = "Pass", Output = "{% " .. row[3] .. " %}", End = true }, "JSONata")
end
for _, row in ipairs(jsonpath) do
  local is_call = row[3]:find("^States") ~= nil
  print_row(row[1], row[2], {
    Type = "Pass", End = true, InputPath = not is_call and row[3] or nil, Parameters = is_call and { ["x.$"] = row[3] } or nil,
  })
end
