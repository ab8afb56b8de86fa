---The input that `--input` names: JSON, "@FILE", or "-" for standard input.
local stepfn = require "stepfn"

local M = {}

local BYTES_MAX = 16 * 1024 * 1024 -- far above what an execution takes

local function read(file, name)
  local text, message = file:read(BYTES_MAX + 1)
  if not text and message then
    return nil, name .. ": " .. message
  elseif text and #text > BYTES_MAX then
    return nil, ("%s: the input has more than %d bytes"):format(name, BYTES_MAX)
  end
  return text or ""
end

local function read_file(path)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  local text, fault = read(file, path)
  file:close()
  return text, fault
end

local function is_file(path)
  local file = io.open(path, "rb")
  return file and file:close()
end

-- Text, and where it comes from or why there is none.
local function text_of(given, standard_input)
  if given == "-" then
    local text, message = read(standard_input, "standard input")
    return text, message or "standard input"
  elseif given:sub(1, 1) == "@" then
    local path = given:sub(2)
    local text, message = read_file(path)
    return text, message or path
  end
  return given, "--input"
end

---@param given string?
---@param standard_input file*
---@return stepfn.Value? input
---@return string? message
function M.read(given, standard_input)
  local text, name = text_of(given or "{}", standard_input)
  if not text then
    return nil, name
  end
  local value, message = stepfn.value(text)
  if value == nil then
    local hint = text == given and is_file(given) and " (for the file: --input @" .. given .. ")" or ""
    return nil, "the input is not JSON: " .. name .. ":" .. tostring(message) .. hint
  end
  return value
end

return M
