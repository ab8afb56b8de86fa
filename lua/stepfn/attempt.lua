---Runs one task function to its end, in whatever coroutine the driver gave it,
---and reports what became of it to the pump.
local failure = require "stepfn.failure"
local running = require "stepfn.driver.running"

local M = {}

local MODERN = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil

local function interrupted(context, method)
  context._pump:failed(context, failure.LUA_ERROR,
    failure.lambda_cause(method .. " was called across pcall, which Lua 5.1 can't yield through"))
end

-- After the function: 'good' and what it returned or raised.
local function report(context, good, output, err)
  local pump = context._pump
  if not good then
    pump:failed(context, failure.of_raised(output))
  elseif output == nil and err ~= nil then
    pump:failed(context, failure.of_returned(err))
  else
    pump:succeeded(context, output)
  end
end

local handler = failure.handler

-- Yields pass through xpcall: one coroutine is enough.
local function run_modern(context)
  report(context, xpcall(context._target.fn, handler, context._input, context))
end

-- In Lua 5.1 they do not: the function has a coroutine of its own, whose yields
-- are handed on, and nobody catches its errors.
local function run_inside(context)
  local target = context._target
  local fn, driver = target.fn, running.driver()
  local thread = coroutine.create(type(fn) == "function" and fn or function(...) return fn(...) end)
  running.set(thread, driver)
  local good, output, err = coroutine.resume(thread, context._input, context)
  while coroutine.status(thread) == "suspended" do
    good, output, err = coroutine.resume(thread, coroutine.yield(output))
  end
  local method = running.interrupted(thread)
  if method then
    interrupted(context, method)
  elseif not good then
    report(context, false, failure.of_thread(output, thread))
  else
    report(context, true, output, err)
  end
end

---The body that a driver runs; its argument is the context of the attempt.
---@type fun(context: stepfn.Context)
M.run = MODERN and run_modern or run_inside

---For drivers that spawn bodies without an argument: the coroutine is theirs.
---@param context stepfn.Context
---@param driver stepfn.Driver
function M.body(context, driver)
  return function()
    local thread, is_main = coroutine.running()
    if thread and not is_main then -- a driver may run bodies as they come
      running.set(thread, driver)
    end
    M.run(context)
  end
end

---The driver met a yield that it does not know.
---@param message string
---@param context stepfn.Context
function M.refused(message, context)
  context._pump:failed(context, failure.LUA_ERROR, failure.lambda_cause(message))
end

return M
