---The function behind the loop: one more each time it is called. Its first
---attempt at three and at four fails, each time in another way, so that two
---of the retriers have something to do.
local stepfn = require "stepfn"

return {
  Count = function(input, context)
    local count = (input.taskresult and input.taskresult.count or 0) + 1
    if count == 3 and context.attempt == 0 then
      stepfn.fail("CustomError", "three is difficult")
    elseif count == 4 and context.attempt == 0 then
      error("four is difficult too")
    end
    return { count = count }
  end,
}
