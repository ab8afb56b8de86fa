---Every field of an execution has a row in src/run/snapshot_item.c, or stands here
---with what it follows from: nothing is forgotten in a snapshot.
local system = require "spec.support.system"

-- The text of a struct, without comments.
local function body_of(header, name)
  local text = system.read(header):gsub("/%*.-%*/", "")
  return assert(text:match("struct " .. name .. " (%b{})"), name)
end

-- Names of its members: the last word of each declarator.
local function members(header, name)
  local list = {}
  for declaration in body_of(header, name):sub(2, -2):gsub("%b[]", ""):gmatch "[^;]+" do
    for declarator in declaration:gmatch "[^,]+" do
      list[#list + 1] = declarator:match "([%w_]+)%s*$"
    end
  end
  return list
end

-- Names that the rows of a struct have.
local function rows(name)
  local found = {}
  for member in system.read "src/run/snapshot_item.c":gmatch("%(" .. name .. ",%s*([%w_]+)") do
    found[member] = true
  end
  for member in system.read "src/run/snapshot_item.c":gmatch "\n%s*TALLIES%(([%w_]+)%)" do
    found[member] = found[member] or name == "map_run"
  end
  return found
end

local structs = {
  {
    header = "src/run/internal.h", name = "sf_execution",
    follows = {
      mem = "the reader's", machine = "the reader's", facts = "a table of its own", special = "a table of its own",
      map_runs = "tables of their own", broken = "then there is no snapshot", overflow = "false between feeds",
      root = "a table of its own", queue_first = "places of frames", queue_last = "places of frames",
      spare = "no state", outbox = "a table of its own", outbox_first = "outbox", outbox_count = "outbox",
      outbox_capacity = "no state", attempts = "attempts of frames", attempts_count = "attempts of frames",
      attempts_capacity = "no state", events = "a table of its own", parts = "a cache", slice_left = "set by each feed",
      step_now = "set by each step", stepping = "NULL between feeds", fiber = "its step begins again",
      putting_off = "false between feeds",
      variables_bytes = "variables of frames",
    },
  },
  {
    header = "src/run/internal.h", name = "frame",
    follows = {
      parent = "the tree", previous = "the tree", next = "the tree", queue_previous = "the queue",
      queue_next = "the queue", group = "a table of its own", scope = "state", queued = "the queue",
      retries = "written with the frame", nretries = "written with the frame",
    },
  },
  {
    header = "src/run/internal.h", name = "group",
    follows = { first = "the tree", last = "the tree", run = "written by id", context = "the visit and the items" },
  },
  { header = "src/run/internal.h", name = "outbox_item", follows = {} },
  { header = "src/run/history.h", name = "history_record", follows = {} },
  {
    header = "src/run/execution.h", name = "sf_facts",
    follows = { special = "a table of its own", arn_is_prefix = "false in a snapshot" },
  },
  { header = "src/run/execution.h", name = "sf_special_facts", follows = { recorder = "the host's" } },
  {
    header = "src/run/maprun.h", name = "map_run",
    follows = {
      next = "the list", id = "written with it", frame = "the group that names it", reader = "made again when it is needed",
    },
  },
  { header = "src/run/maprun.h", name = "child", follows = { id = "written with it", run = "written by id" } },
}

describe("a snapshot", function()
  for _, struct in ipairs(structs) do
    it("has all that is in " .. struct.name, function()
      local has, forgotten = rows(struct.name), {}
      for _, member in ipairs(members(struct.header, struct.name)) do
        if not has[member] and not struct.follows[member] then
          forgotten[#forgotten + 1] = member
        end
      end
      assert.same({}, forgotten)
    end)
  end
end)
