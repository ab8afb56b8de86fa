package.path = "spec/support/?.lua;" .. package.path
local step = require "stepfn.step"
local stepfn = require "stepfn"
local support = require "cli"
local template = require "stepfn.template"

local with_lyaml = pcall(require, "yaml") and describe or pending

local function greeting(options)
  local greet = step.new_lambda("Greet", function() return { text = "hello" } end)
  return step.new_state_machine("Greeting", step.new_task_state("greet", greet), options)
end

local function built(machine, options)
  return assert(template.build(machine, options))
end

local function of_file(definition, options)
  return assert(stepfn.load(definition, options))
end

local PASS = { StartAt = "A", States = { A = { Type = "Pass", End = true } } }

local function task(resource, parameters)
  return { StartAt = "T", States = { T = { Type = "Task", Resource = resource, Parameters = parameters, End = true } } }
end

-- What the properties of a resource are called, as AWS documents them.
local documented = {
  ["AWS::StepFunctions::StateMachine"] = "Definition DefinitionS3Location DefinitionString DefinitionSubstitutions "
    .. "EncryptionConfiguration LoggingConfiguration RoleArn StateMachineName StateMachineType Tags TracingConfiguration",
  ["AWS::StepFunctions::StateMachineVersion"] = "Description StateMachineArn StateMachineRevisionId",
  ["AWS::StepFunctions::StateMachineAlias"] = "DeploymentPreference Description Name RoutingConfiguration",
  ["AWS::Serverless::StateMachine"] = "AutoPublishAlias Definition DefinitionSubstitutions DefinitionUri DeletionPolicy "
    .. "DeploymentPreference Events Logging Name PermissionsBoundary Policies PropagateTags Role RolePath Tags Tracing Type "
    .. "UseAliasAsEventTarget",
  ["AWS::IAM::Role"] = "AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary "
    .. "Policies RoleName Tags",
  ["AWS::Logs::LogGroup"] = "DataProtectionPolicy KmsKeyId LogGroupClass LogGroupName RetentionInDays Tags",
}

local everything = {
  logging = "ALL", include_execution_data = true, tracing = true, tags = { team = "a", cost = "b" }, alias = "live",
  description = "All of it",
}

local function with(options, more)
  local all = {}
  for name, value in pairs(options) do
    all[name] = value
  end
  for name, value in pairs(more) do
    all[name] = value
  end
  return all
end

