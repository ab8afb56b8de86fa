---What makes a task attempt fail, in Lua: error values become an Error and a
---Cause as AWS shapes them.
local argument = require "stepfn.argument"
local core = require "stepfn.core"

local M = {}

M.LUA_ERROR = "LuaError"

---@class stepfn.Failure what stepfn.fail raises
---@field Error string
---@field Cause? string
local Failure = {
  __name = "stepfn.failure",
  __tostring = function(self)
    return self.Error .. (self.Cause and ": " .. tostring(self.Cause) or "")
  end,
}

---Fail the task attempt that runs: raises.
---@param error_name string what Retry and Catch compare
---@param cause? any text; anything else is turned into JSON text
function M.fail(error_name, cause)
  argument.check_string(error_name, 1, "fail", 2)
  error(setmetatable({ Error = error_name, Cause = cause }, Failure), 0)
end

-- An error with what only the moment of raising knows.
local Raised = {}

-- The message without "file:line:", whatever the chunk is called: only a
-- prefix that names a function on the stack is one.
local function without_position(message, info)
  local level = 1
  local frame = info(level)
  while frame do
    local prefix = frame.short_src .. ":"
    if message:sub(1, #prefix) == prefix then
      return message:match("^%d+: (.*)$", #prefix + 1) or message
    end
    level = level + 1
    frame = info(level)
  end
  return message
end

-- Metamethods of an error value are the user's code: they may raise in turn.
local function protected(fallback, f, ...)
  local good, value = pcall(f, ...)
  if good then
    return value
  end
  return fallback
end

local function has_error(err)
  return err.Error ~= nil
end

local function raised(err, info, traceback)
  if type(err) == "table" and protected(false, has_error, err) then
    return err
  end
  local message = type(err) == "string" and without_position(err, info) or nil
  local text = protected("(a " .. type(err) .. ")", tostring, err)
  return setmetatable({ value = err, message = message, traceback = traceback(text) }, Raised)
end

local function frame_here(level)
  return debug.getinfo(level + 3, "S")
end

local OWN_FRAMES = 4 -- of the handler: not a part of the story

-- No tail calls here: they would change the levels.
local function traceback_here(text)
  local traceback = debug.traceback(text, OWN_FRAMES)
  return traceback
end

---Message handler of xpcall around a task function.
function M.handler(err)
  local result = raised(err, frame_here, traceback_here)
  return result
end

---The same for a coroutine that died of the error.
---@param thread thread
function M.of_thread(err, thread)
  return raised(err, function(level) return debug.getinfo(thread, level - 1, "S") end,
    function(text) return debug.traceback(thread, text) end)
end

local function text_of(value)
  if type(value) == "string" then
    return value
  end
  return protected(nil, core.encode, value) or "(a " .. type(value) .. ")"
end

-- An error value that is no text, without addresses: runs repeat.
local function message_of(value)
  local meta = type(value) == "table" and getmetatable(value)
  if type(meta) == "table" and rawget(meta, "__tostring") then
    return protected(nil, tostring, value) or "(a table)"
  end
  return text_of(value)
end

local function field(err, name)
  return err[name]
end

---The Cause of a plain error, shaped as AWS Lambda shapes it.
---@param message string
---@return string json
function M.lambda_cause(message)
  return (core.encode { errorMessage = core.clean(message), errorType = M.LUA_ERROR })
end

---What was raised, before the handler saw it.
---@param err any from handler
function M.raised_value(err)
  if getmetatable(err) == Raised then
    return err.value
  end
  return err
end

---Error and Cause as the service takes them: in UTF-8. The core cuts them to what it allows.
---@param name string
---@param cause? string
---@return string name
---@return string? cause
function M.cleaned(name, cause)
  return name and core.clean(name), cause and core.clean(cause)
end

local function of_table(err)
  local name, cause = protected(nil, field, err, "Error"), protected(nil, field, err, "Cause")
  if cause ~= nil and cause ~= core.null then
    cause = text_of(cause)
  else
    cause = nil
  end
  return type(name) == "string" and name or text_of(name), cause
end

---Error and Cause of what a task function raised.
---@param err any from handler or of_thread
---@return string error
---@return string? cause
---@return string? traceback
function M.of_raised(err)
  if getmetatable(err) == Raised then
    return M.LUA_ERROR, M.lambda_cause(err.message or message_of(err.value)), err.traceback
  elseif type(err) == "table" then
    return of_table(err)
  end
  return M.LUA_ERROR, M.lambda_cause(message_of(err)) -- memory ran out: no handler was called
end

---Error and Cause of what a task function returned after nil.
---@param err any
---@return string error
---@return string? cause
function M.of_returned(err)
  if type(err) == "table" and protected(false, has_error, err) then
    return of_table(err)
  end
  return M.LUA_ERROR, message_of(err)
end

return M
