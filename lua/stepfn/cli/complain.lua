---What the command says when it can't do what was asked.
local display = require "stepfn.display"

---@param err file*
---@param message string of one line or several
return function(err, message)
  err:write("stepfn: ", display.lines(message), "\n")
end
