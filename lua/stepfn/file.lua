---Files that are read or written whole.
local M = {}

---Reads an open file to its end.
---@param file file*
---@param name string for messages
---@param most? integer bytes; more are a fault
---@return string? text
---@return string? message
function M.read_all(file, name, most)
  local text, message = file:read(most and most + 1 or "*a")
  if not text and message then
    return nil, name .. ": " .. message
  elseif most and text and #text > most then
    return nil, ("%s: more than %d bytes"):format(name, most)
  end
  return text or ""
end

---@param path string
---@param most? integer bytes; more are a fault
---@return string? text
---@return string? message
function M.read(path, most)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  local text, fault = M.read_all(file, path, most)
  file:close()
  return text, fault
end

---@param path string
---@return boolean
function M.is_there(path)
  local file = io.open(path, "rb")
  return file ~= nil and file:close() ~= nil
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
