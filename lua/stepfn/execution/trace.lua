---The trace of an execution: the core's rows, with the tracebacks of Lua errors
---put where they belong.
local M = {}

-- Rows and ...Entered events are in the same order.
local function rows_by_event(core)
  local row_of, events, count = {}, {}, 0
  for i = 1, core:history_count() do
    local event = core:history_at(i)
    events[event.id] = event
    if event.type:find "StateEntered$" then
      count = count + 1
      row_of[event.id] = count
    end
  end
  return row_of, events
end

-- The row of the visit that an event belongs to: back along the chain.
local function row_around(id, row_of, events)
  while events[id] and not row_of[id] do
    id = events[id].previousEventId
  end
  return row_of[id]
end

---@param core userdata an execution of the core
---@param tracebacks table<integer, string> by id of the attempt's ...Scheduled event
---@return table[]
function M.rows(core, tracebacks)
  local rows = core:trace()
  if next(tracebacks) then
    local row_of, events = rows_by_event(core)
    for id, traceback in pairs(tracebacks) do
      local row = rows[row_around(id, row_of, events)]
      if row then
        row.traceback = traceback
      end
    end
  end
  return rows
end

return M
