local stepfn = require "stepfn"

local function goes_to(name)
  return { Type = "Pass", Result = name, End = true }
end

---A machine with one Choice: rules go to A, B, ... and the default to "none".
local function machine_of(rules, default)
  local states = { Choose = { Type = "Choice", Choices = stepfn.array(rules), Default = default } }
  for _, rule in ipairs(rules) do
    states[rule.Next] = goes_to(rule.Next)
  end
  states[default or rules[1].Next] = states[default] or goes_to(default or rules[1].Next)
  return { StartAt = "Choose", States = states }
end

local function run(rules, input, default)
  return assert(stepfn.load(machine_of(rules, default))):run(input)
end

---Does the one rule hold for the input?
local function holds(rule, input)
  rule.Next = "yes"
  return run({ rule }, input, "no").output == "yes"
end

---Does `$.v` compare so with the operand?
local function compares(value, operator, operand)
  return holds({ Variable = "$.v", [operator] = operand }, { v = value })
end

---Does `$.v` compare so with `$.w`?
local function compares_paths(value, operator, other)
  return holds({ Variable = "$.v", [operator] = "$.w" }, { v = value, w = other })
end

local function faults_of(rule)
  local lines = {}
  rule.Next = "A"
  for i, d in ipairs(stepfn.validate(machine_of({ rule }, "none"))) do
    lines[i] = d.message .. " at " .. d.location
  end
  return lines
end

describe("a Choice state", function()
  it("takes the first rule that holds", function()
    local rules = {
      { Variable = "$.n", NumericGreaterThan = 10, Next = "big" },
      { Variable = "$.n", NumericGreaterThan = 5, Next = "middle" },
      { Variable = "$.n", NumericGreaterThan = 0, Next = "small" },
    }
    assert.equal("middle", run(rules, { n = 7 }, "none").output)
    assert.equal("small", run(rules, { n = 1 }, "none").output)
  end)

  it("goes to Default when no rule holds", function()
    assert.equal("none", run({ { Variable = "$.n", NumericEquals = 1, Next = "one" } }, { n = 2 }, "none").output)
  end)

  it("fails with States.Runtime when no rule holds and there is no Default", function()
    local execution = run({ { Variable = "$.n", NumericEquals = 1, Next = "one" } }, { n = 2 })
    assert.equal("FAILED", execution.status)
    assert.equal("States.Runtime", execution.error)
  end)

  it("fails when a Variable names nothing, a Default or not", function()
    local execution = run({ { Variable = "$.gone", IsString = true, Next = "A" } }, { n = 2 }, "none")
    assert.equal("States.Runtime", execution.error)
    assert.truthy(execution.cause:find("Invalid path '$.gone': The choice state's condition path references an invalid value.", 1, true))
  end)

  it("assigns what the rule says instead of what the state says", function()
    local definition = {
      StartAt = "Choose",
      States = {
        Choose = {
          Type = "Choice",
          Choices = stepfn.array { { Variable = "$.n", NumericEquals = 1, Assign = { by = "rule" }, Next = "End" } },
          Default = "End",
          Assign = { by = "state" },
        },
        End = { Type = "Pass", Parameters = { ["by.$"] = "$by" }, End = true },
      },
    }
    local machine = assert(stepfn.load(definition))
    assert.equal("rule", machine:run({ n = 1 }).output.by)
    assert.equal("state", machine:run({ n = 2 }).output.by)
  end)
end)

describe("And, Or and Not", function()
  local small = { Variable = "$.n", NumericLessThan = 10 }
  local even = { Variable = "$.even", BooleanEquals = true }

  it("hold when all, one, or none of their rules do", function()
    assert.is_true(holds({ And = stepfn.array { small, even } }, { n = 1, even = true }))
    assert.is_false(holds({ And = stepfn.array { small, even } }, { n = 1, even = false }))
    assert.is_true(holds({ Or = stepfn.array { small, even } }, { n = 11, even = true }))
    assert.is_false(holds({ Or = stepfn.array { small, even } }, { n = 11, even = false }))
    assert.is_true(holds({ Not = small }, { n = 11 }))
    assert.is_false(holds({ Not = small }, { n = 1 }))
  end)

  it("stand inside one another", function()
    local rule = { Not = { Or = stepfn.array { { And = stepfn.array { small, even } }, { Not = even } } } }
    assert.is_false(holds(rule, { n = 1, even = true }))
    assert.is_true(holds(rule, { n = 11, even = true }))
    assert.is_false(holds(rule, { n = 11, even = false }))
  end)

  it("stop at the first rule that decides, so that a test of presence guards the next", function()
    local guarded = { And = stepfn.array { { Variable = "$.x", IsPresent = true }, { Variable = "$.x", NumericEquals = 1 } } }
    assert.is_false(holds(guarded, {}))
    assert.is_true(holds(guarded, { x = 1 }))
  end)
end)

