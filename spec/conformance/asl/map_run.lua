---What DescribeMapRun answered after a run.  The object that was read was not
---recorded: a CSV file with as many rows as were counted stands in its place.
local stepfn = require "stepfn"

local M = {}

local FIELDS = {
  "status", "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage", "itemCounts", "executionCounts",
}

local function csv_of(rows)
  local body = "a\n" .. ("1\n"):rep(rows)
  return {
    get = function(_, _, _, from, count)
      return { bytes = body:sub(from + 1, from + count), last = from + count >= #body }
    end,
  }
end

---@param case conformance.AslCase
---@return table actual
function M.run(case)
  local machine = assert(stepfn.load(case.field "definition"))
  local rows = case.get("expected").describeMapRun.itemCounts.total
  local execution = machine:run(case.field "input", { driver = "virtual", seed = 1, objects = csv_of(rows) })
  local run, described = execution:map_runs()[1], {}
  for _, name in ipairs(FIELDS) do
    described[name] = run[name]
  end
  return { describeMapRun = described }
end

return M
