---The program in README.md does what it says there.
local system = require "spec.support.system"

describe("README.md", function()
  local function output_of(program)
    local name = os.tmpname()
    system.write(name, program)
    local output = system.output_of(("'%s' %s 2>&1"):format(os.getenv "STEPFN_LUA", name))
    os.remove(name)
    return output
  end

  it("has a program that prints what its last comment promises", function()
    local program = system.read "README.md":match "\n```lua\n(.-)\n```"
    assert.equal(program:match "%-%-> (.-)$" .. "\n", output_of(program))
  end)
end)