describe("comparison operators", function()
  it("compare strings by UTF-16 code unit", function()
    assert.is_true(compares("a", "StringEquals", "a"))
    assert.is_true(compares("B", "StringLessThan", "a"))
    assert.is_true(compares("b", "StringGreaterThan", "a"))
    assert.is_true(compares("a", "StringLessThanEquals", "a"))
    assert.is_true(compares("ab", "StringGreaterThanEquals", "a"))
    assert.is_true(compares("\240\144\128\128", "StringLessThan", "\239\191\189"))
  end)

  it("compare numbers as doubles", function()
    assert.is_true(compares(1, "NumericEquals", 1.0))
    assert.is_true(compares(1.5, "NumericLessThan", 2))
    assert.is_true(compares(3, "NumericGreaterThan", 2))
    assert.is_true(compares(2, "NumericLessThanEquals", 2))
    assert.is_true(compares(2, "NumericGreaterThanEquals", 2))
  end)

  it("compare booleans", function()
    assert.is_true(compares(true, "BooleanEquals", true))
    assert.is_false(compares(true, "BooleanEquals", false))
  end)

  it("compare timestamps as instants", function()
    assert.is_true(compares("2016-03-14T01:59:00.000Z", "TimestampEquals", "2016-03-14T01:59:00Z"))
    assert.is_true(compares("2016-03-14T02:59:00+01:00", "TimestampEquals", "2016-03-14T01:59:00Z"))
    assert.is_true(compares("2016-03-14T01:59:00Z", "TimestampLessThan", "2016-03-14T02:00:00Z"))
    assert.is_true(compares("2016-03-14T01:59:00Z", "TimestampGreaterThanEquals", "2016-03-14T01:59:00Z"))
  end)

  it("take what is no timestamp for unequal to every one", function()
    assert.is_false(compares("2016-03-14", "TimestampEquals", "2016-03-14T00:00:00Z"))
    assert.is_false(compares(1457920740, "TimestampGreaterThan", "2000-01-01T00:00:00Z"))
  end)

  it("take timestamps of 9 digits of fraction and 18 hours of offset at most", function()
    for text, fits in pairs {
      ["2016-03-14T01:59:00.123456789Z"] = true, ["2016-03-14T01:59:00.1234567890Z"] = false,
      ["2016-03-14T01:59:00+18:00"] = true, ["2016-03-14T01:59:00-18:00"] = true,
      ["2016-03-14T01:59:00+18:01"] = false, ["2016-03-14T01:59:00-19:00"] = false,
    } do
      assert.equal(fits, compares(text, "IsTimestamp", true), text)
      assert.equal(fits, compares(text, "TimestampGreaterThan", "2000-01-01T00:00:00Z"), text)
    end
  end)

  it("take values of another type for a comparison that does not hold", function()
    assert.is_false(compares("1", "NumericEquals", 1))
    assert.is_false(compares(1, "StringEquals", "1"))
    assert.is_true(holds({ Not = { Variable = "$.v", NumericEquals = 1 } }, { v = "1" }))
  end)

  it("compare with another path", function()
    assert.is_true(compares_paths("a", "StringEqualsPath", "a"))
    assert.is_true(compares_paths(1, "NumericLessThanPath", 2))
    assert.is_true(compares_paths(true, "BooleanEqualsPath", true))
    assert.is_true(compares_paths("2016-03-14T01:59:00Z", "TimestampEqualsPath", "2016-03-14T01:59:00.0Z"))
    assert.is_false(compares_paths(1, "NumericEqualsPath", "1"))
  end)

  it("fail when the other path names nothing", function()
    local execution = run({ { Variable = "$.v", StringEqualsPath = "$.gone", Next = "A" } }, { v = "a" }, "none")
    assert.truthy(execution.cause:find("Invalid path '$.gone'", 1, true))
  end)
end)

