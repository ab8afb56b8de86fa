---README.md and docs do what they say.
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

  it("names every command", function()
    local told = system.read "README.md":match "| the command: (.-) |"
    for name in system.read "lua/stepfn/cli/init.lua":gmatch '(%w+) = "stepfn%.cli%.' do
      assert.truthy(told:find("%f[%w]" .. name .. "%f[%W]"), name)
    end
  end)
end)

describe("The documentation", function()
  local function is_there(path)
    return system.output_of(("ls -d %s 2>/dev/null"):format(path)) ~= ""
  end

  for page in system.output_of "ls README.md CONTRIBUTING.md docs/*.md examples/README.md bench/README.md":gmatch "%S+" do
    it("leads to what is there: " .. page, function()
      local folder = page:match "^(.*/)" or ""
      for link in system.read(page):gmatch "%]%(([^)#:]+)[^)]*%)" do
        assert.truthy(is_there(folder .. link) or link:find "^https?$", link)
      end
    end)
  end

  it("names files that are there in docs/architecture.md", function()
    local folder
    for line in system.read "docs/architecture.md":gmatch "[^\n]+" do
      folder = line:match "^%*%*.-%*%*, `(.-)`" or folder
      for name in line:gmatch "`([%w_/*]+%.[chlua]+)`" do
        assert.truthy(folder == nil or is_there(folder .. "/" .. name) or is_there(name), name)
      end
    end
  end)
end)
