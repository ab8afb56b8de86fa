---What the command knows of the terminal it writes to.
local M = {}

local WIDTH = 100

---Whether standard error (or another descriptor) is a terminal.
---@param descriptor integer? 2
---@return boolean
function M.is_terminal(descriptor)
  return require("stepfn.core").isatty(descriptor or 2)
end

---Whether the locale's characters are those of Unicode: not when it names others.
---@return boolean
function M.is_utf8()
  for _, name in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
    local value = os.getenv(name)
    if value and value ~= "" then
      return value:lower():find "utf%-?8" ~= nil
    end
  end
  return true
end

-- "rows columns" of the terminal that standard error is.
local function columns_of_stty()
  local pipe = io.popen "stty size <&2 2>/dev/null"
  local text = pipe and pipe:read "*a" or ""
  if pipe then
    pipe:close()
  end
  return tonumber(text:match "%d+%s+(%d+)")
end

---How wide a line may be.
---@param is_terminal boolean
---@return integer
function M.width(is_terminal)
  local given = tonumber(os.getenv "COLUMNS")
  local width = given or is_terminal and columns_of_stty() or WIDTH
  return width > 0 and width or WIDTH
end

---Whether to write in colour: on a terminal, unless NO_COLOR is set.
---@param is_terminal boolean
---@return boolean
function M.colour(is_terminal)
  local refused = os.getenv "NO_COLOR"
  return is_terminal and (refused == nil or refused == "") and os.getenv "TERM" ~= "dumb"
end

return M
