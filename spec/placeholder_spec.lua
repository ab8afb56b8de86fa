local stepfn = require "stepfn"

---A definition as a template leaves it.
local function template()
  return {
    StartAt = "Wait", TimeoutSeconds = "${Timeout}",
    States = {
      Wait = { Type = "Wait", Seconds = "${Delay}", Next = "Choose" },
      Choose = { Type = "Choice", Default = "Each", Choices = stepfn.array {
        { Variable = "$.n", NumericGreaterThan = "${Most}", Next = "Each" } } },
      Each = { Type = "Map", ItemsPath = "$.items", MaxConcurrency = "${Width}", Label = "${Stage}-items", End = true,
        ItemProcessor = { StartAt = "Task", States = { Task = {
          Type = "Task", Resource = "lua:work", Parameters = { ["path.$"] = "${Path}" }, End = true,
          Retry = stepfn.array { { ErrorEquals = stepfn.array { "E" }, MaxAttempts = "${Attempts}" } } } } } },
    },
  }
end

local VALUES = {
  Timeout = 60, Delay = 5, Most = 1.5, Width = 2, Stage = "dev", Path = "$.id", Attempts = 1,
}

local function run(substitutions)
  local machine = assert(stepfn.load(template(), { substitutions = substitutions }))
  return machine:run({ n = 1, items = stepfn.array { { id = "a" } } }, {
    driver = "virtual", tasks = { ["lua:work"] = function(input) return input.path end },
  })
end

describe("a placeholder that was not replaced", function()
  it("is doubted, not refused, where something else than a text belongs", function()
    local codes, places = {}, {}
    for i, diagnostic in ipairs(stepfn.validate(template())) do
      codes[diagnostic.code] = true
      places[i] = diagnostic.pointer
    end
    assert.same({ UNRESOLVED_PLACEHOLDER = true }, codes)
    table.sort(places)
    assert.same({
      "/States/Choose/Choices/0/NumericGreaterThan", "/States/Each/ItemProcessor/States/Task/Parameters/path.$",
      "/States/Each/ItemProcessor/States/Task/Retry/0/MaxAttempts", "/States/Each/Label", "/States/Each/MaxConcurrency",
      "/States/Wait/Seconds", "/TimeoutSeconds",
    }, places)
  end)

  it("may be part of an expression", function()
    local d = stepfn.validate { StartAt = "A", States = { A = {
      Type = "Pass", QueryLanguage = "JSONata", Output = "{% $states.input.n * ${Factor} %}", End = true } } }
    assert.same({ "UNRESOLVED_PLACEHOLDER", "/States/A/Output" }, { d[1].code, d[1].pointer })
  end)

  it("is a text like any other where a text belongs", function()
    assert.same({}, stepfn.validate { StartAt = "A", States = { A = { Type = "Fail", Error = "${Name}" } } })
  end)

  it("is no JSON without quotes, which a hint says", function()
    local d = stepfn.validate [[{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${Delay},"End":true}}}]]
    assert.equal("INVALID_JSON_DESCRIPTION", d[1].code)
    assert.matches("without quotes is no JSON", d[1].hint, 1, true)
  end)

  it("is no name of a state, nor a Type", function()
    local d = stepfn.validate [[{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"${B}"}}}]]
    assert.equal("MISSING_TRANSITION_TARGET", d[1].code)
    assert.equal("SCHEMA_VALIDATION_FAILED", stepfn.validate([[{"StartAt":"A","States":{"A":{"Type":"${T}"}}}]])[1].code)
  end)

  it("fails the state that has it, when that is entered", function()
    local execution = run(nil)
    assert.same({ "FAILED", "States.Runtime" }, { execution.status, execution.error })
    assert.equal("An error occurred while executing the state 'Wait' (entered at the event id #2). The value at "
      .. "'/States/Wait/Seconds' waits for its placeholder to be replaced", execution.cause)
    assert.equal("FAILED", run({ Delay = 1 }).status)
  end)
end)

describe("substitutions", function()
  it("put values that are no texts in place of whole placeholders", function()
    local execution = run(VALUES)
    assert.same({ "SUCCEEDED", { "a" } }, { execution.status, execution.output })
  end)

  it("put them into texts as JSON writes them", function()
    local machine = assert(stepfn.load({ StartAt = "A", States = { A = { Type = "Pass", Result = "n=${N} b=${B}", End = true } } },
      { substitutions = { N = 1.5, B = true } }))
    assert.equal("n=1.5 b=true", machine:run().output)
  end)

  it("are texts, numbers or booleans", function()
    assert.has_error(function() stepfn.load("{}", { substitutions = { A = {} } }) end,
      "bad argument #2 to 'load' (option 'substitutions': texts, numbers or booleans expected)")
  end)
end)
