package.path = "spec/support/?.lua;" .. package.path
local graph = require "stepfn.graph"
local label = require "stepfn.graph.label"
local stepfn = require "stepfn"
local support = require "cli"

teardown(support.clean)

local ORDER = [[{"StartAt":"Check","States":{
  "Check":{"Type":"Choice","Choices":[{"Variable":"$.total","NumericGreaterThan":0,"Next":"Charge"}],"Default":"Free"},
  "Charge":{"Type":"Task","Resource":"lua:charge","Next":"Both",
    "Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Refused"}]},
  "Both":{"Type":"Parallel","End":true,"Branches":[
    {"StartAt":"Mail","States":{"Mail":{"Type":"Pass","End":true}}},
    {"StartAt":"Pack","States":{"Pack":{"Type":"Wait","Seconds":60,"End":true}}}]},
  "Free":{"Type":"Pass","Next":"Both"},
  "Refused":{"Type":"Fail","Error":"Refused"}}}]]

local function machine()
  return assert(stepfn.load(ORDER))
end

local function run(charge)
  local order = machine()
  return order, order:run({ total = 1 }, { driver = "virtual", tasks = { charge = charge } })
end

local function failing()
  return run(function() stepfn.fail("Busy", "later") end)
end

describe("machine:graph as text", function()
  it("shows the states in order, with arrows where it does not go on below", function()
    assert.equal([[
●
├─ Check  [Choice]
│  ├─ if $.total > 0 ──▶ Charge
│  └─ else ──▶ Free
├─ Charge  [Task lua:charge]
│  └─ catch States.ALL ──▶ Refused
├─ Both  [Parallel] ──■
│  ├─ branch 1
│  │  └─ Mail  [Pass] ──■
│  └─ branch 2
│     └─ Pack  [Wait 60 s] ──■
├─ Refused  [Fail Refused]
└─ Free  [Pass] ──▶ Both
]], machine():graph())
  end)

  it("marks the path that an execution took, its retries and where it failed", function()
    local order, execution = failing()
    assert.equal([[
●
├─ ✓ Check  [Choice]
│  ├─ ✓ if $.total > 0 ──▶ Charge
│  └─   else ──▶ Free
├─ ✓ Charge  [Task lua:charge]  (2 retries, caught: Busy)
│  └─ ✓ catch States.ALL ──▶ Refused
├─   Both  [Parallel] ──■
│  ├─ branch 1
│  │  └─   Mail  [Pass] ──■
│  └─ branch 2
│     └─   Pack  [Wait 60 s] ──■
├─ ✗ Refused  [Fail Refused]  (failed)
└─   Free  [Pass] ──▶ Both
]], order:graph("text", execution))
  end)

  it("says which error a state failed with", function()
    local definition = [[{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:a","End":true}}}]]
    local one = assert(stepfn.load(definition))
    local execution = one:run({}, { tasks = { a = function() stepfn.fail("Gone", "away") end } })
    assert.equal("●\n└─ ✗ A  [Task lua:a]  (failed: Gone) ──■\n", one:graph("text", execution))
  end)

  it("says which error was caught, and with which a Fail state failed whose error is not in the definition", function()
    local definition = [[{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:a","End":true,
      "Catch":[{"ErrorEquals":["Gone"],"Next":"F"}]},"F":{"Type":"Fail","ErrorPath":"$.Error"}}}]]
    local one = assert(stepfn.load(definition))
    local execution = one:run({}, { tasks = { a = function() stepfn.fail("Gone", "away") end } })
    assert.equal("●\n├─ ✓ A  [Task lua:a]  (caught: Gone) ──■\n│  └─ ✓ catch Gone ──▶ F\n└─ ✗ F  [Fail]  (failed: Gone)\n",
      one:graph("text", execution))
  end)

  it("marks what was stopped by the end of the execution", function()
    local one = assert(stepfn.load [[{"TimeoutSeconds":10,"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1000,"End":true}}}]])
    local picture = "●\n└─ ◌ A  [Wait 1000 s]  (stopped) ──■\n"
    assert.equal(picture, one:graph("text", one:run({}, { driver = "virtual" })))
    local execution = one:run({}, { driver = "virtual", pause = true })
    execution:stop "Enough"
    assert.equal(picture, one:graph("text", execution))
  end)

  it("marks the branch that failed, what it stopped, and the Parallel with the error of it", function()
    local both = [[{"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,%s"Branches":[
      {"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":9,"End":true}}},
      {"StartAt":"Bad","States":{"Bad":{"Type":"Task","Resource":"lua:bad","End":true}}}]}%s}}]]
    local function drawn(catch, after)
      local one = assert(stepfn.load(both:format(catch, after)))
      return one:graph("text", one:run({}, { driver = "virtual", tasks = { bad = function() stepfn.fail "Oops" end } }))
    end
    assert.equal([[
●
└─ ✗ Both  [Parallel]  (failed: Oops) ──■
   ├─ branch 1
   │  └─ ◌ Slow  [Wait 9 s]  (stopped) ──■
   └─ branch 2
      └─ ✗ Bad  [Task lua:bad]  (failed: Oops) ──■
]], drawn("", ""))
    assert.equal([[
●
├─ ✓ Both  [Parallel]  (caught: Oops) ──■
│  ├─ ✓ catch States.ALL ──▶ After
│  ├─ branch 1
│  │  └─ ◌ Slow  [Wait 9 s]  (stopped) ──■
│  └─ branch 2
│     └─ ✗ Bad  [Task lua:bad]  (failed: Oops) ──■
└─ ✓ After  [Succeed] ──■
]], drawn([["Catch":[{"ErrorEquals":["States.ALL"],"Next":"After"}],]], [[,"After":{"Type":"Succeed"}]]))
  end)

  it("marks what failed, was tried again and went well as visited", function()
    local one = assert(stepfn.load [[{"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Retry":[{"ErrorEquals":["Oops"]}],
      "Branches":[{"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":9,"End":true}}},
      {"StartAt":"Bad","States":{"Bad":{"Type":"Task","Resource":"lua:bad","End":true}}}]}}}]])
    local tries = 0
    local execution = one:run({}, { driver = "virtual", tasks = { bad = function()
      tries = tries + 1
      return tries > 1 or stepfn.fail "Oops"
    end } })
    assert.equal([[
●
└─ ✓ Both  [Parallel]  (1 retry) ──■
   ├─ branch 1
   │  └─ ✓ Slow  [Wait 9 s]  (2 visits) ──■
   └─ branch 2
      └─ ✓ Bad  [Task lua:bad]  (2 visits) ──■
]], one:graph("text", execution))
  end)

  it("marks the rule that held, also where several lead to the same state", function()
    local one = assert(stepfn.load [[{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
      {"Variable":"$.a","IsPresent":true,"Next":"X"},{"Variable":"$.b","IsPresent":true,"Next":"X"},
      {"Variable":"$.c","IsPresent":true,"Next":"Y"}]},"X":{"Type":"Succeed"},"Y":{"Type":"Succeed"}}}]])
    assert.equal([[
●
├─ ✓ C  [Choice]
│  ├─   if $.a is present ──▶ X
│  ├─ ✓ if $.b is present ──▶ X
│  └─   if $.c is present ──▶ Y
├─ ✓ X  [Succeed] ──■
└─   Y  [Succeed] ──■
]], one:graph("text", one:run({ b = 1 })))
  end)

  it("marks the catcher that caught", function()
    local one = assert(stepfn.load [[{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Task","Resource":"lua:a",
      "Next":"X","Arguments":"{% $error('no') %}",
      "Catch":[{"ErrorEquals":["Busy"],"Next":"X"},{"ErrorEquals":["States.ALL"],"Next":"X"}]},"X":{"Type":"Succeed"}}}]])
    assert.equal([[
●
├─ ✓ A  [Task lua:a]  (caught: States.QueryEvaluationError)
│  ├─   catch Busy ──▶ X
│  └─ ✓ catch States.ALL ──▶ X
└─ ✓ X  [Succeed] ──■
]], one:graph("text", one:run({}, { tasks = { a = print } })))
  end)

  it("shows no catcher as taken by a state that succeeded in the end", function()
    local one = assert(stepfn.load [[{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"lua:a","Next":"X",
      "Retry":[{"ErrorEquals":["Busy"]}],"Catch":[{"ErrorEquals":["Busy"],"Next":"X"}]},"X":{"Type":"Succeed"}}}]])
    local tries = 0
    local execution = one:run({}, { driver = "virtual", tasks = { a = function()
      tries = tries + 1
      return tries > 1 or stepfn.fail "Busy"
    end } })
    assert.equal("●\n├─ ✓ A  [Task lua:a]  (1 retry)\n│  └─   catch Busy ──▶ X\n└─ ✓ X  [Succeed] ──■\n",
      one:graph("text", execution))
  end)

  it("shows where an execution is that has not ended", function()
    local definition = [[{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":9,"End":true}}}]]
    local one = assert(stepfn.load(definition))
    local execution = one:run({}, { pause = true })
    assert.equal("●\n└─ ▸ A  [Wait 9 s]  (here now) ──■\n", one:graph("text", execution))
  end)
end)

describe("a distributed Map", function()
  local MAP = [[{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
    "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
    "StartAt":"In","States":{"In":{"Type":"Pass","End":true}}}}}}]]

  local function drawn(with_children)
    local map, traces = assert(stepfn.load(MAP)), {}
    local execution = map:run({ 1, 2 }, { driver = "virtual", on_child = function(child) traces[#traces + 1] = child:trace() end })
    return map:graph("text", execution, with_children and traces or nil)
  end

  it("leaves its iterations unmarked: they are executions of their own", function()
    assert.equal("●\n└─ ✓ M  [Map, distributed] ──■\n   └─ each item\n      └─ In  [Pass] ──■\n", drawn(false))
  end)

  it("marks them when their traces are given", function()
    assert.equal("●\n└─ ✓ M  [Map, distributed] ──■\n   └─ each item\n      └─ ✓ In  [Pass]  (2 visits) ──■\n", drawn(true))
  end)
end)

describe("a graph for a terminal", function()
  it("cuts rules, not names, to its width", function()
    assert.equal([[
●
├─ Check  [Choice]
│  ├─ if $.total > 0 ──▶ Charge
│  └─ else ──▶ Free
├─ Charge  [Task lua:ch…]
│  └─ catch States.ALL ──▶ Refused
├─ Both  [Parallel] ──■
│  ├─ branch 1
│  │  └─ Mail  [Pass] ──■
│  └─ branch 2
│     └─ Pack  [Wait 60 s] ──■
├─ Refused  [Fail Refused]
└─ Free  [Pass] ──▶ Both
]], graph.draw(machine().definition, "text", nil, nil, { width = 10 }))
  end)

  it("does with ASCII where nothing else is shown", function()
    assert.equal([[
*
+- Check  [Choice]
|  +- if $.total > 0 --> Charge
|  `- else --> Free
+- Charge  [Task lua:ch...]
|  `- catch States.ALL --> Refused
+- Both  [Parallel] --|
|  +- branch 1
|  |  `- Mail  [Pass] --|
|  `- branch 2
|     `- Pack  [Wait 60 s] --|
+- Refused  [Fail Refused]
`- Free  [Pass] --> Both
]], graph.draw(machine().definition, "text", nil, nil, { width = 10, ascii = true }))
  end)
end)

describe("machine:graph as Mermaid", function()
  it("is a flowchart with subgraphs", function()
    assert.equal([[
flowchart TD
  start(("&nbsp;"))
  finish((("&nbsp;")))
  s1{"Check<br/><small>Choice</small>"}
  s2["Charge<br/><small>lua:charge</small>"]
  subgraph s3["Both (Parallel)"]
    direction LR
    subgraph g1["branch 1"]
      direction TB
      s4["Mail<br/><small>Pass</small>"]
    end
    subgraph g2["branch 2"]
      direction TB
      s5(["Pack<br/><small>Wait 60 s</small>"])
    end
  end
  s6(["Refused<br/><small>Fail Refused</small>"])
  s7["Free<br/><small>Pass</small>"]
  start --> s1
  g1 ~~~ g2
  s1 -->|"$.total #gt; 0"| s2
  s1 -->|"else"| s7
  s2 --> s3
  s2 -.->|"States.ALL"| s6
  s3 --> finish
  s7 --> s3
]], machine():graph "mermaid")
  end)

  it("marks states and transitions", function()
    local order, execution = failing()
    local text = order:graph("mermaid", execution)
    assert.matches("\n  class s1 taken\n", text, 1, true)
    assert.matches("\n  class s6 failed\n", text, 1, true)
    assert.matches("\n  class s7 idle\n", text, 1, true)
    assert.matches("<i>2 retries, caught: Busy</i>", text, 1, true)
    assert.matches("\n  linkStyle 0,2,5 stroke:", text, 1, true)
  end)
end)

describe("machine:graph as DOT", function()
  it("draws Parallel and Map states as clusters", function()
    local text = machine():graph "dot"
    assert.matches('^digraph machine {\n', text)
    assert.matches('s1 [label="Check\\nChoice", shape=diamond', text, 1, true)
    assert.matches("subgraph cluster_s3 {", text, 1, true)
    assert.matches("s2 -> s6 [color=\"#404040\", style=dashed", text, 1, true)
    assert.matches("s3_end -> machine_end", text, 1, true)
  end)

  it("escapes names", function()
    local odd = assert(stepfn.load [[{"StartAt":"a \"b\" <c>","States":{"a \"b\" <c>":{"Type":"Succeed"}}}]])
    assert.matches([[label="a \"b\" <c>\nSucceed"]], odd:graph "dot", 1, true)
    assert.matches('"a #quot;b#quot; #lt;c#gt;<br/>', odd:graph "mermaid", 1, true)
  end)

  it("draws what was taken in green, what failed in red", function()
    local order, execution = failing()
    local text = order:graph("dot", execution)
    assert.matches('s1 -> s2 [color="#15803d"', text, 1, true)
    assert.matches('s1 -> s7 [color="#8a8a8a"', text, 1, true)
    assert.matches('s6 %[[^\n]*color="#b91c1c"', text)
  end)
end)

describe("machine:graph", function()
  it("takes an execution of this machine alone", function()
    local order, other = machine(), assert(stepfn.load [[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]])
    assert.has_error(function() order:graph("text", 3) end, "bad argument #2 to 'graph' (execution expected, got number)")
    assert.has_error(function() order:graph("text", {}) end, "bad argument #2 to 'graph' (execution expected, got table)")
    assert.has_error(function() order:graph("text", other:run()) end,
      "bad argument #2 to 'graph' (it is an execution of another machine)")
    local _, execution = failing()
    assert.has_error(function() order:graph("text", execution, 3) end,
      "bad argument #3 to 'graph' (list of traces expected, got number)")
    assert.matches("2 retries", order:graph("text", execution), 1, true)
  end)

  it("tells a path that is not known from one that was not begun", function()
    local one = assert(stepfn.load [[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]])
    local picture, message = one:graph("text", one:run({}, { history = false }))
    assert.is_nil(picture)
    assert.equal("the execution kept no history, so that its path is not known", message)
    assert.equal("●\n└─   A  [Succeed] ──■\n", one:graph("text", one:start({})))
  end)

  it("refuses formats that it does not know", function()
    assert.has_error(function() machine():graph "png" end,
      [[bad argument #1 to 'graph' ("text", "mermaid", "dot" or "svg" expected)]])
  end)
end)

describe("the label of a rule", function()
  local function said(rule)
    return label.rule(rule, 60)
  end

  it("says what is compared", function()
    assert.equal("$.a = 'x'", said { Variable = "$.a", StringEquals = "x" })
    assert.equal("$.a ≤ $.b", said { Variable = "$.a", NumericLessThanEqualsPath = "$.b" })
    assert.equal("$.a is not present", said { Variable = "$.a", IsPresent = false })
    assert.equal("$.a is null", said { Variable = "$.a", IsNull = true })
  end)

  it("writes numbers as the project does everywhere, whatever their size", function()
    assert.equal("$.a = 1e+300", said { Variable = "$.a", NumericEquals = 1e300 })
    assert.equal("$.a = -9007199254740991", said { Variable = "$.a", NumericEquals = -9007199254740991 })
    assert.equal("$.a = 2.5", said { Variable = "$.a", NumericEquals = 2.5 })
    local exact = assert(stepfn.load [[{"StartAt":"C","States":{"C":{"Type":"Choice","Default":"X","Choices":[
      {"Variable":"$.a","NumericEquals":9007199254740993,"Next":"X"}]},"X":{"Type":"Succeed"}}}]])
    assert.matches("if $.a = 9007199254740993 ", exact:graph(), 1, true)
  end)

  it("joins rules", function()
    local a, b = { Variable = "$.a", BooleanEquals = true }, { Variable = "$.b", StringMatches = "x*" }
    assert.equal("$.a = true and $.b ~ 'x*'", said { And = { a, b } })
    assert.equal("not ($.a = true)", said { Not = a })
    assert.equal("$.a = true or ($.a = true and $.b ~ 'x*')", said { Or = { a, { And = { a, b } } } })
  end)

  it("is the condition in JSONata, without its delimiters", function()
    assert.equal("$a > 1", said { Condition = "{% $a > 1 %}" })
  end)

  it("is cut", function()
    assert.equal("$.aé…", label.short("$.aéäü", 5))
    assert.equal("$.aéä", label.short("$.aéä", 5))
  end)
end)

describe("stepfn graph", function()
  it("writes the picture to standard output", function()
    local status, out, err = support.call { "graph", support.file(".json", ORDER) }
    assert.equal(machine():graph(), out)
    assert.equal("", err)
    assert.equal(0, status)
  end)

  it("takes a format", function()
    local _, out = support.call { "graph", "--format", "mermaid", "examples/loop/loop.lua" }
    assert.matches("^flowchart TD\n", out)
  end)

  it("shows the faults of a definition that it cannot draw", function()
    local status, out, err = support.call { "graph", support.file(".json", '{"StartAt":"A","States":{}}') }
    assert.equal("", out)
    assert.matches("Value cannot be empty", err)
    assert.equal(1, status)
  end)

  it("draws SVG with Graphviz, where it is there", function()
    local picture, message = machine():graph "svg"
    assert.matches(picture and "</svg>%s*$" or "apt%-get install graphviz", picture or message)
  end)

  it("draws the path that a run took, by the name of its file or on the terminal", function()
    local file = support.file(".mmd", "")
    local status, out, err = support.call { "run", "examples/loop/definition.json", "--tasks", "examples/loop/tasks.lua",
      "--virtual-time", "--graph", file }
    local written = assert(io.open(file)):read "*a"
    assert.matches("\n  class s1 taken\n", written, 1, true)
    assert.same({ 0, '{"taskresult":{"count":5}}\n', "" }, { status, out, err })
    status, out, err = support.call { "run", "examples/loop/definition.json", "--tasks", "examples/loop/tasks.lua",
      "--virtual-time", "--graph", "-" }
    assert.matches("^●\n├─ ✓ Count  %[Task Count%]  %(5 visits, 2 retries%)\n", err)
    assert.same({ 0, '{"taskresult":{"count":5}}\n' }, { status, out })
  end)

  it("draws no path under a name that tells no format, and runs nothing", function()
    local status, out, err = support.call { "run", "examples/loop/loop.lua", "--virtual-time", "--graph", "loop.png" }
    assert.same({ 2, "" }, { status, out })
    assert.equal("stepfn: --graph: loop.png: the name should end in .svg, .dot, .mmd or .txt\n", err)
  end)

  it("says when a picture cannot be written, and fails", function()
    local status, out, err = support.call { "run", "examples/loop/loop.lua", "--virtual-time", "--graph", "/nowhere/loop.txt" }
    assert.same({ 1, '{"taskresult":{"count":5}}\n' }, { status, out })
    assert.matches("^stepfn: /nowhere/loop.txt: ", err)
  end)

  it("says how to get Graphviz, where it is not", function()
    local popen = io.popen
    finally(function() io.popen = popen end) -- luacheck: ignore 122
    io.popen = function() return nil end -- luacheck: ignore 122
    local status, out, err = support.call { "graph", "--format", "svg", "examples/loop/definition.json" }
    assert.equal("", out)
    assert.matches("^stepfn: the format svg is drawn by the program dot of Graphviz", err)
    assert.equal(2, status)
  end)
end)
