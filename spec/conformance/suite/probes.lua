---Small machines with a handful of task functions, each showing one feature: what
---comes out, or the name of the error, and how long it takes.  The answers are those
---of the documents; where a recording of the service says otherwise, it counts
---(known.lua).
local contradicted = require "spec.conformance.known".contradicted
local stepfn = require "stepfn"

local M = { name = "probes" }

-- --- the task functions ---

-- By kind: what to do with the input.
local kinds = {}

function kinds.echo()
  return function(input) return input end
end

function kinds.throw(handler)
  return function() stepfn.fail(handler.error, handler.cause) end
end

function kinds.sleep(handler)
  return function(_, context)
    context:sleep(handler.seconds)
    return handler.value
  end
end

function kinds.flaky(handler)
  local calls = 0
  return function(input)
    calls = calls + 1
    if calls <= handler.fails then
      stepfn.fail(handler.error, handler.cause)
    end
    return handler.echo and input or handler.value
  end
end

function kinds.big(handler)
  return function() return ("x"):rep(handler.bytes) end
end

-- Somebody keeps the token, and answers when the call is over.
function kinds.callback(handler, answers)
  return function(input)
    table.insert(answers, { token = input.token, value = handler.value })
    return {}
  end
end

-- The activity "act" has a worker.
local function tasks_of(handlers, answers)
  local tasks = { act = function(input) return { worked = input } end }
  for name, handler in pairs(handlers) do
    tasks[name] = kinds[handler.kind](handler, answers)
  end
  return tasks
end

-- --- cases ---

function M.cases(file)
  local probes = type(file.data) == "userdata" and file.data.probes
  if type(probes) ~= "userdata" or not (probes[1] and probes[1].definition and probes[1].expect) then
    return nil
  end
  local cases = {}
  for i = 1, #probes do
    cases[i] = { id = probes[i].id, probe = probes[i], handlers = file.data.handlers:get() }
  end
  return cases
end

function M.decided(case)
  return contradicted[case.id] ~= nil
end

function M.run(case)
  local answers = {}
  local machine = stepfn.load(case.probe.definition)
  if not machine then
    return { invalid = true }
  end
  local execution = machine:run(case.probe.input, { driver = "virtual", tasks = tasks_of(case.handlers, answers) })
  for _, answer in ipairs(answers) do
    if execution:task_succeeded(answer.token, answer.value) then
      execution:run()
    end
  end
  local output = execution:output_json()
  return {
    status = execution.status, error = execution.error, cause = execution.cause, output = output and stepfn.value(output),
    seconds = (execution.stop_date or math.huge) - execution.start_date,
  }
end

-- --- what is expected ---

local checks = {}

function checks.output(expected, actual)
  return actual.output ~= nil and stepfn.value { actual.output } == stepfn.value { expected }
end

function checks.error(expected, actual)
  return actual.error == expected
end

function checks.error_any(expected, actual)
  for i = 1, #expected do
    if actual.error == expected[i] then
      return true
    end
  end
  return false
end

function checks.cause(expected, actual)
  return actual.cause == expected
end

function checks.status(expected, actual)
  return actual.status == expected
end

function checks.no_error(_, actual)
  return actual.status == "SUCCEEDED"
end

function checks.min_s(expected, actual)
  return actual.seconds >= expected
end

function checks.max_s(expected, actual)
  return actual.seconds <= expected
end

local function members(object)
  return type(object) == "userdata" and object:get() or object
end

function M.right(case, actual)
  local expect = contradicted[case.id] or case.probe.expect
  local wanted = members(expect)
  if actual.invalid then
    return false, "refused"
  elseif wanted.or_error and actual.status == "FAILED" then
    return true
  end
  for name, check in pairs(checks) do
    if wanted[name] ~= nil and not check(expect[name], actual) then
      return false, ("%s: got %s"):format(name, stepfn.encode(actual))
    end
  end
  return true
end

return M
