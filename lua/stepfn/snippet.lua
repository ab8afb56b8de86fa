---The line of a text that a diagnostic points at, with carets under the place.
local M = {}

local ELLIPSIS = "…"
local CHARACTER = "[%z\1-\127\194-\255][\128-\191]*"
local TAB_STOP = 2

-- Line number `wanted`, without its end; a byte order mark is no part of it.
local function line_at(text, wanted)
  local first = text:find "^\239\187\191" and 4 or 1
  for _ = 2, wanted do
    local newline = text:find("\n", first, true)
    if not newline then
      return nil
    end
    first = newline + 1
  end
  return (text:match("^[^\n]*", first):gsub("\r$", ""))
end

local function is_printable(character)
  return not (character:find "^[%c\245-\255]" or character:find "^[\194-\244]$")
end

-- The characters of a line, each in one column: tabs become blanks, other
-- control characters and broken bytes a dot. `at` is the column of a place in
-- the text; the column where it then stands comes back too.
local function characters_of(line, at)
  local cells, index, place = {}, 0, nil
  for character in line:gmatch(CHARACTER) do
    index = index + 1
    if index == at then
      place = #cells + 1
    end
    if character == "\t" then
      for _ = 1, TAB_STOP do
        cells[#cells + 1] = " "
      end
    else
      cells[#cells + 1] = is_printable(character) and character or "."
    end
  end
  return cells, place or #cells + 1
end

-- How many characters the JSON token has that begins at `first`.
local function token_length(cells, first)
  local start = cells[first]
  if start == '"' then
    local last = first + 1
    while cells[last] and cells[last] ~= '"' do
      last = last + (cells[last] == "\\" and 2 or 1)
    end
    return math.min(last, #cells) - first + 1
  elseif not start or not start:find "^[%w%-]" then
    return 1
  end
  local last = first
  while cells[last + 1] and cells[last + 1]:find "^[%w%.+-]" do
    last = last + 1
  end
  return last - first + 1
end

-- The columns to show: all, or a part with the place in its first half.
local function window(count, first, width)
  if count <= width then
    return 1, count
  end
  local from = math.max(1, math.min(first - math.floor(width / 3), count - width + 1))
  return from, from + width - 1
end

---@param text string
---@param line integer
---@param column integer in characters
---@param width integer most characters to show
---@param length? integer characters that are pointed at; nil: the JSON token that begins there
---@return string? source nil when the text has no such line
---@return string? carets to stand under `source`
function M.of(text, line, column, width, length)
  local whole = line_at(text, line)
  if not whole then
    return nil
  end
  local cells, first = characters_of(whole, column)
  length = length or token_length(cells, first)
  local from, to = window(#cells, first, width)
  length = math.max(1, math.min(length, to - first + 1))
  local source = table.concat(cells, "", from, to)
  local lead = from > 1 and ELLIPSIS or ""
  local pad = (" "):rep(first - from + (from > 1 and 1 or 0))
  return lead .. source .. (to < #cells and ELLIPSIS or ""), pad .. ("^"):rep(length)
end

return M
