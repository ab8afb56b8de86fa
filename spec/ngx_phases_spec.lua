-- Where the driver ngx can wait, phase by phase: in a stand-in for nginx, since
-- ssl_certificate_by_lua and preread_by_lua need more of a server than specs have.
local stand_in = {
  ["stepfn.driver.ngx"] = false, ["stepfn.driver.ngx_crew"] = false,
  ["ngx.semaphore"] = { new = function() return { wait = function() return true end, post = function() end } end },
}

describe("the driver ngx, in a stand-in for nginx,", function()
  local phase, driver, before
  local inside = rawget(_G, "ngx")

  setup(function()
    before = {}
    for name, module in pairs(stand_in) do
      before[name] = package.loaded[name]
      package.loaded[name] = module or nil
    end
    rawset(_G, "ngx", {
      get_phase = function() return phase end,
      worker = { exiting = function() return false end },
      thread = { spawn = coroutine.wrap, kill = function() end },
      sleep = function() end, timer = { at = function() return true end }, log = function() end, ERR = 4,
    })
    driver = require("stepfn.driver.ngx").new()
  end)

  teardown(function()
    rawset(_G, "ngx", inside)
    for name in pairs(stand_in) do
      package.loaded[name] = before[name]
    end
  end)

  for _, name in ipairs { "rewrite", "access", "content", "timer", "ssl_cert", "preread" } do
    it("lets 'run' wait in " .. name, function()
      phase = name
      assert.is_table(driver:attach("run", 1))
    end)
  end

  for _, name in ipairs { "init", "init_worker", "set", "header_filter", "body_filter", "log", "balancer", "ssl_session_fetch" } do
    it("says for " .. name .. " which phases 'run' can wait in", function()
      phase = name
      local good, message = pcall(driver.attach, driver, "run", 1)
      assert.is_false(good)
      assert.matches("'run' can't wait in the phase " .. name
        .. ", only in rewrite, access, content, timer, ssl_cert and preread; 'spawn' works here too", message, 1, true)
    end)
  end
end)
