package.path = "spec/support/?.lua;" .. package.path

local asl = require "asl"
local stepfn = require "stepfn"

---How long a Wait state takes.
local function seconds(fields, input)
  fields.Type, fields.End = "Wait", true
  local execution = asl.run({ S = fields }, input, { start_time = 1767225600 })
  assert.equal("SUCCEEDED", execution.status)
  return execution.stop_date - execution.start_date
end

local function failure(fields, input)
  fields.Type = "Wait"
  local error_name, cause = asl.failure(fields, input)
  assert.equal("States.Runtime", error_name)
  return cause
end

describe("A Wait state that outlasts the execution", function()
  it("ends with it: after a year, or five minutes of EXPRESS", function()
    for kind, longest in pairs { STANDARD = 31536000, EXPRESS = 300 } do
      local machine = assert(stepfn.load({
        StartAt = "S", States = { S = { Type = "Wait", Seconds = 40000000, End = true } },
      }, { type = kind }))
      local execution = machine:run({}, { driver = "virtual" })
      assert.equal("TIMED_OUT", execution.status)
      assert.equal(longest, execution.stop_date - execution.start_date)
    end
  end)

  it("makes a wake that is no more implicit", function()
    local execution = assert(stepfn.load({ StartAt = "S", States = {
      S = { Type = "Task", Resource = "lua:f", Next = "W" }, W = { Type = "Wait", Seconds = 400, End = true },
    } }, { type = "EXPRESS" })):start({}, { start_time = 0 })
    local function wakes()
      local list = {}
      for effect in execution:effects() do
        list[#list + 1] = effect.type == "wake" and { effect.at, effect.implicit } or nil
      end
      return list
    end
    execution:advance(0)
    assert.same({ { 300, true } }, wakes())
    execution:feed { type = "task_succeeded", task = 1, output = 1, now = 1 }
    assert.same({ { 300, false } }, wakes())
  end)
end)

describe("A Wait state", function()
  it("waits for Seconds", function()
    assert.equal(10, seconds { Seconds = 10 })
    assert.equal(0, seconds { Seconds = 0 })
  end)

  it("waits for what SecondsPath names, a number or the text of one", function()
    assert.equal(7, seconds({ SecondsPath = "$.s" }, '{"s":7}'))
    assert.equal(7, seconds({ SecondsPath = "$.s" }, '{"s":"7"}'))
  end)

  it("waits until Timestamp, and not at all when that is past", function()
    assert.equal(60, seconds { Timestamp = "2026-01-01T00:01:00Z" })
    assert.equal(0, seconds { Timestamp = "2020-01-01T00:00:00Z" })
  end)

  it("waits until what TimestampPath names", function()
    assert.equal(3600, seconds({ TimestampPath = "$.t" }, '{"t":"2026-01-01T02:00:00+01:00"}'))
    assert.equal(0.5, seconds({ TimestampPath = "$.t" }, '{"t":"2026-01-01T00:00:00.500Z"}'))
  end)

  it("fails for what is no number of seconds", function()
    local path = { SecondsPath = "$.s" }
    assert.equal("The SecondsPath parameter does not reference an input value: $.s", failure(path, "{}"))
    assert.equal("The SecondsPath parameter references a negative value: $.s == -1", failure(path, '{"s":-1}'))
    assert.equal("The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5", failure(path, '{"s":1.5}'))
  end)

  it("fails for what is no time stamp", function()
    assert.equal("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format "
      .. "string: $.t == tomorrow", failure({ TimestampPath = "$.t" }, '{"t":"tomorrow"}'))
    for _, text in ipairs { "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+19:00" } do
      assert.matches("== " .. text, failure({ TimestampPath = "$.t" }, ('{"t":"%s"}'):format(text)), 1, true)
    end
  end)

  it("waits for 24855 days at most", function()
    assert.equal("Wait state delay is too long.", failure({ SecondsPath = "$.s" }, '{"s":2147558400}'))
  end)
end)
