---What the command reads: machines and tasks.
local definition = require "stepfn.definition"
local stepfn = require "stepfn"

local M = { read = require("stepfn.file").read }

local function described(value)
  return value == nil and "nothing" or type(value) == "table" and "a table" or "a " .. type(value)
end

-- What a Lua file returns: a value; or nil, message and perhaps diagnostics. What
-- it raises mostly names its line; not where it ends in a tail call.
local function value_of(path)
  local chunk, message = loadfile(path)
  if not chunk then
    return nil, message
  end
  local ok, value, why, diagnostics = pcall(chunk, path)
  if ok then
    return value, value == nil and type(why) == "string" and why or nil, diagnostics
  end
  local text = tostring(value)
  text = text:find "^%a+: 0?x?%x+$" and "it raises " .. described(value) or text
  return nil, text:find(path, 1, true) and text or path .. ": " .. text
end

local function is_machine(value)
  return (type(value) == "table" or type(value) == "userdata") and value.to_json and value.run and true
end

local function not_a_machine(path, value)
  return path .. ": does not return a machine, as stepfn.load and stepfn.step make them, but " .. described(value)
end

-- Those of a definition in a script: their lines are not the script's.
local function without_places(diagnostics)
  local list = {}
  for i, each in ipairs(type(diagnostics) == "table" and diagnostics or {}) do
    list[i] = {
      severity = each.severity, code = each.code, message = each.message, location = each.location, pointer = each.pointer,
      hint = each.hint,
    }
  end
  return list[1] and list or nil
end

-- The builder raises its faults, and so does assert(stepfn.load(…)): one a line,
-- behind the line of the script.
local function faults_in(message)
  local line = tonumber(message:match "^[^\n]-%.lua:(%d+): ")
  local list = {}
  for row in message:gmatch "[^\n]+" do
    local place, code, text = row:match "^(.-)error (%u[%u_]+): (.+)$"
    if not code then
      place, code, text = row:match "^(  )(%u[%u_]+): (.+)$"
    end
    if code then
      list[#list + 1] = {
        severity = "ERROR", code = code, message = place:gsub("^ +$", "") .. text, pointer = "", line = line, column = line and 1,
      }
    end
  end
  return list[1] and list or nil
end

---The machine that a Lua file returns, and what is doubtful in it.
---@param path string
---@return stepfn.Machine? machine
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics of the definition, when there is one
function M.checked_machine(path)
  local machine, message, diagnostics = value_of(path)
  if message then
    return nil, message, without_places(diagnostics) or faults_in(message)
  elseif not is_machine(machine) then
    return nil, not_a_machine(path, machine)
  end
  return machine, nil, without_places(stepfn.validate(machine:to_json(), { type = machine.type })) or {}
end

local function machine_of_lua(path)
  local machine, message = value_of(path)
  if message then
    return nil, message
  elseif not is_machine(machine) then
    return nil, not_a_machine(path, machine)
  end
  return machine
end

---The machine in a file of JSON, YAML or Lua.
---@param path string
---@param options table for stepfn.load; it gets the format of the file
---@return stepfn.Machine? machine
---@return string? message
---@return stepfn.Diagnostic[]? diagnostics errors, or warnings beside a machine
---@return string? text that the diagnostics point into
function M.machine(path, options)
  local text, message = M.read(path)
  if not text then
    return nil, message
  elseif path:find "%.lua$" then
    return machine_of_lua(path)
  end
  options.format = definition.format_of(path)
  local machine, fault, diagnostics = stepfn.load(text, options)
  return machine, fault, diagnostics, text
end

---The table (or function) that a tasks file returns.
---@param path string
---@return table|function|nil tasks
---@return string? message
function M.tasks(path)
  local tasks, message = value_of(path)
  if message then
    return nil, message
  elseif type(tasks) ~= "table" and type(tasks) ~= "function" then
    return nil, path .. ": does not return a table of task functions, { name = function(input) … end }, but " .. described(tasks)
  end
  return tasks
end

return M
