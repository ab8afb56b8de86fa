---`stepfn run FILE`: runs a machine and prints its output.
local complain = require "stepfn.cli.complain"
local display = require "stepfn.display"
local faults = require "stepfn.cli.report.text"
local files = require "stepfn.cli.files"
local inputs = require "stepfn.cli.input"
local picture = require "stepfn.cli.picture"
local source = require "stepfn.cli.source"
local stepfn = require "stepfn"
local terminal = require "stepfn.cli.terminal"
local trace = require "stepfn.trace"

local M = { check = source.check }

local SUCCEEDED, FAILED, USAGE, RUNNING = 0, 1, 2, 3
local INVALID, UNWRITTEN = FAILED, FAILED

local SEEDED_START = "2026-01-01T00:00:00Z"

local status_of = { SUCCEEDED = SUCCEEDED, RUNNING = RUNNING }

local SEED_MAX = 2 ^ 53

local function seed_number(text)
  local number = tonumber(text)
  if not number or number % 1 ~= 0 then
    return nil, "--seed: '" .. text .. "' is not a whole number"
  elseif math.abs(number) > SEED_MAX then
    return nil, ("--seed: '%s' is out of range, which is -%.0f to %.0f"):format(text, SEED_MAX, SEED_MAX)
  end
  return number
end

---@param command table argparse's
function M.describe(command)
  source.describe(command, "A definition in JSON or YAML, or a Lua file that returns a machine.")
  command:option("--input", "The input: JSON, @FILE, or - for standard input."):argname "JSON"
  command:option("--tasks", "A Lua file that returns the task functions."):argname "FILE"
  command:flag("--virtual-time", "Jump over waiting times.")
  command:flag("--trace", "Show every state that was visited.")
  command:flag("--history", "Write the events of the history to standard error, as JSON lines.")
  command:option("--graph", "Draw the path that was taken: FILE.svg, .dot, .mmd, .txt, or - for standard error."):argname "FILE"
  command:option("--seed", "Seed of all randomness: the same seed, the same run."):argname("N"):convert(seed_number)
  command:option("--name", "The name of the execution."):argname "NAME"
  command:flag("--express", "Run as an EXPRESS workflow.")
end

-- The machine, or nil and the exit status.
local function load_machine(options, streams)
  local kind = options.express and "EXPRESS" or nil
  local machine, message, diagnostics, from = source.machine(options, { type = kind })
  if diagnostics then
    faults.print(from.path, from.text, diagnostics, streams.err)
  end
  if machine and kind and machine.type ~= kind then
    complain(streams.err, "--express: " .. from.path .. " makes a machine of its own type")
    return nil, USAGE
  elseif not machine then
    if not diagnostics then
      complain(streams.err, message)
    end
    return nil, from.missing and USAGE or INVALID
  end
  return machine
end

-- Virtual time begins now; with a seed at a fixed time, so that all is the same.
local function driver_of(options)
  if not options.virtual_time then
    return nil
  end
  return require("stepfn.driver.virtual").new { start = options.seed and SEEDED_START or nil }
end

-- The options of machine:run, or nil and a message.
local function run_options(options)
  local tasks, message
  if options.tasks then
    tasks, message = files.tasks(options.tasks)
    if not tasks then
      return nil, message
    end
  end
  return {
    tasks = tasks,
    driver = driver_of(options),
    seed = options.seed,
    name = options.name,
  }
end

-- For a picture of the path: the traces of the children, as they come.
local function collect_traces(settings)
  local traces = {}
  settings.on_child = function(child) traces[#traces + 1] = child:trace() end
  return traces
end

local function print_trace(execution, err)
  local is_terminal = err == io.stderr and terminal.is_terminal()
  err:write(trace.format(execution:trace(), {
    start = execution.start_date,
    width = terminal.width(is_terminal),
    colour = terminal.colour(is_terminal),
  }))
end

local function print_history(execution, err)
  for _, event in ipairs(execution:history()) do
    err:write(stepfn.encode(event), "\n")
  end
end

local function print_open_tasks(execution, err)
  for _, task in ipairs(execution:open_tasks()) do
    err:write(("  %s waits for token %s\n"):format(display.clean(task.state), task.token))
  end
end

-- What machine:run raises: its options by the names that they have here.
local function in_words_of_the_command(message)
  message = message:gsub("^%S+:%d+: ", "")
  local option, fault = message:match "^bad argument #2 to 'run' %(option '(%l+)': (.*)%)$"
  if option then
    return "--" .. option .. ": " .. fault
  elseif message:find("no task function", 1, true) == 1 then
    return message .. "\n  --tasks FILE names a Lua file that returns them: return { name = function(input) … end }"
  end
  return message
end

-- Where a Lua function failed is in the trace alone.
local function hint_at_trace(execution, options, err)
  if execution.error == "LuaError" and not options.trace then
    err:write("  --trace shows where\n")
  end
end

local function report(execution, options, streams)
  if options.history then
    print_history(execution, streams.err)
  end
  if options.trace then
    print_trace(execution, streams.err)
  end
  if execution.status == "SUCCEEDED" then
    streams.out:write(execution:output_json(), "\n")
  else
    streams.err:write(tostring(execution), "\n")
    hint_at_trace(execution, options, streams.err)
    print_open_tasks(execution, streams.err)
  end
  return status_of[execution.status] or FAILED
end

---@param options table what argparse made of the arguments
---@param streams stepfn.cli.Streams
---@return integer status
function M.run(options, streams)
  local machine, status = load_machine(options, streams)
  if not machine then
    return status
  end
  local input, wrong_input = inputs.read(options.input, streams.input)
  local settings, wrong_tasks = run_options(options)
  local _, wrong_name = picture.format_of(options.graph or "-")
  if input == nil or not settings or wrong_name then
    complain(streams.err, wrong_input or wrong_tasks or wrong_name)
    return USAGE
  end
  local traces = options.graph and collect_traces(settings)
  local ran, execution = pcall(machine.run, machine, input, settings)
  if not ran then
    complain(streams.err, in_words_of_the_command(tostring(execution)))
    return USAGE
  end
  status = report(execution, options, streams)
  if options.graph then
    local drawn, message = picture.save(options.graph, execution, machine, traces, streams.err)
    if not drawn then
      complain(streams.err, message)
      return math.max(status, UNWRITTEN)
    end
  end
  return status
end

return M
