---Orders over HTTP.  A workflow runs in the request that starts it; when only an
---answer or a timer is left, it is kept as a snapshot in a shared dictionary, from
---where any worker takes it up: with the request that answers, or when its time
---has come.
local services = require "services"
local stepfn = require "stepfn"

local M = {}

local CLAIM_SECONDS = 60
local SWEEP_SECONDS = 1

local machine, options
local kept = ngx.shared.orders

-- --- keeping ---

local function describe(execution)
  local open = execution:open_tasks()[1]
  return stepfn.encode {
    order = execution.name, status = execution.status, output = execution.output,
    error = execution.error, cause = execution.cause, token = open and open.token,
  }
end

-- Also what a worker does with those that it drives when it has to exit.
local function keep(execution)
  local name = execution.name
  kept:set("view:" .. name, describe(execution))
  if execution.status == "RUNNING" then
    kept:set("snapshot:" .. name, (assert(execution:snapshot())))
    kept:set("due:" .. name, execution.wake_at or math.huge)
  else
    kept:delete("snapshot:" .. name)
    kept:delete("due:" .. name)
  end
  kept:delete("claim:" .. name)
end

-- Take one up; only one worker gets it.
local function take(name)
  local text = kept:get("snapshot:" .. name)
  if not text or not kept:add("claim:" .. name, true, CLAIM_SECONDS) then
    return nil
  end
  return assert(machine:resume(text, options))
end

-- --- requests ---

local function answer(status, body)
  ngx.status = status
  ngx.header.content_type = "application/json"
  ngx.say(body)
end

local function body_of_request()
  ngx.req.read_body()
  local value, message = stepfn.decode(ngx.req.get_body_data() or "")
  if type(value) ~= "table" then
    answer(400, stepfn.encode { message = message or "a JSON object is expected" })
    return ngx.exit(400)
  end
  return value
end

local function tell(execution)
  keep(execution)
  local finished = execution.status ~= "RUNNING"
  answer(finished and 200 or 202, kept:get("view:" .. execution.name))
  execution:close()
end

---POST /orders
function M.create()
  tell(machine:run(body_of_request(), options))
end

---GET /orders/NAME
function M.show(name)
  local view = kept:get("view:" .. name)
  answer(view and 200 or 404, view or stepfn.encode { message = "no such order" })
end

---POST /orders/NAME/approval
function M.approve(name)
  local decision = body_of_request()
  local execution = take(name)
  if not execution then
    return answer(409, stepfn.encode { message = "nobody is asked about this order" })
  end
  local good, message = execution:task_succeeded(tostring(decision.token), { approved = decision.approved == true })
  if not good then
    keep(execution)
    return answer(403, stepfn.encode { message = message })
  end
  tell(execution:run())
end

-- --- the worker ---

local function go_on(name)
  local execution = take(name)
  if execution then
    execution:run()
    keep(execution)
    execution:close()
  end
end

-- Those whose time has come go on, side by side.
local function sweep(premature)
  if premature then
    return
  end
  local now = ngx.time()
  for _, key in ipairs(kept:get_keys(0)) do
    local name = key:match "^due:(.*)"
    if name and kept:get(key) <= now then
      ngx.thread.spawn(go_on, name)
    end
  end
end

---For init_by_lua: one machine, loaded before the workers are forked.
---@param settings { definition: string, services: { host: string, port: integer } }
function M.load(settings)
  machine = assert(stepfn.load_file(settings.definition))
  options = { tasks = services.tasks(settings.services), pause = true, on_exit = keep }
end

---For init_worker_by_lua.
function M.begin()
  if ngx.worker.id() == 0 then
    assert(ngx.timer.every(SWEEP_SECONDS, sweep))
  end
end

return M
