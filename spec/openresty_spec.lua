-- The driver ngx in a real nginx: what it promises beyond what all drivers do
-- (spec/driver_spec.lua).
local core = require "stepfn.core"
local nginx = require "spec.support.nginx"
local stepfn = require "stepfn"

local lack = not rawget(_G, "jit") and "tried once, by the specs on LuaJIT" or select(2, nginx.find())

if lack then
  describe("Inside nginx", function()
    pending("nothing is tried: " .. lack)
  end)
  return
end

local with_fibers = core.has_fibers and it or pending

-- Counts what the module asks of nginx; machines that all handlers share.
local SETUP = [[
  lua_max_running_timers 4;
  lua_shared_dict told 1m;
  init_worker_by_lua_block {
    counts = { threads = 0, timers = 0 }
    local spawn, at = ngx.thread.spawn, ngx.timer.at
    ngx.thread.spawn = function(...) counts.threads = counts.threads + 1; return spawn(...) end
    ngx.timer.at = function(...) counts.timers = counts.timers + 1; return at(...) end
    stepfn = require "stepfn"
    local function task(name) return { Type = "Task", Resource = "lua:" .. name, End = true } end
    work = assert(stepfn.load { StartAt = "work", States = { work = task "work" } })
    wait = assert(stepfn.load { StartAt = "W", States = {
      W = { Type = "Wait", SecondsPath = "$.seconds", End = true } } })
    pass = assert(stepfn.load { StartAt = "P", States = { P = { Type = "Pass", Result = "passed", End = true } } })
    endless = assert(stepfn.load { StartAt = "A", States = {
      A = { Type = "Pass", Next = "B" },
      B = { Type = "Choice", Choices = { { Variable = "$.never", IsPresent = true, Next = "C" } }, Default = "A" },
      C = { Type = "Succeed" } } })
    huge = assert(stepfn.load { QueryLanguage = "JSONata", StartAt = "A", States = {
      A = { Type = "Pass", Output = "{% ($f := function($n) { $f($n + 1) }; $f(0)) %}", End = true } } })
    kept = {} -- from one request to the next
    function longest_sleep(times) -- of a millisecond
      local longest = 0
      for _ = 1, times do
        ngx.update_time()
        local began = ngx.now()
        ngx.sleep(0.001)
        ngx.update_time()
        longest = math.max(longest, ngx.now() - began)
      end
      return longest
    end
    told = ngx.shared.told
    function tell(name) return { tasks = { work = function() ngx.sleep(0.001) told:set(name, "SUCCEEDED") end } } end
    work:spawn({}, tell "init_worker")
  }
]]

local RUN = [[ local good, message = pcall(function() return pass:run().output end) told:set("run", message) ]]

local PHASES = [[
  location = /none { return 404; }
  location = /rewrite { rewrite_by_lua_block { ngx.print(pass:run().output) ngx.exit(200) } }
  location = /access { access_by_lua_block { ngx.print(pass:run().output) ngx.exit(200) } }
  location = /timer { content_by_lua_block {
    ngx.timer.at(0, function() told:set("timer", pass:run().output) work:spawn({}, tell "from timer") end)
    ngx.sleep(0.05) ngx.print(told:get "timer")
  } }
  location = /set { set_by_lua_block $x { ]] .. RUN .. [[ return told:get "run" } return 200 "$x"; }
  location = /header { header_filter_by_lua_block { ]] .. RUN .. [[ work:spawn({}, tell "header_filter") } return 200 "ok"; }
  location = /body { body_filter_by_lua_block { ]] .. RUN .. [[ work:spawn({}, tell "body_filter") } return 200 "ok"; }
  location = /log { log_by_lua_block { ]] .. RUN .. [[ work:spawn({}, tell "log") } return 200 "ok"; }
]]

