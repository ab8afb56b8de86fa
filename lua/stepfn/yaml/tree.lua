---From libyaml's events to a tree of nodes, without recursion: anchors, merge
---keys and tags are settled here. A node may stand in several places of the tree.
local scalar = require "stepfn.yaml.scalar"

local M = {}

local DEPTH_MAX = 1000 -- as in JSON texts
local NODES_MAX = 250000
local DOUBTS_MAX = 100
local YAML_TAG = "^tag:yaml%.org,2002:(.*)$"

---@class stepfn.yaml.Node
---@field first integer where it begins, and ends, in characters of the text
---@field last integer
---@field json? string of a scalar
---@field keys? stepfn.yaml.Node[] of a mapping
---@field values? stepfn.yaml.Node[] of a mapping or a sequence
---@field is_null boolean? a plain scalar: nothing, `~`, null
---@field aliases? table<integer, integer> of a collection: which of its values are named by aliases, and where these stand
---@field name? string what a scalar says, as the name of a member

---@alias stepfn.yaml.Tag fun(name: string, kind: "scalar"|"sequence"|"mapping", text: string?): string?, string[]|string|nil

-- An anchor whose node has not ended.
local OPEN = {}

-- Raised, and caught in M.read: a fault and where it is.
local Fault = {}

local function fault(index, message, ...)
  error(setmetatable({ index = index, message = message:format(...) }, Fault), 0)
end

-- --- where we are ---

local function escaped(name)
  return (name:gsub("~", "~0"):gsub("/", "~1"))
end

-- The value that comes next: RFC 6901, and as AWS writes it.
local function where(builder)
  local pointer, location = "", ""
  for _, frame in ipairs(builder.frames) do
    local key, index = frame.key and frame.key.name, #frame.node.values
    if key then
      pointer, location = pointer .. "/" .. escaped(key), location .. "/" .. key
    elseif not frame.node.keys then
      pointer, location = pointer .. "/" .. index, location .. "[" .. index .. "]"
    end
  end
  return pointer, location
end

local function add_doubt(builder, node, doubt, is_key)
  if not doubt or #builder.doubts == DOUBTS_MAX then
    return
  end
  local pointer, location = where(builder)
  if is_key then
    pointer, location = pointer .. "/" .. escaped(node.name), location .. "/" .. node.name
  end
  table.insert(builder.doubts, {
    first = node.first, last = node.last, message = doubt.message, hint = doubt.hint,
    pointer = pointer, location = location ~= "" and location or "/",
  })
end

-- Nodes count, and members that merging copies.
local function count(builder, more, index)
  builder.count = builder.count + more
  if builder.count > NODES_MAX then
    fault(index, "the text has more than %d values", NODES_MAX)
  end
end

-- --- nodes ---

local function new_node(event)
  return { first = event.start_mark.index, last = event.end_mark.index }
end

local function new_text(text, like)
  return { first = like.first, last = like.last, json = scalar.quote(text), name = text }
end

local function new_sequence(texts, like)
  local node = { first = like.first, last = like.last, values = {} }
  for i, text in ipairs(texts) do
    node.values[i] = new_text(text, like)
  end
  return node
end

-- { key: node }
local function wrapped(node, key)
  return { first = node.first, last = node.last, keys = { new_text(key, node) }, values = { node } }
end

-- --- tags ---

local function is_custom(tag)
  return tag and tag ~= "!" and not tag:find(YAML_TAG)
end

-- What the reader of this document makes of a tag: the name of the member that
-- its value becomes, and perhaps other texts in its place.
local function ask_about_tag(builder, event, kind)
  local index = event.start_mark.index
  if not builder.tag then
    fault(index, "the tag '%s' means nothing here", event.tag)
  end
  local key, value = builder.tag(event.tag, kind, event.value)
  if not key then
    fault(index, "%s", value or ("the tag '" .. event.tag .. "' is not known"))
  end
  return key, value
end

local collection_tags = { SEQUENCE_START = "seq", MAPPING_START = "map" }

-- -> the name of the member that the collection becomes, if it has a tag
local function key_of_collection(builder, event)
  local own = event.tag and event.tag:match(YAML_TAG)
  if own and own ~= collection_tags[event.type] then
    fault(event.start_mark.index, "the tag '!!%s' has no meaning in JSON", own)
  elseif is_custom(event.tag) then
    return (ask_about_tag(builder, event, event.type == "SEQUENCE_START" and "sequence" or "mapping"))
  end
