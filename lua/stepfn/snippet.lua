---The line of a text that a diagnostic points at, with carets under the place.
local display = require "stepfn.display"

local M = {}

local ELLIPSIS = "…"
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

-- What is shown for a character.
local function shown(character)
  if character == "\t" then
    return (" "):rep(TAB_STOP)
  end
  return is_printable(character) and display.clean(character) or "."
end

-- A line as cells of one column each: of what is wide, an empty one follows; what
-- has no width joins the cell before it.  Beside them, in which cell each
-- character stands, and where the next one would.
local function cells_of(line)
  local cells, places = {}, {}
  for character in line:gmatch(display.CHARACTER) do
    local text = shown(character)
    local width = text == character and display.width_of(text) or #text
    places[#places + 1] = #cells + (width > 0 and 1 or 0)
    if width == 0 and cells[1] then
      cells[#cells] = cells[#cells] .. text
    end
    for i = 1, width do
      cells[#cells + 1] = text == character and (i == 1 and text or "") or text:sub(i, i)
    end
  end
  places[#places + 1] = #cells + 1
  return cells, places
end

-- A cell whose wide character is cut off has nothing to fill it.
local function joined(cells, from, to)
  local half = cells[from] == "" and " " or ""
  return half .. table.concat(cells, "", from, to)
end

-- How many cells the JSON token has that begins at `first`.
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
---@param width integer most columns to show
---@param length? integer characters that are pointed at; nil: the JSON token that begins there
---@return string? source nil when the text has no such line
---@return string? carets to stand under `source`
function M.of(text, line, column, width, length)
  local whole = line_at(text, line)
  if not whole then
    return nil
  end
  local cells, places = cells_of(whole)
  local first = places[column] or #cells + 1
  local count = length and (places[column + length] or #cells + 1) - first or token_length(cells, first)
  local from, to = window(#cells, first, width)
  count = math.max(1, math.min(count, to - first + 1))
  local source = joined(cells, from, to)
  local lead = from > 1 and ELLIPSIS or ""
  local pad = (" "):rep(first - from + (from > 1 and 1 or 0))
  return lead .. source .. (to < #cells and ELLIPSIS or ""), pad .. ("^"):rep(count)
end

return M
