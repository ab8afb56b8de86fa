package.path = "spec/support/?.lua;" .. package.path
local stepfn = require "stepfn"
local support = require "cli"
local template = require "stepfn.template"

local with_lyaml = pcall(require, "yaml") and describe or pending

local RESOURCES = [==[
Parameters:
  Who: { Type: String, Default: world }
  Many: { Type: CommaDelimitedList, Default: "a, b,c" }
  Count: { Type: Number, Default: 3 }
  Stage: { Type: String, Default: test, AllowedValues: [test, live] }
  Needed: { Type: String }
Mappings:
  Sizes:
    test: { Workers: 2 }
    live: { Workers: 20 }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsTest: !Not [!Condition IsLive]
  Both: !And [!Condition IsTest, !Equals [!Ref Who, world]]
  Any: !Or [!Condition IsLive, !Condition Both]
  Round: !Condition Trip
  Trip: !Condition Round
Resources:
  Charge: { Type: AWS::Serverless::Function, Properties: { AutoPublishAlias: live } }
  Named: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Sub "${AWS::StackName}-named" } }
  NamedAlias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Named, Name: prod } }
  Loop: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Ref Loop } }
  Orders: { Type: AWS::DynamoDB::Table }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
  News: { Type: AWS::SNS::Topic }
  Ask: { Type: AWS::StepFunctions::Activity }
  Data: { Type: AWS::S3::Bucket, Properties: { BucketName: data } }
  Own: { Type: "Custom::Thing" }
]==]

local function machine_of(expression)
  return "  Machine:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: A\n"
    .. "        States:\n          A:\n            Type: Pass\n            End: true\n            Result: " .. expression .. "\n"
end

-- What a machine says that hands out this value.
local function value_of(expression, parameters)
  local path = support.file(".yaml", RESOURCES .. machine_of(expression))
  local machine, message, diagnostics = template.load(path, { parameters = parameters })
  if not machine then
    return nil, message, diagnostics
  end
  return machine:run({}, { driver = "virtual" }):output_json()
end

local LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:"

local worked_out = {
  { "!Ref Who", '"world"' },
  { "{ Ref: Who }", '"world"' },
  { "!Ref Many", '["a","b","c"]' },
  { "!Ref Count", '"3"' },
  { "!Ref AWS::Region", '"us-east-1"' },
  { "!Ref AWS::AccountId", '"000000000000"' },
  { "!Ref AWS::Partition", '"aws"' },
  { "!Ref AWS::URLSuffix", '"amazonaws.com"' },
  { "!Ref AWS::StackName", '"stack"' },
  { "!Sub '${AWS::StackId}'", '"arn:aws:cloudformation:us-east-1:000000000000:stack/stack/00000000-0000-0000-0000-000000000000"' },
  { "{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1] }", '{"b":[1]}' },
  { "!Ref Charge", '"Charge"' },
  { "!Ref Named", '"stack-named"' },
  { "!Ref Charge.Alias", '"' .. LAMBDA .. 'Charge:live"' },
  { "!Ref NamedAlias", '"' .. LAMBDA .. 'stack-named:prod"' },
  { "!Ref Jobs", '"https://sqs.us-east-1.amazonaws.com/000000000000/jobs"' },
  { "!Ref News", '"arn:aws:sns:us-east-1:000000000000:News"' },
  { "!Ref Machine", '"arn:aws:states:us-east-1:000000000000:stateMachine:Machine"' },
  { "!Ref Ask", '"arn:aws:states:us-east-1:000000000000:activity:Ask"' },
  { "!GetAtt Charge.Arn", '"' .. LAMBDA .. 'Charge"' },
  { "!GetAtt [Named, Arn]", '"' .. LAMBDA .. 'stack-named"' },
  { "{ 'Fn::GetAtt': Orders.Arn }", '"arn:aws:dynamodb:us-east-1:000000000000:table/Orders"' },
  { "!GetAtt Orders.StreamArn", '"arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream"' },
  { "!GetAtt Jobs.Arn", '"arn:aws:sqs:us-east-1:000000000000:jobs"' },
  { "!GetAtt Jobs.QueueName", '"jobs"' },
  { "!GetAtt Data.Arn", '"arn:aws:s3:::data"' },
  { "!GetAtt Own.Outputs.Url", '"Own.Outputs.Url"' },
  { "!Sub 'Hello ${Who}, ${Charge.Arn} ${!Literal}'", '"Hello world, ' .. LAMBDA .. 'Charge ${Literal}"' },
  { "!Sub ['${a}-${Who}', { a: !Ref AWS::Region }]", '"us-east-1-world"' },
  { "!Sub '${Charge.Version}'", '"' .. LAMBDA .. 'Charge:1"' },
  { "!Join ['-', [a, !Ref Who, 3]]", '"a-world-3"' },
  { "!Join [',', !Ref Many]", '"a,b,c"' },
  { "!Split ['/', 'a/b//c']", '["a","b","","c"]' },
  { "!Select [1, !Split ['/', 'a/b']]", '"b"' },
  { "!Select ['0', !Ref Many]", '"a"' },
  { "!FindInMap [Sizes, !Ref Stage, Workers]", "2" },
  { "!FindInMap [Sizes, other, Workers, { DefaultValue: 7 }]", "7" },
  { "!If [IsLive, a, b]", '"b"' },
  { "!If [IsTest, { x: !Ref Who }, b]", '{"x":"world"}' },
  { "!If [Both, 1, 2]", "1" },
  { "!If [Any, 1, 2]", "1" },
  { "{ a: !If [IsLive, 1, !Ref AWS::NoValue] }", "{}" },
  { "!GetAZs ''", '["us-east-1a","us-east-1b","us-east-1c"]' },
  { "!Length [1, 2]", "2" },
  { "!ToJsonString { b: 1, a: [true] }", '"{\\"b\\":1,\\"a\\":[true]}"' },
  { "{ z: 1, a: { y: 2, b: !Ref Who } }", '{"z":1,"a":{"y":2,"b":"world"}}' },
}

