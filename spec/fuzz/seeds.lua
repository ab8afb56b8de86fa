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
for _, file in ipairs(runner.files(corpus)) do
  for _, suite in ipairs(runner.suites(here .. "/../conformance/suite")) do
    for _, case in ipairs(suite.cases(file) or {}) do
      local text = targets[target] and targets[target](case)
      if text then
        count = count + 1
        local seed = assert(io.open(("%s/%05d"):format(folder, count), "wb"))
        seed:write(text)
        seed:close()
      end
    end
  end
end
print(("%s: %d seeds"):format(target, count))
