---Prints one JSON line for each workload: name, units, microseconds a unit, peak
---memory in bytes, and whether the output was right.
---
---    make bench [WORKLOADS=FOLDER] [PEERS=1] [BENCH_ARGS="w1 w7"]
---
---Each measurement has a process of its own.  With PEERS=1 other engines do the
---same work in turn (bench/peers), and ratios follow: how many times longer they
---take.  BENCH_ARGS names the workloads to run instead of all.
local WORKLOADS = {
  { id = "w1", folder = "w1_loop", histories = true },
  { id = "w2", folder = "w2_onboarding", histories = true },
  { id = "w3", folder = "w3_saga", histories = true },
  { id = "w4", folder = "w4_map", histories = true },
  { id = "w5", folder = "w5_payload", histories = true },
  { id = "w6", folder = "w6_choice", histories = true },
  { id = "w7", folder = "w7_jsonpath" },
  { id = "w8", folder = "w8_jsonata", needs = "stepfn.jsonata" },
  { id = "w9", folder = "w9_definition" },
  { id = "w10", folder = "w10_loop_jsonata", needs = "stepfn.jsonata", histories = true },
  { id = "transitions" },
  { id = "parked" },
}

local lua = assert(os.getenv "STEPFN_LUA", "run this through make bench")

local function note(...)
  io.stderr:write(table.concat({ ... }), "\n")
end

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

---@param command string
---@return string? line the last line it printed
local function last_line(command)
  local pipe = assert(io.popen(command))
  local line
  for text in pipe:lines() do
    line = text
  end
  pipe:close()
  return line
end

---@param path string
local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close() and true
end

local function parse_arguments()
  local options = { only = {}, root = arg[1] or "../shared/bench/workloads" }
  for i = 2, #arg do
    if arg[i] == "--peers" then
      options.peers = true
    else
      options.only[arg[i]] = true
      options.some = true
    end
  end
  return options
end

---@param name string
---@param history boolean
---@return string? line
local function ours(root, name, history)
  local command = ("%s bench/measure.lua %s %s %s"):format(
    quoted(lua), quoted(root), name, history and "history" or ""
  )
  local line = last_line(command)
  print(line or ('{"engine":"stepfn","name":"%s","error":"it ended without a result"}'):format(name))
  io.stdout:flush()
  return line
end

---@param line string?
---@return number? microseconds a unit
local function cost(line)
  return line and tonumber(line:match '"us_per_unit":([%d.e+-]+)')
end

---@return string? folder with the peers in it, nil (after saying why) without
local function install_peers()
  local folder = last_line "sh bench/peers/install.sh"
  if not folder or folder == "" then
    note "bench: no peers (see above); ours alone"
    return nil
  end
  return folder
end

local function theirs(peers, root, name)
  local line = last_line(("node %s/run.mjs %s %s"):format(quoted(peers), quoted(root), name))
  if line and line ~= "" then
    print(line)
    io.stdout:flush()
  end
  return line
end

---@param peer string? the peer's line
---@param best string? ours
local function print_ratio(name, peer, best)
  local a, b = cost(peer), cost(best)
  if a and b then
    print(('{"ratio":"%s","peer":"%s","peer_right":%s,"times":%.4g}'):format(
      name, peer:match '"engine":"([^"]*)"', peer:match '"right":(%l+)', a / b
    ))
  end
end

local function run(options, row, peers)
  if row.needs and not pcall(require, row.needs) then
    note("bench: ", row.id, " needs ", row.needs, ", which is not there yet")
    return
  end
  local name = row.folder or row.id
  local best = ours(options.root, name, false)
  if row.histories then
    ours(options.root, name, true)
  end
  if peers and row.folder then
    print_ratio(name, theirs(peers, options.root, name), best)
  end
end

local options = parse_arguments()
local peers = options.peers and install_peers()
local here = exists(options.root .. "/handlers.json")
if not here then
  note("bench: no workloads in ", options.root, " (make bench WORKLOADS=FOLDER); only what needs no data")
end
for _, row in ipairs(WORKLOADS) do
  if (here or not row.folder) and (not options.some or options.only[row.id]) then
    run(options, row, peers)
  end
end
