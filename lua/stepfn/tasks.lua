---Which Lua function runs a Task state: the order of lookup, and what each kind
---of registration is given and gives back.
local core = require "stepfn.core"
local display = require "stepfn.display"

local M = {}

---@class stepfn.TaskInfo a Task state of a machine
---@field state string
---@field pointer string
---@field resource string
---@field kind "lambda"|"activity"|"integration"|"http"
---@field pattern "request"|"sync"|"sync2"|"token"
---@field service? string
---@field action? string
---@field key string "state:NAME"
---@field is_invoke boolean lambda:invoke: FunctionName and Payload are in the input
---@field name? string of the function or activity that is called
---@field is_dynamic boolean the name is only known from the input

---@class stepfn.Target what runs a Task state
---@field fn? function (input, context) -> output; an activity may have none and stays open
---@field is_payload? boolean given the Payload alone; its output is wrapped
---@field missing? string the message when there is no function
---@field is_dynamic? boolean look again for each attempt
---@field is_plain? boolean a function that gets the whole input, and nothing else is to be done
---@field is_simple? boolean ... nor with what it returns
---@field is_found? boolean a lookup alone finds the same again
---@field pattern "request"|"sync"|"sync2"|"token"
---@field info stepfn.TaskInfo

local function plain_name(name)
  return name and (name:match "^%${(.-)}$" or name)
end

---The name in a function's ARN, partial ARN, or name, without version or alias.
---@param text string
---@return string
function M.function_name(text)
  local name = text:match "^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)"
    or text:match "^%d+:function:([^:]+)"
    or text:match "^lua:(.+)$"
    or text:match "^%${.-}$"
    or text:match "^([^:]+)"
  return plain_name(name) or text
end

local function activity_name(arn)
  return plain_name(arn:match ":activity:(.+)$")
end

-- The FunctionName of a lambda:invoke that stands in the definition as text.
local function constant_function(definition, pointer)
  local node = definition
  for step in pointer:gmatch "/([^/]*)" do
    step = step:gsub("~1", "/"):gsub("~0", "~")
    node = node[step] or node[tonumber(step) and tonumber(step) + 1]
  end
  local parameters = node.Parameters or node.Arguments
  local name = type(parameters) == "userdata" and parameters.FunctionName
  return type(name) == "string" and not name:find "^{%%" and name or nil
end

---The Task states of a machine.
---@param machine userdata of the core
---@return table<integer, stepfn.TaskInfo> by state index
function M.infos(machine)
  local infos = machine:tasks()
  local definition = machine:definition()
  for _, info in pairs(infos) do
    info.key = "state:" .. info.state
    info.is_invoke = info.service == "lambda" and (info.action or ""):find "^invoke" ~= nil
    info.is_dynamic = false
    if info.is_invoke then
      local name = constant_function(definition, info.pointer)
      info.name = name and M.function_name(name)
      info.is_dynamic = name == nil
    elseif info.kind == "lambda" then
      info.name = M.function_name(info.resource)
    elseif info.kind == "activity" then
      info.name = activity_name(info.resource)
    end
  end
  return infos
end

local function check_function(fn, key, info)
  local meta = type(fn) ~= "function" and getmetatable(fn)
  if type(fn) == "function" or type(meta) == "table" and meta.__call then
    return fn
  end
  error(("tasks[\"%s\"] is no function but a %s (for the state '%s', Resource %s)"):format(key, type(fn), info.state,
    info.resource), 0)
end

-- The order of lookup.  -> function, does it get the Payload alone?
local function find(tasks, functions, info, name)
  local fn, key = tasks[info.key], info.key
  if fn == nil then
    fn, key = tasks[info.resource], info.resource
  end
  if fn ~= nil then
    return check_function(fn, key, info), false
  end
  fn = name and tasks[name]
  if name and fn ~= nil then
    return check_function(fn, name, info), info.is_invoke
  end
  local other = name and functions.names and functions.names[name] -- its logical id in a template
  if other and tasks[other] ~= nil then
    return check_function(tasks[other], other, info), info.is_invoke
  end
  fn = functions[info.key] or functions[info.resource]
  if fn then
    return fn, false
  end
  return name and functions[name], info.is_invoke
