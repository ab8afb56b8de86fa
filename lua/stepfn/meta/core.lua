---@meta stepfn.core
---The C module behind stepfn.  Its functions are internal, with positional
---arguments and few checks: programs use the modules in lua/stepfn.

---@class stepfn.Value: userdata an immutable value kept as it is
---@operator len: integer
---@field [string|integer] any a member, one level; arrays and objects are values again
local Value = {}

---The Lua value.
---@return any
function Value:get() end

---@class stepfn.Integer: userdata an exact integer; has tostring, ==, <, <=

---@class stepfn.JsonFault
---@field code string
---@field position integer byte, from 1
---@field line integer
---@field column integer

---@class stepfn.DataFault
---@field code "NAN"|"INFINITY"|"HOLE"|"MIXED_KEYS"|"BAD_KEY"|"CYCLE"|"DEPTH"|"UTF8"|"TYPE"|"LIMIT"
---@field path string "value.items[3]", as Lua would write it

---@class stepfn.core
---@field null lightuserdata
---@field has_fibers boolean one expression can be many slices of work on this platform
local core = {}

---For tests: what the core holds.
---@return number live bytes in use
---@return number count allocations made so far
function core.memory() end

---For tests: the n-th allocation from now fails, once; 0 takes that back.
---@param n integer
---@return boolean pending was the last one asked for still to come?
function core.fail_allocation(n) end

---For tests: a made-up snapshot with the right checksum.
---@param text string
---@return string
function core.seal(text) end

---@return number seconds since the epoch
function core.clock() end

---@return number seconds since some point; never goes back
function core.monotonic() end

---May come back early, when a signal came.
---@param seconds number
function core.sleep(seconds) end

---@param n integer at most 1024
---@return string
function core.random_bytes(n) end

---@param descriptor integer
---@return boolean
function core.isatty(descriptor) end

---@param value any
---@param indented? boolean
---@return string? text
---@return string? message
---@return stepfn.DataFault? detail
function core.encode(value, indented) end

---@param text string
---@return any value
---@return string? message
---@return stepfn.JsonFault? detail
function core.decode(text) end

---What the parser behind the service says of a text that is no JSON.
---@param text string
---@return string? message nil: that parser takes it
function core.json_fault(text) end

---@param source any
---@return stepfn.Value? value
---@return string? message
---@return table? detail
function core.value(source) end

---@param digits any
---@return stepfn.Integer? integer
---@return string? message
function core.integer(digits) end

---The metatables that mark arrays and objects from now on.
---@param array table
---@param object table
function core.marks(array, object) end

---@param value table
---@return "array"|"object"|nil
function core.mark_of(value) end

---@param text fun(cdata: any): string? digits of LuaJIT's 64-bit integers
function core.cdata_text(text) end

---The text with bytes that are no UTF-8 replaced.
---@param text string
---@return string
function core.clean(text) end

---@param text string RFC 3339
---@return number? seconds
function core.time_parse(text) end

---@param seconds number
---@param brief? boolean without milliseconds where they are 0, as in the context object
---@return string text with milliseconds
function core.time_format(seconds, brief) end

---Names of all fields of a definition, in the order in which they are written.
---@type string[]
core.fields = {}

-- --- machines ---

---@class stepfn.core.Machine: userdata
local Machine = {}

---@return string? name
---@return boolean is_express
function Machine:info() end

---@return stepfn.Value
function Machine:definition() end

---The Task states, by index: state, pointer, resource, service, action, kind, pattern.
---@return table<integer, table>
function Machine:tasks() end

---The variables that each state reads, by its name.
---@return table<string, string[]>
function Machine:variables_read() end

---@param definition any JSON text, or what core.value takes
---@param name? string
---@param is_express? boolean
---@param substitutions? any
---@param validate_only? boolean
---@return stepfn.core.Machine? machine
---@return stepfn.Diagnostic[] diagnostics
function core.load(definition, name, is_express, substitutions, validate_only) end

