---Runs one task function to its end, in whatever coroutine the driver gave it,
---and reports what became of it to the pump.
local failure = require "stepfn.failure"
local running = require "stepfn.driver.running"

local M = {}

---Do yields pass through xpcall?
M.yields_through = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil

local handler = failure.handler

---After the function.
---@param context stepfn.Context
---@param good boolean
---@param output any what it returned, or, as the handler of errors gives it, raised
---@param err any
function M.report(context, good, output, err)
  local pump = context._pump
  if good and (err == nil or output ~= nil) then
    pump:succeeded(context, output)
  elseif good then
    pump:failed(context, failure.of_returned(err))
  else
    pump:failed(context, failure.of_raised(output))
  end
end

local report = M.report

-- Yields pass through xpcall: one coroutine is enough.
local function run_modern(context, input)
  local good, output, err = xpcall(context._target.fn, handler, input, context)
  if good and err == nil then
    context._pump:succeeded(context, output)
  else
    report(context, good, output, err)
  end
end

local function interrupted(context, method)
  context._pump:failed(context, failure.LUA_ERROR,
    failure.lambda_cause(method .. " was called where Lua 5.1 can't yield: inside pcall, a metamethod, an iterator, "
      .. "or a function that C calls back"))
end

-- In Lua 5.1 they do not: the function has a coroutine of its own, whose yields
-- are handed on, and nobody catches its errors.
local function hand_on(thread, good, ...)
  if coroutine.status(thread) == "suspended" then
    return hand_on(thread, coroutine.resume(thread, coroutine.yield(...)))
  end
  return good, ...
end

local function run_inside(context, input)
  local fn = context._target.fn
  local thread = coroutine.create(function(...) -- it takes no function of C, nor what can be called
    local output, err = fn(...)
    return output, err
  end)
  running.set(thread, running.driver())
  local good, output, err = hand_on(thread, coroutine.resume(thread, input, context))
  local method = running.interrupted(thread)
  if method then
    interrupted(context, method)
  elseif not good then
    report(context, false, failure.of_thread(output, thread))
  else
    report(context, true, output, err)
  end
end

---The body that a driver runs.
---@type fun(context: stepfn.Context, input: any)
M.run = M.yields_through and run_modern or run_inside

---For drivers that spawn bodies without an argument: the coroutine is theirs.
---@param context stepfn.Context
---@param input any
---@param driver stepfn.Driver
function M.body(context, input, driver)
  return function()
    local thread, is_main = coroutine.running()
    if thread and not is_main then -- a driver may run bodies as they come
      running.set(thread, driver)
    end
    M.run(context, input)
  end
end

---The driver met a yield that it does not know.
---@param message string
---@param context stepfn.Context
function M.refused(message, context)
  context._pump:failed(context, failure.LUA_ERROR, failure.lambda_cause(message))
end

return M
