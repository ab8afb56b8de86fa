---Failures that are meant: suite, id of the case, why. Each reason cites a
---recording of the service or a page of AWS. At most 1 % of a suite, Jayway's
---cases noted as "quirk" apart.
---
---"decided": cases of the suite "validation" on which the checkers that were asked
---disagree, or where the sources put the same fault into different places.
return {
  ["asl-jsonpath"] = {
    ["local_mocking/base_scenarios/lambda_service_invoke_sync_execution"] =
      "the task's answer was inferred from the output and holds what ResultPath added; the recording's own "
      .. "mock_config and function say what it was",
    ["api/sfn_api/create_duplicate_sm_name"] =
      "StateMachineAlreadyExists is an answer of CreateStateMachine about the machines of an account (API page of "
      .. "CreateStateMachine); the definition is sound",
    ["api/sfn_api_logs/multiple_destinations"] =
      "InvalidLoggingConfiguration is an answer of CreateStateMachine about its request (API page of "
      .. "CreateStateMachine); the definition is sound",
  },
  decided = {
    ["aslv-invalid-task-alias-function"] = { valid = false,
      reason = "a function ARN that ends in a colon names nothing (Lambda: FunctionName)" },
    ["aslv-invalid-json-surround-syntax-extra-spaces"] = { valid = true,
      reason = "blanks and line ends inside the delimiters are part of the expression" },
    ["aslv-invalid-jsonata-surround-syntax-no-spaces"] = { valid = true,
      reason = "no blank is needed inside the delimiters: published samples that run have none" },
    ["aslv-invalid-math-add"] = { valid = true,
      reason = "what an argument is worth shows when it is evaluated; the form of the call is right" },
    ["aslv-valid-path-array-context"] = { valid = false, pointer = "/States/Pass/OutputPath",
      reason = "the library behind the service compiles no [(...)]" },
    ["aslv-invalid-exercise-ajv-additional-properties"] = { valid = false, pointer = "/States/PassState/bugInputPath",
      reason = "a field that does not belong here is a fault of the field, as the other sources have it" },
    ["floe-039"] = { valid = false, pointer = "/States/State/Retry/0/ErrorEquals",
      reason = "the field is there, but empty: the fault is in the field, as the other sources have it" },
    ["floe-075"] = { valid = false,
      pointer = "/States/FunWithMath/Branches/1/States/ArrayLength/Parameters/result.$",
      reason = "the library behind the service refuses a path that ends in a dot" },
    ["floe-087"] = { valid = false, pointer = "/States/PassState/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-set-credential"] = { valid = false, pointer = "/States/Login/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-http"] = { valid = false, pointer = "/States/Login/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-everything"] = { valid = false,
      reason = "names of states are unique in the whole machine (States Language: States)" },
    ["als-task-invalid-arn"] = { valid = false, pointer = "/States/HelloWorld/Resource",
      reason = "recorded: a Resource that is no ARN is not recognized" },
    ["als-y-task-valid-variable-substitution"] = { valid = false, pointer = "/States/HelloWorld/Resource",
      reason = "only ${name} is a placeholder" },
    ["als-y-valid-parameters-intrinsic-function"] = { valid = false,
      pointer = "/States/Invoke Lambda function/Parameters/Payload/Input1.$",
      reason = "arguments of an intrinsic function are separated by commas" },
    ["als-y-valid-result-selector-intrinsic-function"] = { valid = false,
      pointer = "/States/Invoke Lambda function/ResultSelector/prop2/Input1.$",
      reason = "arguments of an intrinsic function are separated by commas" },
    ["als-fail-cause-and-cause-path-invalid"] = { valid = false, pointer = "/States/fail",
      reason = "of two fields that exclude one another neither is the wrong one, as the other sources have it" },
    ["sl-linked-parallel"] = { valid = false, pointer = "/States/A/Branches/0/States/Sub1_1/Next",
      reason = "the scope has no end because this target is missing: the cause is told, not what follows from it" },
  },
}
