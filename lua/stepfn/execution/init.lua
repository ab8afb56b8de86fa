---A running state machine: drive it, answer its tasks, read what became of it.
---Its methods stand in the files beside this one; here they become one class.
local answer = require "stepfn.execution.answer"
local class = require "stepfn.execution.class"
local drive = require "stepfn.execution.drive"
local new = require "stepfn.execution.new"
local read = require "stepfn.execution.read"
local snapshot = require "stepfn.execution.snapshot"
local step = require "stepfn.execution.step"

for _, part in ipairs { drive, answer, step, read, snapshot } do
  class.add(part.methods)
end

return { new = new.new, drive = drive.drive, detach = drive.detach, resume = snapshot.resume }