-- --- executions ---

---@param number number
---@return string seed 8 bytes
function core.seed(number) end

---The n-th UUID of a seed, for names.
---@param seed string
---@param n integer
---@return string
function core.seed_uuid(seed, n) end

---@alias stepfn.core.Answer true|nil, string?, string?

---@class stepfn.core.Execution: userdata
local Execution = {}

---The methods of executions, for whoever calls them very often.
---@type table<string, function>
core.execution_methods = {}

---An execution of which nothing has run yet.  `texts`: name, arn or arn_prefix,
---machine_name, machine_arn, role_arn, version_arn, alias_arn, map_run_arn, variables, context.
---`test`: { start_at = JSON pointer, stop_after =, retry_count = }.
---@param machine stepfn.core.Machine
---@param input any
---@param texts table
---@param start_time number
---@param seed string
---@param secret? string 32 bytes; that of the seed when it is not given
---@param history boolean
---@param payload number|false
---@param events number|false
---@param variables number|false
---@param map_concurrency number|false
---@param slice? number
---@param test? table
---@return stepfn.core.Execution
function core.execution(machine, input, texts, start_time, seed, secret, history, payload, events, variables,
                        map_concurrency, slice, test) end

---@param used string of Execution:used
---@return table usage { events, payload, variables, assign }
function core.usage(used) end

-- Events.  true, or nil, message, code.

---@return true?, string?, string?
function Execution:succeed(task_or_token, output, now) end

---@return true?, string?, string?
function Execution:submit(task, output, now) end

---@return true?, string?, string?
function Execution:fail(task_or_token, error_name, cause, now, stage) end

---@return true?, string?, string?
function Execution:heartbeat(task_or_token, now) end

---@return true?, string?, string?
function Execution:scheduled(task, now) end

---@return true?, string?, string?
function Execution:started(task, now, worker) end

---@return true?, string?, string?
function Execution:stop(error_name, cause, now) end

---Time is now, or going on after a spent slice.
---@return true?, string?, string?
function Execution:advance(now) end

---Any event, as a table.
---@return true?, string?, string?
function Execution:feed(event) end

-- Effects.

---The next one: its name; of a task also attempt id, state index, retries, event id; of a cancel the attempt id.
---@return string? name
---@return integer? task
---@return integer? state_index
---@return integer? retries
---@return integer? event_id
function Execution:take() end

---The next one as a table.
---@return table?
function Execution:effect() end

---Input of the task effect drained last, or one member of it.
---@param member? string
---@return any
function Execution:effect_input(member) end

-- Reading.

---@return string
function Execution:status() end
---@return any
function Execution:input() end

---@return string json
function Execution:input_json() end
---@return any
function Execution:output() end
---@return string?
function Execution:output_json() end
---@return string?
function Execution:error() end
---@return string?
function Execution:cause() end
---@return string? pointer of the state whose error ended it
function Execution:failed_at() end
---@return number
function Execution:now() end
---@return number?
function Execution:stop_date() end
---@return integer count
---@return number? last
function Execution:redrives() end
---@return number? seconds
---@return boolean implicit
function Execution:next_wake() end
---@param name "name"|"arn"|"machine_arn"|"role_arn"|"seed"
---@return string
function Execution:fact(name) end
---@return string used for core.usage
function Execution:used() end
---@return table[] open attempts, without input and token
function Execution:pending() end
---@param task integer
---@param as_value? boolean
---@return any
function Execution:task_input(task, as_value) end
---@param task integer
---@return string?
function Execution:token(task) end
---@return number in [0, 1)
function Execution:random(event_id, retries, draw) end
---@return integer
function Execution:history_count() end
---@param index integer from 1
---@return table
function Execution:history_at(index) end
---@param count integer the first ones are forgotten
function Execution:history_drop(count) end
---@return table[]
function Execution:trace() end

