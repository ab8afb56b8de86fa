local step = require "stepfn.step"

local target = step.new_success_state "t"

-- The text of one rule in a Choice.
local function written(rule)
  local text = step.new_state_machine("M", step.new_choice_state("c", rule)):to_json()
  return text:match '"Choices":%[(.*)%]},"t"'
end

describe("a comparison", function()
  local values = {
    String = { "b", '"b"' },
    Numeric = { 1.5, "1.5" },
    Boolean = { false, "false" },
    Timestamp = { "2030-01-01T00:00:00Z", '"2030-01-01T00:00:00Z"' },
    Is = { false, "false" },
  }
  local ordered = { "Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals" }
  local operators = {
    String = { "Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals", "Matches" },
    Numeric = ordered,
    Boolean = { "Equals" },
    Timestamp = ordered,
    Is = { "Null", "Present", "Numeric", "String", "Boolean", "Timestamp" },
  }

  for family, names in pairs(operators) do
    for _, operator in ipairs(names) do
      local name = family .. operator
      it("is written by " .. name, function()
        local rule = step[name] { Variable = "$.a", Value = values[family][1], Next = target }
        assert.equal(('{"Variable":"$.a","%s":%s,"Next":"t"}'):format(name, values[family][2]), written(rule))
      end)
    end
  end

  local twins = { String = ordered, Numeric = ordered, Boolean = { "Equals" }, Timestamp = ordered }
  for family, names in pairs(twins) do
    for _, operator in ipairs(names) do
      local name = family .. operator .. "Path"
      it("is written by " .. name, function()
        local rule = step[name] { Variable = "$.a", Value = "$.b", Next = target }
        assert.equal(('{"Variable":"$.a","%s":"$.b","Next":"t"}'):format(name), written(rule))
      end)
    end
  end

  it("asks for true when it tests a kind and no value is given", function()
    assert.equal('{"Variable":"$.a","IsPresent":true,"Next":"t"}', written(step.IsPresent { Variable = "$.a", Next = target }))
  end)

  it("takes a time as os.time() gives it", function()
    local rule = step.TimestampEquals { Variable = "$.a", Value = 0, Next = target }
    assert.equal('{"Variable":"$.a","TimestampEquals":"1970-01-01T00:00:00Z","Next":"t"}', written(rule))
  end)

  it("may carry a comment and variables", function()
    local rule = step.IsNull { Variable = "$.a", Next = target, Comment = "c", Assign = { v = 1 } }
    assert.equal('{"Comment":"c","Variable":"$.a","IsNull":true,"Assign":{"v":1},"Next":"t"}', written(rule))
  end)
end)

describe("a combination", function()
  local a = step.IsString { Variable = "$.a" }
  local b = step.IsNull { Variable = "$.b" }
  local both = '[{"Variable":"$.a","IsString":true},{"Variable":"$.b","IsNull":true}]'

  it("is written by And with a list of comparisons", function()
    assert.equal('{"And":' .. both .. ',"Next":"t"}', written(step.And { Comparison = { a, b }, Next = target }))
  end)

  it("takes its comparisons one by one", function()
    assert.equal('{"Or":' .. both .. ',"Next":"t"}', written(step.Or { a, b, Next = target }))
  end)

  it("is written by Not with one comparison", function()
    assert.equal('{"Not":{"Variable":"$.a","IsString":true},"Next":"t"}', written(step.Not { Comparison = a, Next = target }))
  end)

  it("nests", function()
    local rule = step.Not { step.And { a, step.Or { a, b } }, Next = target }
    assert.equal('{"Not":{"And":[{"Variable":"$.a","IsString":true},{"Or":' .. both .. '}]},"Next":"t"}', written(rule))
  end)

  it("has names in lower case", function()
    assert.equal(step.And, step.all_of)
    assert.equal(step.Or, step.any_of)
    assert.equal(step.Not, step.negate)
  end)
end)

describe("step.when", function()
  it("takes the kind of comparison from the value", function()
    assert.equal('{"Variable":"$.n","NumericGreaterThan":3,"Next":"t"}', written(step.when("$.n"):gt(3):go(target)))
    assert.equal('{"Variable":"$.s","StringLessThanEquals":"b","Next":"t"}', written(step.when("$.s"):le("b"):go(target)))
    assert.equal('{"Variable":"$.b","BooleanEquals":true,"Next":"t"}', written(step.when("$.b"):is(true):go(target)))
  end)

  it("has every comparison under its own name", function()
    local rule = step.when("$.a"):timestamp_less_than_path("$.b"):go(target)
    assert.equal('{"Variable":"$.a","TimestampLessThanPath":"$.b","Next":"t"}', written(rule))
  end)

  it("matches patterns", function()
    assert.equal('{"Variable":"$.a","StringMatches":"log-*","Next":"t"}', written(step.when("$.a"):matches("log-*"):go(target)))
  end)

  it("joins comparisons", function()
    local rule = step.when("$.kind"):is("a"):and_(step.var("$.n"):lt(5)):and_(step.var("$.x"):is_null():not_()):go(target)
    assert.equal(
      '{"And":[{"Variable":"$.kind","StringEquals":"a"},{"Variable":"$.n","NumericLessThan":5},'
        .. '{"Not":{"Variable":"$.x","IsNull":true}}],"Next":"t"}',
      written(rule)
    )
  end)
end)

describe("a choice state", function()
  it("takes rules one by one or as a list", function()
    local a, b = step.when("$.n"):lt(1):go(target), step.when("$.n"):gt(1):go(target)
    local one_by_one = step.new_choice_state("c", a, b, { comment = "which" })
    local as_list = step.new_choice_state("c", { a, b }):with_comment("which")
    assert.equal(
      step.new_state_machine("M", as_list):to_json(),
      step.new_state_machine("M", one_by_one):to_json()
    )
  end)

  it("tries an added rule last, and goes to the default when none holds", function()
    local other = step.new_success_state "other"
    local state = step.new_choice_state("c", step.when("$.n"):lt(1):go(target)):with_default(other)
      :add(step.when("$.n"):gt(1):go(target))
    assert.equal(
      '{"StartAt":"c","States":{"c":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":1,"Next":"t"},'
        .. '{"Variable":"$.n","NumericGreaterThan":1,"Next":"t"}],"Default":"other"},'
        .. '"t":{"Type":"Succeed"},"other":{"Type":"Succeed"}}}',
      step.new_state_machine("M", state):to_json()
    )
  end)

  it("may be where another state leads on error, or by default", function()
    local inner = step.new_choice_state("inner", step.when("$.n"):lt(1):go(target)):with_default(target)
    local outer = step.new_choice_state("outer", step.when("$.n"):lt(0):go(target)):with_default(inner)
    assert.truthy(step.new_state_machine("M", outer):to_json():find('"Default":"inner"', 1, true))
  end)
end)
