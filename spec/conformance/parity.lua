---Parity with the service, as a page: parity.lua FOLDER PAGE [check]
---
---Runs the suites of recorded AWS cases and writes what is equal and what differs,
---with the reason.  With "check" it writes nothing: exit status 1 when the page is
---not what would be written.
local here = (arg[0]:match("^(.*)/[^/]*$") or ".")
package.path = here .. "/../../?.lua;" .. package.path
local runner = require "spec.conformance.runner"

local REASON_MAX = 160

local folder, page, check = arg[1], arg[2], arg[3] == "check"

local function is_aws(suite)
  return suite.name:find "^asl%-" ~= nil
end

local function aws_suites()
  local suites = {}
  for _, suite in ipairs(runner.suites(here .. "/suite")) do
    if is_aws(suite) then
      suites[#suites + 1] = suite
    end
  end
  return suites
end

-- The page is one, so a reason is one line of it.
local function one_line(reason)
  local text = reason:gsub("%s+", " ")
  if #text > REASON_MAX then
    text = text:sub(1, REASON_MAX):gsub("[\128-\255]*$", "") .. " ..."
  end
  return (text:gsub("`", "'"))
end

local function topic_of(name)
  return name:match "^[^/]*"
end

local function new_topic(topics, name)
  local topic = topics[name]
  if not topic then
    topic = { name = name, equal = {}, differ = {} }
    topics[name] = topic
    topics[#topics + 1] = topic
  end
  return topic
end

local function sort_in(result, topics)
  for _, name in ipairs(result.passes) do
    table.insert(new_topic(topics, topic_of(name)).equal, name)
  end
  for _, case in ipairs(result.failures) do
    local name = runner.name_of(case)
    local reason = result.known[name] or case.reason or "differs"
    table.insert(new_topic(topics, topic_of(name)).differ, { name = name, reason = one_line(reason) })
  end
end

local function by_name(a, b)
  return a.name < b.name
end

local function topics_of(results)
  local topics = {}
  for _, result in ipairs(results) do
    sort_in(result, topics)
  end
  table.sort(topics, by_name)
  for _, topic in ipairs(topics) do
    table.sort(topic.equal)
    table.sort(topic.differ, by_name)
  end
  return topics
end

local function add_counts(lines, topics)
  local equal, all = 0, 0
  lines[#lines + 1] = "| topic | recorded cases | equal |"
  lines[#lines + 1] = "| --- | ---: | ---: |"
  for _, topic in ipairs(topics) do
    local n = #topic.equal + #topic.differ
    equal, all = equal + #topic.equal, all + n
    lines[#lines + 1] = ("| %s | %d | %d |"):format(topic.name, n, #topic.equal)
  end
  lines[#lines + 1] = ("| **all** | **%d** | **%d** |"):format(all, equal)
end

local function add_topic(lines, topic)
  lines[#lines + 1] = ""
  lines[#lines + 1] = "## " .. topic.name
  lines[#lines + 1] = ""
  for _, case in ipairs(topic.differ) do
    lines[#lines + 1] = ("- differs: `%s`: %s"):format(case.name, case.reason)
  end
  for _, name in ipairs(topic.equal) do
    lines[#lines + 1] = ("- equal: `%s`"):format(name)
  end
end

local function text_of(topics)
  local lines = {
    "# Parity with AWS Step Functions",
    "",
    "Each case is a run, a definition or an answer that was recorded from the service: status, output,",
    "error, cause and the whole event history are compared. `make parity` writes this page from a folder",
    "of such recordings; `make parity CHECK=1` says whether it is up to date.",
    "",
  }
  add_counts(lines, topics)
  for _, topic in ipairs(topics) do
    add_topic(lines, topic)
  end
  return table.concat(lines, "\n") .. "\n"
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a"
  if file then
    file:close()
  end
  return text
end

local function main()
  local results = runner.run(folder, { suites = aws_suites(), known = require "spec.conformance.known" })
  if #results == 0 then
    print("no recorded cases in " .. folder)
    return true
  end
  local text = text_of(topics_of(results))
  if check then
    local fine = read(page) == text
    print(page .. (fine and " is up to date" or " is stale: run make parity"))
    return fine
  end
  local file = assert(io.open(page, "wb"))
  file:write(text)
  file:close()
  return true
end

os.exit(main() and 0 or 1)
