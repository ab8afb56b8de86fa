---What the service refuses in a request to make or change a state machine before it
---looks at the definition, and in one to start an execution before anything runs.
local core = require "stepfn.core"
local identity = require "stepfn.identity"

local M = {}

---@class stepfn.MachineRequest fields of AWS CreateStateMachine and UpdateStateMachine
---@field name? string
---@field definition? string
---@field roleArn? string
---@field loggingConfiguration? { level: string?, destinations: table[]? }
---@field tracingConfiguration? table
---@field publish? boolean
---@field versionDescription? string

local function name(request)
  if request.name and identity.name_fault(request.name) then
    return "InvalidName", "Invalid Name: '" .. request.name .. "'"
  end
end

-- Something is to be logged, so it is said where to, once.
local function logging(request)
  local configuration = request.loggingConfiguration
  local level = configuration and configuration.level or "OFF"
  local destinations = configuration and configuration.destinations or {}
  if #destinations > 1 or level ~= "OFF" and #destinations == 0 then
    return "InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination."
  end
end

local function version(request)
  if request.versionDescription and not request.publish then
    return "ValidationException", "Version description can only be set when publish is true"
  end
end

local function anything(request)
  if not (request.definition or request.roleArn or request.loggingConfiguration or request.tracingConfiguration) then
    return "MissingRequiredParameter",
      "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
  end
end

-- The fault of a text that should be JSON, in the words of the service.
local function json_fault(text)
  if not text:find "[^ \t\r\n]" then
    return "Invalid execution input."
  end
  local value, message = core.decode(text)
  return value == nil and (core.json_fault(text) or message) or nil
end

local function input(request)
  local fault = request.input and json_fault(request.input)
  if fault then
    return "InvalidExecutionInput", "Invalid State Machine Execution Input: '" .. fault .. "'"
  end
end

local function first_of(rules, request)
  for _, rule in ipairs(rules) do
    local code, message = rule(request)
    if code then
      return code, message
    end
  end
end

---@param request stepfn.MachineRequest
---@return string? code of the exception; nil: nothing is wrong
---@return string? message
function M.create_fault(request)
  return first_of({ name, logging, version }, request)
end

---@param request stepfn.MachineRequest
---@return string? code of the exception; nil: nothing is wrong
---@return string? message
function M.update_fault(request)
  return first_of({ anything, logging, version }, request)
end

---@class stepfn.StartRequest fields of AWS StartExecution and StartSyncExecution
---@field name? string
---@field input? string JSON

---@param request stepfn.StartRequest
---@return string? code of the exception; nil: nothing is wrong
---@return string? message
function M.start_fault(request)
  return first_of({ name, input }, request)
end

return M
