---The program in README.md does what it says there.
describe("README.md", function()
  local function read(path)
    local file = assert(io.open(path))
    local text = file:read "*a"
    file:close()
    return text
  end

  local function output_of(program)
    local name = os.tmpname()
    local file = assert(io.open(name, "w"))
    file:write(program)
    file:close()
    local pipe = assert(io.popen(("'%s' %s 2>&1"):format(os.getenv "STEPFN_LUA", name)))
    local output = pipe:read "*a"
    pipe:close()
    os.remove(name)
    return output
  end

  it("has a program that prints what its last comment promises", function()
    local program = read "README.md":match "\n```lua\n(.-)\n```"
    assert.equal(program:match "%-%-> (.-)$" .. "\n", output_of(program))
  end)
end)
