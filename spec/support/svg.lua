---Reads the places of things out of an SVG that Graphviz drew.
local M = {}

local unescaped = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"', ["&#45;"] = "-", ["&#39;"] = "'" }

local function box_of(numbers)
  local box = { left = math.huge, right = -math.huge, top = math.huge, bottom = -math.huge }
  for x, y in numbers:gmatch "(-?[%d.]+),(-?[%d.]+)" do
    x, y = tonumber(x), tonumber(y)
    box.left, box.right = math.min(box.left, x), math.max(box.right, x)
    box.top, box.bottom = math.min(box.top, y), math.max(box.bottom, y)
  end
  return box
end

local function round_box(body)
  local x, y, rx, ry = body:match '<ellipse [^>]-cx="([-%d.]+)" cy="([-%d.]+)" rx="([-%d.]+)" ry="([-%d.]+)"'
  return x and box_of(("%f,%f %f,%f"):format(x - rx, y - ry, x + rx, y + ry))
end

---Boxes of the parts of a class, each with its title: "node", "cluster", "edge"
---(of an edge that of its label, if it has one).
---@param svg string
---@param class "node"|"cluster"|"edge"
---@return table[] boxes { title, left, right, top, bottom }
function M.boxes(svg, class)
  local boxes = {}
  for body in svg:gmatch('<g id="[^"]+" class="' .. class .. '">(.-)</g>') do
    local points
    if class == "edge" then
      points = body:match '<polygon fill="white"[^>]- points="([^"]+)"'
    else
      points = body:match ' points="([^"]+)"' or body:match '<path [^>]-d="([^"]+)"'
    end
    local box = points and box_of(points) or class == "node" and round_box(body)
    if box then
      box.title = body:match "<title>(.-)</title>":gsub("&#?%w+;", unescaped)
      boxes[#boxes + 1] = box
    end
  end
  return boxes
end

local function apart(a, b)
  return a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top
end

local function within(inner, outer)
  return inner.left >= outer.left and inner.right <= outer.right and inner.top >= outer.top and inner.bottom <= outer.bottom
end

---Pairs of boxes that cover one another; those that nest do not.
---@param boxes table[]
---@param may_nest boolean?
---@return string[] "title / title"
function M.overlaps(boxes, may_nest)
  local found = {}
  for i, a in ipairs(boxes) do
    for j = i + 1, #boxes do
      local b = boxes[j]
      if not apart(a, b) and not (may_nest and (within(a, b) or within(b, a))) then
        found[#found + 1] = a.title .. " / " .. b.title
      end
    end
  end
  return found
end

---Texts that are wider than the box that they stand in, at a width that is
---low for letters of their size.
---@param svg string
---@return string[]
function M.cut_texts(svg)
  local found = {}
  for body in svg:gmatch '<g id="[^"]+" class="node">(.-)</g>' do
    local box = box_of(body:match ' points="([^"]+)"' or body:match '<path [^>]-d="([^"]+)"' or "")
    for size, text in body:gmatch '<text [^>]-font%-size="([%d.]+)"[^>]*>([^<]*)</text>' do
      local _, count = text:gsub("&#?%w+;", "x"):gsub("[^\128-\191]", "")
      if count * size * 0.4 > box.right - box.left then
        found[#found + 1] = text
      end
    end
  end
  return found
end

---All texts, in the order of drawing.
---@param svg string
---@return string
function M.texts(svg)
  local list = {}
  for text in svg:gmatch "<text [^>]*>([^<]*)</text>" do
    list[#list + 1] = text:gsub("&#?%w+;", unescaped)
  end
  return table.concat(list, "\n")
end

return M
