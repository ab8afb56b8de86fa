---Options of the form NAME=TEXT, which may be given more than once.
local M = {}

---@param given string[]? as argparse collects them
---@param option string for the message
---@return table<string, string>? texts by name
---@return string? message
function M.read(given, option)
  local texts = {}
  for _, pair in ipairs(given or {}) do
    local name, text = pair:match "^([^=]+)=(.*)$"
    if not name then
      return nil, ("%s: NAME=TEXT expected, got '%s'"):format(option, pair)
    end
    texts[name] = text
  end
  return texts
end

return M
