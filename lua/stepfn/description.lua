---Executions as the service describes them: DescribeExecution, and the events that
---EventBridge gets when their status changes.
local copy = require "stepfn.copy"
local core = require "stepfn.core"

local M = {}

---@class stepfn.Description the fields of AWS DescribeExecution; payloads as JSON text
---@field executionArn string
---@field stateMachineArn string
---@field name string
---@field status string
---@field startDate number
---@field stopDate number?
---@field input string
---@field inputDetails table
---@field output string?
---@field outputDetails table?
---@field error string?
---@field cause string?
---@field redriveCount integer
---@field redriveDate number?
---@field redriveStatus string
---@field redriveStatusReason string?

local REDRIVABLE = { FAILED = true, TIMED_OUT = true, ABORTED = true }

---How an execution stands with redriving.
---@param status string
---@return "REDRIVABLE"|"NOT_REDRIVABLE" redrive_status
---@return string? reason
function M.redrive(status)
  if REDRIVABLE[status] then
    return "REDRIVABLE"
  end
  return "NOT_REDRIVABLE", "Execution is " .. status .. " and cannot be redriven"
end

---@param execution stepfn.Execution
---@param machine_arn string
---@return stepfn.Description
function M.of(execution, machine_arn)
  local output = execution:output_json()
  local redrive_status, reason = M.redrive(execution.status)
  local count, last = execution.core:redrives()
  return {
    executionArn = execution.arn,
    stateMachineArn = machine_arn,
    name = execution.name,
    status = execution.status,
    startDate = execution.start_date,
    stopDate = execution.stop_date,
    input = execution.core:input_json(),
    inputDetails = { included = true },
    output = output,
    outputDetails = output and { included = true },
    error = execution.error,
    cause = execution.cause,
    redriveCount = count,
    redriveDate = last,
    redriveStatus = redrive_status,
    redriveStatusReason = reason,
  }
end

-- What a description has, null where nothing is set.
local DETAIL = {
  "executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate", "input", "inputDetails", "output",
  "outputDetails", "error", "cause", "stateMachineVersionArn", "stateMachineAliasArn", "redriveCount", "redriveDate",
  "redriveStatus", "redriveStatusReason",
}

local function milliseconds(date)
  return date and math.floor(date * 1000 + 0.5)
end

local function detail(description)
  local all = {}
  for _, name in ipairs(DETAIL) do
    local value = description[name]
    if value == nil then
      value = core.null
    end
    all[name] = value
  end
  all.startDate = milliseconds(description.startDate)
  all.stopDate = milliseconds(description.stopDate) or core.null
  all.redriveDate = milliseconds(description.redriveDate) or core.null
  return all
end

local function change(description, id)
  local region, account = description.executionArn:match "^arn:[^:]*:states:([^:]*):([^:]*):"
  return {
    version = "0",
    id = id,
    ["detail-type"] = "Step Functions Execution Status Change",
    source = "aws.states",
    account = account or "",
    time = core.time_format(description.stopDate or description.startDate),
    region = region or "",
    resources = { description.executionArn },
    detail = detail(description),
  }
end

-- As it was when it began.
local function begun(description)
  local first = copy(description)
  for _, name in ipairs { "stopDate", "output", "outputDetails", "error", "cause" } do
    first[name] = nil
  end
  first.status = "RUNNING"
  first.redriveStatus, first.redriveStatusReason = M.redrive "RUNNING"
  return first
end

---The changes of its status so far, each as EventBridge gets it.
---@param description stepfn.Description
---@param new_id fun(n: integer): string
---@return table[]
function M.status_changes(description, new_id)
  local changes = { change(begun(description), new_id(1)) }
  if description.status ~= "RUNNING" then
    changes[2] = change(description, new_id(2))
  end
  return changes
end

return M
