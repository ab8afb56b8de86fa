---Keeps the file lists of the rockspec equal to the tree.
---
---    lua tools/rockspec.lua           writes them
---    lua tools/rockspec.lua check     fails when they differ, saying how
---
---Between "-- BEGIN name" and "-- END name" stand the lists "sources" (the C
---files of the module) and "modules" (the Lua files).
local ROCKSPEC = "rockspec/stepfn-scm-1.rockspec"

---@param folder string
---@param extension string
---@return string[] paths sorted by byte, so that every machine writes the same
local function files(folder, extension)
  local pipe = assert(io.popen(("find %s -type f -name '*.%s' 2>/dev/null"):format(folder, extension)))
  local paths = {}
  for path in pipe:lines() do
    paths[#paths + 1] = path
  end
  pipe:close()
  table.sort(paths)
  return paths
end

---@param path string "lua/stepfn/cli/init.lua"
---@return string module "stepfn.cli"
local function module_name(path)
  return (path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", "."))
end

local function sources()
  local lines = {}
  for i, path in ipairs(files("src", "c")) do
    lines[i] = ("        %q,\n"):format(path)
  end
  return table.concat(lines)
end

local function modules()
  local lines = {}
  for i, path in ipairs(files("lua/stepfn", "lua")) do
    lines[i] = ("    [%q] = %q,\n"):format(module_name(path), path)
  end
  return table.concat(lines)
end

---@param text string
---@param name string
---@param lines string
---@return string text with the list of that name replaced
local function replace(text, name, lines)
  local _, first = text:find("-- BEGIN " .. name .. "\n", 1, true)
  local last = assert(first and text:find("[ ]*%-%- END " .. name, first), "no list " .. name)
  return text:sub(1, first) .. lines .. text:sub(last)
end

local file = assert(io.open(ROCKSPEC))
local old = file:read "*a"
file:close()
local new = replace(replace(old, "sources", sources()), "modules", modules())

if arg[1] == "check" then
  if new ~= old then
    io.stderr:write(ROCKSPEC, ": its lists differ from the tree: run make rockspec\n")
    os.exit(1)
  end
elseif new ~= old then
  file = assert(io.open(ROCKSPEC, "w"))
  file:write(new)
  assert(file:close())
end
