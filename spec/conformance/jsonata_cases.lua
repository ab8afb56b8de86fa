---Cases of JSONata expressions, for the suites of both dialects.
local jsonata = require "stepfn.jsonata"
local stepfn = require "stepfn"
local system = require "spec.support.system"

local M = {}

local STEPS_A_MILLISECOND = 10000

-- Half a surrogate pair is no JSON: it goes through as a mark, and becomes the
-- three bytes that an expression may hold in its place.
local function marked(text)
  return (text:gsub("\\u([dD][89a-fA-F]%x%x)", "<half %1>"))
end

local function unmarked(text)
  return (text:gsub("<half (%x+)>", function(hex)
    local code = tonumber(hex, 16)
    return string.char(0xED, 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end))
end

local datasets = {}

local function dataset(folder, name)
  local path = ("%s/datasets/%s.json"):format(folder, name)
  datasets[path] = datasets[path] or stepfn.value(system.read(path))
  return datasets[path]
end

local function input_of(folder, case)
  if case.data ~= nil then
    return case.data
  elseif type(case.dataset) == "string" then
    return dataset(folder, case.dataset)
  end
end

---The cases of a file of expressions; nil when it is none.
---@param file { path: string, data: any }
---@return table[]?
function M.cases(file)
  local data = file.data or stepfn.value(marked(system.read(file.path)))
  local list = type(data) == "userdata" and data.group and data.cases
  if type(list) ~= "userdata" or not (list[1] and list[1].expr) then
    return nil
  end
  local cases, folder = {}, file.path:match "^(.*)/" or "."
  for i = 1, #list do
    cases[i] = { id = list[i].name, group = data.group, case = list[i], folder = folder }
  end
  return cases
end

local function limits_of(case)
  return { depth = case.depth, steps = case.timelimit and case.timelimit * STEPS_A_MILLISECOND }
end

---What the expression gives.
---@return { result: any } | { undefined: true } | { code: string }
function M.run(recorded, dialect)
  local case = recorded.case
  local expression, message, detail = jsonata.compile(unmarked(case.expr), { dialect = dialect, limits = limits_of(case) })
  recorded.message, recorded.token = message, detail and detail.token
  if not expression then
    return { code = detail.code }
  end
  local bindings = case.bindings and case.bindings:get()
  local value
  value, message, detail = expression:evaluate(input_of(recorded.folder, case), bindings)
  recorded.message, recorded.token = message, detail and detail.token
  if detail then
    return { code = detail.code }
  elseif value == nil then
    return { undefined = true }
  end
  return { result = value }
end

local function equal(a, b)
  return stepfn.value { a } == stepfn.value { b }
end

local function same_members(expected, actual)
  local count, used = #expected, {}
  if type(actual) ~= "table" or #actual ~= count then
    return false
  end
  for i = 1, count do
    local found
    for k = 1, count do
      if not found and not used[k] and equal(expected[i], actual[k]) then
        found, used[k] = true, true
      end
    end
    if not found then
      return false
    end
  end
  return true
end

local function is_code(recorded, actual, expected)
  return actual.code == expected.code
    and (expected.token == nil or recorded.token == expected.token)
    and (expected.message == nil or recorded.message == expected.message)
end

---Is it the expected answer?
---@return boolean right
---@return string? reason
function M.right(recorded, actual, expected)
  local reason = actual.code and ("%s: %s"):format(actual.code, recorded.message) or stepfn.encode(actual)
  if expected.error == true then
    return actual.code ~= nil, reason
  elseif expected.error ~= nil then
    return is_code(recorded, actual, expected.error), reason
  elseif expected.code then
    return is_code(recorded, actual, expected), reason
  elseif expected.undefinedResult then
    return actual.undefined == true, reason
  elseif actual.result == nil then
    return false, reason
  elseif recorded.case.unordered then
    return same_members(expected.result, actual.result), reason
  end
  return equal(actual.result, expected.result), reason
end

return M
