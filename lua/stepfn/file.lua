---Files that are read whole.
local M = {}

---@param path string
---@return string? text
---@return string? message
function M.read(path)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  local text, failure = file:read "*a"
  file:close()
  return text, text == nil and path .. ": " .. tostring(failure) or nil
end

return M
