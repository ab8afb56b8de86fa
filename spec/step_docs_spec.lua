-- The programs of docs/builder.md run as they stand there, and print what is said.
local step = require "stepfn.step"

local PARAMETERS = "local print, place_order, process_line, approve, done, booked, reserve_hotel, cancel_hotel, "
  .. "reserve_flight, cancel_flight, charge_card, text = ...\n"

local function noop() end

local function task(name)
  return step.new_task_state(name, noop)
end

-- What the program prints, and what it says that it does: a line each.
local function run(program)
  local compile = rawget(_G, "loadstring") or load
  local printed, said = {}, {}
  local function note(...)
    local words = {}
    for i = 1, select("#", ...) do
      words[i] = tostring((select(i, ...)))
    end
    printed[#printed + 1] = table.concat(words, " ")
  end
  for line in program:gmatch "%-%-> ([^\n]+)" do
    said[#said + 1] = line
  end
  assert(compile('local step = require "stepfn.step"; ' .. PARAMETERS .. program))(
    note, noop, step.new_pass_state "line", step.new_success_state "approve", step.new_success_state "done",
    step.new_success_state "booked", task "reserveHotel", task "cancelHotel", task "reserveFlight", task "cancelFlight", task "charge",
    '{"StartAt":"charge","States":{"charge":{"Type":"Task","Resource":"lua:charge","End":true}}}'
  )
  return printed, said
end

describe("docs/builder.md", function()
  local file = assert(io.open "docs/builder.md")
  local page = file:read "*a"
  file:close()
  for program in page:gmatch "\n```lua\n(.-)\n```" do
    it("has a program that runs: " .. program:match "[^\n]+", function()
      local printed, said = run(program)
      assert.same(said, #said > 0 and printed or {})
    end)
  end
end)