describe("type tests", function()
  it("tell what a value is", function()
    assert.is_true(compares(stepfn.null, "IsNull", true))
    assert.is_true(compares(1, "IsNumeric", true))
    assert.is_true(compares("a", "IsString", true))
    assert.is_true(compares(false, "IsBoolean", true))
    assert.is_true(compares("2016-03-14T01:59:00Z", "IsTimestamp", true))
    assert.is_false(compares("2016-03-14", "IsTimestamp", true))
    assert.is_false(compares(stepfn.null, "IsString", true))
  end)

  it("are turned round by false", function()
    assert.is_true(compares("a", "IsNumeric", false))
    assert.is_false(compares(1, "IsNumeric", false))
  end)

  it("look for presence, null included", function()
    assert.is_true(holds({ Variable = "$.a.b", IsPresent = true }, { a = { b = stepfn.null } }))
    assert.is_true(holds({ Variable = "$.a.c", IsPresent = false }, { a = { b = 1 } }))
    assert.is_false(holds({ Variable = "$.a.c", IsPresent = true }, { a = 1 }))
  end)
end)

describe("StringMatches", function()
  it("has a star for any run of characters", function()
    assert.is_true(compares("log-2026.txt", "StringMatches", "log-*.txt"))
    assert.is_true(compares("log-.txt", "StringMatches", "log-*.txt"))
    assert.is_true(compares("zebra.log", "StringMatches", "*.log"))
    assert.is_false(compares("zebra.logs", "StringMatches", "*.log"))
    assert.is_true(compares("abcabd", "StringMatches", "*ab*d"))
  end)

  it("has a backslash before a star or a backslash that are meant as such", function()
    assert.is_true(compares("a*b", "StringMatches", "a\\*b"))
    assert.is_false(compares("axb", "StringMatches", "a\\*b"))
    assert.is_true(compares("a\\b", "StringMatches", "a\\\\b"))
  end)

  it("never matches a number", function()
    assert.is_false(compares(1, "StringMatches", "*"))
  end)

  it("takes no exponential time", function()
    assert.is_false(compares(("a"):rep(5000), "StringMatches", ("*a"):rep(200) .. "*b"))
  end)
end)

describe("the rules of a Choice, when loaded", function()
  it("are not empty", function()
    local d = stepfn.validate {
      StartAt = "C",
      States = { C = { Type = "Choice", Choices = stepfn.array {}, Default = "S" }, S = { Type = "Succeed" } },
    }
    assert.same({ "Value cannot be empty", "/States/C/Choices" }, { d[1].message, d[1].location })
  end)

  it("have one comparator each", function()
    local none, two = faults_of { Variable = "$.a" }, faults_of { Variable = "$.a", IsNull = true, IsString = true }
    assert.same({ "A choice rule must have a comparison operator at /States/Choose/Choices[0]" }, none)
    assert.same({ "A choice rule must have exactly one comparison operator at /States/Choose/Choices[0]" }, two)
  end)

  it("have a Variable that is a path", function()
    assert.same({ "These fields are required: [Variable] at /States/Choose/Choices[0]" }, faults_of { IsNull = true })
    assert.same({ "Value is not a valid JSONPath at /States/Choose/Choices[0]/Variable" }, faults_of { Variable = "a", IsNull = true })
  end)

  it("have operands of the operator's type", function()
    assert.same({ "Expected value of type Number at /States/Choose/Choices[0]/NumericEquals" },
      faults_of { Variable = "$.a", NumericEquals = "1" })
    assert.same({ "Expected value of type Boolean at /States/Choose/Choices[0]/IsNull" },
      faults_of { Variable = "$.a", IsNull = "true" })
    assert.same({ "String does not match RFC3339 timestamp at /States/Choose/Choices[0]/TimestampEquals" },
      faults_of { Variable = "$.a", TimestampEquals = "2016-03-14" })
  end)

  it("have Next at the top alone", function()
    assert.same({ "Field 'Next' is not supported at /States/Choose/Choices[0]/Not" },
      faults_of { Not = { Variable = "$.a", IsNull = true, Next = "A" } })
  end)

  it("have no empty And or Or", function()
    assert.same({ "Value cannot be empty at /States/Choose/Choices[0]/Or" }, faults_of { Or = stepfn.array {} })
  end)

  it("are not nested without limit", function()
    local rule = { Variable = "$.a", IsNull = true }
    for _ = 1, 65 do
      rule = { Not = rule }
    end
    assert.equal("Choice rules are nested more than 64 levels deep", stepfn.validate(machine_of({
      { Not = rule, Next = "A" },
    }, "none"))[1].message)
  end)
end)