describe("Inside nginx", function()
  local server

  setup(function() server = nginx.start { http = SETUP, server = PHASES } end)

  teardown(function() server:stop() end)

  after_each(function() assert.equal("", server:error_log()) end)

  it("ngx is the driver where none is asked for", function()
    assert.is_true(server:eval [[ return require("stepfn.driver").of(nil) == require("stepfn.driver.ngx").new() ]])
  end)

  it("a task may use cosockets", function()
    assert.matches("^HTTP/1.1 404", server:eval([[
      local execution = work:run({}, { tasks = { work = function()
        local socket = ngx.socket.tcp()
        assert(socket:connect("127.0.0.1", ]] .. server.port .. [[))
        socket:send "GET /none HTTP/1.0\r\n\r\n"
        return (socket:receive "*l")
      end } })
      return execution.output
    ]]))
  end)

  it("run leaves no light thread behind, so that the request can end", function()
    local seconds = server:eval [[
      local began = ngx.now()
      local execution = work:spawn({}, { tasks = { work = function(_, context)
        local inner = work:start({}, { tasks = { work = function() ngx.sleep(30) end } })
        ngx.timer.at(0.05, function() inner:stop() end)
        return inner:run().status
      end } })
      assert(execution:wait(5))
      ngx.update_time()
      return { ngx.now() - began, execution.output }
    ]]
    assert.is_true(seconds[1] < 1)
    assert.equal("ABORTED", seconds[2])
  end)

  it("another request can stop an execution and answer its tasks", function()
    server:eval [[
      kept.asked = assert(stepfn.load { StartAt = "ask", States = { ask = {
        Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End = true } } })
        :spawn({}, { tasks = function() return {} end })
      kept.slow = work:spawn({}, { tasks = { work = function() ngx.sleep(0.2) told:set("slow", true) end } })
    ]]
    local statuses = server:eval [[
      assert(kept.asked:task_succeeded(kept.asked:open_tasks()[1].token, "yes"))
      assert(kept.slow:stop("Enough"))
      kept.asked:wait(1) kept.slow:wait(1)
      ngx.sleep(0.25)
      return { kept.asked.output, kept.slow.status, kept.slow.error, told:get "slow" or stepfn.null }
    ]]
    assert.same({ "yes", "ABORTED", "Enough" }, { statuses[1], statuses[2], statuses[3] })
    assert.equal(stepfn.null, statuses[4])
  end)

  it("one timer carries all spawned executions, and who waits holds no thread", function()
    local seen = server:eval [[
      local before = { threads = counts.threads, timers = counts.timers }
      local all = {}
      for i = 1, 500 do all[i] = wait:spawn { seconds = 1 } end
      ngx.sleep(0.1)
      local running = ngx.timer.running_count()
      for i = 1, 500 do assert(assert(all[i]:wait(5)).status == "SUCCEEDED") end
      return { running, counts.timers - before.timers, counts.threads - before.threads }
    ]]
    assert.same({ 1, 1, 0 }, seen)
  end)

  it("a fresh timer takes over after some thousand attempts", function()
    local seen = server:eval [[
      local before = counts.timers
      local many = assert(stepfn.load { StartAt = "M", States = { M = { Type = "Map", ItemsPath = "$", End = true,
        ItemProcessor = { StartAt = "work", States = { work = { Type = "Task", Resource = "lua:work", End = true } } } } } })
      local items, ended = {}, 0
      for i = 1, 2500 do items[i] = i end
      local tasks = { work = function(i) if i % 100 == 0 then ngx.sleep(0.001) end ended = ended + 1 return i end }
      local options = { tasks = tasks, limits = { events = false }, history = false }
      local one, two = many:spawn(items, options), many:spawn(items, options)
      one:wait() two:wait()
      return { one.status, two.status, ended, counts.timers - before > 1 }
    ]]
    assert.same({ "SUCCEEDED", "SUCCEEDED", 5000, true }, seen)
  end)

  it("tasks that fail leave no line in the error log", function()
    local failed = server:eval [[
      local all, failed = {}, 0
      for i = 1, 300 do
        all[i] = work:spawn({}, { tasks = { work = function() ngx.sleep(0.001) error "expected" end } })
      end
      for i = 1, 300 do failed = failed + (assert(all[i]:wait(5)).error == "LuaError" and 1 or 0) end
      return failed
    ]]
    assert.equal(300, failed)
  end)

  it("time goes on while Lua runs", function()
    assert.is_true(server:eval [[
      local driver = require("stepfn.driver.ngx").new()
      local before, cached = driver:now(), ngx.now()
      local x = 0
      for i = 1, 2e7 do x = x + i % 7 end
      return driver:now() - before > 0.005 and ngx.now() == cached
    ]])
  end)

  it("a machine that loops for ever leaves room for requests, and can be stopped", function()
    local waits = server:eval [[
      local options = { limits = { events = false }, history = false }
      kept.loops = { endless:spawn({}, options), endless:spawn({}, options), endless:spawn({}, options) }
      ngx.timer.at(0, function() kept.run_loop = endless:start({}, options) kept.run_loop:run() end)
      return longest_sleep(30)
    ]]
    assert.is_true(waits < 0.25)
    local body = server:request "/log"
    assert.equal("ok", body)
    assert.same({ "ABORTED", "ABORTED", "ABORTED", "ABORTED" }, server:eval [[
      for i = 1, 3 do kept.loops[i]:stop() kept.loops[i]:wait(1) end
      kept.run_loop:stop() kept.run_loop:wait(1)
      return { kept.loops[1].status, kept.loops[2].status, kept.loops[3].status, kept.run_loop.status }
    ]])
  end)

  with_fibers("one huge expression leaves room for requests, and can be stopped", function()
    local waits = server:eval [[
      ngx.timer.at(0, function() kept.huge = huge:start({}) kept.huge:run() end)
      kept.spawned = huge:spawn({})
      return longest_sleep(10)
    ]]
    assert.is_true(waits < 0.1)
    assert.same({ "ABORTED", "ABORTED" }, server:eval [[
      kept.spawned:stop() kept.spawned:wait(1)
      kept.huge:stop() kept.huge:wait(1)
      return { kept.spawned.status, kept.huge.status }
    ]])
  end)

  it("run waits in rewrite, access and timers", function()
    assert.equal("passed", (server:request "/rewrite"))
    assert.equal("passed", (server:request "/access"))
    assert.equal("passed", (server:request "/timer"))
  end)

  it("run says where it can wait when it can't", function()
    assert.matches("'run' can't wait in the phase set, only in rewrite, access, content, timer, ssl_cert and preread; "
      .. "'spawn' works here too", (server:request "/set"))
    for _, phase in ipairs { "header", "body", "log" } do
      server:request("/" .. phase)
      assert.matches("'run' can't wait in the phase " .. phase, server:eval [[ ngx.sleep(0.01) return told:get "run" ]])
    end
  end)

  it("spawn works from init_worker, filters, log and timers", function()
    assert.same({ "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED" }, server:eval [[
      ngx.sleep(0.05)
      return { told:get "init_worker", told:get "header_filter", told:get "body_filter", told:get "log", told:get "from timer" }
    ]])
  end)

  it("a spawned execution that can't go on is told to who waits, and to the error log", function()
    local message = server:eval [[
      local dynamic = assert(stepfn.load { StartAt = "S", States = { S = { Type = "Task", End = true,
        Resource = "arn:aws:states:::lambda:invoke", Parameters = { ["FunctionName.$"] = "$.name" } } } })
      local good, message = pcall(function() return dynamic:spawn({ name = "nobody" }):wait(5) end)
      return message
    ]]
    assert.matches("no task function for the state 'S'", message)
    assert.matches("a spawned execution was given up: no task function", server:error_log())
    io.open(server.folder .. "/error.log", "w"):close()
  end)
end)

