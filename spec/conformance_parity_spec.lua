local cli = require "spec.support.cli"
local system = require "spec.support.system"

local CASES = [[{ "id": "topic/module/table", "kind": "table", "common": { "kind": "execution", "workflow_type": "STANDARD",
  "definition": { "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }, "tasks": [] }, "rows": [
  { "key": "a", "input": 1, "expected": { "status": "SUCCEEDED", "output": 1 } },
  { "key": "b", "input": 2, "expected": { "status": "SUCCEEDED", "output": OUTPUT } },
  { "key": "c", "kind": "test_state", "expected": {} } ] }]]

describe("the page of parity with the service", function()
  local folder

  before_each(function()
    folder = system.new_folder()
  end)

  after_each(function()
    system.remove_folder(folder)
  end)

  ---Write or check the page for cases in which the second output is this one.
  local function parity(output, check)
    system.write(folder .. "/cases.json", (CASES:gsub("OUTPUT", output)))
    return cli.process(("spec/conformance/parity.lua '%s' '%s/parity.md' %s"):format(folder, folder, check or ""))
  end

  local function page()
    return system.read(folder .. "/parity.md")
  end

  it("has each case as equal or with what differs, and what is not supported once", function()
    assert.equal("", parity "3")
    assert.truthy(page():find("\n| topic | 3 | 1 |\n", 1, true))
    assert.truthy(page():find("\n- equal: `topic/module/table#a`\n", 1, true))
    assert.truthy(page():find("\n- differs: `topic/module/table#b`: /expected/output: expected 3, got 2\n", 1, true))
    assert.truthy(page():find("| test_state | 1 | nothing, it is not supported: ", 1, true))
    assert.truthy(page():find("\n- not supported: 1 cases (see above)\n", 1, true))
  end)

  it("says how many executions have no history to compare", function()
    parity "2"
    assert.truthy(page():find("Of the 2 executions 0 were recorded with their event history", 1, true))
    assert.truthy(page():find("Of the other 2 no history was recorded", 1, true))
  end)

  it("is stale where anything has changed", function()
    parity "3"
    assert.truthy(parity("3", "check"):find("is up to date", 1, true))
    assert.truthy(parity("2", "check"):find("is stale", 1, true))
  end)

  it("is worse where a case is no longer equal, named also when the page is written anew", function()
    parity "2"
    assert.truthy(parity("3", "check"):find("is worse: no longer equal: topic/module/table#b", 1, true))
    assert.truthy(parity("3"):find("is worse: no longer equal: topic/module/table#b", 1, true))
    assert.truthy(parity("3", "check"):find("is up to date", 1, true))
  end)
end)
