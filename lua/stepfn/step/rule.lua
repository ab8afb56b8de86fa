---Choice rules: the 39 comparisons, And, Or and Not, and the fluent twin
---`when(path):gt(3):go(state)`, `when("{% … %}"):go(state)`.
local camel = require "stepfn.step.camel"
local check = require "stepfn.step.check"
local options_of = require "stepfn.options"
local setters = require "stepfn.step.setters"
local sorted_keys = require "stepfn.sorted_keys"

local M = {}

-- One element of Choices, or an operand of another rule.
local Rule = {}
local options = {}

setters.add(Rule, options, {
  { "comment", "Comment", check.text },
  { "assign", "Assign", check.object },
  { "output", "Output", check.data },
})

local rule_meta = { step_kind = "rule", __name = "stepfn.step.Rule", __index = camel.index(Rule) }

local function new_rule(fields)
  return setmetatable({ fields = fields }, rule_meta)
end

---A rule from the fields of a definition.
M.from_fields = new_rule

local is_rule = check.made("rule")

-- AWS allows Next only on the outermost rule.
local function operand(value)
  local rule = is_rule(value)
  if not rule then
    return nil, "comparison"
  elseif rule.fields.Next then
    return nil, "!a comparison inside another one has no Next"
  elseif rule.fields.Condition then
    return nil, "!a JSONata condition stands alone: join with 'and' inside it"
  end
  return rule
end

local function operands(value)
  local list = is_rule(value) and { value } or value
  if type(list) ~= "table" or #list == 0 then
    return nil, "list of comparisons"
  end
  local kept = {}
  for position, item in ipairs(list) do
    local rule, problem = operand(item)
    if not rule then
      return nil, problem == "comparison" and "list of comparisons" or problem
    end
    kept[position] = rule
  end
  return kept
end

-- What every rule's literal may hold beside its comparison.
local common_keys = {
  Next = { "Next", check.target },
  Comment = { "Comment", check.text },
  Assign = { "Assign", check.object },
  Output = { "Output", check.data },
}

local function unknown_key(name, literal, keys)
  for _, key in ipairs(sorted_keys(literal)) do
    if not keys[key] and not common_keys[key] then
      check.raise(("bad argument #1 to '%s' (%s)"):format(name, options_of.unknown_field(key, keys, common_keys)))
    end
  end
end

local function read_common(name, literal, fields)
  for key, row in pairs(common_keys) do
    if literal[key] ~= nil then
      fields[row[1]] = check.field(name, 1, key, row[2], literal[key])
    end
  end
  return new_rule(fields)
end

local function literal_of(name, value)
  if type(value) ~= "table" or check.kind_of(value) then
    check.argument(name, 1, function() return nil, "table" end, value)
  end
  return value
end

local function with_default(kind, default)
  return function(value)
    if value == nil then
      return check.encode(default)
    end
    return kind(value)
  end
end

local comparison_keys = { Variable = true, Value = true }

-- step.NumericEquals { Variable = "$.n", Value = 3, Next = state }
local function comparison(name, kind)
  return function(value)
    local literal = literal_of(name, value)
    unknown_key(name, literal, comparison_keys)
    return read_common(name, literal, {
      Variable = check.field(name, 1, "Variable", check.path, literal.Variable),
      [name] = check.field(name, 1, "Value", kind, literal.Value),
    })
  end
end

-- step.And { a, b, Next = state } or step.And { Comparison = { a, b }, … }
local function combination(name, kind)
  return function(value)
    local literal = literal_of(name, value)
    local keys, listed = { Comparison = true }, {}
    for position, item in ipairs(literal) do
      keys[position] = true
      listed[position] = item
    end
    unknown_key(name, literal, keys)
    local inner = literal.Comparison
    if inner == nil then
      inner = kind == operand and listed[1] or listed
    end
    return read_common(name, literal, { [name] = check.field(name, 1, "Comparison", kind, inner) })
  end
