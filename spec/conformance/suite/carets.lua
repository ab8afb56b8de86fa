---What `stepfn validate` prints of each invalid definition: the first fault names
---the place that its pointer has in the text, and carets stand under that token.
local place = require "spec.conformance.place"
local stepfn = require "stepfn"
local support = require "spec.support.cli"
local verdict = require "spec.conformance.verdict"

local M = { name = "carets" }

local CHARACTER = "[%z\1-\127\194-\255][\128-\191]*"

function M.cases(file)
  local invalid = {}
  for _, case in ipairs(verdict.collect(file.data, function(first)
    return first.source ~= nil and first.valid ~= nil
  end)) do
    if not verdict.expected(case).valid then
      invalid[#invalid + 1] = case
    end
  end
  return #invalid > 0 and invalid or nil
end

-- Laid out in lines, unless the text is the point.
local function text_of(value)
  return value.definition_text or assert(stepfn.encode(value.definition, { indent = true }))
end

-- The first diagnostic as it is printed: head, source line, carets.
local function first_of(printed)
  local head, line, source, carets = printed:match "^([^\n]+)\n +(%d+) | ([^\n]*)\n +| ([ ^]+)\n"
  if not head then
    return nil
  end
  local at_line, column, code, message = head:match ":(%d+):(%d+): error ([%u_]+): (.*)$"
  return {
    line = tonumber(at_line), column = tonumber(column), code = code, message = message,
    shown = tonumber(line), source = source, carets = carets,
  }
end

---The characters above the carets.
local function marked(source, carets)
  local from, to = carets:find "%^+"
  local column, text = 0, {}
  for character in source:gmatch(CHARACTER) do
    column = column + 1
    if column >= from and column <= to then
      text[#text + 1] = character
    end
  end
  return table.concat(text)
end

function M.run(case)
  case.text = text_of(case.value)
  case.pointer = select(2, verdict.of(case.text))[1].pointer
  local path = support.file(".json", case.text)
  local _, _, printed = support.call { "validate", path }
  support.clean()
  local first = first_of(printed)
  return first and {
    pointer = case.pointer, line = first.line, column = first.column, shown = first.shown, code = first.code,
    message = first.message, token = marked(first.source, first.carets),
  } or { error = "no source line: " .. printed }
end

local function stands_at(text, offset, actual)
  local line, column = place.position(text, offset)
  return line == actual.line and column == actual.column and place.token(text, offset):gsub("%c", ".")
end

-- The token that the diagnostic points at: the member's name, its value, or, where
-- the fault is in a name, one of the names in the object.
local function token_at(text, pointer, actual)
  local spot = place.of(text, pointer)
  if not spot then
    return nil
  end
  local token = spot.key and stands_at(text, spot.key, actual) or stands_at(text, spot.value, actual)
  for _, member in pairs(not token and spot.members or {}) do
    token = token or member.key and stands_at(text, member.key, actual)
  end
  return token
end

---A line that is too long is cut, and with it a long token.
local function is_token(marked_text, token)
  return marked_text == token or (#marked_text > 20 and token:sub(1, #marked_text - 3) == marked_text:sub(1, -4))
end

function M.right(case, actual)
  if actual.error then
    return false, actual.error
  elseif actual.shown ~= actual.line then
    return false, "another line is shown"
  elseif actual.code == "INVALID_JSON_DESCRIPTION" then
    return true -- there is no pointer into what is not JSON
  end
  local token = token_at(case.text, case.pointer, actual)
  if not token then
    return false, ("line %d, column %d is not %q"):format(actual.line, actual.column, case.pointer)
  elseif not is_token(actual.token, token) then
    return false, ("carets under %s, not %s"):format(actual.token, token)
  end
  return true
end

return M
