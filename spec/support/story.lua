---Runs every example with one seed and prints the histories: the same seed must
---print the same bytes in every process and on every Lua.
---
---    lua spec/support/story.lua SEED
local stepfn = require "stepfn"
local virtual = require "stepfn.driver.virtual"

local inputs = {
  { "onboarding", { user = "ada" } },
  { "registration_saga", { user = "ada" } },
  { "registration_saga", { user = "ada", broken = "promotions" } },
  { "roll_die", {} },
  { "loop", {} },
  { "approval", { request = "a chair" } },
}

local words = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa" }

-- Ten more keys in every result: their order must not depend on the Lua.
local function enriched(run)
  return function(input, context)
    local output, problem = run(input, context)
    for index, word in ipairs(words) do
      output[word] = context:random(1, 1000) + index
    end
    return output, problem
  end
end

local function tasks_of(name)
  local tasks = {}
  for key, run in pairs(dofile("examples/" .. name .. "/tasks.lua")) do
    tasks[key] = enriched(run)
  end
  return tasks
end

for _, case in ipairs(inputs) do
  local machine = assert(stepfn.load_file("examples/" .. case[1] .. "/definition.json"))
  local execution = machine:run(case[2], {
    tasks = tasks_of(case[1]),
    driver = virtual.new { start = "2026-01-01T00:00:00Z" },
    seed = tonumber(arg[1]),
    name = "story",
  })
  print(case[1], execution.status, execution:output_json())
  for _, event in ipairs(execution:history()) do
    print(stepfn.encode(event))
  end
end
