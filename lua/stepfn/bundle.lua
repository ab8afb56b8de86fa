---An execution with those below it, in one snapshot: each is a snapshot of its own,
---attached to that of its parent.  A copy has copies of them.
---
---What is attached is a row of parts: "c ID LENGTH\\n" and a child's snapshot, or
---"m 0 LENGTH\\n" and what is known of Map Runs, as JSON.
local children = require "stepfn.children"
local core = require "stepfn.core"

local M = {}

local function part(kind, id, text)
  return ("%s %d %d\n"):format(kind, id, #text) .. text
end

---@param pump stepfn.Pump
---@param history boolean?
---@return string? text of the pump's execution and all below it
---@return string? message
---@return { code: string }? detail
function M.snapshot(pump, history)
  local parts = {}
  if pump.map_runs[1] then
    parts[1] = part("m", 0, core.encode(pump.map_runs))
  end
  for _, id in ipairs(children.ids(pump)) do
    local text, message, detail = M.snapshot(pump.children[id], history)
    if not text then
      return nil, message, detail
    end
    parts[#parts + 1] = part("c", id, text)
  end
  return pump.core:snapshot(history, table.concat(parts))
end

local function damaged()
  return nil, "the snapshot is damaged", { code = "DAMAGED" }
end

-- The parts one by one: kind, id, text; false when it is no row of parts.
local function each(attached)
  local at = 1
  return function()
    if at > #attached then
      return nil
    end
    local kind, id, length, start = attached:match("^([cm]) (%d+) (%d+)\n()", at)
    local stop = kind and start + tonumber(length) - 1
    if not stop or stop > #attached then
      at = #attached + 1
      return false
    end
    at = stop + 1
    return kind, tonumber(id), attached:sub(start, stop)
  end
end

local function adopt(pump, id, text)
  local inner, attached, detail = core.resume(pump.execution.machine.core, text, pump.on_child ~= nil)
  if not inner then
    return nil, attached, detail
  end
  return M.restore(children.adopt(pump, id, inner), attached)
end

---Give a pump what was attached to its execution's snapshot.
---@param pump stepfn.Pump
---@param attached string
---@return true? done
---@return string? message
---@return { code: string }? detail
function M.restore(pump, attached)
  for kind, id, text in each(attached) do
    local done, message, detail = true, nil, nil
    if kind == "c" and not pump.children[id] then
      done, message, detail = adopt(pump, id, text)
    elseif kind == "m" then
      pump.map_runs = core.decode(text)
    else
      return damaged()
    end
    if not done then
      return nil, message, detail
    end
  end
  return true
end

---Copy the children of one pump into another, whose execution is a copy.
---@param from stepfn.Pump
---@param to stepfn.Pump
---@return true? done
---@return string? message
---@return { code: string }? detail
function M.fork(from, to)
  for id, run in pairs(from.map_runs) do
    to:made "map_runs"[id] = run
  end
  for _, id in ipairs(children.ids(from)) do
    local inner, message, detail = from.children[id].core:fork()
    if not inner then
      return nil, message, detail
    end
    local done
    done, message, detail = M.fork(from.children[id], children.adopt(to, id, inner))
    if not done then
      return nil, message, detail
    end
  end
  return true
end

return M
