---Text as people see it: without what steers a terminal, and how wide it is.
local M = {}

local ELLIPSIS = "…"

---One character of UTF-8, or a byte that belongs to none.
M.CHARACTER = "[%z\1-\127\194-\255][\128-\191]*"

-- Control characters (those of Latin-1 too), the separators of lines and
-- paragraphs, what turns the direction of writing, and what XML does not allow.
local unfit = { "%c", "\194[\128-\159]", "\226\128[\168-\174]", "\226\129[\166-\169]", "\239\191[\190\191]" }

---`text` in one line, with a blank for each character that is not to be shown.
---@param text string
---@return string
function M.clean(text)
  for _, pattern in ipairs(unfit) do
    text = text:gsub(pattern, " ")
  end
  return text
end

---The same for a text of several lines, which they stay.
---@param text string
---@return string
function M.lines(text)
  return (text:gsub("[^\n]+", M.clean))
end

-- The first and the last of characters that stand on the one before them, and of
-- those that take two columns, in order.
local ranges = {
  [0] = {
    0x300, 0x36F, 0x483, 0x489, 0x591, 0x5BD, 0x610, 0x61A, 0x64B, 0x65F, 0x6D6, 0x6DC, 0x900, 0x902, 0x93C, 0x93C,
    0x941, 0x948, 0x94D, 0x94D, 0xE31, 0xE31, 0xE34, 0xE3A, 0xE47, 0xE4E, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x200B, 0x200F,
    0x2060, 0x2064, 0x20D0, 0x20F0, 0x3099, 0x309A, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F, 0xFEFF, 0xFEFF, 0xE0100, 0xE01EF,
  },
  [2] = {
    0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x2614, 0x2615, 0x2648, 0x2653, 0x26AA, 0x26AB,
    0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x2753, 0x2755,
    0x2795, 0x2797, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2E80, 0x303E, 0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97F,
    0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F,
    0x1F680, 0x1F6FF, 0x1F900, 0x1F9FF, 0x1FA70, 0x1FAFF, 0x20000, 0x3FFFD,
  },
}

-- The number of a character; what is not UTF-8 may get any.
local function code_of(character)
  local first = character:byte()
  local code = first >= 240 and first - 240 or first >= 224 and first - 224 or first - 192
  for i = 2, #character do
    code = code * 64 + character:byte(i) - 128
  end
  return code
end

local function is_within(list, code)
  for i = 1, #list, 2 do
    if code <= list[i + 1] then
      return code >= list[i]
    end
  end
  return false
end

---The columns that one character takes: none, one or two.
---@param character string
---@return integer
function M.width_of(character)
  if #character < 2 then
    return 1
  end
  local code = code_of(character)
  return is_within(ranges[0], code) and 0 or is_within(ranges[2], code) and 2 or 1
end

---The columns that a text takes in a terminal.
---@param text string
---@return integer
function M.width(text)
  if not text:find "[\128-\255]" then
    return #text
  end
  local width = 0
  for character in text:gmatch(M.CHARACTER) do
    width = width + M.width_of(character)
  end
  return width
end

-- As much of `text` as fits into `most` columns.
local function head(text, most)
  local width = 0
  for position, character in text:gmatch("()(" .. M.CHARACTER .. ")") do
    width = width + M.width_of(character)
    if width > most then
      return text:sub(1, position - 1)
    end
  end
  return text
end

---`text` in one line of at most `most` columns.
---@param text string
---@param most integer
---@return string
function M.short(text, most)
  local line = M.clean(text)
  if M.width(line) <= most then
    return line
  end
  return head(line, math.max(most - 1, 0)) .. ELLIPSIS
end

return M