end

-- --- scalars ---

-- lyaml ends a text at U+0000.
local function check_nul(builder, event)
  if not builder.has_nul or event.style ~= "DOUBLE_QUOTED" then
    return
  end
  local places = builder.places
  local source = places.text:sub(places:byte(event.start_mark.index), places:byte(event.end_mark.index) - 1)
  source = source:gsub("\\\\", "")
  if source:find "\\0" or source:find "\\x00" or source:find "\\u0000" or source:find "\\U00000000" then
    fault(event.start_mark.index, "a text with the character U+0000 cannot be read from YAML")
  end
end

local function has_nul_escape(text)
  return text:find("\\0", 1, true) or text:find("\\x00", 1, true) or text:find("\\u0000", 1, true)
    or text:find("\\U0000", 1, true)
end

local function is_plain(event)
  return event.style == "PLAIN" and not event.tag
end

-- -> JSON, what is doubtful
local function json_of(event)
  local own = event.tag and event.tag:match(YAML_TAG)
  if own then
    return scalar.tagged(own, event.value)
  elseif is_plain(event) then
    return scalar.plain(event.value)
  end
  return scalar.quote(event.value)
end

local function scalar_of(builder, event)
  local node = new_node(event)
  check_nul(builder, event)
  node.name = event.value
  if is_custom(event.tag) then
    local key, texts = ask_about_tag(builder, event, "scalar")
    node.json = scalar.quote(event.value)
    return wrapped(texts and new_sequence(texts, node) or node, key)
  end
  local complaint
  node.json, complaint = json_of(event)
  node.is_null = is_plain(event) and scalar.is_null(event.value)
  if not node.json then
    fault(node.first, "%s", complaint)
  end
  return node, complaint
end

local function is_merge(event)
  return event.value == "<<" and is_plain(event) or event.tag == "tag:yaml.org,2002:merge"
end

-- --- mappings ---

local function add_key(builder, frame, node)
  if not node.name then
    fault(node.first, "the name of a member must be text")
  elseif node.is_null then
    fault(node.first, "a member has no name")
  elseif frame.places[node.name] then
    local line = builder.places:at(frame.places[node.name])
    fault(node.first, "the member '%s' is there already, in line %d", node.name, line)
  end
  frame.places[node.name] = node.first
  frame.key = node
end

local function add_member(node, key, value)
  table.insert(node.keys, key)
  table.insert(node.values, value)
end

