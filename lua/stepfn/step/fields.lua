---The order in which the fields of a definition are written: that of the
---loader's table of fields, for machines, states, choice rules, retriers and
---catchers alike, so that two runs give the same bytes.
local core = require "stepfn.core"

-- A name has several rows there when it means different things in different
-- places; the first one counts.
local function first_of_each(names)
  local order, seen = {}, {}
  for _, name in ipairs(names) do
    if not seen[name] then
      seen[name] = true
      order[#order + 1] = name
    end
  end
  return order
end

return first_of_each(core.fields)