with_lyaml("functions of a template", function()
  after_each(support.clean)

  for _, row in ipairs(worked_out) do
    it("come out: " .. row[1], function()
      assert.equal(row[2], (assert(value_of(row[1]))))
    end)
  end

  it("take parameters that are given, pseudo parameters and imports among them", function()
    local given = {
      Who = "you", Stage = "live", Needed = "x", ["AWS::Region"] = "eu-west-1", ["AWS::AccountId"] = "123456789012",
      Other = "imported",
    }
    local rows = {
      { "!Ref Who", '"you"' }, { "!Ref Needed", '"x"' }, { "!If [IsLive, 1, 2]", "1" },
      { "!FindInMap [Sizes, !Ref Stage, Workers]", "20" }, { "!ImportValue Other", '"imported"' },
      { "!GetAtt Charge.Arn", '"arn:aws:lambda:eu-west-1:123456789012:function:Charge"' },
    }
    for _, row in ipairs(rows) do
      assert.equal(row[2], (assert(value_of(row[1], given))))
    end
  end)
end)

local COLUMN = 21 -- where the expression begins

local wrong = {
  { "!Ref Whoo", "UNRESOLVED_REFERENCE", "nothing is named 'Whoo': no parameter, no resource; did you mean 'Who'?" },
  { "!Ref AWS::Nothing", "UNRESOLVED_REFERENCE", "nothing is named 'AWS::Nothing'" },
  { "!GetAtt Ordres.Arn", "UNRESOLVED_REFERENCE", "no resource is named 'Ordres'; did you mean 'Orders'?" },
  { "!Sub 'a ${Whoo}'", "UNRESOLVED_REFERENCE", "nothing is named 'Whoo'" },
  { "!Sub '${Many}'", "INVALID_FUNCTION", "Fn::Sub: 'Many' is no text" },
  { "!FindInMap [Sizes, other, Workers]", "UNRESOLVED_REFERENCE", "Mappings have no Sizes.other.Workers" },
  { "!If [IsLive2, a, b]", "UNRESOLVED_REFERENCE", "no condition is named 'IsLive2'; did you mean 'IsLive'?", 5 },
  { "!If [Round, a, b]", "CIRCULAR_REFERENCE", "the condition Round needs itself" },
  { "!Ref Loop", "CIRCULAR_REFERENCE", "the name of Loop needs itself" },
  { "!Ref Needed", "MISSING_PARAMETER", "the parameter 'Needed' has no default: give it a value" },
  { "!ImportValue Other", "MISSING_PARAMETER", "'Other' is exported by another stack: give it as a parameter of that name" },
  { "!Select [9, [a]]", "INVALID_FUNCTION", "Fn::Select: there is no such element; the list has 1" },
  { "!Select [0, a]", "INVALID_FUNCTION", "Fn::Select takes a list here" },
  { "!Join [a]", "INVALID_FUNCTION", "Fn::Join takes a list of 2" },
  { "!Split ['', a]", "INVALID_FUNCTION", "Fn::Split needs a delimiter" },
  { "!GetAtt Orders", "INVALID_FUNCTION", "Fn::GetAtt takes a resource and an attribute" },
  { "!Base64 a", "INVALID_FUNCTION", "Fn::Base64 can't be worked out here" },
  { "!Transform { Name: AWS::Include }", "INVALID_FUNCTION", "Fn::Transform can't be worked out here" },
}

