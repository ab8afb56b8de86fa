---AWS Step Functions workflows in Lua: load a state machine, run it, and its
---Task states call Lua functions.
---
---    local stepfn = require "stepfn"
---    local machine = assert(stepfn.load_file("order.asl.json"))
---    local execution = machine:run({ id = 7 }, { tasks = { charge = charge } })
local value = require "stepfn.value"

local M = {
  _VERSION = "0.1.0",
  null = value.null,
  array = value.array,
  object = value.object,
  is_array = value.is_array,
  encode = value.encode,
  decode = value.decode,
  value = value.value,
  integer = value.integer,
}

return M
