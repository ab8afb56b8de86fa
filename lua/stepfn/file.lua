---Files that are read or written whole.
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

---@param path string
---@param text string
---@return true? done
---@return string? message
function M.write(path, text)
  local file, message = io.open(path, "wb")
  if not file then
    return nil, message
  end
  local written, lost = file:write(text)
  local closed, unclosed = file:close()
  if not written or not closed then
    return nil, path .. ": " .. tostring(lost or unclosed)
  end
  return true
end

return M
