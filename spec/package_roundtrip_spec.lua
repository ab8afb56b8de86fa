---A machine, and the same machine by way of a template: equal histories.
package.path = "spec/support/?.lua;" .. package.path
local step = require "stepfn.step"
local stepfn = require "stepfn"
local support = require "cli"
local template = require "stepfn.template"
local virtual = require "stepfn.driver.virtual"

local has_lyaml = pcall(require, "yaml")

local function write_file(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- The machine that is in a template for this machine.
local function by_template(machine, options)
  local path = support.file(options.language == "yaml" and ".yaml" or ".json", "")
  if options.definition_file then
    local beside = support.file(".asl.json", "")
    options.definition_file = beside:match "[^/]*$"
    local text, _, definition = assert(template.write(machine, options))
    write_file(path, text)
    write_file(beside, definition)
  else
    write_file(path, (assert(template.write(machine, options))))
  end
  return assert(template.load(path))
end

-- The events, one a line; tasks know only input and seed.
local function history(machine, input, options)
  local execution = machine:run(input, {
    tasks = options.tasks, driver = virtual.new { start = "2026-01-01T00:00:00Z" }, seed = 11, name = "one",
  })
  assert.equal("SUCCEEDED", execution.status, tostring(execution))
  local lines = {}
  for index, event in ipairs(execution:history()) do
    lines[index] = assert(stepfn.encode(event))
  end
  return table.concat(lines, "\n")
end

local function forms()
  local in_json = {
    { format = "cloudformation", language = "json" },
    { format = "sam", language = "json", logging = "ERROR" },
    { format = "sam", language = "json", definition_file = "" },
  }
  local in_yaml = {
    { format = "cloudformation", language = "yaml", logging = "ALL", tracing = true, tags = { a = "b" }, alias = "live" },
    { format = "cloudformation", language = "yaml", definition = "object" },
    { format = "sam", language = "yaml" },
    { format = "sam", language = "yaml", definition_file = "" },
  }
  for _, form in ipairs(has_lyaml and in_yaml or {}) do
    in_json[#in_json + 1] = form
  end
  return in_json
end

local function name_of(form)
  return form.format .. " in " .. form.language .. (form.definition and ", as an object" or "")
    .. (form.definition_file and ", in a file of its own" or "")
end

local function describe_machine(name, machine, input, options)
  for _, form in ipairs(forms()) do
    if not (options.has_null and form.definition == "object") then
      it(name .. " by " .. name_of(form), function()
        assert.equal(history(machine, input, options), history(by_template(machine, form), input, options))
      end)
    end
  end
end

local function example(name, file)
  return "examples/" .. name .. "/" .. file
end

describe("a template gives back the machine of the example", function()
  after_each(support.clean)

  for _, name in ipairs { "onboarding", "registration_saga", "roll_die", "loop", "approval" } do
    local tasks = dofile(example(name, "tasks.lua"))
    local input = { user = "ada", request = "a chair" }
    describe_machine(name, assert(stepfn.load_file(example(name, "definition.json"))), input, { tasks = tasks })
    describe_machine(name .. " as it is built", dofile(example(name, name .. ".lua")), input, { tasks = tasks })
  end
end)

local function square(input)
  return { n = input.n * input.n }
end

local function roll(_, context)
  return { roll = context:random(1, 6) }
end

-- What the examples have not: Maps, variables, expressions, null, keys out of order.
local function everything()
  local lambda = step.new_lambda("Square", square)
  local start = step.new_pass_state("start", { list = { { n = 1 }, { n = 2 }, { n = 3 } } })
  local each = step.new_map_state("each", step.new_task_state("square", lambda)):with_items_path("$.list")
  local wide = step.new_map_state("wide", step.new_task_state("square again", lambda)):distributed {
    execution_type = "STANDARD", label = "wide",
  }
  local keep = step.new_pass_state("keep", stepfn.value '{"z":1,"a":{"y":2,"b":null}}')
  local both = step.new_parallel_state("both", step.new_pass_state "left", step.new_wait_delay_state("right", 5))
    :with_result_path(stepfn.null)
  local child = step.new_state_machine("Child", step.new_pass_state("answer", { answer = 42 }))
  local nested = step.new_start_execution_state("nested", child, { Input = { a = 1 } }, { sync = 2, result_path = "$.child" })
  local last = step.new_pass_state("last"):as("JSONata")
    :with_output { total = "{% $sum([1..4]) %}", seen = "{% $states.input %}" }
  start:next(each):next(wide):next(keep):next(both):next(nested):next(last)
  return step.new_state_machine("Everything", start, { comment = "All of it" })
end

describe("a template in YAML", function()
  after_each(support.clean)

  local odd = {
    "", "a", "yes", "No", "null", "~", "1", "1e3", "a: b", "a:", "- a", "#x", "a #b", "'q'", '"d"', "x\ny", "x\ny\n", "\nx\ny",
    "x\n\ny\n\n", " lead\nx", "trail \nx", "tab\tx\ny", "é\nü", "\127", "{a}", "&a", "!Ref x", "%", "|", ">", "a,b", "=", "<<",
    "---\nx", "x\n---\ny", "x\r\ny", "a\\b", "\226\128\168x\ny", "x\194\133\ny",
  }

  for _, form in ipairs(has_lyaml and { { language = "yaml" }, { language = "yaml", definition = "object" } } or {}) do
    it("says any text, in tags and in the definition" .. (form.definition and " as an object" or ""), function()
      form.tags = {}
      local result = {}
      for index, text in ipairs(odd) do
        form.tags["t" .. index], result[index] = text, { [text .. "k"] = text }
      end
      local machine = assert(stepfn.load { StartAt = "A", States = { A = { Type = "Pass", Result = result, End = true } } })
      assert.equal(machine:to_json(), by_template(machine, form):to_json())
    end)
  end
end)

describe("a template gives back", function()
  after_each(support.clean)

  local many = step.new_map_state("many", step.new_task_state("roll", step.new_lambda("Roll", roll))):with_items_path "$.items"
  describe_machine("a Map of the builder", step.new_state_machine("Many", many), { items = { 1, 2, 3 } }, { tasks = { Roll = roll } })

  local ask = step.new_sns_task_state("tell", { TopicArn = "arn:aws:sns:us-east-1:000000000000:news", Message = "hello" })
  local queue = step.new_sqs_task_state("queue", {
    QueueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/jobs", ["MessageBody.$"] = "$",
  })
  ask:next(queue)
  describe_machine("tasks of services", step.new_state_machine("Services", ask), {}, {
    tasks = function(_, input) return input end,
  })

  describe_machine("everything else", everything(), {}, { has_null = true, tasks = {
    Square = square,
    ["arn:aws:states:::states:startExecution.sync:2"] = function(input) return input end,
  } })

  it("machines that start each other", function()
    local square_lambda = step.new_lambda("Square", square)
    local child = step.new_state_machine("Child", step.new_task_state("square", square_lambda))
    local go = step.new_start_execution_state("go", child, { ["Input.$"] = "$" }, { sync = 2, output_path = "$.Output" })
    local parent = step.new_state_machine("Parent", go)
    local template_of_both = parent:state_machine_decorator()(child:state_machine_decorator() {})
    local path = support.file(".json", template.text(template_of_both))
    local loaded = assert(template.load(path, { resource = "Parent" }))
    assert.equal(history(parent, { n = 7 }, {}), history(loaded, { n = 7 }, { tasks = { Square = square } }))
    local execution = loaded:run({ n = 7 }, { tasks = { Square = square }, driver = "virtual" })
    assert.equal('{"n":49}', execution:output_json())
  end)

  it("a name, a type and a role that are given", function()
    local machine = assert(stepfn.load({ StartAt = "A", States = { A = { Type = "Pass", End = true } } },
      { name = "Given", type = "EXPRESS" }))
    for _, form in ipairs(forms()) do
      form.role_arn = "arn:aws:iam::1:role/R"
      local loaded = by_template(machine, form)
      assert.equal("Given EXPRESS arn:aws:iam::1:role/R", loaded.name .. " " .. loaded.type .. " " .. loaded.role_arn)
    end
  end)

  it("a definition of the builder to the same bytes", function()
    local machine = dofile(example("registration_saga", "registration_saga.lua"))
    for _, form in ipairs(forms()) do
      assert.equal(machine:to_json(), by_template(machine, form):to_json())
    end
  end)
end)
