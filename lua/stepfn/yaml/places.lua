---Places in a text: libyaml counts characters from its beginning, people lines
---and columns. A byte order mark is no character here.
local M = {}

local MARK = "^\239\187\191"

---@class stepfn.yaml.Places
---@field text string without a byte order mark
---@field first integer[]? for each line the index of its first character; made when asked for
---@field bytes integer[]? the same as bytes
local Places = {}
Places.__index = Places

---@param text string
---@return stepfn.yaml.Places
function M.new(text)
  return setmetatable({ text = text:gsub(MARK, "") }, Places)
end

local function characters(text)
  return select(2, text:gsub("[^\128-\191]", ""))
end

-- A line ends with a line feed, as in editors, whatever libyaml thinks.
local function index_lines(self)
  local first, bytes, index = {}, {}, 0
  for at, line in self.text:gmatch "()([^\n]*\n?)" do
    if line == "" and #first > 0 then
      break
    end
    first[#first + 1], bytes[#bytes + 1] = index, at
    index = index + characters(line)
  end
  self.first, self.bytes = first, bytes
end

local function line_of(self, index)
  if not self.first then
    index_lines(self)
  end
  local low, high = 1, #self.first
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if self.first[middle] <= index then
      low = middle
    else
      high = middle - 1
    end
  end
  return low
end

---@param index integer as libyaml counts, from 0
---@return integer line from 1
---@return integer column in characters, from 1
function Places:at(index)
  local line = line_of(self, index)
  return line, index - self.first[line] + 1
end

---Characters of a line, its end not counted.
---@param line integer
---@return integer
function Places:length(line)
  return characters(self.text:match("^[^\r\n]*", self.bytes[line]))
end

---A place of libyaml's, which may lie behind the end of the text.
---@param line integer
---@param column integer
---@return { line: integer, column: integer }
function Places:clamped(line, column)
  local last, end_column = self:at(characters(self.text))
  if line > last then
    line, column = last, end_column
  end
  return { line = line, column = column }
end

---@param index integer
---@return integer byte from 1
function Places:byte(index)
  local line = line_of(self, index)
  local at = self.bytes[line]
  for _ = 1, index - self.first[line] do
    at = self.text:find("[^\128-\191]", at + 1) or #self.text + 1
  end
  return at
end

-- What UTF-8 is made of, and of control characters what YAML allows.
local sound = {
  "^[\t\n\r\32-\126]+", "^[\194-\223][\128-\191]", "^\224[\160-\191][\128-\191]",
  "^[\225-\236\238-\239][\128-\191][\128-\191]", "^\237[\128-\159][\128-\191]",
  "^\240[\144-\191][\128-\191][\128-\191]", "^[\241-\243][\128-\191][\128-\191][\128-\191]",
  "^\244[\128-\143][\128-\191][\128-\191]",
}

local function after_sound(text, at)
  for _, pattern in ipairs(sound) do
    local _, last = text:find(pattern, at)
    if last then
      return last + 1
    end
  end
end

---Where the text is not what a YAML text may be made of.
---@return integer line
---@return integer column
function Places:unreadable()
  local at, following = 1, 1
  while following and following <= #self.text do
    at = following
    following = after_sound(self.text, at)
  end
  return self:at(characters(self.text:sub(1, at - 1)))
end

return M