with_lyaml("a wrong function of a template", function()
  after_each(support.clean)

  for _, row in ipairs(wrong) do
    it("is told with its place: " .. row[1], function()
      local none, message, diagnostics = value_of(row[1])
      assert.is_nil(none)
      assert.matches(row[3], message, 1, true)
      assert.equal(row[2], diagnostics[1].code)
      assert.matches("%.yaml:%d+:%d+: error " .. row[2], message)
    end)
  end

  it("stands where the message says", function()
    local _, _, diagnostics = value_of "!Ref Whoo"
    local _, lines = RESOURCES:gsub("\n", "\n")
    assert.equal(lines + 10, diagnostics[1].line)
    assert.equal(COLUMN, diagnostics[1].column)
  end)

  it("of a parameter that is not allowed", function()
    local _, message = value_of("!Ref Stage", { Stage = "dev" })
    assert.matches("the parameter 'Stage' is 'dev', which is none of: test, live", message, 1, true)
  end)

  it("elsewhere in the template is nobody's business", function()
    local path = support.file(".yaml", RESOURCES .. machine_of "1" .. "Outputs:\n  X: { Value: !Ref Nowhere }\n")
    assert.truthy(template.load(path))
  end)

  it("which CloudFormation does not know", function()
    local _, message = value_of "!sub a"
    assert.matches("%.yaml:%d+:%d+: error INVALID_TEMPLATE: the tag '!sub' is no function of CloudFormation", message)
  end)
end)

