---Definitions as text: JSON, or YAML, which becomes JSON first. Whichever it was,
---diagnostics have the places of the text that was given.
local core = require "stepfn.core"
local diagnostic = require "stepfn.diagnostic"
local yaml = require "stepfn.yaml"

local M = {}

---@alias stepfn.Format "json"|"yaml"

M.formats = { json = true, yaml = true }

---What the extension of a path says: YAML for `.yml` and `.yaml`, else JSON.
---@param path string
---@return stepfn.Format
function M.format_of(path)
  return path:lower():find "%.ya?ml$" and "yaml" or "json"
end

---@class stepfn.CoreOptions what the core's load takes besides the definition
---@field name? string
---@field is_express boolean
---@field substitutions? stepfn.Value
---@field validate_only? boolean

local function load_json(definition, options)
  return core.load(definition, options.name, options.is_express, options.substitutions, options.validate_only)
end

-- --- JSON ---

local YAML_HINT = "for YAML say so: the option format = \"yaml\", or a file name that ends in .yaml or .yml"

local MARK_HINT = "the text begins with a byte order mark: save it without"

-- "StartAt: A", "---", "# A remark"; what JSON begins with never looks so.
local function looks_like_yaml(text)
  return text:find "^%s*[%w_]+:%s" or text:find "^%-%-%-%s" or text:find "^%s*#"
end

local ENCODING_HINT = "JSON is UTF-8: save the text so"

local PLACEHOLDER_HINT = "a ${placeholder} without quotes is no JSON before it is replaced: read the template that does so"

-- The first that fits.
local function hint_of(text, fault)
  return text:find "^\239\187\191" and MARK_HINT or fault.message:find "^Invalid UTF%-8" and ENCODING_HINT
    or fault.message:find "^Unrecognized token '%$'" and text:find("${", 1, true) and PLACEHOLDER_HINT
    or looks_like_yaml(text) and YAML_HINT or nil
end

-- What the core can't place is about the text as a whole.
local function place_all(definition, diagnostics)
  for _, each in ipairs(type(definition) == "string" and diagnostics or {}) do
    if not each.line then
      each.line, each.column = 1, 1
    end
  end
end

-- What is no JSON at all may be something else.
local function add_hint(definition, diagnostics)
  local first = diagnostics[1]
  if type(definition) == "string" and first and first.code == "INVALID_JSON_DESCRIPTION" then
    first.hint = hint_of(definition, first) or first.hint
  end
end

-- --- YAML ---

-- Faults of the JSON that was made quote a text that nobody wrote.
local function forget_json(diagnostics)
  for _, each in ipairs(diagnostics) do
    if each.location and each.location:find("[Source: ", 1, true) == 1 then
      each.message, each.location = diagnostic.message(each), nil
    end
  end
end

local function load_yaml(text, options)
  local document, message, detail = yaml.read(text)
  if not document then
    return nil, {
      { severity = "ERROR", code = detail.code, message = message, pointer = "", line = detail.line, column = detail.column },
    }
  end
  local inner, diagnostics = load_json(document.json, options)
  forget_json(diagnostics)
  document:relocate(diagnostics)
  for _, warning in ipairs(document.warnings) do
    diagnostics[#diagnostics + 1] = warning
  end
  return inner, diagnostics
end

---@param definition string|stepfn.Value
---@param format stepfn.Format? of a text
---@param options stepfn.CoreOptions
---@return stepfn.core.Machine? machine
---@return stepfn.Diagnostic[] diagnostics
function M.load(definition, format, options)
  if format == "yaml" and type(definition) == "string" then
    return load_yaml(definition, options)
  end
  local inner, diagnostics = load_json(definition, options)
  add_hint(definition, diagnostics)
  place_all(definition, diagnostics)
  return inner, diagnostics
end

return M
