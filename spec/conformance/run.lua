---Recorded cases: run.lua FOLDER
---
---    make conformance [CORPUS=FOLDER] [DUMP=FOLDER]
---
---Every JSON file below FOLDER that has the shape of a suite is run, whatever its
---name. One line a suite, "name: passed/total", then the failures. Exit status 1
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
local dump = os.getenv("DUMP")
if dump == "" then
  dump = nil
end
if dump then
  os.execute("mkdir -p '" .. dump:gsub("'", "'\\''") .. "'")
end

local results = runner.run(folder, {
  suites = runner.suites(here .. "/suite"),
  known = assert(loadfile(here .. "/known.lua"))(),
  dump = dump,
})
if #results == 0 then
  print("no recorded cases in " .. folder)
end
os.exit(runner.report(results, print) and 0 or 1)
