---What is played in specs of snapshots: every example, and a few workflows with
---what the examples do not have.
local stepfn = require "stepfn"

local M = {}

local function example(name)
  return function()
    return assert(stepfn.load_file("examples/" .. name .. "/definition.json"))
  end
end

local function tasks_of(name)
  return dofile("examples/" .. name .. "/tasks.lua")
end

local function of_example(name, input, answers)
  return { name = name, load = example(name), input = input, tasks = tasks_of(name), answers = answers }
end

-- Iterations with a Parallel each, variables, retries with jitter, a catcher, an
-- activity; a large input that all share.
local nested = {
  StartAt = "Begin",
  States = {
    Begin = { Type = "Pass", Assign = { ["all.$"] = "$" }, Next = "Each" },
    Each = {
      Type = "Map", ItemsPath = "$.items", MaxConcurrency = 2, ResultPath = "$.done", Next = "Activity",
      ItemSelector = { ["index.$"] = "$$.Map.Item.Index", ["item.$"] = "$$.Map.Item.Value", ["all.$"] = "$.large" },
      ItemProcessor = {
        StartAt = "Both",
        States = {
          Both = {
            Type = "Parallel", End = true, Catch = { { ErrorEquals = { "Odd" }, Next = "Caught" } },
            Branches = {
              {
                StartAt = "Work",
                States = {
                  Work = {
                    Type = "Task", Resource = "arn:aws:lambda:us-east-1:000000000000:function:work",
                    Assign = { ["mine.$"] = "$" }, End = true, TimeoutSeconds = 60,
                    Retry = { { ErrorEquals = { "Busy" }, IntervalSeconds = 2, JitterStrategy = "FULL" } },
                  },
                },
              },
              {
                StartAt = "Pause",
                States = {
                  Pause = { Type = "Wait", Seconds = 3, Next = "Unique" },
                  Unique = { Type = "Pass", Parameters = { ["id.$"] = "States.UUID()" }, End = true },
                },
              },
            },
          },
          Caught = { Type = "Pass", End = true },
        },
      },
    },
    Activity = {
      Type = "Task", Resource = "arn:aws:states:us-east-1:000000000000:activity:help", HeartbeatSeconds = 100,
      Parameters = { ["count.$"] = "States.ArrayLength($.done)", ["first.$"] = "$all.items[0]" }, End = true,
    },
  },
}

local work = {
  work = function(input, context)
    if input.item % 2 == 1 and context.attempt == 1 then
      stepfn.fail("Odd", "an odd number")
    elseif context.attempt == 0 then
      stepfn.fail("Busy")
    end
    return { worked = input.item }
  end,
  help = function(input)
    return input
  end,
}

local counting = {
  StartAt = "Ready",
  States = {
    Ready = { Type = "Choice", Choices = { { Variable = "$.n", NumericEquals = 3, Next = "Done" } }, Default = "More" },
    More = { Type = "Pass", Parameters = { ["n.$"] = "States.MathAdd($.n, 1)" }, Next = "Ready" },
    Done = { Type = "Wait", TimestampPath = "$$.Execution.StartTime", Next = "Fail" },
    Fail = { Type = "Fail", Error = "Enough", Cause = "a \"quoted\" cause" },
  },
}

-- Two distributed Maps side by side: one with batches, one that fails and is
-- tried again.
local function processor(name)
  return {
    ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
    StartAt = name, States = { [name] = { Type = "Pass", End = true } },
  }
end

local distributed = {
  StartAt = "Both",
  States = {
    Both = {
      Type = "Parallel", End = true, Catch = { { ErrorEquals = { "States.ALL" }, Next = "Caught" } }, Branches = {
        {
          StartAt = "Batches",
          States = {
            Batches = {
              Type = "Map", ItemsPath = "$.items", MaxConcurrency = 3, End = true, Label = "batches",
              ItemSelector = { ["value.$"] = "$$.Map.Item.Value", ["all.$"] = "$.large" },
              ItemBatcher = { MaxItemsPerBatch = 3, BatchInput = { ["large.$"] = "$.large" } },
              ItemProcessor = processor "Batch", ToleratedFailureCount = 1,
            },
          },
        },
        {
          StartAt = "Fails",
          States = {
            Fails = {
              Type = "Map", ItemsPath = "$.object", ItemProcessor = processor "Item", End = true,
              Retry = { { ErrorEquals = { "States.ALL" }, IntervalSeconds = 5, MaxAttempts = 1 } },
            },
          },
        },
      },
    },
    Caught = { Type = "Pass", End = true },
  },
}

-- Results that go into files.
local written = {
  StartAt = "All",
  States = {
    All = {
      Type = "Map", ItemsPath = "$.items", MaxConcurrency = 4, End = true, ToleratedFailurePercentage = 50,
      ItemProcessor = processor "Item",
      ResultWriter = {
        Resource = "arn:aws:states:::s3:putObject", Parameters = { Bucket = "b", Prefix = "p" },
      },
    },
  },
}

local function of_table(name, definition, input, tasks, children)
  return {
    name = name, load = function() return assert(stepfn.load(definition)) end, input = input, tasks = tasks or {},
    children = children,
  }
end

local spread = { items = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, object = { a = 1, b = 2, c = 3 }, large = { ("y"):rep(500) } }

M.all = {
  of_example("onboarding", { user = "ada" }),
  of_example("registration_saga", { user = "ada" }),
  of_example("registration_saga", { user = "ada", broken = "promotions" }),
  of_example("roll_die", {}),
  of_example("loop", {}),
  of_example("loop", { taskresult = { count = 7 } }),
  of_example("approval", { request = "a chair" }, { AskForApproval = { approved = true, by = "grace" } }),
  of_example("approval", { request = "nobody answers" }),
  of_table("nested", nested, { items = { 1, 2, 3, 4 }, large = { ("x"):rep(2000), 1.5, 2 ^ 60 } }, work),
  of_table("counting", counting, { n = 0 }),
  of_table("distributed", distributed, spread),
  of_table("distributed", distributed, spread, {}, function(input) return input.Key == "b" end),
  of_table("distributed", distributed, spread, {}, function(input) return input.Items ~= nil end),
  of_table("written", written, spread, {}, function(input) return input % 4 == 0 end),
}

return M