describe("A worker that exits", function()
  local KEEP = SETUP .. [[ init_by_lua_block {
    function keep(name) return { tasks = { work = function() ngx.sleep(60) end }, on_exit = function(execution)
      local file = io.open(ngx.config.prefix() .. name, "w")
      file:write(execution.status, " ", execution:snapshot() and "snapshot" or "")
      file:close()
    end } end
  } ]]

  it("is let go within 2 seconds, after on_exit", function()
    local server = nginx.start { http = KEEP }
    server:eval [[
      wait:spawn({ seconds = 1000 }, keep "waiting")
      work:spawn({}, keep "working")
      ngx.timer.at(0, function() wait:run({ seconds = 1000 }, keep "run") end)
      ngx.sleep(0.05)
    ]]
    local pid, began = server:pid(), os.time()
    server:signal "QUIT"
    assert.is_true(nginx.wait_for_end(pid))
    assert.is_true(os.time() - began <= 2)
    assert.same({ "RUNNING snapshot", "RUNNING snapshot", "RUNNING snapshot", "" },
      { server:file "waiting", server:file "working", server:file "run", server:error_log() })
    server:remove()
  end)

  it("lets a run in a request come to its end where there is no on_exit", function()
    local server = nginx.start { http = SETUP .. [[ lua_socket_log_errors off; ]], server = [[
      location = /slow { content_by_lua_block {
        ngx.timer.at(0.1, function() os.execute("kill -QUIT " .. ngx.worker.pid()) end)
        ngx.print(wait:run({ seconds = 1 }).status)
      } } ]] }
    assert.equal("SUCCEEDED", (server:request "/slow"))
    server:stop()
  end)
end)