describe("a template", function()
  for _, format in ipairs { "cloudformation", "sam" } do
    it("has only properties that AWS documents: " .. format, function()
      local resources = built(greeting(), with(everything, { format = format })).Resources
      for _, resource in pairs(resources) do
        for property in pairs(resource.Properties) do
          assert.matches(" " .. property .. " ", " " .. documented[resource.Type] .. " ", 1, true)
        end
      end
    end)

    it("has the same bytes each time: " .. format, function()
      for _, language in ipairs { "json", "yaml" } do
        local options = with(everything, { format = format, language = language })
        assert.equal((template.write(greeting(), options)), (template.write(greeting(), options)))
      end
    end)
  end

  it("is JSON, or YAML", function()
    assert.equal("2010-09-09", stepfn.decode((template.write(greeting()))).AWSTemplateFormatVersion)
    assert.matches('^AWSTemplateFormatVersion: "2010%-09%-09"\nResources:\n  Greeting:\n    Type: AWS::StepFunctions::StateMachine\n',
      (template.write(greeting(), { language = "yaml" })))
  end)

  it("names the machine, and its type", function()
    local properties = built(greeting()).Resources.Greeting.Properties
    assert.equal("Greeting", properties.StateMachineName)
    assert.equal("STANDARD", properties.StateMachineType)
    local express = built(of_file(PASS, { name = "a b-c", type = "EXPRESS" })).Resources.abc.Properties
    assert.equal("EXPRESS", express.StateMachineType)
  end)

  it("leaves a machine without a name to CloudFormation", function()
    assert.is_nil(built(of_file(PASS)).Resources.StateMachine.Properties.StateMachineName)
  end)

  it("gives the machine's ARN as output", function()
    assert.same({ Ref = "Greeting" }, built(greeting()).Outputs.GreetingArn.Value)
  end)

  it("trusts Step Functions of this account alone", function()
    local trust = built(greeting()).Resources.GreetingRole.Properties.AssumeRolePolicyDocument.Statement[1]
    assert.equal("states.amazonaws.com", trust.Principal.Service)
    assert.same({ Ref = "AWS::AccountId" }, trust.Condition.StringEquals["aws:SourceAccount"])
  end)

  it("makes a role without policies for a machine without tasks", function()
    assert.is_nil(built(of_file(PASS)).Resources.StateMachineRole.Properties.Policies)
  end)

  it("takes a role that is there, and makes none", function()
    local resources = built(greeting { role_arn = "arn:aws:iam::1:role/R" }).Resources
    assert.equal("arn:aws:iam::1:role/R", resources.Greeting.Properties.RoleArn)
    assert.is_nil(resources.GreetingRole)
    resources = built(greeting(), { role_arn = { ["Fn::ImportValue"] = "Role" }, format = "sam" }).Resources
    assert.same({ ["Fn::ImportValue"] = "Role" }, resources.Greeting.Properties.Role)
    assert.is_nil(resources.Greeting.Properties.Policies)
  end)

  it("writes logs into a group of its own", function()
    local resources = built(greeting(), { logging = "ERROR" }).Resources
    local logging = resources.Greeting.Properties.LoggingConfiguration
    assert.equal("ERROR", logging.Level)
    assert.same({ ["Fn::GetAtt"] = { "GreetingLogGroup", "Arn" } },
      logging.Destinations[1].CloudWatchLogsLogGroup.LogGroupArn)
    assert.equal("AWS::Logs::LogGroup", resources.GreetingLogGroup.Type)
  end)

  it("writes logs where the builder said, or not at all", function()
    local given = { Level = "ALL", Destinations = { { CloudWatchLogsLogGroup = { LogGroupArn = "arn:x" } } } }
    assert.equal(given, built(greeting { logging = given }).Resources.Greeting.Properties.LoggingConfiguration)
    assert.same({ Level = "OFF" }, built(greeting(), { logging = "OFF" }).Resources.Greeting.Properties.LoggingConfiguration)
  end)

  it("traces, tags and publishes", function()
    local resources = built(greeting(), everything).Resources
    local properties = resources.Greeting.Properties
    assert.same({ Enabled = true }, properties.TracingConfiguration)
    assert.same({ { Key = "cost", Value = "b" }, { Key = "team", Value = "a" } }, properties.Tags)
    assert.same({ Ref = "GreetingVersion" },
      resources.GreetingAlias.Properties.DeploymentPreference.StateMachineVersionArn)
    local serverless = built(greeting(), with(everything, { format = "sam" })).Resources.Greeting.Properties
    assert.same({ team = "a", cost = "b" }, serverless.Tags)
    assert.equal("live", serverless.AutoPublishAlias)
  end)
end)

