---Timers: a binary heap, earliest first; of equal times, oldest first.  One that
---is taken back stays where it is, empty, until it comes to the top.
---@class stepfn.driver.Timer
---@field due number
---@field order integer
---@field item any nil once it is taken back

---@class stepfn.driver.Timers
---@field made integer how many were ever added
local Timers = {}
Timers.__index = Timers

local M = {}

---@return stepfn.driver.Timers
function M.new()
  return setmetatable({ made = 0 }, Timers)
end

local function before(a, b)
  return a.due < b.due or a.due == b.due and a.order < b.order
end

---@param due number
---@param item any
---@return stepfn.driver.Timer
function Timers:add(due, item)
  self.made = self.made + 1
  local timer = { due = due, order = self.made, item = item }
  local i = #self + 1
  self[i] = timer
  while i > 1 do
    local up = math.floor(i / 2)
    if not before(timer, self[up]) then
      break
    end
    self[i], self[up] = self[up], timer
    i = up
  end
  return timer
end

local function sink(heap, i)
  local timer, n = heap[i], #heap
  while 2 * i <= n do
    local child = 2 * i
    if child < n and before(heap[child + 1], heap[child]) then
      child = child + 1
    end
    if not before(heap[child], timer) then
      break
    end
    heap[i], heap[child] = heap[child], timer
    i = child
  end
end

local function remove_first(heap)
  local n = #heap
  heap[1] = heap[n]
  heap[n] = nil
  if n > 2 then
    sink(heap, 1)
  end
end

---When the first is due.
---@return number?
function Timers:next_due()
  while self[1] and self[1].item == nil do
    remove_first(self)
  end
  return self[1] and self[1].due
end

---The item of the first, when that is due.
---@param now number
---@return any item nil when none is
function Timers:take(now)
  local due = self:next_due()
  if due and due <= now then
    local item = self[1].item
    remove_first(self)
    return item
  end
end

return M
