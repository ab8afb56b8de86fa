---What an execution has become: its outcome, history, trace, logs.
local argument = require "stepfn.argument"
local class = require "stepfn.execution.class"
local core = require "stepfn.core"
local description = require "stepfn.description"
local log = require "stepfn.log"
local options = require "stepfn.options"
local trace = require "stepfn.execution.trace"

-- Ids of events for EventBridge: UUIDs of the seed from here on, past those of
-- requests, which are as many as the history may have events.
local STATUS_CHANGES = 2 ^ 30

---@class stepfn.Execution
local methods = {}

---@return any output nil when it did not succeed
---@return string? message "Error: cause"
---@return stepfn.Execution? self
function methods:result()
  class.check_self(self, "result", 2)
  if self.status == "SUCCEEDED" then
    return self.output
  end
  return nil, class.summary(self), self
end

---The output as a `stepfn.value`: nothing of it is turned into tables.
---@return stepfn.Value? value nil while there is no output
function methods:output_value()
  local kept = rawget(self, "_kept")
  if kept then
    return kept.output
  end
  return self.core:output(true)
end

---@return string? json nil while there is no output
function methods:output_json()
  class.check_self(self, "output_json", 2)
  local kept = rawget(self, "_kept")
  if kept then
    return kept.output and (core.encode(kept.output))
  end
  return self.core:output_json()
end

local history_options = { from = "number", max = "number" }

---The events in the shape of AWS GetExecutionHistory: all of them, or, where that
---would take long, a page.
---@param settings? { from: integer?, max: integer? } the place of the first, from 1 on, and how many at most
---@return table[]
function methods:history(settings)
  class.check_open(self, "history", 2)
  settings = options.check(settings, history_options, 1, "history", 2)
  local from, last = settings.from or 1, self.core:history_count()
  if not (from >= 1 and from % 1 == 0) then
    argument.fault(1, "history", "option 'from': a whole number from 1 on expected", 2)
  end
  local events = {}
  for i = from, math.min(last, from - 1 + (settings.max or last)) do
    events[#events + 1] = self.core:history_at(i)
  end
  return events
end

---As AWS DescribeExecution tells it.
---@return stepfn.Description
function methods:describe()
  class.check_open(self, "describe", 2)
  return description.of(self, self._machine_arn)
end

---The changes of its status so far, each as EventBridge gets it.
---@return table[]
function methods:status_changes()
  class.check_open(self, "status_changes", 2)
  return description.status_changes(self:describe(), function(n)
    return core.seed_uuid(self._seed, STATUS_CHANGES + n)
  end)
end

local log_options = { level = "string", include_execution_data = "boolean" }

---What the service writes to CloudWatch Logs.
---@param settings? { level: "ALL"|"ERROR"|"FATAL"|"OFF"?, include_execution_data: boolean? } ALL, with data
---@return stepfn.LogEntry[]
function methods:logs(settings)
  class.check_open(self, "logs", 2)
  settings = options.check(settings, log_options, 1, "logs", 2)
  local level = settings.level or "ALL"
  if not log.is_level(level) then
    argument.fault(1, "logs", "option 'level': \"ALL\", \"ERROR\", \"FATAL\" or \"OFF\" expected", 2)
  end
  return log.entries(self:history(), self.arn, level, settings.include_execution_data ~= false)
end

---One row a visit of a state.
---@return table[]
function methods:trace()
  class.check_open(self, "trace", 2)
  return trace.rows(self.core, self._pump.tracebacks)
end

---The Map Runs of its distributed Map states, in the shape of AWS DescribeMapRun;
---`stateName` says whose they are.
---@return table[] in the order in which they began
function methods:map_runs()
  class.check_open(self, "map_runs", 2)
  local by_arn, list = {}, {}
  local function add(run)
    local at = by_arn[run.mapRunArn] or #list + 1
    by_arn[run.mapRunArn], list[at] = at, run
  end
  for id = 1, #self._pump.map_runs do
    add(self._pump.map_runs[id])
  end
  local index = 1
  local run = self.core:map_run(index)
  while run do
    add(run)
    index = index + 1
    run = self.core:map_run(index)
  end
  return list
end

return { methods = methods }
