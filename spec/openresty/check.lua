---The heavier promises of the driver ngx, tried once by hand (make loops-check):
---a few minutes on a quiet machine ("short": without the latency).  Prints "ok NAME" or "not ok NAME", with what
---was measured; needs nginx with lua-nginx-module and wrk.
package.path = "./?.lua;" .. package.path
local nginx = require "spec.support.nginx"
local system = require "spec.support.system"

local RUNS = 5 -- of each kind, alternating
local WRK = "wrk -t1 -c8 -d4s --latency http://127.0.0.1:%d/trivial"
local P99_RATIO_MAX = 1.5
local SPAWNED = 50000
local RSS_GROWTH_MAX = 0.1 -- from a fifth of the way to the end
local WAITS = 100

local failures = 0

local function told(good, name, ...)
  print((good and "ok " or "not ok ") .. name .. ": " .. string.format(...))
  failures = failures + (good and 0 or 1)
end

local function median(list)
  table.sort(list)
  return list[math.floor((#list + 1) / 2)]
end

local SETUP = [[
  lua_shared_dict told 10m;
  init_worker_by_lua_block {
    stepfn = require "stepfn"
    told = ngx.shared.told
    local task = { Type = "Task", Resource = "lua:work" }
    local function with(fields) local state = {} for k, v in pairs(task) do state[k] = v end
      for k, v in pairs(fields) do state[k] = v end return state end
    work = assert(stepfn.load { StartAt = "work", States = { work = with { End = true } } })
    wait = assert(stepfn.load { StartAt = "W", States = { W = { Type = "Wait", SecondsPath = "$.seconds", End = true } } })
    journey = assert(stepfn.load { StartAt = "First", States = {
      First = with { Next = "W" }, W = { Type = "Wait", Seconds = 1, Next = "Last" }, Last = with { End = true } } })
    %s
  }
]]

-- --- the latency of others, beside workflows and beside plain light threads ---

-- 100 in each of 2 workers, each begun anew when it ends, as the mode says.
local LOAD = [[
  local function nap() ngx.sleep(0.05) end
  local kinds = {
    engine = function() local e = journey:spawn({}, { tasks = { work = nap } }) e:wait() e:close() end,
    plain = function() nap() ngx.sleep(1) nap() end,
  }
  ngx.timer.at(0, function()
    local count = 0
    while not ngx.worker.exiting() do
      local mode = told:get "mode"
      while kinds[mode] and count < 100 do
        count = count + 1
        ngx.thread.spawn(function()
          while told:get "mode" == mode do kinds[mode]() told:incr("journeys", 1, 0) end
          count = count - 1
        end)
      end
      ngx.sleep(0.05)
    end
  end)
]]

local function p99_milliseconds(server)
  local text = system.output_of(WRK:format(server.port))
  local number, unit = text:match "99%%%s+([%d.]+)(%a+)"
  return tonumber(number) * ({ us = 0.001, ms = 1, s = 1000 })[unit], tonumber(text:match "Requests/sec:%s+([%d.]+)")
end

local function latency()
  local server = nginx.start {
    workers = 2, http = SETUP:format(LOAD), server = [[ location = /trivial { content_by_lua_block { ngx.print "ok" } } ]],
  }
  local p99, rates = { engine = {}, plain = {} }, { engine = {}, plain = {} }
  for _ = 1, RUNS do
    for _, mode in ipairs { "plain", "engine" } do
      server:eval(("told:set('mode', %q) ngx.sleep(1.5)"):format(mode))
      local milliseconds, rate = p99_milliseconds(server)
      table.insert(p99[mode], milliseconds)
      table.insert(rates[mode], rate)
      server:eval "told:set('mode', 'none') ngx.sleep(1.5)"
    end
  end
  local engine, plain = median(p99.engine), median(p99.plain)
  told(engine <= P99_RATIO_MAX * plain, "latency beside 200 workflows",
    "p99 %.2f ms (plain light threads: %.2f ms, ratio %.2f); %d requests/s (%d)",
    engine, plain, engine / plain, median(rates.engine), median(rates.plain))
  told(server:error_log() == "", "error log beside them", "%d bytes", #server:error_log())
  server:stop()
end

-- --- many at once, many failing, many in a row ---

local function many_at_once(server)
  local result = server:eval [[
    local clock = require("stepfn.core").clock
    local began, all, ended = clock(), {}, 0
    for i = 1, 2000 do
      all[i] = journey:spawn({}, { tasks = { work = function() ngx.sleep(0.01) end } })
    end
    for i = 1, 2000 do ended = ended + (assert(all[i]:wait(15)).status == "SUCCEEDED" and 1 or 0) end
    return { ended, clock() - began }
  ]]
  told(result[1] == 2000, "2000 spawned at once", "%d ended well, in %.2f s", result[1], result[2])
end

local function many_failing(server)
  local failed = server:eval [[
    local all, failed = {}, 0
    for i = 1, 1000 do
      all[i] = work:spawn({}, { tasks = { work = function() ngx.sleep(0.001) error "expected" end } })
    end
    for i = 1, 1000 do failed = failed + (assert(all[i]:wait(15)).error == "LuaError" and 1 or 0) end
    return failed
  ]]
  told(failed == 1000 and server:error_log() == "", "1000 failing tasks", "%d failed, %d bytes in the error log",
    failed, #server:error_log())
end

-- Pages of the worker after each thousand executions, from within.
local MANY_IN_A_ROW = [[
  local ended, pages = 0, {}
  local function work_a_little() ngx.sleep(0.001) end
  while ended < %d do
    local all = {}
    for i = 1, 1000 do all[i] = work:spawn({ i = i }, { tasks = { work = work_a_little } }) end
    for i = 1, 1000 do assert(all[i]:wait(15)) end
    ended = ended + 1000
    collectgarbage()
    local file = io.open "/proc/self/statm"
    pages[#pages + 1] = tonumber(file:read "*a":match "^%%d+ (%%d+)")
    file:close()
  end
  return pages
]]

local function many_in_a_row(server)
  local pages = server:eval(MANY_IN_A_ROW:format(SPAWNED))
  local early, late = pages[math.floor(#pages / 5)], pages[#pages]
  told(late <= early * (1 + RSS_GROWTH_MAX), "memory over " .. SPAWNED .. " spawned executions",
    "RSS %.1f MB after %d, %.1f MB after all", early * 4 / 1024, SPAWNED / 5, late * 4 / 1024)
end

-- --- reload ---

local KEEPING = [[
  local function keep(execution)
    told:set("snapshot:" .. execution.name, (assert(execution:snapshot())))
  end
  options = { on_exit = keep }
  ngx.timer.at(0, function(premature)
    if premature then return end
    while not ngx.worker.exiting() do
      for _, key in ipairs(told:get_keys(0)) do
        local text = key:find "^snapshot:" and told:get(key)
        if text then
          told:delete(key)
          local execution = assert(wait:resume(text, options)):spawn()
          table.insert(execution._pump:made "on_end", function() told:incr(execution.status, 1, 0) end)
        end
      end
      ngx.sleep(0.1)
    end
  end)
]]

local function reload()
  local server = nginx.start { http = SETUP:format(KEEPING) }
  server:eval(("for i = 1, %d do wait:spawn({ seconds = 4 }, options) end ngx.sleep(0.1)"):format(WAITS))
  local began = nginx.clock()
  local gone = server:reload()
  local seconds = nginx.clock() - began
  local ended = server:eval "ngx.sleep(5) return told:get 'SUCCEEDED' or 0"
  told(gone and seconds <= 2, "reload during " .. WAITS .. " waits", "the old worker was gone after %.2f s", seconds)
  told(ended == WAITS, "waits after the reload", "%d of %d ended in the new worker", ended, WAITS)
  told(server:error_log() == "", "error log of the reload", "%d bytes", #server:error_log())
  server:stop()
end

if arg[1] ~= "short" then
  latency()
end
local server = nginx.start { http = SETUP:format "" }
many_at_once(server)
many_failing(server)
many_in_a_row(server)
server:stop()
reload()
os.exit(failures == 0 and 0 or 1)
