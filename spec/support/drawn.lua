---Machines whose pictures are looked at, each with an execution of it.
local step = require "stepfn.step"
local stepfn = require "stepfn"

local M = {}

local function pass(name)
  return step.new_pass_state(name)
end

local function run(machine, input, options)
  options = options or {}
  options.driver = "virtual"
  return machine, machine:run(input or {}, options)
end

---Three registrations of which one fails for good.
function M.saga()
  local folder = "examples/registration_saga/"
  local machine = assert(stepfn.load_file(folder .. "definition.json"))
  return run(machine, { user = "ada", broken = "products" }, { tasks = dofile(folder .. "tasks.lua") })
end

---A distributed Map of four items, one of which fails.
function M.distributed()
  local fetch = step.new_task_state("FetchManifest", function() return { lines = { 1, 2, 3, 4 } } end)
  local parse = step.new_task_state("ParseLine", function(n) return n < 4 and n or stepfn.fail("BadLine") end, {
    retriers = step.retry { errors = "BadLine", interval = 1, max_attempts = 2 },
  })
  parse:next(step.new_choice_state("IsBig", step.when("$"):gt(2):go(pass "StoreBig")):with_default(pass "StoreSmall"))
  local each = step.new_map_state("EachLine", parse):with_items_path("$.lines"):distributed { tolerated_failure_count = 2 }
  fetch:next(each):next(step.new_task_state("SendReport", function() return {} end))
  local traces = {}
  local machine, execution = run(step.new_state_machine("Lines", fetch), {}, {
    on_child = function(child) traces[#traces + 1] = child:trace() end,
  })
  return machine, execution, traces
end

---A Parallel of a Map with a Parallel in it, of a Task that is caught, of a Wait.
function M.nested()
  local each = pass "Prepare"
  each:next(step.new_parallel_state("Notify", pass "Mail", pass "Text message", pass "Push")):next(pass "Audit")
  local bill = step.new_task_state("Bill", function() stepfn.fail "CardDeclined" end, {
    retriers = step.retry { errors = step.StatesAll, interval = 1, max_attempts = 2 },
    catchers = step.new_task_catch(pass "BillLater", "CardDeclined"),
  })
  local both = step.new_parallel_state("Both", step.new_map_state("EachOrder", each), bill, step.new_wait_delay_state("Cool down", 60))
  both:with_catchers(step.new_task_catch(step.new_fail_state("Gone", "AllLost"), step.StatesAll))
  both:next(pass "Merge"):next(step.new_success_state "Done")
  return run(step.new_state_machine("Nested", both), { 1, 2 })
end

---A Choice with ten rules of some length.
function M.choice()
  local rules = {}
  for i = 1, 10 do
    rules[i] = step.And {
      step.StringEquals { Variable = "$.order.customer.address.country", Value = "Country number " .. i },
      step.NumericGreaterThan { Variable = "$.order.total", Value = i * 100 },
      Next = pass("ShipToCountryNumber" .. i),
    }
  end
  local choice = step.new_choice_state("WhichCountryShallItBeShippedTo", rules)
    :with_default(step.new_fail_state("UnknownCountry", "UnknownCountry"))
  return run(step.new_state_machine("Choice", choice), {
    order = { total = 1000, customer = { address = { country = "Country number 4" } } },
  })
end

-- Sixty states; every seventh is a Choice that may go back.
local function sixty_states(give_up)
  local states = {}
  for i = 1, 60 do
    states[i] = i % 7 == 0 and step.new_choice_state("Check" .. i)
      or step.new_task_state("Step" .. i, function() return { n = i } end)
  end
  for i, state in ipairs(states) do
    if i % 7 == 0 then
      state:add(step.when("$.n"):lt(0):go(states[i - 5])):with_default(states[i + 1])
    elseif i < 60 then
      state:next(states[i + 1])
    end
    if i % 5 == 0 and i % 7 > 0 then
      state:with_catchers(step.new_task_catch(give_up, step.StatesAll))
    end
  end
  return states
end

---Sixty states.
function M.sixty()
  return run(step.new_state_machine("Sixty", sixty_states(step.new_fail_state("GiveUp", "GaveUp"))[1]))
end

---Names that mean something to what draws them.
M.hostile = {
  "Zahlung prüfen – übermäßig", "支払いを確認する", "😀 emoji", 'say "hi" <b>bold</b> & &lt; done', "line\nbreak\ttab", "%% comment",
  "end", "graph TD; a-->b", "back\\slash \\N \\n", "#35;hash|pipe", "`backtick` $x$ $$$y$$", "]) }} [[", "a%d%s",
  "<script>alert(1)</script>", "\27[31mred", "half\239\191\191way", "two\226\128\168lines", "\194\155C1", ("Long"):rep(20),
}

---A machine of states with these names.
function M.names()
  local first = pass(M.hostile[1])
  local last = first
  for i = 2, #M.hostile do
    last = last:next(pass(M.hostile[i]))
  end
  return run(step.new_state_machine("Names", first))
end

return M
