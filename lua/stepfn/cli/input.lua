---The input that `--input` names: JSON, "@FILE", or "-" for standard input.
local files = require "stepfn.file"
local stepfn = require "stepfn"

local M = {}

local BYTES_MAX = 16 * 1024 * 1024 -- far above what an execution takes

-- Text, and where it comes from or why there is none.
local function text_of(given, standard_input)
  if given == "-" then
    local text, message = files.read_all(standard_input, "standard input", BYTES_MAX)
    return text, message or "standard input"
  elseif given:sub(1, 1) == "@" then
    local path = given:sub(2)
    local text, message = files.read(path, BYTES_MAX)
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
    local hint = text == given and files.is_there(given) and " (for the file: --input @" .. given .. ")" or ""
    return nil, "the input is not JSON: " .. name .. ":" .. tostring(message) .. hint
  end
  return value
end

return M