end

local ordered = { "Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals" }

-- family, kind of the value, its operators, whether each has a Path twin
local families = {
  { "String", check.text, ordered, true },
  { "String", check.text, { "Matches" }, false },
  { "Numeric", check.number, ordered, true },
  { "Boolean", check.boolean, { "Equals" }, true },
  { "Timestamp", check.timestamp, ordered, true },
  { "Is", with_default(check.boolean, true), { "Null", "Present", "Numeric", "String", "Boolean", "Timestamp" }, false },
}

---Every comparison and combination under its own name: `StringEquals` …
---@type table<string, fun(literal: table): stepfn.step.Rule>
M.constructors = {
  And = combination("And", operands),
  Or = combination("Or", operands),
  Not = combination("Not", operand),
}

-- What is compared: `when("$.roll")`.
local Subject = {}

local function add_comparison(name, kind)
  local construct = comparison(name, kind)
  M.constructors[name] = construct
  Subject[camel.snake(name)] = function(self, value)
    local rule = construct { Variable = self.path, Value = value }
    return rule
  end
end

for _, family in ipairs(families) do
  for _, operator in ipairs(family[3]) do
    local name = family[1] .. operator
    if family[4] then
      add_comparison(name, check.with_twin(family[2], name .. "Path"))
      add_comparison(name .. "Path", check.path)
    else
      add_comparison(name, family[2])
    end
  end
end

local family_of_type = { string = "String", number = "Numeric", boolean = "Boolean" }

-- A method that takes the family of the comparison from the type of the value.
local function by_type(name, operator)
  return function(self, value)
    local family = family_of_type[type(value)]
    local construct = family and M.constructors[family .. operator]
    if not construct then
      check.argument(name, 1, function() return nil, operator == "Equals" and "string, number or boolean" or "string or number" end, value)
    end
    local rule = construct { Variable = self.path, Value = value }
    return rule
  end
end

local short_names = { eq = "Equals", is = "Equals", lt = "LessThan", gt = "GreaterThan", le = "LessThanEquals", ge = "GreaterThanEquals" }
for name, operator in pairs(short_names) do
  Subject[name] = by_type(name, operator)
end

---@param pattern string in which "*" stands for any text
---@return stepfn.step.Rule
function Subject:matches(pattern)
  local rule = M.constructors.StringMatches { Variable = self.path, Value = pattern }
  return rule
end

local subject_meta = { step_kind = "subject", __name = "stepfn.step.Subject", __index = camel.index(Subject) }

---Where the rule leads when it holds.
---@param target stepfn.step.State|string
---@return stepfn.step.Rule self
function Rule:go(target)
  self.fields.Next = check.argument("go", 1, check.target, target)
  return self
end

local function joined(name, operator)
  return function(self, other)
    local left = check.argument(name, 0, operand, self)
    local right = check.argument(name, 1, operand, other)
    local all = {}
    for _, rule in ipairs(left.fields[operator] or { left }) do
      all[#all + 1] = rule
    end
    all[#all + 1] = right
    return new_rule { [operator] = all }
  end
end

Rule.and_ = joined("and_", "And")
Rule.or_ = joined("or_", "Or")

---The opposite of this rule.
---@return stepfn.step.Rule
function Rule:not_()
  return new_rule { Not = check.argument("not_", 0, operand, self) }
end

---Begins a comparison: `when("$.roll"):gt(3):go(success)`. A JSONata expression
---is a whole rule: `when("{% $states.input.roll > 3 %}"):go(success)`; so is `true`.
---@param path string|boolean
---@return stepfn.step.Subject|stepfn.step.Rule
function M.when(path)
  local condition = check.boolean(path) or check.expression(path)
  if condition then
    return new_rule { Condition = condition }
  end
  check.argument("when", 1, check.path, path)
  return setmetatable({ path = path }, subject_meta)
end

return M
