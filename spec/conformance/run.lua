---Recorded cases and probes: run.lua FOLDER [FOLDER]
---
---    make conformance [CORPUS=FOLDER] [PROBES=FOLDER] [SUITE=NAME] [DUMP=FOLDER]
---
---Every JSON file below the folders that has the shape of a suite is run, whatever
---its name; with SUITE that suite alone. One line a suite, "name: passed/total", then the failures. Exit status 1
---when a failure is not listed in known.lua. DUMP gets a file a suite,
---"name.jsonl", with what was computed for each case.
local here = (arg[0]:match("^(.*)/[^/]*$") or ".")
package.path = here .. "/../../?.lua;" .. package.path
local runner = require "spec.conformance.runner"

local folder = arg[1] or "../shared/conformance"
local there, missing = io.open(folder)
if not there then
  io.stderr:write("conformance: no recorded cases: ", missing, "\n")
  os.exit(2)
end
there:close()

-- What the environment says; nil: nothing.
local function given(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

local function wanted_suites()
  local wanted, suites = given "SUITE", {}
  for _, suite in ipairs(runner.suites(here .. "/suite")) do
    if not wanted or suite.name == wanted then
      suites[#suites + 1] = suite
    end
  end
  return suites
end

local dump = given "DUMP"
if dump then
  os.execute("mkdir -p '" .. dump:gsub("'", "'\\''") .. "'")
end

local results = runner.run({ folder, arg[2] }, {
  suites = wanted_suites(),
  known = assert(loadfile(here .. "/known.lua"))(),
  dump = dump,
})
if #results == 0 then
  print("no recorded cases in " .. folder)
end
os.exit(runner.report(results, print) and 0 or 1)
