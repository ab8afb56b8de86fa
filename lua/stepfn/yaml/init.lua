---YAML, as JSON text of which every part knows its place in the YAML. The order
---of members is kept, so a definition in YAML runs as the same one in JSON does.
---
---    local document = assert(yaml.read(text))
---    local machine, message, diagnostics = stepfn.load(document.json)
---    document:relocate(diagnostics)
---
---Needs the Lua module lyaml, which is loaded when something is read.
local argument = require "stepfn.argument"
local options = require "stepfn.options"
local places = require "stepfn.yaml.places"
local tree = require "stepfn.yaml.tree"
local writer = require "stepfn.yaml.writer"

local M = {}

local TEXT_MAX = 2 * 1024 * 1024

---@class stepfn.yaml.Place
---@field line integer from 1
---@field column integer in characters, from 1
---@field length integer characters on that line, at least 1

---@class stepfn.yaml.Document
---@field json string each name, value and closing bracket begins a line
---@field warnings stepfn.Diagnostic[] what other readers of YAML may read otherwise
---@field text string the YAML, without a byte order mark
local Document = {}
Document.__index = Document

-- --- places ---

-- Lines that a scalar of several lines goes on in don't count.
local function place_of(self, node)
  local line, column = self.places:at(node.first)
  local last_line, last_column = self.places:at(node.last)
  local length = 1
  if node.json or node.name then
    length = last_line == line and last_column - column or self.places:length(line) - column + 1
  end
  return { line = line, column = column, length = math.max(length, 1) }
end

---Where the name, value or bracket stands that begins in a line of the JSON.
---@param json_line integer
---@return stepfn.yaml.Place?
function Document:place(json_line)
  local node = self.nodes[json_line]
  return node and place_of(self, node)
end

local function unescaped(step)
  return (step:gsub("~1", "/"):gsub("~0", "~"))
end

-- -> the value and, of a member, its name
local function member(node, step)
  if not node.keys then
    return node.values and node.values[(tonumber(step) or -1) + 1]
  end
  for i, key in ipairs(node.keys) do
    if key.name == step then
      return node.values[i], key
    end
  end
end

local function find(root, pointer)
  local node, key = root, nil
  for step in pointer:gmatch "/([^/]*)" do
    node, key = member(node, unescaped(step))
    if not node then
      return nil
    end
  end
  return node, key
end

---Where a value stands, and the name of it when it is a member.
---@param pointer string RFC 6901
---@return stepfn.yaml.Place? value nil when nothing is there
---@return stepfn.yaml.Place? name
function Document:position(pointer)
  local node, key = find(self.root, pointer)
  if node then
    return place_of(self, node), key and place_of(self, key)
  end
end

---Turn the places of diagnostics of the JSON into those of the YAML.
---@param diagnostics stepfn.Diagnostic[]
---@return stepfn.Diagnostic[] diagnostics the same
function Document:relocate(diagnostics)
  for _, diagnostic in ipairs(diagnostics) do
    local place = diagnostic.line and self:place(diagnostic.line)
    if place then
      diagnostic.line, diagnostic.column, diagnostic.length = place.line, place.column, place.length
    end
  end
  return diagnostics
end

-- --- reading ---

local NO_LYAML = "YAML is read with the Lua module lyaml, which is not installed for this Lua: luarocks install lyaml, "
  .. "or Debian's lua-yaml"

-- lyaml's parser of events, which is a module of its own.
local function load_parser()
  local found, module = pcall(require, "yaml")
  return found and type(module) == "table" and module.parser or nil
end

local function warnings_of(document, doubts)
  local list = {}
  for i, doubt in ipairs(doubts) do
    local place = place_of(document, { first = doubt.first, last = doubt.last, json = "" })
    list[i] = {
      severity = "WARNING", code = "AMBIGUOUS_SCALAR", message = doubt.message, hint = doubt.hint, pointer = doubt.pointer,
      location = doubt.location, line = place.line, column = place.column, length = place.length,
    }
  end
  return list
end

local function new_document(source, root)
  local written, message, index = writer.write(root)
  if not written then
    local line, column = source:at(index or root.first)
    return nil, message, { line = line, column = column }
  end
  return setmetatable({
    json = written.json, nodes = written.nodes, root = root, places = source, text = source.text, warnings = {},
  }, Document)
end

---A part of a document, as a document of its own with the same places.
---@param pointer string RFC 6901
---@return stepfn.yaml.Document? part nil when nothing is there
---@return string? message
function Document:part(pointer)
  local node = find(self.root, pointer)
  if not node then
    return nil, "nothing is at " .. pointer
  end
  return new_document(self.places, node)
end

local known = { tag = "function" }

local function is_list_of_texts(value)
  for _, text in ipairs(type(value) == "table" and value or { false }) do
    if type(text) ~= "string" then
      return false
    end
  end
  return true
end

-- What is wrong with the answer about a tag, or nil.
local function fault_of_answer(key, value)
  if key ~= nil and type(key) ~= "string" then
    return "text or nil expected of the function, got " .. type(key)
  elseif key and value ~= nil and not is_list_of_texts(value) then
    return "a list of texts expected as the function's second result"
  end
end

-- Asks the caller's function; an answer that is none is kept in `misuse`.
local function asking(tag, misuse)
  return tag and function(...)
    local key, value = tag(...)
    misuse.fault = misuse.fault or fault_of_answer(key, value)
    if misuse.fault then
      return nil, misuse.fault
    end
    return key, value
  end
end

---Read a text of one YAML document.
---
---`tag` is asked about each tag that is not YAML's own (`!Sub`): it answers with
---the name of the member that the value becomes, `{ "Fn::Sub": value }`, and for
---a scalar perhaps a list of texts that stands for it (`!GetAtt a.b`); or with nil
---and what is wrong. Without it such tags are refused.
---@param text string
---@param settings? { tag: stepfn.yaml.Tag? }
---@return stepfn.yaml.Document? document
---@return string? message
---@return { line: integer?, column: integer?, code: "YAML_NOT_AVAILABLE"|"INVALID_YAML_DESCRIPTION" }? detail
function M.read(text, settings)
  argument.check_string(text, 1, "read", 2)
  settings = options.check(settings, known, 2, "read", 2)
  local parser = load_parser()
  if not parser then
    return nil, NO_LYAML, { code = "YAML_NOT_AVAILABLE" }
  elseif #text > TEXT_MAX then
    return nil, ("the text has more than %d bytes"):format(TEXT_MAX),
      { code = "INVALID_YAML_DESCRIPTION", line = 1, column = 1 }
  elseif text:find "^\255\254" or text:find "^\254\255" then
    return nil, "the text is not UTF-8", { code = "INVALID_YAML_DESCRIPTION", line = 1, column = 1 }
  end
  local source = places.new(text)
  local misuse = {}
  local read, message, place = tree.read(parser, source, asking(settings.tag, misuse))
  if misuse.fault then
    argument.fault(2, "read", "option 'tag': " .. misuse.fault, 2)
  end
  local document
  if read then
    document, message, place = new_document(source, read.root)
  end
  if not document then
    place.code = "INVALID_YAML_DESCRIPTION"
    return nil, message, place
  end
  document.warnings = warnings_of(document, read.doubts)
  return document
end

return M
