---The rows of `execution:trace()` as a table for people.
local display = require "stepfn.display"
local stepfn = require "stepfn"

local M = {}

local STATE_WIDTH_MAX = 32
local DATA_WIDTH_MIN = 12
local WIDTH = 100

local styles = { head = "\27[1m", dim = "\27[2m", bad = "\27[31m" }
local PLAIN = "\27[0m"

---@class stepfn.trace.Options
---@field width integer? of a line, 100
---@field colour boolean? whether to use the colours of a terminal
---@field start number? from when times are counted; the first row's entry

local function pad(text, width)
  return text .. (" "):rep(width - display.width(text))
end

local function pad_left(text, width)
  return (" "):rep(width - display.width(text)) .. text
end

local units = { { 86400, "d" }, { 3600, "h" }, { 60, "m" } }

---A time span in its largest units: "3s", "0.25s", "2d00h00m06s".
---@param seconds number
---@return string
function M.span(seconds)
  local rest = math.floor(seconds * 1000 + 0.5) / 1000
  local parts = {}
  for _, unit in ipairs(units) do
    local count = math.floor(rest / unit[1])
    if count > 0 or #parts > 0 then
      parts[#parts + 1] = (#parts > 0 and "%02d%s" or "%d%s"):format(count, unit[2])
      rest = rest - count * unit[1]
    end
  end
  parts[#parts + 1] = #parts > 0 and ("%02ds"):format(math.floor(rest)) or ("%gs"):format(rest)
  return table.concat(parts)
end

local function json(value)
  if value == nil then
    return ""
  end
  return stepfn.encode(value) or ""
end

-- A row of a branch or an iteration is indented, and says which one it is of.
-- Its path names states and indices in turn.
local function state_text(row)
  local path = row.path or {}
  local index = path[#path]
  return ("  "):rep(#path / 2) .. row.state .. (index and (" [%d]"):format(index) or "")
end

-- The cells of a row as text, not yet shortened.
local function cells_of(row, start)
  local over = row.exited or row.ended
  return {
    state = state_text(row),
    type = row.type,
    tries = row.attempts and row.attempts > 0 and ("%d"):format(row.attempts) or "",
    at = M.span(row.entered - start),
    took = over and M.span(over - row.entered) or "",
    input = json(row.input),
    output = json(row.output),
  }
end

local columns = {
  { "state", pad },
  { "type", pad },
  { "tries", pad_left },
  { "at", pad_left },
  { "took", pad_left },
  { "input", pad },
  { "output", pad },
}

local GAP = 2

local function widest(lines, name, most)
  local width = 0
  for _, line in ipairs(lines) do
    width = math.max(width, display.width(line[name]))
  end
  return math.min(width, most)
end

-- Input and output share what the other columns leave, each getting what it
-- needs if the other needs less.
local function share(room, input, output)
  if input + output <= room then
    return input, output
  end
  local half = math.floor(room / 2)
  if input <= half then
    return input, room - input
  elseif output <= half then
    return room - output, output
  end
  return half, room - half
end

local is_data = { input = true, output = true }

-- The columns to show, their widths, and the room that is left for data.
local function measure(lines, width, dropped)
  local shown, widths, room = {}, {}, width + GAP
  for _, column in ipairs(columns) do
    local name = column[1]
    if not dropped[name] then
      shown[#shown + 1] = column
      widths[name] = widest(lines, name, name == "state" and STATE_WIDTH_MAX or width)
      room = room - GAP - (is_data[name] and 0 or widths[name])
    end
  end
  return shown, widths, room
end

-- What a narrow terminal has no room for, in the order in which it goes.
local expendable = { "input", "type", "took", "at", "tries" }

local function layout(lines, width)
  local dropped, count = {}, 0
  local shown, widths, room = measure(lines, width, dropped)
  while count < #expendable and room < (dropped.input and 1 or 2) * DATA_WIDTH_MIN do
    count = count + 1
    dropped[expendable[count]] = true
    shown, widths, room = measure(lines, width, dropped)
  end
  room = math.max(room, DATA_WIDTH_MIN)
  widths.input, widths.output = share(room, widths.input or 0, widths.output)
  return shown, widths
end

local function line_text(cells, shown, widths)
  local parts = {}
  for index, column in ipairs(shown) do
    local name, align = column[1], column[2]
    parts[index] = align(display.short(cells[name], widths[name]), widths[name])
  end
  return (table.concat(parts, (" "):rep(GAP)):gsub("%s+$", ""))
end

-- The frames of a task's own code: below its xpcall stand ours.
local function own_frames(traceback)
  local ours = traceback:find("%s*%[C%]: in function 'xpcall'")
  return ours and traceback:sub(1, ours - 1) or traceback
end

-- Error and cause of a row; an empty or missing part is null in the history.
local function error_text(row)
  local parts = {}
  for _, name in ipairs { "error", "cause" } do
    local part = row[name]
    if part ~= nil and part ~= stepfn.null then
      parts[#parts + 1] = type(part) == "string" and part or json(part)
    end
  end
  return #parts > 0 and table.concat(parts, ": ") or nil
end

---@param rows stepfn.TraceRow[] of execution:trace()
---@param options stepfn.trace.Options?
---@return string text lines, each with its newline
function M.format(rows, options)
  options = options or {}
  local width = options.width or WIDTH
  local start = options.start or rows[1] and rows[1].entered or 0
  local out = {}

  local function write(text, style)
    out[#out + 1] = options.colour and style and style .. text .. PLAIN or text
  end

  local lines = { { state = "state", type = "type", tries = "tries", at = "at", took = "took", input = "input", output = "output" } }
  for _, row in ipairs(rows) do
    lines[#lines + 1] = cells_of(row, start)
  end
  local shown, widths = layout(lines, width)
  write(line_text(lines[1], shown, widths), styles.head)
  for index, row in ipairs(rows) do
    write(line_text(lines[index + 1], shown, widths))
    local problem = error_text(row)
    if problem then
      write(display.short("  ! " .. problem, width), styles.bad)
    end
    for text in own_frames(row.traceback or ""):gmatch "[^\n]+" do
      write(display.short("    " .. text, width), styles.dim)
    end
  end
  return table.concat(out, "\n") .. "\n"
end

return M
