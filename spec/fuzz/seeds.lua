---Inputs to begin with, from recorded cases: seeds.lua TARGET CORPUS FOLDER
local here = (arg[0]:match("^(.*)/[^/]*$") or ".")
local runner = assert(loadfile(here .. "/../conformance/runner.lua"))()
local stepfn = require "stepfn"

local target, corpus, folder = arg[1], arg[2], arg[3]

---For each target: the text of a case as an input, nil when it is of no use.
local targets = {}

function targets.jsonpath(case)
  local recorded = case.test or case.recorded
  local path = recorded and (recorded.selector or recorded.path)
  if not path then
    return nil
  end
  return path:gsub("\n", " ") .. "\n" .. stepfn.encode(recorded.document or recorded.doc or {})
end

function targets.jsonata(case)
  local recorded = case.case
  if not (recorded and recorded.expr) then
    return nil
  end
  local document = recorded.data
  return recorded.expr:gsub("\n", " ") .. "\n" .. (document == nil and "null" or stepfn.encode(document))
end

local count = 0

local function add(text)
  count = count + 1
  local seed = assert(io.open(("%s/%05d"):format(folder, count), "wb"))
  seed:write(text)
  seed:close()
end

local function from_cases(text_of)
  for _, file in ipairs(runner.files(corpus)) do
    for _, suite in ipairs(runner.suites(here .. "/../conformance/suite")) do
      for _, case in ipairs(suite.cases(file) or {}) do
        local text = text_of(case)
        if text then
          add(text)
        end
      end
    end
  end
end

---For targets whose seeds are made here: adds them.
local made = {}

local HEAD, TAIL = 8 + 4 + 32 + 1, 32 -- of a snapshot

-- A reader that waits for the first piece, and for the second.
local function add_reader(config)
  local machine = assert(stepfn.load {
    StartAt = "All",
    States = {
      All = {
        Type = "Map", End = true,
        ItemReader = {
          Resource = "arn:aws:states:::s3:getObject", ReaderConfig = config, Parameters = { Bucket = "b", Key = "k" },
        },
        ItemProcessor = {
          ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" },
          StartAt = "Item", States = { Item = { Type = "Pass", End = true } },
        },
      },
    },
  })
  local execution = machine:start({}, { start_time = 1 })
  execution:advance(1)
  add(machine:to_json() .. "\n" .. execution:snapshot():sub(HEAD + 1, -TAIL - 1))
  for effect in execution:effects() do
    if effect.type == "read" then
      execution:feed { type = "read", reader = effect.reader, bytes = "[1,2,", now = 2 }
      break
    end
  end
  add(machine:to_json() .. "\n" .. execution:snapshot():sub(HEAD + 1, -TAIL - 1))
end

function made.snapshot()
  add_reader { InputType = "JSON" }
  add_reader { InputType = "CSV", CSVHeaderLocation = "FIRST_ROW" }
  package.path = here .. "/../support/?.lua;" .. package.path
  local player = require "player"
  for _, play in ipairs(require("plays").all) do
    local machine = play.load()
    local p = player.new {
      machine = machine, input = play.input, tasks = play.tasks, answers = play.answers, children = play.children,
    }
    local more
    repeat
      local text = p.execution:snapshot { history = p.steps % 2 == 0 }
      add(machine:to_json() .. "\n" .. text:sub(HEAD + 1, -TAIL - 1))
      more = p:run(1)
    until not more
  end
end

if made[target] then
  made[target]()
elseif targets[target] then
  from_cases(targets[target])
end
print(("%s: %d seeds"):format(target, count))
