---Runs the trip with a card that is declined, and shows the path that it took.
---
---    lua examples/trip/rollback.lua              as text
---    lua examples/trip/rollback.lua trip.svg     as a picture, too (Graphviz draws it)
local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or ""
local machine = dofile(folder .. "trip.lua")

local execution = machine:run({ traveller = "ada", broken = "card" }, { driver = "virtual", seed = 1 })

print(execution)
for _, row in ipairs(execution:trace()) do
  print(row.state .. (row.error and ": " .. row.error or "") .. (row.attempts > 1 and ", " .. row.attempts .. " attempts" or ""))
end
print(machine:graph("text", execution))

if arg[1] then
  local picture = assert(machine:graph("svg", execution))
  local file = assert(io.open(arg[1], "wb"))
  file:write(picture)
  file:close()
end