with_lyaml("the state machine of a template", function()
  after_each(support.clean)

  local ONE = '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"${X}","End":true}}}'

  local function load(text, options, extension)
    return template.load(support.file(extension or ".yaml", text), options)
  end

  local function output(machine)
    return machine:run({}, { driver = "virtual" }):output_json()
  end

  it("may be text, with placeholders", function()
    local machine = assert(load("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: '" .. ONE .. "'\n      DefinitionSubstitutions: { X: !Ref AWS::Region }\n"
      .. "      StateMachineName: Mine\n      StateMachineType: EXPRESS\n      RoleArn: arn:aws:iam::1:role/R\n"))
    assert.equal('"us-east-1"', output(machine))
    assert.equal("Mine EXPRESS M arn:aws:iam::1:role/R",
      table.concat({ machine.name, machine.type, machine.logical_id, machine.role_arn }, " "))
  end)

  it("may be text of Fn::Sub", function()
    local machine = assert(load("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: !Sub ['" .. ONE .. "', { X: put in }]\n"))
    assert.equal('"put in"', output(machine))
  end)

  it("may be a template in JSON", function()
    local machine = assert(load(assert(stepfn.encode {
      Resources = { M = { Type = "AWS::StepFunctions::StateMachine", Properties = {
        DefinitionString = { ["Fn::Join"] = { "", { ONE:sub(1, 20), ONE:sub(21) } } },
        DefinitionSubstitutions = { X = { ["Fn::Sub"] = "ü ${AWS::Region}" } },
      } } },
    }), nil, ".json"))
    assert.equal('"ü us-east-1"', output(machine))
  end)

  it("may lie in a file beside the template, JSON or YAML, with numbers to be put in", function()
    for _, row in ipairs {
      { ".json", '{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${Seconds},"End":true}}}' },
      { ".asl.yaml", "StartAt: A\nStates:\n  A: { Type: Wait, Seconds: ${Seconds}, End: true }\n" },
    } do
      local file = support.file(row[1], row[2])
      local machine = assert(load("Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n"
        .. "      DefinitionUri: " .. file:match "[^/]*$" .. "\n      DefinitionSubstitutions: { Seconds: 7 }\n"))
      local execution = machine:run({}, { driver = "virtual" })
      assert.equal(7, execution.stop_date - execution.start_date)
    end
  end)

  it("calls functions by their names, or by their logical ids", function()
    local text = RESOURCES .. "  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n"
      .. "        StartAt: A\n        States:\n          A: { Type: Task, Resource: !GetAtt Named.Arn, Next: B }\n"
      .. "          B: { Type: Task, Resource: 'arn:aws:states:::lambda:invoke', "
      .. "Parameters: { FunctionName: !Ref Named }, OutputPath: $.Payload, End: true }\n"
    local function named()
      return { here = true }
    end
    for _, name in ipairs { "Named", "stack-named" } do
      local execution = assert(load(text)):run({}, { driver = "virtual", tasks = { [name] = named } })
      assert.equal('{"here":true}', execution:output_json())
    end
  end)

  it("is found by its logical id among several", function()
    local function machine(id, result)
      return "  " .. id .. ":\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      Definition:\n"
        .. "        { StartAt: A, States: { A: { Type: Pass, Result: " .. result .. ", End: true } } }\n"
    end
    local text = "Resources:\n" .. machine("One", "1") .. machine("Two", "2") .. "  Table: { Type: AWS::DynamoDB::Table }\n"
    assert.equal("2", output(assert(load(text, { resource = "Two" }))))
    local rows = {
      { {}, "the template has several state machines, name one of them: 'One', 'Two'" },
      { { resource = "Three" }, "no resource is named 'Three'; state machines are 'One', 'Two'" },
      { { resource = "Table" }, "'Table' is no state machine but AWS::DynamoDB::Table" },
    }
    for _, row in ipairs(rows) do
      local _, message = load(text, row[1])
      assert.matches("%.yaml:%d+:%d+: error RESOURCE_NOT_FOUND: ", message)
      assert.matches(row[2], message, 1, true)
    end
    assert.same({ "One", "Two" }, template.ids(support.file(".yaml", text)))
  end)

  it("is not there when its condition does not hold", function()
    local text = RESOURCES .. machine_of("1"):gsub("    Type:", "    Condition: IsLive\n    Type:", 1)
    local _, message = load(text)
    assert.matches("the template has no state machine", message)
    assert.truthy(load(text, { parameters = { Stage = "live" } }))
  end)

  local faults = {
    { "[]", "INVALID_TEMPLATE: no template: it has no Resources" },
    { "Resources: {}", "RESOURCE_NOT_FOUND: the template has no state machine" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine } }", "DEFINITION_NOT_FOUND: 'M' has no definition" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: nowhere.json } } }",
      "DEFINITION_NOT_FOUND: the definition cannot be read: " },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: { Bucket: b, Key: k } } } }",
      "DEFINITION_NOT_FOUND: the definition is in S3: only a file beside the template can be read" },
    { "Resources: { M: { Type: AWS::StepFunctions::StateMachine, Properties: { DefinitionString: [] } } }",
      "INVALID_TEMPLATE: DefinitionString is no text" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: !Ref AWS::NoValue } } }",
      "DEFINITION_NOT_FOUND: the definition is AWS::NoValue" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: {}, Type: FAST } } }",
      "INVALID_TEMPLATE: Type: STANDARD or EXPRESS expected" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: {}, Type: [EXPRESS] } } }",
      "INVALID_TEMPLATE: Type: a text expected" },
    { "Resources: { M: { Type: AWS::StepFunctions::StateMachine, Properties: { Definition: {}, StateMachineName: [a] } } }",
      "INVALID_TEMPLATE: StateMachineName: a text expected" },
    { "Resources: { M: { Type: AWS::StepFunctions::StateMachine, Properties: { Definition: {}, RoleArn: { a: b } } } }",
      "INVALID_TEMPLATE: RoleArn: a text expected" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: {}, DefinitionSubstitutions: [1] } } }",
      "INVALID_TEMPLATE: DefinitionSubstitutions: names and texts expected" },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: {}, DefinitionSubstitutions: foo } } }",
      "INVALID_TEMPLATE: DefinitionSubstitutions: names and texts expected" },
    { "Resources: { M: { Condition: [], Type: AWS::Serverless::StateMachine } }",
      "INVALID_FUNCTION: the name of a condition expected" },
    { "a: b: c", "INVALID_TEMPLATE: " },
    { "Resources: { M: { Type: AWS::Serverless::StateMachine, Properties: { Definition: {}, "
      .. "DefinitionSubstitutions: { X: [] } } } }", "INVALID_TEMPLATE: DefinitionSubstitutions: 'X' is no text" },
  }
  for _, row in ipairs(faults) do
    it("is missed with a place: " .. row[2], function()
      local none, message = load(row[1])
      assert.is_nil(none)
      assert.matches("%.yaml:%d+:%d+: error ", message)
      assert.matches(row[2], message, 1, true)
    end)
  end

  it("has each member once, in JSON as in YAML", function()
    for extension, text in pairs { [".json"] = '{\n "Resources": {},\n "Resources": {} }', [".yaml"] = "\nResources: {}\nResources: {}" } do
      local none, message, diagnostics = load(text, nil, extension)
      assert.is_nil(none)
      assert.matches("INVALID_TEMPLATE: the member 'Resources' is there already, in line 2", message)
      assert.equal(3, diagnostics[1].line)
    end
  end)

  it("tells faults of a JSON template, too", function()
    local _, message = load('{ "Resources": }', nil, ".json")
    assert.matches("%.json:1:%d+: error INVALID_TEMPLATE: ", message)
    _, message = load('{\n "Résources": 1,\n "Resources": { "M": { "Type": "AWS::Serverless::StateMachine",\n'
      .. ' "Properties": { "Name": "é", "Definition": { "a": "é", "b": {"Ref": "X"} } } } } }', nil, ".json")
    assert.matches("%.json:4:%d+: error UNRESOLVED_REFERENCE: nothing is named 'X'", message)
    assert.matches(":4:70:", message, 1, true)
  end)

  it("tells faults of the definition where they stand in the template", function()
    local text = RESOURCES .. machine_of "1" .. "            Nxt: B\n"
    local _, lines = text:gsub("\n", "\n")
    local _, message, diagnostics = load(text)
    assert.matches("Field 'Nxt' is not supported at /States/A", message)
    assert.equal(lines, diagnostics[1].line)
    assert.equal(13, diagnostics[1].column)
  end)

  it("tells faults of a text of several lines where they stand in the template", function()
    local text = "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: !Sub |\n        {\n          \"StartAt\": \"A\", \"é\": 1,\n"
      .. "          \"States\": { \"A\": { \"Type\": \"Pass\", \"Nxt\": \"${AWS::Region}\" } }\n        }\n"
    local _, message = load(text)
    assert.matches("%.yaml:7:27: error SCHEMA_VALIDATION_FAILED: Field 'é' is not supported", message)
    assert.matches("%.yaml:8:46: error SCHEMA_VALIDATION_FAILED: Field 'Nxt' is not supported", message)
  end)

  it("finds the place behind what was put into a line", function()
    local _, message = load("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: !Sub\n        - |\n          {\n            \"StartAt\": \"A\", \"States\": {\n"
      .. "              \"A\": { \"Type\": \"Task\", \"Resource\": \"${Fn}\", \"Next\": \"B\" } }\n          }\n"
      .. "        - { Fn: 'arn:aws:lambda:eu-west-1:1:function:f' }\n")
    assert.matches("%.yaml:9:67: error MISSING_TRANSITION_TARGET: Missing 'Next' target: B", message)
  end)

  it("tells other faults of a text by the text's own lines", function()
    local _, message = load("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: '{ \"StartAt\": 1 }'\n")
    assert.matches("%.yaml %(M%):1:%d+: error SCHEMA_VALIDATION_FAILED", message)
  end)

  it("is wrong usage when the file is not there", function()
    local none, message, diagnostics = template.load "/nowhere.yaml"
    assert.is_nil(none)
    assert.matches("/nowhere.yaml", message)
    assert.equal("FILE_NOT_READABLE", diagnostics[1].code)
  end)

  it("raises when the options are wrong", function()
    for _, options in ipairs { { parameters = { A = 1 } }, { resourse = "A" }, { resource = 1 } } do
      assert.error_matches(function() template.load("t.yaml", options) end, "bad argument #2 to 'load'")
    end
  end)
