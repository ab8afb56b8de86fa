---Who an execution is: names and ARNs that nobody gave, made from the seed, so
---that the same seed gives the same run.
local core = require "stepfn.core"

local M = {}

local ACCOUNT, REGION = "000000000000", "us-east-1"
local NAME = "machine" -- of a state machine that has none

local NAME_UUID, RUN_UUID = 0, 1

local NAME_MAX = 80 -- characters

---What AWS would not take in the name of an execution.
---@param name string
---@return string? fault nil: nothing
function M.name_fault(name)
  local _, count = name:gsub("[^\128-\191]", "")
  local wrong = name:match "[%s%c<>{}%[%]?*\"#%%\\^|~`$&,;:/]" or name:match "\194[\128-\159]"
  if count < 1 or count > NAME_MAX then
    return ("1 to %d characters expected, got %d"):format(NAME_MAX, count)
  elseif wrong then
    local shown = wrong:find "^[%c\194]" and "a control character" or "'" .. wrong .. "'"
    return shown .. " can't be in a name"
  elseif core.clean(name) ~= name then
    return "no UTF-8"
  end
end

---@class stepfn.Identity texts for the core's facts
---@field name string
---@field arn string
---@field machine_name string
---@field machine_arn string
---@field role_arn string
---@field synchronous boolean?

---@param machine stepfn.Machine
---@param options table those of run
---@param seed string
---@return stepfn.Identity
function M.of(machine, options, seed)
  local aws = options.aws
  local account = aws and aws.account or ACCOUNT
  local prefix = "arn:aws:states:" .. (aws and aws.region or REGION) .. ":" .. account .. ":"
  local machine_name = machine.name or NAME
  local name = options.name or core.seed_uuid(seed, NAME_UUID)
  local arn = options.arn
  if not arn and machine.type == "EXPRESS" then
    arn = prefix .. "express:" .. machine_name .. ":" .. name .. ":" .. core.seed_uuid(seed, RUN_UUID)
  end
  return {
    name = name,
    arn = arn or prefix .. "execution:" .. machine_name .. ":" .. name,
    machine_name = machine_name,
    machine_arn = options.machine_arn or prefix .. "stateMachine:" .. machine_name,
    role_arn = options.role_arn or machine.role_arn or "arn:aws:iam::" .. account .. ":role/StepFunctions",
    synchronous = options.synchronous,
  }
end

---A random seed, or the one of a number.
---@param number? number
---@return string seed 8 bytes
function M.seed(number)
  if number == nil then
    return core.random_bytes(8)
  end
  return core.seed(number)
end

return M
