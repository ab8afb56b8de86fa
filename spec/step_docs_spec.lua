-- The programs of docs/builder.md run as they stand there.
local step = require "stepfn.step"

local PARAMETERS = "local print, place_order, process_line, approve, done, booked, reserve_hotel, cancel_hotel, "
  .. "reserve_flight, cancel_flight, charge_card, text = ...\n"

local function noop() end

local function task(name)
  return step.new_task_state(name, noop)
end

local function run(program)
  local compile = rawget(_G, "loadstring") or load
  assert(compile('local step = require "stepfn.step"; ' .. PARAMETERS .. program))(
    noop, noop, step.new_pass_state "line", step.new_success_state "approve", step.new_success_state "done",
    step.new_success_state "booked", task "reserveHotel", task "cancelHotel", task "reserveFlight", task "cancelFlight", task "charge",
    '{"StartAt":"charge","States":{"charge":{"Type":"Task","Resource":"lua:charge","End":true}}}'
  )
end

describe("docs/builder.md", function()
  local file = assert(io.open "docs/builder.md")
  local page = file:read "*a"
  file:close()
  for program in page:gmatch "\n```lua\n(.-)\n```" do
    it("has a program that runs: " .. program:match "[^\n]+", function()
      run(program)
    end)
  end
end)
