local stepfn = require "stepfn"

---The warnings of a definition: "CODE pointer".
local function warnings_of(definition)
  local lines = {}
  for _, d in ipairs(stepfn.validate(definition)) do
    assert.equal("WARNING", d.severity, d.message)
    lines[#lines + 1] = d.code .. " " .. d.pointer
  end
  return lines
end

local function machine_of(state, more)
  local states = { X = state, Done = { Type = "Succeed" } }
  for name, other in pairs(more or {}) do
    states[name] = other
  end
  return { StartAt = "X", States = states }
end

local function task_of(fields)
  local state = { Type = "Task", Resource = "lua:f", Next = "Done" }
  for name, value in pairs(fields) do
    state[name] = value
  end
  return machine_of(state)
end

---Warnings of a Task whose retriers are for these lists of names.
local function retrying(...)
  local retriers = {}
  for i, names in ipairs { ... } do
    retriers[i] = { ErrorEquals = names }
  end
  return warnings_of(task_of { Retry = retriers })
end

local function choosing(rules, default)
  for _, rule in ipairs(rules) do
    rule.Next = "Done"
  end
  return warnings_of(machine_of({ Type = "Choice", Choices = rules, Default = default }, default and { Else = { Type = "Fail" } }))
end

describe("a retrier or catcher is doubted when it", function()
  it("is for States.Runtime, which always fails the execution", function()
    assert.same({ "UNCATCHABLE_ERROR /States/X/Retry/0/ErrorEquals/1" }, retrying { "E", "States.Runtime" })
    assert.same({ "UNCATCHABLE_ERROR /States/X/Catch/0/ErrorEquals/0" },
      warnings_of(task_of { Catch = { { ErrorEquals = { "States.Runtime" }, Next = "Done" } } }))
  end)

  it("names an error that is none, but is near one", function()
    local d = stepfn.validate(task_of { Retry = { { ErrorEquals = { "States.TaskFaild" } } } })
    assert.equal("UNKNOWN_ERROR_NAME", d[1].code)
    assert.equal("did you mean 'States.TaskFailed'?", d[1].hint)
    assert.same({ "UNKNOWN_ERROR_NAME /States/X/Retry/0/ErrorEquals/0" }, retrying { "State.ALL" })
  end)

  it("stands behind one that takes its error", function()
    assert.same({ "SHADOWED_ERROR /States/X/Retry/1/ErrorEquals/1" }, retrying({ "A", "B" }, { "C", "B" }))
    assert.same({ "SHADOWED_ERROR /States/X/Retry/1/ErrorEquals/0" }, retrying({ "States.TaskFailed" }, { "Mine" }))
  end)
end)

describe("an error that never comes of a state", function()
  local LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"

  local function catching(name, fields)
    local state = { Type = "Task", Resource = LAMBDA, Next = "Done", Catch = { { ErrorEquals = { name }, Next = "Done" } } }
    for field, value in pairs(fields or {}) do
      state[field] = value
    end
    return warnings_of(machine_of(state))
  end

  it("is doubted in its Catch, and in its Retry", function()
    for _, name in ipairs { "States.NoChoiceMatched", "States.BranchFailed", "States.ItemReaderFailed",
      "States.QueryEvaluationError", "States.ResultWriterFailed", "States.ExceedToleratedFailureThreshold" } do
      assert.same({ "IMPOSSIBLE_ERROR /States/X/Catch/0/ErrorEquals/0" }, catching(name))
      assert.same({ "IMPOSSIBLE_ERROR /States/X/Retry/0/ErrorEquals/0" },
        warnings_of(task_of { Resource = LAMBDA, Retry = { { ErrorEquals = { name } } } }))
    end
  end)

  it("is doubted where no state of the machine has it", function()
    assert.same({ "IMPOSSIBLE_ERROR /States/X/Catch/0/ErrorEquals/0" }, warnings_of(machine_of {
      Type = "Map", Next = "Done", ItemProcessor = { StartAt = "P", States = { P = { Type = "Succeed" } } },
      Catch = { { ErrorEquals = { "States.ItemReaderFailed" }, Next = "Done" } },
    }))
  end)

  it("is not where a state inside may have it", function()
    assert.same({}, warnings_of(machine_of {
      Type = "Map", Next = "Done", Catch = { { ErrorEquals = { "States.QueryEvaluationError" }, Next = "Done" } },
      ItemProcessor = { StartAt = "P", States = { P = { Type = "Pass", QueryLanguage = "JSONata", Output = 1, End = true } } },
    }))
  end)

  it("is not where somebody else answers for the task", function()
    assert.same({}, catching("States.BranchFailed", { Resource = "lua:f" }))
    assert.same({}, catching("States.BranchFailed", { Resource = "arn:aws:states:us-east-1:123456789012:activity:a" }))
    assert.same({}, catching("States.BranchFailed", { Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken" }))
    assert.same({}, catching("States.QueryEvaluationError", { QueryLanguage = "JSONata" }))
  end)
end)

describe("a retrier or catcher is not doubted when it", function()
  it("names errors of tasks, of the service, of HTTP", function()
    assert.same({}, retrying({ "Mine", "States.Http.StatusCode.503" }, { "States.Timeout" }, { "States.ALL" }))
  end)

  it("names what States.TaskFailed does not take", function()
    assert.same({}, retrying({ "States.TaskFailed" }, { "States.Timeout" }, { "States.DataLimitExceeded" }, { "States.ALL" }))
  end)

  it("names what a Fail state of the machine raises", function()
    local branch = { StartAt = "F", States = { F = { Type = "Fail", Error = "States.TaskFaild" } } }
    assert.same({}, warnings_of(machine_of {
      Type = "Parallel", Branches = { branch }, Next = "Done",
      Catch = { { ErrorEquals = { "States.TaskFaild" }, Next = "Done" } },
    }))
  end)

  it("handles in Catch what Retry has tried", function()
    assert.same({}, warnings_of(task_of {
      Retry = { { ErrorEquals = { "E" } } }, Catch = { { ErrorEquals = { "E" }, Next = "Done" } },
    }))
  end)
end)

describe("a Choice rule is doubted when", function()
  it("an earlier rule is the same", function()
    assert.same({ "SHADOWED_RULE /States/X/Choices/2" }, choosing {
      { Variable = "$.a", StringEquals = "x" }, { Variable = "$.b", StringEquals = "x" }, { Variable = "$.a", StringEquals = "x" },
    })
  end)

  it("an earlier rule asks for less", function()
    assert.same({ "SHADOWED_RULE /States/X/Choices/1" }, choosing {
      { Variable = "$.a", StringEquals = "x" },
      { And = { { Variable = "$.b", IsNull = true }, { Variable = "$.a", StringEquals = "x" } } },
    })
  end)

  it("an earlier rule takes the whole range of numbers", function()
    assert.same({ "SHADOWED_RULE /States/X/Choices/1" }, choosing {
      { Variable = "$.a", NumericLessThan = 10 }, { Variable = "$.a", NumericLessThanEquals = 5 },
    })
  end)

  it("one of those before it always holds, and so is Default", function()
    assert.same({ "UNREACHABLE_DEFAULT /States/X/Default" }, choosing({
      { Variable = "$.a", IsPresent = true }, { Variable = "$.a", IsPresent = false },
    }, "Else"))
    assert.same({ "SHADOWED_RULE /States/X/Choices/2" }, choosing {
      { Variable = "$.a", StringEquals = "x" }, { Not = { Variable = "$.a", StringEquals = "x" } },
      { Variable = "$.a", StringEquals = "y" },
    })
  end)
end)

describe("a Choice rule is doubted when an earlier one", function()
  it("has its test as an arm of an Or", function()
    assert.same({ "SHADOWED_RULE /States/X/Choices/1" }, choosing {
      { Or = { { Variable = "$.a", StringEquals = "x" }, { Variable = "$.a", NumericLessThan = 9 } } },
      { Variable = "$.a", NumericEquals = 3 },
    })
    assert.same({ "SHADOWED_RULE /States/X/Choices/1" }, choosing {
      { Or = { { Variable = "$.a", StringEquals = "x" }, { Variable = "$.a", NumericLessThan = 9 } } },
      { Or = { { Variable = "$.a", NumericEquals = 3 }, { Variable = "$.a", StringEquals = "x" } } },
    })
  end)

  it("takes every text", function()
    for _, every in ipairs { { Variable = "$.a", StringMatches = "*" }, { Variable = "$.a", IsString = true } } do
      assert.same({ "SHADOWED_RULE /States/X/Choices/1", "SHADOWED_RULE /States/X/Choices/2" },
        choosing { every, { Variable = "$.a", StringEquals = "x" }, { Variable = "$.a", IsTimestamp = true } })
    end
  end)
end)

describe("a Choice rule is not doubted when", function()
  it("an Or before it has not all of its arms", function()
    assert.same({}, choosing {
      { Or = { { Variable = "$.a", StringEquals = "x" }, { Variable = "$.a", NumericLessThan = 9 } } },
      { Or = { { Variable = "$.a", NumericEquals = 3 }, { Variable = "$.a", StringEquals = "y" } } },
    })
    assert.same({}, choosing {
      { And = { { Variable = "$.a", StringEquals = "x" }, { Variable = "$.b", NumericLessThan = 9 } } },
      { Variable = "$.a", StringEquals = "x" },
    })
  end)

  it("a pattern before it takes texts alone, or not all", function()
    assert.same({}, choosing {
      { Variable = "$.a", StringMatches = "*" }, { Variable = "$.a", NumericEquals = 1 }, { Variable = "$.a", IsString = false },
      { Variable = "$.b", StringMatches = "*x" }, { Variable = "$.b", StringEquals = "y" },
    })
  end)

  it("it goes on where the earlier one ends", function()
    assert.same({}, choosing({
      { Variable = "$.a", NumericLessThan = 5 }, { Variable = "$.a", NumericLessThan = 10 },
      { Variable = "$.a", NumericGreaterThan = 10 }, { Variable = "$.a", NumericEquals = 10 },
    }, "Else"))
  end)

  it("a value of another type passes both", function()
    assert.same({}, choosing({
      { Variable = "$.a", BooleanEquals = true }, { Variable = "$.a", BooleanEquals = false },
    }, "Else"))
  end)

  it("an earlier one asks for more", function()
    assert.same({}, choosing {
      { And = { { Variable = "$.b", IsNull = true }, { Variable = "$.a", StringEquals = "x" } } },
      { Variable = "$.a", StringEquals = "x" },
    })
  end)
end)

---Warnings of a JSONata Choice with these conditions.
local function deciding(conditions, default)
  local rules = {}
  for i, condition in ipairs(conditions) do
    rules[i] = { Condition = condition, Next = "Done" }
  end
  return warnings_of(machine_of({ Type = "Choice", QueryLanguage = "JSONata", Choices = rules, Default = default },
    default and { Else = { Type = "Fail" } }))
end

describe("a JSONata rule is doubted when", function()
  it("an earlier one has the same condition", function()
    assert.same({ "SHADOWED_RULE /States/X/Choices/2" },
      deciding { "{% $states.input.a %}", "{% $states.input.b %}", "{%  $states.input.a %}" })
  end)

  it("its condition is false", function()
    assert.same({ "CONSTANT_CONDITION /States/X/Choices/0" }, deciding { "{% false %}", "{% $states.input.b %}" })
    assert.same({ "CONSTANT_CONDITION /States/X/Choices/0" }, deciding({ false }, "Else"))
  end)

  it("an earlier one always holds, and so is Default", function()
    assert.same({ "UNREACHABLE_DEFAULT /States/X/Default" }, deciding({ "{% true %}" }, "Else"))
    assert.same({ "SHADOWED_RULE /States/X/Choices/1", "UNREACHABLE_DEFAULT /States/X/Default" },
      deciding({ true, "{% $states.input.b %}" }, "Else"))
    assert.same({ "UNREACHABLE_DEFAULT /States/X/Default" },
      deciding({ "{% $states.input.a = 1 %}", "{% $not($states.input.a = 1) %}" }, "Else"))
  end)
end)

describe("a JSONata rule is not doubted when", function()
  it("the same question may have another answer", function()
    assert.same({}, deciding { "{% $random() < 0.5 %}", "{% $random() < 0.5 %}" })
  end)

  it("it asks for something else", function()
    assert.same({}, deciding({ "{% $states.input.a = 1 %}", "{% $not($states.input.a = 2) %}" }, "Else"))
  end)
end)

describe("a name is doubted when", function()
  local function hinted(state)
    local found = {}
    state.End = true
    for i, d in ipairs(stepfn.validate { StartAt = "X", States = { X = state } }) do
      found[i] = { d.code, d.pointer, d.hint }
    end
    return found
  end

  it("no state assigns the variable", function()
    assert.same({ { "UNKNOWN_VARIABLE", "/States/X/Output/a", "did you mean '$count'?" } }, hinted {
      Type = "Pass", QueryLanguage = "JSONata", Assign = { count = 1 }, Output = { a = "{% $cuont %}" } })
    assert.same({ { "UNKNOWN_VARIABLE", "/States/X/Parameters/a/b.$" } }, hinted {
      Type = "Pass", Parameters = { a = { ["b.$"] = "$nothing.c" } } })
    assert.same({ { "UNKNOWN_VARIABLE", "/States/X/Output", "did you mean '$states'?" } }, hinted {
      Type = "Pass", QueryLanguage = "JSONata", Output = "{% $state.input %}" })
  end)

  it("JSONata has no such function", function()
    assert.same({ { "UNKNOWN_FUNCTION", "/States/X/Output", "did you mean '$uppercase'?" } }, hinted {
      Type = "Pass", QueryLanguage = "JSONata", Output = "{% $upperCase2('a') %}" })
    assert.same({ { "UNKNOWN_FUNCTION", "/States/X/Output" } }, hinted {
      Type = "Pass", QueryLanguage = "JSONata", Output = "{% $eval('1') %}" })
  end)
end)

describe("a name is not doubted when", function()
  it("the expression binds it, or another scope assigns it", function()
    assert.same({}, warnings_of(machine_of {
      Type = "Pass", QueryLanguage = "JSONata", Next = "Done",
      Output = "{% ($f := function($x) { $x + 1 }; $map([1], function($v, $i) { $f($v) + $i })) %}",
    }))
    assert.same({}, warnings_of {
      StartAt = "A",
      States = {
        A = { Type = "Pass", Assign = { outer = 1 }, Next = "P" },
        P = { Type = "Parallel", End = true, Branches = { { StartAt = "I", States = {
          I = { Type = "Pass", InputPath = "$outer", End = true } } } } },
      },
    })
  end)
end)

describe("a result is doubted when", function()
  it("ResultPath drops what ResultSelector makes", function()
    assert.same({ "RESULT_DROPPED /States/X/ResultPath" },
      warnings_of(task_of { ResultSelector = { ["a.$"] = "$.b" }, ResultPath = stepfn.null }))
  end)

  it("ResultPath drops what the iterations of a Map make", function()
    assert.same({ "MAP_RESULT_DROPPED /States/X/ResultPath" }, warnings_of(machine_of {
      Type = "Map", ResultPath = stepfn.null, Next = "Done",
      ItemProcessor = { StartAt = "P", States = { P = { Type = "Pass", Parameters = { ["a.$"] = "$.b" }, End = true } } },
    }))
  end)
end)

describe("a Map's result is doubted when its iterations", function()
  local function dropping(last, more)
    local map = { Type = "Map", ResultPath = stepfn.null, Next = "Done",
      ItemProcessor = { StartAt = "P", States = { P = last } } }
    for name, value in pairs(more or {}) do
      map[name] = value
    end
    return warnings_of(machine_of(map))
  end

  local shaped = { Type = "Task", Resource = "lua:f", ResultSelector = { ["a.$"] = "$.b" }, End = true }

  it("end in a ResultSelector, or an Output", function()
    assert.same({ "MAP_RESULT_DROPPED /States/X/ResultPath" }, dropping(shaped))
    assert.same({ "MAP_RESULT_DROPPED /States/X/ResultPath" },
      dropping { Type = "Task", QueryLanguage = "JSONata", Resource = "lua:f", Output = { a = 1 }, End = true })
  end)

  it("do, but not when a ResultWriter has it", function()
    assert.same({}, dropping(shaped, {
      ItemProcessor = { ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" }, StartAt = "P", States = { P = shaped } },
      ResultWriter = { Resource = "arn:aws:states:::s3:putObject", Parameters = { Bucket = "b" } },
    }))
  end)
end)

describe("a result is not doubted when", function()
  it("a Map only works", function()
    assert.same({}, warnings_of(machine_of {
      Type = "Map", ResultPath = stepfn.null, Next = "Done",
      ItemProcessor = { StartAt = "P", States = { P = { Type = "Task", Resource = "lua:f", End = true } } },
    }))
  end)

  it("Assign reads it", function()
    assert.same({}, warnings_of(task_of {
      ResultSelector = { ["a.$"] = "$.b" }, Assign = { ["v.$"] = "$.a" }, ResultPath = stepfn.null,
    }))
  end)
end)

describe("an INLINE Map with an ItemReader, a batcher or a writer", function()
  local function mapping(fields)
    local map = { Type = "Map", Next = "Done", ItemProcessor = { StartAt = "P", States = { P = { Type = "Succeed" } } } }
    for name, value in pairs(fields) do
      map[name] = value
    end
    return { StartAt = "C", States = { X = map, Done = { Type = "Succeed" }, C = {
      Type = "Choice", Default = "Done", Choices = { { Variable = "$.map", IsPresent = true, Next = "X" } } } } }
  end

  local reader = { ItemReader = { Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "k" } } }

  it("is doubted, by stepfn.validate and stepfn.load alike", function()
    for _, fields in ipairs { reader, { ItemBatcher = { MaxItemsPerBatch = 2 } } } do
      assert.same({ "NOT_SUPPORTED /States/X" }, warnings_of(mapping(fields)))
      local machine, message, diagnostics = stepfn.load(mapping(fields))
      assert.truthy(machine, message)
      assert.equal("NOT_SUPPORTED", diagnostics[1].code)
    end
  end)

  it("fails when it is entered, and only then", function()
    local machine = assert(stepfn.load(mapping(reader)))
    assert.equal("SUCCEEDED", machine:run({}).status)
    local execution = machine:run { map = true }
    assert.same({ "FAILED", "States.Runtime" }, { execution.status, execution.error })
    assert.matches("INLINE mode with ItemReader, ItemBatcher or ResultWriter can't be run", execution.cause, 1, true)
  end)
end)

describe("a loop", function()
  local function looping(work)
    return warnings_of {
      StartAt = "C",
      States = {
        C = { Type = "Choice", Choices = { { Variable = "$.end", IsPresent = true, Next = "Done" } }, Default = "A" },
        A = work, B = { Type = "Wait", Seconds = 1, Next = "A" }, Done = { Type = "Succeed" },
      },
    }
  end

  it("is doubted when nothing leads out of it", function()
    assert.same({ "ENDLESS_LOOP /States/A" }, looping { Type = "Pass", Next = "B" })
  end)

  it("is not when a Choice leads out", function()
    assert.same({}, looping {
      Type = "Choice", Default = "B", Choices = { { Variable = "$.end", IsPresent = true, Next = "Done" } },
    })
  end)

  it("is doubted when nothing but a failure does", function()
    assert.same({ "ENDLESS_LOOP /States/A" }, looping { Type = "Task", Resource = "lua:f", Next = "B" })
  end)

  it("is not when an error is caught outside of it", function()
    assert.same({}, looping { Type = "Task", Resource = "lua:f", Next = "B",
      Catch = { { ErrorEquals = { "Ready" }, Next = "Done" } } })
    assert.same({ "ENDLESS_LOOP /States/A" }, looping { Type = "Task", Resource = "lua:f", Next = "B",
      Catch = { { ErrorEquals = { "States.ALL" }, Next = "B" } } })
  end)
end)

describe("a path", function()
  local function after(first, second, more)
    first.Next = "Y"
    second.Next = "Done"
    local states = { Y = second }
    for name, state in pairs(more or {}) do
      states[name] = state
    end
    return machine_of(first, states)
  end

  local reads_id = { Type = "Pass", Parameters = { id = "x", inner = { ["a.$"] = "$.order.id" } } }

  it("is doubted when no state before can have made what it reads", function()
    local d = stepfn.validate(after({ Type = "Pass", Result = { ordr = { id = 1 } } }, reads_id))
    assert.same({ "PATH_NEVER_THERE", "/States/Y/Parameters/inner/a.$", "did you mean 'ordr'?" }, { d[1].code, d[1].pointer, d[1].hint })
    assert.equal("No state before \"Y\" makes the 'order' that '$.order.id' reads", d[1].message)
    assert.same({ "PATH_NEVER_THERE /States/Y/SecondsPath" },
      warnings_of(after({ Type = "Pass", Parameters = { ["a.$"] = "$.x" } }, { Type = "Wait", SecondsPath = "$.b" })))
    assert.same({ "PATH_NEVER_THERE /States/Y/InputPath" },
      warnings_of(after({ Type = "Task", Resource = "lua:f", ResultSelector = { a = 1 } }, { Type = "Pass", InputPath = "$.b" })))
  end)

  it("is doubted in OutputPath, which reads what the state itself makes", function()
    local d = stepfn.validate(after({ Type = "Pass" }, { Type = "Pass", Result = { a = 1 }, OutputPath = "$.b" }))
    assert.same({ "PATH_NEVER_THERE", "/States/Y/OutputPath" }, { d[1].code, d[1].pointer })
    assert.equal("Nothing in \"Y\" makes the 'b' that '$.b' reads", d[1].message)
    assert.same({}, warnings_of(after({ Type = "Pass" }, { Type = "Pass", Result = { a = 1 }, OutputPath = "$.a" })))
    assert.same({}, warnings_of(after({ Type = "Pass" }, { Type = "Pass", Result = 1, ResultPath = "$.a", OutputPath = "$.b" })))
  end)

  local function tested(...)
    local rules = {}
    for i, rule in ipairs { ... } do
      rule.Next = "Done"
      rules[i] = rule
    end
    return warnings_of(machine_of({ Type = "Pass", Result = { a = 1 }, Next = "C" },
      { C = { Type = "Choice", Choices = rules, Default = "Done" } }))
  end

  it("is doubted in the comparisons of a Choice", function()
    assert.same({ "PATH_NEVER_THERE /States/C/Choices/1" },
      tested({ Variable = "$.a", NumericEquals = 1 }, { Variable = "$.b", NumericEquals = 1 }))
    assert.same({ "PATH_NEVER_THERE /States/C/Choices/0" }, tested { Variable = "$.a", NumericEqualsPath = "$.b" })
  end)

  it("is not when the Choice asks whether it is there", function()
    assert.same({}, tested { And = { { Variable = "$.b", IsPresent = true }, { Variable = "$.b.c", NumericEquals = 1 } } })
    assert.same({}, tested({ Variable = "$.b", IsPresent = false }, { Variable = "$.b", NumericEquals = 1 }))
  end)

  it("is not in Parameters beside a Result, which are not worked out", function()
    local machine = after({ Type = "Pass", Result = { a = 1 } }, { Type = "Pass", Result = 2, Parameters = { ["z.$"] = "$.b" } })
    assert.same({}, warnings_of(machine))
    assert.equal("SUCCEEDED", assert(stepfn.load(machine)):run().status)
  end)

  it("is not when a task, or the input, may have", function()
    assert.same({}, warnings_of(after({ Type = "Pass" }, reads_id)))
    assert.same({}, warnings_of(after({ Type = "Task", Resource = "lua:f" }, reads_id)))
  end)

  it("is not when ResultPath adds it", function()
    assert.same({}, warnings_of(after({ Type = "Pass", Result = { a = 1 } }, { Type = "Task", Resource = "lua:f", ResultPath = "$.order" },
      { Done = { Type = "Pass", InputPath = "$.order", End = true } })))
    assert.same({}, warnings_of(after({ Type = "Pass", Result = { a = 1 }, ResultPath = "$.b" }, reads_id)))
  end)

  it("is not when another way leads there", function()
    assert.same({}, warnings_of {
      StartAt = "C",
      States = {
        C = { Type = "Choice", Choices = { { Variable = "$.a", IsPresent = true, Next = "P" } }, Default = "R" },
        P = { Type = "Pass", Result = { a = 1 }, Next = "R" },
        R = { Type = "Pass", InputPath = "$.order", End = true },
      },
    })
  end)
end)

describe("$states.input", function()
  local function jsonata(fields)
    fields.QueryLanguage = "JSONata"
    return fields
  end

  ---Warnings of a JSONata Pass that reads `path`, behind that first state.
  local function reading(first, path)
    first.Next = first.Type ~= "Choice" and "Y" or nil
    local states = { X = first, Y = jsonata { Type = "Pass", Output = { a = "{% " .. path .. " %}" }, End = true } }
    return warnings_of { StartAt = "X", States = states }
  end

  it("is doubted when no state before can have made what is read of it", function()
    local output = jsonata { Type = "Task", Resource = "lua:f", Output = { id = "{% $states.result.id %}" } }
    assert.same({ "PATH_NEVER_THERE /States/Y/Output/a" }, reading(output, "$states.input.name"))
    assert.same({ "PATH_NEVER_THERE /States/Y/Output/a" }, reading({ Type = "Pass", Result = { b = 1 } }, "$states.input.c.d"))
    assert.same({ "PATH_NEVER_THERE /States/Y/Output/a" }, reading(jsonata {
      Type = "Choice", Choices = { { Condition = true, Next = "Y", Output = { b = 1 } } } }, "$states.input.a"))
  end)

  it("is doubted in conditions, and behind a Catch", function()
    assert.same({ "PATH_NEVER_THERE /States/C/Choices/0/Condition" }, warnings_of {
      StartAt = "X",
      States = {
        X = jsonata { Type = "Task", Resource = "lua:f", End = true, Catch = { { ErrorEquals = { "States.ALL" }, Next = "C" } } },
        C = jsonata { Type = "Choice", Default = "F", Choices = { { Condition = "{% $states.input.retry %}", Next = "F" } } },
        F = { Type = "Fail" },
      },
    })
  end)

  it("is not doubted when it may be there, or may be missing", function()
    local output = jsonata { Type = "Pass", Output = { id = 1 } }
    assert.same({}, reading(output, "$states.input.id"))
    assert.same({}, reading(output, "$exists($states.input.name)"))
    assert.same({}, reading(output, "$states.input.name[0]"))
    assert.same({}, reading(jsonata { Type = "Task", Resource = "lua:f" }, "$states.input.name"))
    assert.same({}, reading(jsonata { Type = "Pass", Output = "{% $states.input.a %}" }, "$states.input.name"))
    assert.same({}, reading(jsonata { Type = "Pass" }, "$states.input.name"))
  end)
end)
