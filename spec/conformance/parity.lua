---Parity with the service, as a page: parity.lua FOLDER PAGE [check]
---
---Runs the suites of recorded AWS cases and writes what is equal and what differs,
---with the reason.  With "check" it writes nothing: exit status 1 when the page is
---not what would be written.  Either way it tells the cases that the page had as
---equal and that are no longer, and the exit status is 1 when there are any.
local here = (arg[0]:match("^(.*)/[^/]*$") or ".")
package.path = here .. "/../../?.lua;" .. package.path
local cases = require "spec.conformance.asl.cases"
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
    topic = { name = name, equal = {}, differ = {}, unsupported = {} }
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
  for _, entry in ipairs(result.unsupported) do
    for _, name in ipairs(entry.names) do
      table.insert(new_topic(topics, topic_of(name)).unsupported, name)
    end
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

local function size_of(topic)
  return #topic.equal + #topic.differ + #topic.unsupported
end

local function add_counts(lines, topics)
  local equal, all = 0, 0
  lines[#lines + 1] = "| topic | recorded cases | equal |"
  lines[#lines + 1] = "| --- | ---: | ---: |"
  for _, topic in ipairs(topics) do
    equal, all = equal + #topic.equal, all + size_of(topic)
    lines[#lines + 1] = ("| %s | %d | %d |"):format(topic.name, size_of(topic), #topic.equal)
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
  if #topic.unsupported > 0 then
    lines[#lines + 1] = ("- not supported: %d cases (see above)"):format(#topic.unsupported)
  end
  for _, name in ipairs(topic.equal) do
    lines[#lines + 1] = ("- equal: `%s`"):format(name)
  end
end

-- --- what is compared ---

local COMPARED = {
  { "execution", "status, output, error, cause, and what was sent to each task" },
  { "create_error", "code and message of the exception" },
  { "update_error", "code and message of the exception" },
  { "start_error", "code and message of the exception" },
  { "validate", "result, and each diagnostic's severity, code, message and location" },
  { "variable_references", "the variables that each state reads" },
  { "map_run", "status, settings and counters of the Map Run" },
  { "test_state", "" },
}

-- How many cases of each kind there are, and how many executions with a history.
local function count_kinds()
  local counts, histories = {}, 0
  for _, file in ipairs(runner.files(folder)) do
    for _, case in ipairs(cases.expand(file.data)) do
      counts[case.kind] = (counts[case.kind] or 0) + 1
      if case.kind == "execution" and case.get("expected").history then
        histories = histories + 1
      end
    end
  end
  return counts, histories
end

local function reasons_of(results)
  local reasons = {}
  for _, result in ipairs(results) do
    for _, entry in ipairs(result.unsupported) do
      reasons[entry.kind] = entry.reason
    end
  end
  return reasons
end

local function add_compared(lines, results)
  local counts, histories = count_kinds()
  local reasons = reasons_of(results)
  lines[#lines + 1] = "| kind | recorded cases | what is compared |"
  lines[#lines + 1] = "| --- | ---: | --- |"
  for _, row in ipairs(COMPARED) do
    local kind, compared = row[1], row[2]
    if counts[kind] then
      lines[#lines + 1] = ("| %s | %d | %s |"):format(kind, counts[kind],
        reasons[kind] and "nothing, it is not supported: " .. reasons[kind] or compared)
    end
  end
  local executions = counts.execution or 0
  lines[#lines + 1] = ""
  lines[#lines + 1] = ("Of the %d executions %d were recorded with their event history: that is compared whole, event by"):format(
    executions, histories)
  lines[#lines + 1] = ("event. Of the other %d no history was recorded; there the outcome alone is proved."):format(
    executions - histories)
end

local function text_of(results, topics)
  local lines = {
    "# Parity with AWS Step Functions",
    "",
    "Each case is a run, a definition or an answer that was recorded from the service. `make parity` writes this",
    "page from a folder of such recordings; `make parity CHECK=1` says whether it is up to date, and which cases",
    "were equal and are no longer.",
    "",
  }
  add_compared(lines, results)
  lines[#lines + 1] = ""
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

local function not_equal(topics)
  local names = {}
  for _, topic in ipairs(topics) do
    for _, case in ipairs(topic.differ) do
      names[case.name] = true
    end
    for _, name in ipairs(topic.unsupported) do
      names[name] = true
    end
  end
  return names
end

-- Tell the cases that a page has as equal and that no longer are.
local function is_worse(text, topics)
  local names, any = not_equal(topics), false
  for name in (text or ""):gmatch "\n%- equal: `([^`]*)`" do
    if names[name] then
      print(page .. " is worse: no longer equal: " .. name)
      any = true
    end
  end
  return any
end

local function main()
  local results = runner.run(folder, { suites = aws_suites(), known = require "spec.conformance.known" })
  if #results == 0 then
    print("no recorded cases in " .. folder)
    return true
  end
  local topics = topics_of(results)
  local text, before = text_of(results, topics), read(page)
  local fell = is_worse(before, topics)
  if check then
    local fine = before == text
    print(page .. (fine and " is up to date" or " is stale: run make parity"))
    return fine
  end
  local file = assert(io.open(page, "wb"))
  file:write(text)
  file:close()
  return not fell
end

os.exit(main() and 0 or 1)
