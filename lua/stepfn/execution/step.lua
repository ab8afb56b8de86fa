---Stepping by hand: events in, effects out.
local answer = require "stepfn.execution.answer"
local class = require "stepfn.execution.class"
local seconds = require "stepfn.seconds"

---@class stepfn.Execution
local methods = {}

---@class stepfn.Pending an open attempt
---@field task integer its id, as in effects
---@field status "running"|"submitted"|"waiting" in this process; answered, the end will be reported; an activity that nobody has taken
---@field told boolean has its `task` effect been drained?
---@field state string
---@field resource string
---@field kind "lambda"|"activity"|"integration"|"http"
---@field pattern "request"|"sync"|"sync2"|"token"
---@field attempt integer
---@field deadline number?
---@field heartbeat_deadline number?

---The open attempts, in order of their ids.
---@return stepfn.Pending[]
function methods:pending()
  class.check_open(self, "pending", 2)
  return self.core:pending()
end

---Time is now `now`; runs until nothing can move or the slice is spent.
---@param now number
---@return boolean? accepted
---@return string? message
---@return { code: string }? detail
function methods:advance(now)
  class.check_open(self, "advance", 2)
  seconds.check(now, 1, "advance", 2)
  return answer.answered(self, self.core:advance(now))
end

---Drain the effects; what is left when the loop is broken off comes first next time.
---@return fun(): table?
function methods:effects()
  class.check_open(self, "effects", 2)
  local inner = self.core
  return function()
    return inner:effect()
  end
end

---Feed an event: `{ type = "task_succeeded", now =, task =, output = }`.
---@param event table
---@return boolean? accepted
---@return string? message
---@return { code: string }? detail
function methods:feed(event)
  class.check_open(self, "feed", 2)
  local good, done, message, code = pcall(self.core.feed, self.core, event)
  if not good then
    error((tostring(done):gsub("^bad argument #%d+ to '[^']*'", "bad argument #1 to 'feed'")), 2)
  end
  return answer.answered(self, done, message, code)
end

return { methods = methods }