-- The members of 'from' that are not there yet.
local function merge(builder, frame, from, index)
  if not from.keys then
    fault(index, "'<<' takes a mapping, or a sequence of mappings")
  end
  count(builder, #from.keys, index)
  for i, key in ipairs(from.keys) do
    if frame.places[key.name] == nil then
      frame.places[key.name] = false
      add_member(frame.merged, key, from.values[i])
    end
  end
end

local function merge_all(builder, frame)
  for _, entry in ipairs(frame.merges) do
    local from = entry.node
    if from.values and not from.keys then
      for _, each in ipairs(from.values) do
        merge(builder, frame, each, entry.index)
      end
    else
      merge(builder, frame, from, entry.index)
    end
  end
end

-- Merged members stand before its own.
local function with_merged(builder, frame)
  frame.merged = { keys = {}, values = {} }
  merge_all(builder, frame)
  local node = frame.node
  for i, key in ipairs(node.keys) do
    add_member(frame.merged, key, node.values[i])
  end
  node.keys, node.values, node.aliases = frame.merged.keys, frame.merged.values, nil
end

-- --- the tree ---

local function attach(builder, node)
  local frame = builder.frames[#builder.frames]
  if not frame then
    builder.root = node
  elseif not frame.node.keys then
    table.insert(frame.node.values, node)
  elseif frame.merging then
    table.insert(frame.merges, { node = node, index = frame.merging })
    frame.merging = nil
  elseif frame.key then
    add_member(frame.node, frame.key, node)
    frame.key = nil
  else
    add_key(builder, frame, node)
  end
end

local function wants_key(builder)
  local frame = builder.frames[#builder.frames]
  return frame and frame.node.keys and not frame.key and not frame.merging and frame
end

local function anchor(builder, name, node)
  if name then
    builder.anchors[name] = node
  end
end

local function add_scalar(builder, event)
  local index = event.start_mark.index
  local frame = wants_key(builder)
  count(builder, 1, index)
  if frame and is_merge(event) then
    frame.merging = index
    return
  end
  local node, doubt = scalar_of(builder, event)
  if frame then
    doubt = is_plain(event) and scalar.doubt_of_key(event.value)
  end
  add_doubt(builder, node, doubt, frame)
  anchor(builder, event.anchor, node)
  attach(builder, node)
end

local function add_alias(builder, event)
  local index = event.start_mark.index
  local node = builder.anchors[event.anchor]
  count(builder, 1, index)
  if not node then
    fault(index, "nothing before has the anchor '&%s'", event.anchor)
  elseif node == OPEN then
    fault(index, "the alias '*%s' stands within what it names", event.anchor)
  end
  local frame = builder.frames[#builder.frames]
  local holder = frame and not frame.merging and frame.node
  attach(builder, node)
  if holder then
    holder.aliases = holder.aliases or {}
    holder.aliases[#holder.values] = index
  end
end

local function open(builder, event)
  local node = new_node(event)
  count(builder, 1, node.first)
  if wants_key(builder) then
    fault(node.first, "the name of a member must be text")
  elseif #builder.frames >= DEPTH_MAX then
    fault(node.first, "nested more than %d levels deep", DEPTH_MAX)
  end
  node.values = {}
  node.keys = event.type == "MAPPING_START" and {} or nil
  anchor(builder, event.anchor, OPEN)
  table.insert(builder.frames, {
    node = node, anchor = event.anchor, tag_key = key_of_collection(builder, event), places = {}, merges = {},
  })
end

local function close(builder, event)
  local frame = table.remove(builder.frames)
  local node = frame.node
  node.last = event.end_mark.index
  if frame.merges[1] then
    with_merged(builder, frame)
  end
  node = frame.tag_key and wrapped(node, frame.tag_key) or node
  anchor(builder, frame.anchor, node)
  attach(builder, node)
end

local function begin_document(builder, event)
  if builder.root then
    fault(event.start_mark.index, "a second document begins here: one is wanted")
  end
end

local function nothing()
end

local acts = {
  STREAM_START = nothing, DOCUMENT_START = begin_document, DOCUMENT_END = nothing,
  SCALAR = add_scalar, ALIAS = add_alias,
  SEQUENCE_START = open, SEQUENCE_END = close, MAPPING_START = open, MAPPING_END = close,
}

local function build(builder, next_event)
  local event = next_event()
  while event and event.type ~= "STREAM_END" do
    acts[event.type](builder, event)
    event = next_event()
  end
  if not builder.root then
    fault(0, "the document is empty")
  end
end

-- --- libyaml's complaints ---

-- What lyaml raises: "TEXT at document: 1, line: 2, column: 3\nCONTEXT at …",
-- without a place where the text cannot be read at all.
local function complaint_of(raised, places)
  local text = tostring(raised)
  local message = text:gsub(" at document: .*", ""):gsub("%s+$", "")
  local line, column = text:match " at document: %d+, line: (%d+), column: (%d+)"
  if not line then
    line, column = places:unreadable()
  end
  return message, places:clamped(tonumber(line), tonumber(column))
end

-- The next event, libyaml's complaints as faults.
local function guarded(step)
  return function()
    local good, event = pcall(step)
    if not good then
      error(setmetatable({ raised = event }, Fault), 0)
    end
    return event
  end
end

local function explain(fault_found, places)
  if fault_found.raised then
    return complaint_of(fault_found.raised, places)
  end
  local line, column = places:at(fault_found.index)
  return fault_found.message, { line = line, column = column }
end

---@param parser fun(text: string): fun(): table lyaml's
---@param places stepfn.yaml.Places
---@param tag stepfn.yaml.Tag?
---@return { root: stepfn.yaml.Node, doubts: table[] }? tree
---@return string? message
---@return { line: integer, column: integer }? place
function M.read(parser, places, tag)
  local builder = {
    places = places, tag = tag, has_nul = has_nul_escape(places.text), frames = {}, anchors = {}, doubts = {}, count = 0,
  }
  local good, raised = pcall(build, builder, guarded(parser(places.text)))
  if good then
    return builder
  elseif getmetatable(raised) ~= Fault then
    error(raised, 0)
  end
  return nil, explain(raised, places)
end

return M
