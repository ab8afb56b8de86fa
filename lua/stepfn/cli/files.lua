---What the command reads: machines and tasks.
local definition = require "stepfn.definition"
local stepfn = require "stepfn"

local M = { read = require("stepfn.file").read }

local function described(value)
  return value == nil and "nothing" or type(value) == "table" and "a table" or "a " .. type(value)
end

-- What a Lua file returns. What it raises mostly names its line; not where it
-- ends in a tail call.
local function value_of(path)
  local chunk, message = loadfile(path)
  if not chunk then
    return nil, message
  end
  local ok, value = pcall(chunk, path)
  if ok then
    return value
  end
  local text = tostring(value)
  text = text:find "^%a+: 0?x?%x+$" and "it raises " .. described(value) or text
  return nil, text:find(path, 1, true) and text or path .. ": " .. text
end

local function is_machine(value)
  return (type(value) == "table" or type(value) == "userdata") and value.to_json and value.run and true
end

local function machine_of_lua(path)
  local machine, message = value_of(path)
  if message then
    return nil, message
  elseif not is_machine(machine) then
    return nil, path .. ": does not return a machine, as stepfn.load and stepfn.step make them, but " .. described(machine)
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
