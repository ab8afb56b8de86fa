---Who an execution is: names and ARNs that nobody gave, made from the seed, so
---that the same seed gives the same run.
local core = require "stepfn.core"

local M = {}

local ACCOUNT, REGION = "000000000000", "us-east-1"
local NAME = "machine" -- of a state machine that has none

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
---@field name string?
---@field arn string? of a run that its caller names; otherwise
---@field arn_prefix string? the core makes name and ARN of the seed when something asks
---@field machine_name string
---@field machine_arn string
---@field role_arn string
---@field synchronous boolean?

local function make(machine, options, seed)
  local aws = options.aws
  local account = aws and aws.account or ACCOUNT
  local prefix = "arn:aws:states:" .. (aws and aws.region or REGION) .. ":" .. account .. ":"
  local machine_name = machine.name or NAME
  return {
    name = options.name or options.arn and core.seed_uuid(seed, 0) or nil,
    arn = options.arn,
    arn_prefix = prefix .. (machine.type == "EXPRESS" and "express:" or "execution:") .. machine_name .. ":",
    machine_name = machine_name,
    machine_arn = options.machine_arn or prefix .. "stateMachine:" .. machine_name,
    role_arn = options.role_arn or machine.role_arn or "arn:aws:iam::" .. account .. ":role/StepFunctions",
    synchronous = options.synchronous,
  }
end

-- What makes the texts of one run differ from those of another.
local function is_usual(options)
  return not (options.name or options.arn or options.aws or options.machine_arn or options.role_arn
    or options.synchronous)
end

---Most runs of a machine differ in nothing but their seed: they share these texts.
---@param machine stepfn.Machine
---@param options table those of run
---@param seed string
---@return stepfn.Identity|stepfn.Value
function M.of(machine, options, seed)
  if not is_usual(options) then
    return make(machine, options, seed)
  end
  local usual = rawget(machine, "_usual")
  if not usual or usual.name ~= machine.name or usual.role_arn ~= machine.role_arn then
    usual = { name = machine.name, role_arn = machine.role_arn, texts = core.value(make(machine, options, seed)) }
    rawset(machine, "_usual", usual)
  end
  return usual.texts
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