end

local function registered(tasks)
  local names = {}
  for name in next, tasks do
    names[#names + 1] = tostring(name)
  end
  table.sort(names)
  return #names == 0 and "nothing is registered" or "registered: " .. table.concat(names, ", ")
end

-- What else could run it.
local function remedy(info)
  local starts = (info.action or ""):find "^start%w*Execution" and (info.service == "states" or info.service == "aws-sdk:sfn")
  return starts and "; the option 'machines' names machines that it may start" or ""
end

local function missing(tasks, info, name)
  local shown = display.clean(("'%s' (Resource %s%s)"):format(info.state, info.resource,
    name and name ~= info.resource and ", name " .. name or ""))
  return ("no task function for the state %s: %s%s"):format(shown, registered(tasks), remedy(info))
end

local function at_integration(tasks, info)
  return function(input, context)
    return tasks(info.resource, input, context)
  end
end

---What this library does itself goes before a function for everything, and after
---one for the very task.
---@param tasks table|function the option
---@param functions table those of the builder
---@param info stepfn.TaskInfo
---@param name? string the function's name, when the input says it
---@param own? fun(info: stepfn.TaskInfo): function? what this library does itself
---@return stepfn.Target
function M.target(tasks, functions, info, name, own)
  local is_function = type(tasks) == "function"
  local fn, is_payload
  if not is_function then
    fn, is_payload = find(tasks, functions, info, name or info.name)
  end
  local is_found = fn and true
  fn = fn or own and own(info) or is_function and at_integration(tasks, info)
  if fn then
    local is_plain = not is_payload and info.kind ~= "activity"
    return {
      info = info, pattern = info.pattern, fn = fn, is_payload = is_payload, is_plain = is_plain,
      is_simple = is_plain and info.pattern == "request", is_found = is_found,
    }
  elseif info.is_dynamic and not name then
    return { info = info, pattern = info.pattern, is_dynamic = true }
  elseif info.kind == "activity" then
    return { info = info, pattern = info.pattern } -- stays open
  end
  return { info = info, pattern = info.pattern, missing = missing(tasks, info, name or info.name) }
end

-- Does each lookup find what it found before?
local function are_current(targets, tasks, functions)
  for _, target in next, targets do
    if not target.is_found then
      return false
    end
    local fn, is_payload = find(tasks, functions, target.info, target.info.name)
    if fn ~= target.fn or is_payload ~= target.is_payload then
      return false
    end
  end
  return true
end

---What runs each Task state, as far as the definition tells.
---@param tasks table|function
---@param functions table
---@param infos table<integer, stepfn.TaskInfo>
---@param own? fun(info: stepfn.TaskInfo): function? what this library does itself
---@param before? table<integer, stepfn.Target> what came out for these infos, perhaps with other tasks
---@return table<integer, stepfn.Target>? targets by state index, not to be changed; nil when a function is missing
---@return string? message about the first missing one
function M.targets(tasks, functions, infos, own, before)
  if before and type(tasks) ~= "function" and are_current(before, tasks, functions) then
    return before
  end
  local targets, first = {}, nil
  for index, info in pairs(infos) do
    local target = M.target(tasks, functions, info, nil, own)
    if target.missing and (not first or index < first) then
      first = index
    end
    targets[index] = target
  end
  if first then
    return nil, targets[first].missing
  end
  return targets
end

---What lambda:invoke hands to the function: text is JSON text, nothing is {}.
---@param payload any
---@return any input
---@return string? message when the text is no JSON
function M.payload_input(payload)
  if payload == nil or payload == core.null then
    return {}
  elseif type(payload) == "string" then
    local input, message = core.decode(payload)
    return input, message
  end
  return payload
end

return M
