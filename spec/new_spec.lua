package.path = "spec/support/?.lua;" .. package.path
local core = require "stepfn.core"
local stepfn = require "stepfn"
local support = require "cli"

local has_lyaml = pcall(require, "yaml")

-- What "stepfn" and "busted" are in the commands that are printed.
local COMMANDS = [[
stepfn() { "$STEPFN_LUA" "$STEPFN_ROOT/bin/stepfn" "$@"; }
busted() { "$STEPFN_LUA" "$STEPFN_ROOT/tools/busted.lua" "$@"; }
set -e
]]

local folder

before_each(function()
  folder = os.tmpname()
  os.remove(folder)
  assert(core.folder_make(folder))
end)

after_each(function()
  os.execute("rm -rf " .. folder)
end)

local function new(name, ...)
  return support.call { "new", folder .. "/" .. name, ... }
end

local function shell(script)
  local path = folder .. "/script"
  local file = assert(io.open(path, "w"))
  file:write(COMMANDS, script)
  file:close()
  local pipe = assert(io.popen("sh " .. path .. " 2>&1; echo status $?"))
  local out = pipe:read "*a"
  pipe:close()
  return out
end

local function refused(expected, ...)
  local status, out, err = new(...)
  assert.same({ 2, "" }, { status, out })
  assert.matches(expected, err)
end

describe("stepfn new", function()
  local kinds = {
    { "a definition in JSON", nil, "order.asl.json" },
    { "a definition in YAML", "--yaml", "order.asl.yaml", needs_lyaml = true },
    { "a machine from the builder", "--builder", "order.lua" },
  }

  for _, kind in ipairs(kinds) do
    local it_does = (has_lyaml or not kind.needs_lyaml) and it or pending

    it_does("writes a project with " .. kind[1] .. ", whose next commands, as they are printed, work", function()
      local status, out, err = new("order", kind[2])
      assert.same({ 0, "" }, { status, out })
      assert.matches(kind[3], err, 1, true)
      local told = shell(err:match "Next:\n(.*)")
      assert.matches('{"text":"Hello, Ada! Are you still there?"}', told, 1, true)
      assert.matches("3 successes / 0 failures / 0 errors", told, 1, true)
      assert.matches("status 0\n$", told)
    end)

    it_does("writes one whose machine has its functions with it: " .. kind[1], function()
      new("order", kind[2])
      assert.matches('^{"text":"Hello, world! Are you still there%?"}\nstatus 0\n$',
        shell("cd " .. folder .. "/order; stepfn run order.lua --virtual-time"))
    end)
  end

  it("writes nothing that the validator minds", function()
    new "order"
    local path = folder .. "/order/order.asl.json"
    local _, _, warnings = assert(stepfn.load_file(path))
    assert.same({}, warnings)
  end)

  it("takes a folder that is there when it is empty", function()
    assert(core.folder_make(folder .. "/order"))
    assert.equal(0, (new "order"))
    refused("/order: is a folder with something in it", "order")
  end)

  it("refuses a file in its place", function()
    local file = assert(io.open(folder .. "/order", "w"))
    file:close()
    refused("/order: is a file\n$", "order")
  end)

  it("says where it cannot write", function()
    local status, _, err = new "nowhere/order"
    assert.equal(1, status)
    assert.matches("nowhere/order: No such file or directory\n$", err)
  end)

  it("refuses names that cannot be those of a module and a rock", function()
    for _, name in ipairs { "Order", "1st", "a b", "..", "a.b", "-x", "é" } do
      refused("lower%-case letters, digits, %- and _", "x/" .. name)
    end
    refused("at most 64 characters", ("x"):rep(65))
    refused("a module has that name already", "stepfn")
    refused("a module has that name already", "string")
  end)

  it("writes either YAML or Lua", function()
    refused("option '%-%-builder' can not be used together with option '%-%-yaml'", "order", "--yaml", "--builder")
  end)
end)