describe("ssl_certificate_by_lua", function()
  it("may run a machine", function()
    local server = nginx.start {
      http = SETUP,
      certificate = true,
      server = [[
        listen 127.0.0.1:%PORT+1% ssl;
        ssl_certificate %FOLDER%/cert.pem; ssl_certificate_key %FOLDER%/key.pem;
        ssl_certificate_by_lua_block { told:set("ssl", wait:run({ seconds = 0 }).status) }
      ]],
    }
    assert.equal("SUCCEEDED", server:eval([[ return told:get "ssl" ]],
      ("https://127.0.0.1:%d/eval"):format(server.port + 1)))
    server:stop()
  end)
end)

describe("The OpenResty example", function()
  local server

  setup(function()
    server = nginx.start { configure = function(self, found)
      return nginx.example(self, found, "examples/openresty/nginx.conf", 8080)
    end }
  end)

  teardown(function() server:stop() end)

  after_each(function() assert.equal("", server:error_log()) end)

  local function order(body)
    local text, status = server:request("/orders", "-d '" .. body .. "'")
    return stepfn.decode(text), status
  end

  local function decide(name, body)
    local text, status = server:request("/orders/" .. name .. "/approval", "-d '" .. stepfn.encode(body) .. "'")
    return stepfn.decode(text), status
  end

  it("ends a small order in its request", function()
    local answer, status = order '{"item":"cup","total":5}'
    assert.same({ 200, "SUCCEEDED", true }, { status, answer.status, answer.output.payment.paid })
    assert.equal("SUCCEEDED", stepfn.decode((server:request("/orders/" .. answer.order))).status)
  end)

  it("lets a large one wait for an approval, which any worker takes", function()
    for _ = 1, 6 do
      local answer, status = order '{"item":"chair","total":250}'
      assert.same({ 202, "RUNNING" }, { status, answer.status })
      local last
      last, status = decide(answer.order, { token = answer.token, approved = true })
      assert.same({ 200, "SUCCEEDED" }, { status, last.status })
      assert.same({ paid = true }, last.output.payment)
    end
  end)

  it("releases what is not approved", function()
    local answer = order '{"item":"chair","total":250}'
    local last = decide(answer.order, { token = answer.token, approved = false })
    assert.same({ "FAILED", "Rejected" }, { last.status, last.error })
    assert.equal(409, select(2, decide(answer.order, { token = answer.token, approved = true })))
  end)

  it("refuses an answer without the token", function()
    local answer = order '{"item":"chair","total":250}'
    assert.equal(403, select(2, decide(answer.order, { token = "guessed", approved = true })))
    assert.equal(200, select(2, decide(answer.order, { token = answer.token, approved = true })))
  end)

  it("rejects what can't be paid", function()
    local answer = order '{"item":"yacht","total":50}'
    assert.same({ "FAILED", "Rejected" }, { answer.status, answer.error })
  end)

  it("keeps orders over a reload", function()
    local answer = order '{"item":"chair","total":250}'
    server:reload()
    assert.equal("SUCCEEDED", decide(answer.order, { token = answer.token, approved = true }).status)
  end)
end)
