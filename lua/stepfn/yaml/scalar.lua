---What a YAML scalar is in JSON.
---
---YAML has versions that read the same word differently: `yes` is text in 1.2
---and true in 1.1, which AWS's own tools follow. What both read alike is read
---so; where they differ it is text, and a doubt says how to write it. Dates are
---text, as AWS's tools have them. What is a number in JSON is one here too.
local M = {}

---@class stepfn.yaml.Doubt
---@field message string
---@field hint string

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

---@param text string UTF-8
---@return string json
function M.quote(text)
  return '"' .. text:gsub('[%c"\\]', function(char)
    return escapes[char] or ("\\u%04x"):format(char:byte())
  end) .. '"'
end

local constants = {
  [""] = "null", ["~"] = "null", null = "null", Null = "null", NULL = "null",
  ["true"] = "true", True = "true", TRUE = "true",
  ["false"] = "false", False = "false", FALSE = "false",
}

-- Words that YAML 1.1 takes for a boolean.
local switches = {}
for _, word in ipairs { "yes", "on" } do
  switches[word] = "true"
end
for _, word in ipairs { "no", "off" } do
  switches[word] = "false"
end

local function switch_of(text)
  local lower = text:lower()
  local is_word = text == lower or text == text:upper() or text == lower:gsub("^%l", string.upper)
  return is_word and switches[lower]
end

-- --- numbers ---

local HEX_DIGITS_MAX = 13 -- exact in a double

local function hexadecimal(text)
  local digits = text:match "^0x0*(%x+)$"
  if not digits then
    return nil
  elseif #digits > HEX_DIGITS_MAX then
    return nil, "'" .. text .. "' is too large: write it in decimal"
  end
  return ("%.0f"):format(tonumber(digits, 16))
end

local function exponent_of(text)
  return text == "" and "" or text:match "^[eE][-+]?%d+$"
end

-- "+.5e3" as JSON has it: "0.5e3"; nil when it is no number with a fraction or
-- an exponent.
local function fraction(text)
  local sign, whole, dot, digits, rest = text:match "^([-+]?)(%d*)(%.?)(%d*)(.*)$"
  local exponent = exponent_of(rest)
  if not exponent or whole .. digits == "" or dot .. exponent == "" then
    return nil
  end
  whole = whole:gsub("^0+(%d)", "%1")
  local part = dot == "" and "" or "." .. (digits == "" and "0" or digits)
  return (sign == "-" and "-" or "") .. (whole == "" and "0" or whole) .. part .. exponent
end

local function integer(text)
  local sign, digits = text:match "^([-+]?)(%d+)$"
  if digits and (digits == "0" or digits:sub(1, 1) ~= "0") then
    return (sign == "-" and "-" or "") .. digits
  end
end

-- A number that some versions of YAML know: 017, 0o17, 0b11, 1_000, 12:30.
local function is_doubtful_number(text)
  local digits = text:match "^[-+]?([%w_:.]+)$"
  if not digits then
    return false
  end
  local is_grouped = digits:find "_" and digits:find "^%d[%d_]*%.?[%d_]*$"
  local is_sexagesimal = digits:find "^%d[%d_]*:[0-5]?%d[:%d]*%.?%d*$"
  return (digits:find "^0%d+$" or digits:find "^0o[0-7]+$" or digits:find "^0b[01_]+$" or digits:find "^0x[%x_]+$"
    or is_grouped or is_sexagesimal) and true or false
end

local function is_no_json_number(text)
  return text:lower():find "^[-+]?%.inf$" or text:lower() == ".nan"
end

-- --- doubts ---

local function doubt_of(text)
  local switch = switch_of(text)
  if switch then
    return {
      message = ("'%s' is text here, but %s for tools that read YAML 1.1"):format(text, switch),
      hint = ("write '%s' in quotes, or %s"):format(text, switch),
    }
  elseif is_doubtful_number(text) then
    return {
      message = ("'%s' is text here, but a number in some versions of YAML"):format(text),
      hint = "write it in quotes, or as a plain decimal number",
    }
  end
end

local function doubt_of_exponent(text)
  if not text:find "%." or text:find "[eE]%d" then
    return {
      message = ("'%s' is a number here, but text for tools that read YAML 1.1"):format(text),
      hint = "write it with a point and a signed exponent: 1.0e+3",
    }
  end
end

-- --- reading ---

---A scalar without quotes and tag.
---@param text string
---@return string? json
---@return string|stepfn.yaml.Doubt|nil complaint why not, or what is doubtful about it
function M.plain(text)
  local json = constants[text] or integer(text)
  if json then
    return json
  end
  json = fraction(text)
  if json then
    return json, text:find "[eE]" and doubt_of_exponent(text) or nil
  elseif is_no_json_number(text) then
    return nil, "JSON has no number like '" .. text .. "'"
  end
  local complaint
  json, complaint = hexadecimal(text)
  if json or complaint then
    return json, complaint
  end
  return M.quote(text), doubt_of(text)
end

-- What the JSON of YAML's own tags looks like.
local pattern_of = { null = "^null$", bool = "^[tf]%a+$", int = "^%-?%d+$", float = "^%-?%d" }

---A scalar with one of YAML's own tags.
---@param name string "str", "int"
---@param text string
---@return string? json
---@return string? message
function M.tagged(name, text)
  if name == "str" or name == "timestamp" then
    return M.quote(text)
  elseif not pattern_of[name] then
    return nil, "the tag '!!" .. name .. "' has no meaning in JSON"
  end
  local json = M.plain(text)
  if not json or not json:find(pattern_of[name]) then
    return nil, ("'%s' is no '!!%s'"):format(text, name)
  end
  return json
end

---Whether a plain scalar is null: no name for a member.
---@param text string
---@return boolean
function M.is_null(text)
  return constants[text] == "null"
end

---What is doubtful about a plain scalar that names a member.
---@param text string
---@return stepfn.yaml.Doubt?
function M.doubt_of_key(text)
  return doubt_of(text)
end

return M