describe("a machine with a key of its own", function()
  it("is encrypted with it, and its role may use it", function()
    local rows = {
      { "arn:aws:kms:eu-west-1:1:key/k", "arn:aws:kms:eu-west-1:1:key/k" },
      { "k", { ["Fn::Sub"] = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/k" } },
      { { ["Fn::GetAtt"] = { "Key", "Arn" } }, { ["Fn::GetAtt"] = { "Key", "Arn" } } },
    }
    for _, row in ipairs(rows) do
      local resources = built(of_file(PASS), { kms_key = row[1] }).Resources
      assert.same({ Type = "CUSTOMER_MANAGED_KMS_KEY", KmsKeyId = row[1] },
        resources.StateMachine.Properties.EncryptionConfiguration)
      assert.same({ Effect = "Allow", Action = { "kms:Decrypt", "kms:GenerateDataKey" }, Resource = { row[2] } },
        resources.StateMachineRole.Properties.Policies[1].PolicyDocument.Statement[1])
    end
  end)

  it("is not known to SAM", function()
    local none, message = template.build(of_file(PASS), { kms_key = "k", format = "sam" })
    assert.is_nil(none)
    assert.equal("option 'kms_key': AWS::Serverless::StateMachine has no EncryptionConfiguration", message)
  end)
end)

describe("the definition in a template", function()
  local ARN = { ["Fn::Sub"] = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:Greet" }

  it("names the builder's functions in the account of the stack", function()
    local properties = built(greeting()).Resources.Greeting.Properties
    assert.matches('"Resource": "${GreetFunctionArn}"', properties.DefinitionString, 1, true)
    assert.same({ GreetFunctionArn = ARN }, properties.DefinitionSubstitutions)
  end)

  it("refers to functions of the template by their logical ids", function()
    local given = built(greeting(), { functions = { Greet = "GreetFunction" } }).Resources
    assert.same({ ["Fn::GetAtt"] = { "GreetFunction", "Arn" } },
      given.Greeting.Properties.DefinitionSubstitutions.GreetFunctionArn)
    local statement = given.GreetingRole.Properties.Policies[1].PolicyDocument.Statement[1]
    assert.same({ { ["Fn::GetAtt"] = { "GreetFunction", "Arn" } } }, statement.Resource)
    local into = { Resources = { Any = { Type = "AWS::Serverless::Function", Properties = { FunctionName = "Greet" } } } }
    template.build(greeting(), nil, into)
    assert.same({ ["Fn::GetAtt"] = { "Any", "Arn" } },
      into.Resources.Greeting.Properties.DefinitionSubstitutions.GreetFunctionArn)
  end)

  it("keeps ARNs of real accounts, and those inside other texts", function()
    local definition = task("arn:aws:lambda:eu-west-1:123456789012:function:f",
      { text = 'see "arn:aws:sns:us-east-1:000000000000:t"' })
    assert.is_nil(built(of_file(definition)).Resources.StateMachine.Properties.DefinitionSubstitutions)
  end)

  it("moves activities, machines, topics and queues of nowhere into the stack's account", function()
    local substitutions = built(of_file(task("arn:aws:states:us-east-1:000000000000:activity:Ask", {
      machine = "arn:aws:states:eu-west-1:000000000000:stateMachine:Child",
      topic = "arn:aws:sns:us-east-1:000000000000:news",
      queue = "https://sqs.us-east-1.amazonaws.com/000000000000/jobs",
    }))).Resources.StateMachine.Properties.DefinitionSubstitutions
    assert.same({
      AskActivityArn = { ["Fn::Sub"] = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:activity:Ask" },
      ChildStateMachineArn = { ["Fn::Sub"] = "arn:${AWS::Partition}:states:eu-west-1:${AWS::AccountId}:stateMachine:Child" },
      snsNewsArn = { ["Fn::Sub"] = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news" },
      jobsQueueUrl = { ["Fn::Sub"] = "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/jobs" },
    }, substitutions)
  end)

  it("names activities that are there, or makes them", function()
    local ask = step.new_activity "Ask-Boss"
    local machine = step.new_state_machine("Asking", step.new_activity_state("ask", ask))
    assert.is_nil(built(machine).Resources.AskBossActivity)
    local resources = built(machine, { activities = true }).Resources
    assert.same({ Type = "AWS::StepFunctions::Activity", Properties = { Name = "Ask-Boss" } }, resources.AskBossActivity)
    assert.same({ AskBossActivityArn = { Ref = "AskBossActivity" } },
      resources.Asking.Properties.DefinitionSubstitutions)
    assert.is_nil(resources.AskingRole.Properties.Policies)
  end)

  it("has its functions called from wherever they stand", function()
    local inner = step.new_map_state("each", step.new_task_state("greet", step.new_lambda("Greet", print)))
    local machine = step.new_state_machine("Deep", step.new_parallel_state("both", inner, step.new_pass_state "other"))
    local statement = built(machine, { functions = { Greet = "GreetFunction" } }).Resources.DeepRole.Properties.Policies[1]
      .PolicyDocument.Statement[1]
    assert.same({ Effect = "Allow", Action = { "lambda:InvokeFunction" },
      Resource = { { ["Fn::GetAtt"] = { "GreetFunction", "Arn" } } } }, statement)
  end)

  it("makes parameters of placeholders, unless their values are given", function()
    local machine = of_file(task("arn:aws:states:::lambda:invoke", { FunctionName = "${Charge_Arn}", other = "${Other}" }))
    local one = built(machine, { substitutions = { Other = "that" } })
    assert.equal("String", one.Parameters.ChargeArn.Type)
    assert.is_nil(one.Parameters.Other)
    assert.same({ Charge_Arn = { Ref = "ChargeArn" }, Other = "that" },
      one.Resources.StateMachine.Properties.DefinitionSubstitutions)
    assert.same({ { Ref = "ChargeArn" } },
      one.Resources.StateMachineRole.Properties.Policies[1].PolicyDocument.Statement[1].Resource)
  end)

  it("is text, an object, or in a file of its own", function()
    assert.equal("userdata", type(built(greeting(), { definition = "object" }).Resources.Greeting.Properties.Definition))
    local properties = built(greeting(), { definition_file = "greeting.asl.json" }).Resources.Greeting.Properties
    assert.equal("greeting.asl.json", properties.DefinitionS3Location)
    properties = built(greeting(), { definition_file = "greeting.asl.json", format = "sam" }).Resources.Greeting.Properties
    assert.equal("greeting.asl.json", properties.DefinitionUri)
    local _, _, definition = template.build(greeting(), { definition_file = "greeting.asl.json" })
    assert.matches('"Resource": "${GreetFunctionArn}"', definition, 1, true)
  end)

  it("can't be an object of CloudFormation when it says null; SAM makes text of it", function()
    local machine = of_file '{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":null,"End":true}}}'
    local none, message = template.build(machine, { definition = "object" })
    assert.is_nil(none)
    assert.equal("option 'definition': the definition has a null, which an object in a template can't have; text can", message)
    assert.truthy(template.build(machine))
    assert.truthy(template.build(machine, { format = "sam" }))
  end)
end)

describe("decorators", function()
  it("put several machines into one template", function()
    local child = step.new_state_machine("Child", step.new_pass_state "p")
    local parent = step.new_state_machine("Parent", step.new_start_execution_state("go", child, {}, { sync = 2 }))
    local made = parent:state_machine_named_decorator("Outer", { logging = "ALL" })(
      child:StateMachineDecorator()({ Resources = { Table = { Type = "AWS::DynamoDB::Table" } } }))
    assert.equal("AWS::DynamoDB::Table", made.Resources.Table.Type)
    assert.equal("Parent", made.Resources.Outer.Properties.StateMachineName)
    assert.same({ ChildStateMachineArn = { Ref = "Child" } }, made.Resources.Outer.Properties.DefinitionSubstitutions)
    assert.same({ Ref = "Child" }, made.Outputs.ChildArn.Value)
  end)

  it("are a template of one machine, too", function()
    assert.equal("AWS::StepFunctions::StateMachine", greeting():cloudformation().Resources.Greeting.Type)
  end)

  it("raise at the caller's line when the logical id is taken", function()
    local decorate = greeting():state_machine_decorator()
    local good, message = pcall(function() decorate(decorate {}) end)
    assert.is_false(good)
    assert.matches("package_spec.lua:%d+: the template has a resource 'Greeting' already", message)
  end)
end)

describe("a template of SAM in YAML", function()
  local DEFINITION = [[{"StartAt":"B","States":{"B":{"Type":"Pass","Parameters":{"on":"yes","x y":[1,[2,{"a":null}],[],{}],
    "m":"a\nb"},"Next":"A"},"A":{"Type":"Succeed"}}}]]

  it("has the definition as people write it, in its own order", function()
    local text = assert(template.write(of_file(DEFINITION), { format = "sam", language = "yaml" }))
    assert.matches([[
      Definition:
        StartAt: B
        States:
          B:
            Type: Pass
            Parameters:
              "on": "yes"
              "x y":
                - 1
                - - 2
                  - a: null
                - []
                - {}
              m: |-
                a
                b
            Next: A
          A:
            Type: Succeed
]], text, 1, true)
  end)

  with_lyaml("that is read again", function()
    it("has the same definition", function()
      local text = assert(template.write(of_file(DEFINITION), { format = "sam", language = "yaml" }))
      local machine = assert(template.load(support.file(".yaml", text)))
      assert.equal(of_file(DEFINITION):to_json(), machine:to_json())
    end)
  end)
end)

describe("wrong options of a template", function()
  local wrong = {
    { { format = "terraform" }, "option 'format': \"cloudformation\" or \"sam\" expected" },
    { { logical_id = "a-b" }, "option 'logical_id': letters and digits expected" },
    { { loging = "ALL" }, "unknown option 'loging' %(did you mean 'logging'%?%)" },
    { { tags = "a" }, "option 'tags': table expected, got string" },
    { { name = "" }, "option 'name': 1 to 80 characters expected, got 0" },
    { { name = "a b" }, "option 'name': ' ' can't be in a name" },
    { { name = ("a"):rep(81) }, "option 'name': 1 to 80 characters expected, got 81" },
    { { role_arn = "foo" }, "option 'role_arn': the ARN of a role expected" },
    { { alias = "a b" }, "option 'alias': 1 to 80 letters, digits, '%-', '_' and '%.' expected, not digits alone" },
  }
  for _, row in ipairs(wrong) do
    it("raise: " .. row[2], function()
      local _, message = pcall(function() template.write(greeting(), row[1]) end)
      assert.matches("package_spec.lua:%d+: bad argument #2 to 'write' %(" .. row[2], message)
    end)
  end

  it("are told when they stand for nothing in the definition", function()
    local none, message = template.write(of_file(task "${Charge}"), { substitutions = { Charge = "x", Chrage = "y" } })
    assert.is_nil(none)
    assert.equal("option 'substitutions': the definition has no ${Chrage}", message)
    none, message = template.write(greeting(), { functions = { Greet = "GreetFunction", Great = "GreetFunction" } })
    assert.is_nil(none)
    assert.equal("option 'functions': the definition has no function 'Great' that the stack could have", message)
  end)

  it("raise where no template is given to add to", function()
    local _, message = pcall(function() template.build(greeting(), nil, { Resources = 3 }) end)
    assert.matches("package_spec.lua:%d+: bad argument #3 to 'build' %(its Resources: table expected, got number%)", message)
    _, message = pcall(function() template.build(greeting(), nil, 3) end)
    assert.matches("package_spec.lua:%d+: bad argument #3 to 'build' %(table expected, got number%)", message)
  end)

  it("raise where a text is wanted of what is no template", function()
    local cyclic = {}
    cyclic.itself = cyclic
    for _, value in ipairs { cyclic, { a = print }, 3 } do
      local _, message = pcall(function() template.text(value) end)
      assert.matches("package_spec.lua:%d+: bad argument #1 to 'text' %(", message)
    end
    local _, message = pcall(function() template.text({}, "xml") end)
    assert.matches("package_spec.lua:%d+: bad argument #2 to 'text' %(", message)
  end)

  it("are told when only the machine shows them", function()
    local none, message = template.write(greeting(), { logging = "WARN" })
    assert.is_nil(none)
    assert.matches("^option 'logging': \"ALL\"", message)
  end)
end)

describe("the command package", function()
  after_each(support.clean)

  it("writes a template to standard output, notes to standard error", function()
    local path = support.file(".json", stepfn.encode(task("arn:aws:states:::sns:publish", { ["TopicArn.$"] = "$.t" })))
    local status, out, err = support.call { "package", path }
    assert.equal(0, status)
    assert.equal("AWS::StepFunctions::StateMachine", stepfn.decode(out).Resources.StateMachine.Type)
    assert.matches("note: T: sns:Publish on every resource: the definition does not say TopicArn", err, 1, true)
  end)

  it("takes all options", function()
    local path = support.file(".json", stepfn.encode(task("${Charge}", { x = "${Rate}" })))
    local target = support.file(".yml", "")
    local status, out = support.call {
      "package", path, "--format", "sam", "--output", target, "--name", "Orders", "--logical-id", "Machine", "--logging", "ALL",
      "--include-execution-data", "--tracing", "--activities",
      "--tag", "a=b", "--tag", "c=d=e", "--alias", "live", "--substitution", "Rate=3",
      "--express",
    }
    assert.equal(0, status)
    assert.equal("", out)
    local file = assert(io.open(target))
    local text = file:read "*a"
    file:close()
    for _, line in ipairs { "Transform: AWS::Serverless-2016-10-31", "  Machine:", "      Name: Orders", "      Type: EXPRESS",
      "        Charge: !Ref Charge", '        Rate: "3"', "      AutoPublishAlias: live", "        IncludeExecutionData: true",
      '        c: "d=e"' } do
      assert.matches("\n" .. line .. "\n", text, 1, true)
    end
  end)

  it("writes the definition beside the template", function()
    local path = support.file(".json", stepfn.encode(PASS))
    local target = support.file(".json", "")
    local beside = support.file(".asl.json", "")
    assert.equal(0, (support.call { "package", path, "--output", target, "--definition-file", beside:match "[^/]*$" }))
    assert.equal('{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}' and "Pass",
      assert(stepfn.load_file(beside)).definition.States.A.Type)
  end)

  it("says what is wrong", function()
    local path = support.file(".json", stepfn.encode(PASS))
    local rows = {
      { { "package" }, 2, "missing argument 'file'" },
      { { "package", path, "--tag", "a" }, 2, "--tag: NAME=TEXT expected, got 'a'" },
      { { "package", path, "--logical-id", "a-b" }, 2, "--logical-id: letters and digits expected" },
      { { "package", path, "--role-arn", "foo" }, 2, "--role-arn: the ARN of a role expected" },
      { { "package", path, "--name", "" }, 2, "--name: 1 to 80 characters expected, got 0" },
      { { "package", path, "--substitution", "A=b" }, 2, "--substitution: the definition has no ${A}" },
      { { "package", path, "--function", "F=Id" }, 2, "--function: the definition has no function 'F' that the stack could have" },
      { { "package", "/nowhere.json" }, 2, "/nowhere.json" },
      { { "package", support.file(".json", "{}") }, 1, "SCHEMA_VALIDATION_FAILED" },
      { { "package", path, "--output", "/nowhere/t.json" }, 2, "/nowhere/t.json" },
    }
    for _, row in ipairs(rows) do
      local status, _, err = support.call(row[1])
      assert.equal(row[2], status)
      assert.matches(row[3], err, 1, true)
    end
  end)
end)