---@param history? boolean
---@param attached? string bytes that go along
---@return string? text
---@return string? message
---@return table? detail
function Execution:snapshot(history, attached) end

---@return stepfn.core.Execution? copy
---@return string? message
---@return table? detail
function Execution:fork() end

---@return string? text
---@return string? message
---@return table? detail
function Execution:fingerprint() end

---@return { name: string?, arn: string?, machine_arn: string?, role_arn: string?, start_time: number, seed: string }
function Execution:facts() end

---The `task` effect of an open attempt, once more.
---@param task integer
---@return boolean is_open
function Execution:retell(task) end

---@return { child: integer, map_run: integer, told: boolean, started: boolean }[]
function Execution:children() end

---The `child` effect of one that has not ended, once more.
---@param child integer
---@return boolean is_open
function Execution:retell_child(child) end

---The `write` effects without an answer, once more.
function Execution:retell_writes() end

---@param machine stepfn.core.Machine
---@param text string
---@param history? boolean keep events from now on, or don't
---@return stepfn.core.Execution? execution
---@return string? attached or message
---@return table? detail
function core.resume(machine, text, history) end
---Give the memory back; every other method raises from now on.
function Execution:close() end

---@class stepfn.Path: userdata a compiled JSONPath
local Path = {}

---What the path names, as AWS reads a Path: a definite path gives the value,
---any other an array of what was found.
---@param document any
---@return any value nil when a definite path names nothing
---@return string? message
---@return stepfn.PathFault? detail
function Path:read(document) end

---The nodelist.
---@param document any
---@return any[]? values
---@return string? message
---@return stepfn.PathFault? detail
function Path:values(document) end

---The nodelist kept as it is, shared with the document: nothing is converted.
---@param document any
---@return stepfn.Value? nodes
---@return string? message
---@return stepfn.PathFault? detail
function Path:select(document) end

---Normalized paths of the same nodes.
---@param document any
---@return string[]? locations
---@return string? message
---@return stepfn.PathFault? detail
function Path:locations(document) end

---May it stand in ResultPath?
---@return boolean
function Path:is_reference() end

---Does it name at most one node?
---@return boolean
function Path:is_definite() end

---What it uses that AWS's guide calls unsupported.
---@return string?
function Path:doubtful() end

---@class stepfn.PathFault
---@field code "SYNTAX"|"LIMIT"|"NOT_FOUND"|"EVALUATE"
---@field position? integer byte of the path's text, from 1

---@param text string
---@param dialect? "rfc9535"|"aws"
---@param steps? integer work that one evaluation may do
---@return stepfn.Path? path
---@return string? message
---@return stepfn.PathFault? detail
function core.path(text, dialect, steps) end

---@class stepfn.Jsonata: userdata a compiled JSONata expression
local Jsonata = {}

---@class stepfn.JsonataWorld
---@field now? number seconds since the epoch, of $now() and $millis(); default the system's clock
---@field seed? integer of $random(), $shuffle() and $uuid(); default from the system

---What the expression gives. A Lua function among the bindings can be called by it.
---@param input any a Lua value or a `stepfn.value`; nil is undefined
---@param bindings? table<string, any> variables, without the '$'
---@param world? stepfn.JsonataWorld
---@return any value nil for undefined, and for a function
---@return string? message
---@return stepfn.JsonataFault? detail
function Jsonata:evaluate(input, bindings, world) end

---The names of the variables that come from outside, but for those of the
---function library.
---@return string[]
function Jsonata:variables() end

---@class stepfn.JsonataFault
---@field code string JSONata's: "S0201", "T1006", "D3030", ...; "U1001" is a limit
---@field position? integer UTF-16 units up to the end of the token
---@field token? string

---@param text string
---@param dialect? "2.2"|"aws"
---@param limits? stepfn.JsonataLimits
---@return stepfn.Jsonata? expression
---@return string? message
---@return stepfn.JsonataFault? detail
function core.jsonata(text, dialect, limits) end

return core
