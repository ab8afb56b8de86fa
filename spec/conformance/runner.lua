---Runs suites of recorded cases against the public API.
---
---A suite is a module in the folder "suite":
---
---    name            what it is called in the report
---    cases(file)     the cases in a JSON file, nil when it has another shape
---    run(case)       what is computed: a JSON value, { invalid = true } when the
---                    expression is refused, { error = text } when it fails
---    right(case, actual)  whether that is one of the expected answers; if not, what
---                    is wrong
---    quirk(case)     optional: a case that may differ, for a reason that is listed
---    decided(case)   optional: is what is expected of it our decision?
---
---A file is { path =, data = }, the data as a stepfn.value; a case has an id, and a
---key when several have the same one.
local stepfn = require "stepfn"
local system = require "spec.support.system"

local M = {}

---@class conformance.Case
---@field id string
---@field key? string
---@field reason? string of its failure
---@field kind? string
---@field unsupported? string why no case of its kind can be judged

---@class conformance.Suite
---@field name string
---@field cases fun(file: { path: string, data: any }): conformance.Case[]?
---@field run fun(case: conformance.Case): any
---@field right fun(case: conformance.Case, actual: any): boolean, string?
---@field quirk? fun(case: conformance.Case): boolean
---@field decided? fun(case: conformance.Case): boolean

---@class conformance.Result
---@field suite conformance.Suite
---@field total integer
---@field passed integer
---@field decided integer how many of those that passed were decided by us
---@field passes string[] names of cases
---@field failures conformance.Case[]
---@field unsupported { kind: string, reason: string, names: string[] }[] of the total, neither passed nor failed
---@field known table<string, string> listed failures of this suite: id to reason

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

---The files below a folder, in the order of their names.
local function files_below(folder, pattern)
  local found = {}
  local list = assert(io.popen("find -L " .. quoted(folder) .. " -type f -name " .. quoted(pattern) .. " 2>/dev/null"))
  for path in list:lines() do
    found[#found + 1] = path
  end
  list:close()
  table.sort(found)
  return found
end

---@param folder string where the suites lie
---@return conformance.Suite[]
function M.suites(folder)
  local suites = {}
  for _, path in ipairs(files_below(folder, "*.lua")) do
    suites[#suites + 1] = assert(loadfile(path))()
  end
  return suites
end

local function read_file(path)
  return { path = path, data = stepfn.value(system.read(path)) }
end

-- A case that raises has failed, like any other that gives the wrong answer.
local function computed(suite, case)
  local fine, actual = pcall(suite.run, case)
  if fine then
    return actual
  end
  return { error = "raised: " .. tostring(actual) }
end

---The name of a case in known.lua and in reports.
---@param case conformance.Case
---@return string
function M.name_of(case)
  return case.key and case.id .. "#" .. case.key or case.id
end

local function line_of(case, actual)
  local text, message = stepfn.encode { id = case.id, key = case.key, actual = actual }
  return text or stepfn.encode { id = case.id, key = case.key, actual = { error = message } }
end

local function add_unsupported(list, case)
  local name = M.name_of(case)
  for _, entry in ipairs(list) do
    if entry.kind == case.kind then
      entry.names[#entry.names + 1] = name
      return
    end
  end
  list[#list + 1] = { kind = case.kind, reason = case.unsupported, names = { name } }
end

local function judge(result, case, dump)
  local actual = computed(result.suite, case)
  local fine, right, reason = pcall(result.suite.right, case, actual)
  if dump then
    dump:write(line_of(case, actual), "\n")
  end
  case.reason = fine and reason or not fine and right or nil
  result.total = result.total + 1
  if fine and right then
    result.passed = result.passed + 1
    result.decided = result.decided + (result.suite.decided and result.suite.decided(case) and 1 or 0)
    result.passes[result.passed] = M.name_of(case)
  elseif case.unsupported then
    add_unsupported(result.unsupported, case)
  else
    result.failures[#result.failures + 1] = case
  end
end

local function judge_files(result, files, options)
  local dump
  for _, file in ipairs(files) do
    for _, case in ipairs(result.suite.cases(file) or {}) do
      if options.dump and not dump then
        dump = assert(io.open(options.dump .. "/" .. result.suite.name .. ".jsonl", "w"))
      end
      judge(result, case, dump)
    end
  end
  if dump then
    dump:close()
  end
end

---Every JSON file below folders.
---@param ... string
---@return { path: string, data: any }[]
function M.files(...)
  local files = {}
  for _, folder in ipairs { ... } do
    for _, path in ipairs(files_below(folder, "*.json")) do
      files[#files + 1] = read_file(path)
    end
  end
  return files
end

---Run every suite for which the folder has cases.
---@param folder string|string[]
---@param options { suites: conformance.Suite[], known: table<string, table<string, string>>, dump?: string }
---@return conformance.Result[]
function M.run(folder, options)
  local unpack = table.unpack or unpack -- luacheck: ignore
  local files, results = M.files(unpack(type(folder) == "table" and folder or { folder })), {}
  for _, suite in ipairs(options.suites) do
    local result = {
      suite = suite, total = 0, passed = 0, decided = 0, passes = {}, failures = {}, unsupported = {},
      known = options.known[suite.name] or {},
    }
    judge_files(result, files, options)
    if result.total > 0 then
      results[#results + 1] = result
    end
  end
  return results
end

---How many listed failures a suite may have, quirks apart.
local function allowance(result)
  return math.floor(result.total / 100)
end

---@param result conformance.Result
---@return boolean fine no failure but listed ones, and not too many of those
function M.fine(result)
  local listed = 0
  for _, case in ipairs(result.failures) do
    if not result.known[M.name_of(case)] then
      return false
    end
    if not (result.suite.quirk and result.suite.quirk(case)) then
      listed = listed + 1
    end
  end
  return listed <= allowance(result)
end

local function report_unsupported(result, write)
  for _, entry in ipairs(result.unsupported) do
    write(("%s: %d of kind %s not supported: %s"):format(result.suite.name, #entry.names, entry.kind, entry.reason))
  end
end

---Cases of kinds that are not supported don't pass, and are no failure.
---@param results conformance.Result[]
---@param write fun(line: string)
---@return boolean fine
function M.report(results, write)
  local fine = true
  for _, result in ipairs(results) do
    local decided = result.decided > 0 and (" (decided %d)"):format(result.decided) or ""
    write(("%s: %d/%d%s"):format(result.suite.name, result.passed, result.total, decided))
  end
  for _, result in ipairs(results) do
    report_unsupported(result, write)
    for _, case in ipairs(result.failures) do
      local reason = result.known[M.name_of(case)]
      local text = reason and "known: " .. reason or case.reason and "FAILED: " .. case.reason or "FAILED"
      write(("%s %s: %s"):format(result.suite.name, M.name_of(case), (text:gsub("\n", " "))))
    end
    if not M.fine(result) then
      fine = false
    end
  end
  return fine
end

return M
