---Answers a request from outside: the workflow is paused at its token, told
---that somebody is looking at it, and given the answer.
---
---    lua examples/approval/answer.lua
local stepfn = require "stepfn"

local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local machine = assert(stepfn.load_file(folder .. "definition.json"))
local driver = require("stepfn.driver.virtual").new()

-- Runs until only the token is left, and comes back.
local execution = machine:run({ request = "a new chair" }, {
  tasks = dofile(folder .. "tasks.lua"),
  driver = driver,
  pause = true,
})
local open = execution:open_tasks()[1]
print(execution.status, "waits in " .. open.state)

-- Whoever has the token may answer; a heartbeat says: not yet, but soon.
driver:advance(20 * 3600)
assert(execution:task_heartbeat(open.token))
driver:advance(20 * 3600)
assert(execution:task_succeeded(open.token, { approved = true, by = "grace" }))

execution:run()
print(execution.status, execution.output.answer.by)