end)

with_lyaml("a hostile template", function()
  after_each(support.clean)

  local function message_of(text)
    local _, message = template.load(support.file(".yaml", text))
    return message
  end

  it("can't make names need each other without end", function()
    local lines = { "Resources:" }
    for index = 1, 300 do
      lines[#lines + 1] = ("  F%d: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Sub 'a${F%d}' } }"):format(index,
        index + 1)
    end
    lines[#lines + 1] = "  F301: { Type: AWS::Lambda::Function }\n"
    assert.matches("is needed by more than 50 others, one by the other",
      message_of(table.concat(lines, "\n") .. machine_of "!Ref F1"))
  end)

  it("can't make much of little with aliases", function()
    local lines = { "Much:", "  - &a0 [1,1,1,1,1,1,1,1]" }
    for index = 1, 20 do
      lines[#lines + 1] = ("  - &a%d [%s]"):format(index, (("*a%d,"):format(index - 1)):rep(8))
    end
    assert.matches("more than %d+ bytes", message_of(table.concat(lines, "\n") .. "\nResources:\n" .. machine_of "*a20"))
  end)

  it("can't double a text again and again", function()
    local lines = { "Resources:" }
    for index = 1, 40 do
      lines[#lines + 1] = ("  F%d: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Sub '${F%d}${F%d}' } }"):format(
        index, index + 1, index + 1)
    end
    lines[#lines + 1] = "  F41: { Type: AWS::Lambda::Function }\n"
    assert.matches("its functions come to more than %d+ bytes", message_of(table.concat(lines, "\n") .. machine_of "!Ref F1"))
  end)

  it("can't ask a condition again and again", function()
    local lines = { "Conditions:", "  C0: !Equals [a, a]" }
    for index = 1, 40 do
      lines[#lines + 1] = ("  C%d: !And [!Condition C%d, !Condition C%d]"):format(index, index - 1, index - 1)
    end
    lines[#lines + 1] = "Resources:\n"
    assert.is_nil(message_of(table.concat(lines, "\n") .. machine_of "!If [C40, a, b]"))
  end)

  it("can't go deep", function()
    local function nested(open, close, depth)
      return '{"Resources":{"M":{"Type":"AWS::Serverless::StateMachine","Properties":{"Definition":' .. open:rep(depth) .. "1"
        .. close:rep(depth) .. "}}}}"
    end
    local _, message = template.load(support.file(".json", nested("[", "]", 1000)))
    assert.matches("INVALID_TEMPLATE: nested deeper than 1000 levels", message)
    assert.truthy(message_of(nested("[", "]", 990)))
    assert.matches("Fn::Split takes text here", message_of(nested('{"Fn::Split":["a",', "]}", 490)))
  end)
end)

with_lyaml("the command", function()
  after_each(support.clean)

  local function path()
    return support.file(".yaml", RESOURCES .. machine_of "!Ref Needed")
  end

  it("runs the machine of a template", function()
    local status, out = support.call { "run", "--template", path(), "--resource", "Machine", "--parameter", "Needed=a=b" }
    assert.equal(0, status)
    assert.equal('"a=b"\n', out)
  end)

  it("annotates a definition that is a text where it stands in the template", function()
    local file = support.file(".yaml", "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
      .. "      DefinitionString: '{ \"StartAt\": 1 }'\n")
    local _, out = support.call { "validate", "--format", "github", "--template", file }
    assert.matches("::error file=" .. file:gsub("%p", "%%%0") .. ",line=5,col=25,title=SCHEMA_VALIDATION_FAILED::", out)
    assert.matches(" (line 1 of the definition)", out, 1, true)
  end)

  it("shows what is wrong with a template", function()
    local status, _, err = support.call { "run", "--template", path() }
    assert.equal(1, status)
    assert.matches("error MISSING_PARAMETER: the parameter 'Needed' has no default", err)
    assert.matches("Result: !Ref Needed\n +| +^+", err)
  end)

  it("checks and draws the machine of a template, and packages it anew", function()
    local file = path()
    assert.equal(0, (support.call { "validate", "--template", file, "--parameter", "Needed=1" }))
    assert.equal(1, (support.call { "validate", "--template", file }))
    assert.equal(2, (support.call { "validate", "--template", "/nowhere.yaml" }))
    local _, drawn = support.call { "graph", "--template", file, "--parameter", "Needed=1" }
    assert.matches("A  %[Pass%]", drawn)
    local _, written = support.call { "package", "--template", file, "--parameter", "Needed=1", "--yaml" }
    assert.matches("Type: AWS::StepFunctions::StateMachine", written)
  end)

  it("wants a file or a template", function()
    local rows = {
      { { "run" }, "missing argument 'file'" },
      { { "validate" }, "missing argument 'file'" },
      { { "run", "a.json", "--template", "t.yaml" }, "a FILE or --template expected, not both" },
      { { "graph", "a.json", "--resource", "M" }, "--resource and --parameter are for --template" },
      { { "run", "--template", "t.yaml", "--parameter", "a" }, "--parameter: NAME=TEXT expected, got 'a'" },
    }
    for _, row in ipairs(rows) do
      local status, _, err = support.call(row[1])
      assert.equal(2, status)
      assert.matches(row[2], err, 1, true)
    end
  end)
end)
