---AWS Step Functions workflows in Lua: load a state machine, run it, and its
---Task states call Lua functions.
---
---    local stepfn = require "stepfn"
---    local machine = assert(stepfn.load_file("order.asl.json"))
---    local execution = machine:run({ id = 7 }, { tasks = { charge = charge } })
local argument = require "stepfn.argument"
local failure = require "stepfn.failure"
local machine = require "stepfn.machine"
local running = require "stepfn.driver.running"
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
  load = machine.load,
  load_file = machine.load_file,
  validate = machine.validate,
  fail = failure.fail,
}

---Wait, inside a task, for something that calls back:
---`local err, address = stepfn.await(function(done) uv.getaddrinfo(host, nil, nil, done) end)`
---@param start fun(done: fun(...)) begins it and sees to it that `done` is called, once
---@return any ... what done was given
function M.await(start)
  if type(start) ~= "function" then
    argument.fault(1, "await", "function expected, got " .. type(start), 2)
  end
  return running.suspend("await", start)
end

return M
