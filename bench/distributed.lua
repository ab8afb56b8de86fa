---Memory and time of a distributed Map: a task function for each item, batches of
---1,000, items from a file that is read as a stream.
---
---    sh tools/lua.sh any bench/distributed.lua [ITEMS [FORMAT [MAX_CONCURRENCY]]]
---
---Prints one line: items, format, seconds, microseconds an item, and the most that
---was in use at the end of any child: the core's bytes, Lua's, and those of the
---process (where /proc tells).
local core = require "stepfn.core"
local stepfn = require "stepfn"

local ITEMS = tonumber(arg[1]) or 1000000
local FORMAT = arg[2] or "CSV"
local CONCURRENCY = tonumber(arg[3])

local writers = {
  CSV = function(file)
    file:write "id,name\n"
    for i = 1, ITEMS do
      file:write(i, ",name ", i, "\n")
    end
  end,
  JSONL = function(file)
    for i = 1, ITEMS do
      file:write('{"id":"', i, '","name":"name ', i, '"}\n')
    end
  end,
  JSON = function(file)
    for i = 1, ITEMS do
      file:write(i == 1 and "[" or ",", '{"id":"', i, '","name":"name ', i, '"}')
    end
    file:write "]"
  end,
}

local function resident()
  local file = io.open "/proc/self/status"
  if not file then
    return 0
  end
  local text = file:read "*a"
  file:close()
  return tonumber(text:match "VmRSS:%s*(%d+)") * 1024
end

local function new_root()
  local root = os.tmpname()
  os.remove(root)
  assert(core.folder_make(root))
  assert(core.folder_make(root .. "/b"))
  local file = assert(io.open(root .. "/b/items", "wb"))
  writers[FORMAT](file)
  file:close()
  return root
end

local machine = assert(stepfn.load {
  StartAt = "All",
  States = {
    All = {
      Type = "Map", End = true, MaxConcurrency = CONCURRENCY,
      ItemReader = {
        Resource = "arn:aws:states:::s3:getObject", Parameters = { Bucket = "b", Key = "items" },
        ReaderConfig = { InputType = FORMAT, CSVHeaderLocation = FORMAT == "CSV" and "FIRST_ROW" or nil },
      },
      ItemBatcher = { MaxItemsPerBatch = 1000 },
      ItemProcessor = {
        ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "EXPRESS" },
        StartAt = "Each",
        States = {
          Each = {
            Type = "Map", ItemsPath = "$.Items", ResultPath = stepfn.null, Next = "Done",
            ItemProcessor = {
              StartAt = "Work", States = { Work = { Type = "Task", Resource = "lua:work", End = true } },
            },
          },
          Done = { Type = "Pass", Parameters = { ["count.$"] = "States.ArrayLength($.Items)" }, End = true },
        },
      },
    },
  },
})

local root = new_root()
local calls = 0
local most = { core = 0, lua = 0, resident = 0 }

local function note()
  most.core = math.max(most.core, (core.memory()))
  most.lua = math.max(most.lua, collectgarbage "count" * 1024)
  most.resident = math.max(most.resident, resident())
end

local started = core.monotonic()
local execution = machine:run({}, {
  driver = "virtual", seed = 1, objects = root, history = false, limits = { payload = false, events = false },
  on_child = note,
  tasks = { work = function(item)
    calls = calls + 1
    return item
  end },
})
local seconds = core.monotonic() - started
local counts = execution:map_runs()[1]
os.execute("rm -rf '" .. root .. "'")
assert(execution.status == "SUCCEEDED", tostring(execution))
assert(calls == ITEMS and counts.itemCounts.succeeded == ITEMS)

print(("%d items of %s, %d children: %.1f s, %.1f us an item; at most %.1f MB in the core, %.1f MB in Lua, %.1f MB resident"):format(
  ITEMS, FORMAT, counts.executionCounts.total, seconds, seconds / ITEMS * 1e6,
  most.core / 1e6, most.lua / 1e6, most.resident / 1e6))
