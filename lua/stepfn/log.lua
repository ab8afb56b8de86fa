---The log of an execution, as the service writes it to CloudWatch: events of the
---history that the level lets through.
local M = {}

---@class stepfn.LogEntry
---@field id string
---@field type string
---@field details table? payloads as JSON text
---@field previous_event_id string
---@field event_timestamp string milliseconds
---@field execution_arn string
---@field redrive_count string

local FATAL = { ExecutionFailed = true, ExecutionTimedOut = true, ExecutionAborted = true }

local function is_error(type)
  return type == "FailStateEntered" or type:find "Failed$" ~= nil or type:find "Aborted$" ~= nil
    or type:find "TimedOut$" ~= nil
end

local LEVELS = {
  ALL = function() return true end,
  ERROR = is_error,
  FATAL = function(type) return FATAL[type] == true end,
  OFF = function() return false end,
}

-- What an entry leaves out when execution data is not to be logged.
local DATA = {
  "input", "inputDetails", "output", "outputDetails", "parameters", "assignedVariables", "assignedVariablesDetails",
}

local function details_of(event, with_data)
  for name, details in pairs(event) do
    if name:find "EventDetails$" then
      for _, field in ipairs(with_data and {} or DATA) do
        details[field] = nil
      end
      return details
    end
  end
end

local function entry(event, arn, with_data, redrives)
  return {
    id = ("%d"):format(event.id),
    type = event.type,
    details = details_of(event, with_data),
    previous_event_id = ("%d"):format(event.previousEventId),
    event_timestamp = ("%.0f"):format(event.timestamp * 1000),
    execution_arn = arn,
    redrive_count = ("%d"):format(redrives),
  }
end

---Is that the name of a level?
---@param level any
---@return boolean
function M.is_level(level)
  return LEVELS[level] ~= nil
end

---@param events table[] of the history; used up
---@param arn string of the execution
---@param level "ALL"|"ERROR"|"FATAL"|"OFF"
---@param with_data boolean execution data too
---@return stepfn.LogEntry[]
function M.entries(events, arn, level, with_data)
  local entries, redrives = {}, 0
  for _, event in ipairs(events) do
    if event.type == "ExecutionRedriven" then
      redrives = event.executionRedrivenEventDetails.redriveCount
    end
    if LEVELS[level](event.type) then
      entries[#entries + 1] = entry(event, arn, with_data, redrives)
    end
  end
  return entries
end

return M
