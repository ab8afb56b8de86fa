---Failures that are meant: suite, id of the case, why. Each reason cites a
---recording of the service or a page of AWS. At most 1 % of a suite, Jayway's
---cases noted as "quirk" apart.
---
---"decided": cases of the suite "validation" on which the checkers that were asked
---disagree, or where the sources put the same fault into different places. No
---entry turns a verdict on which all agree; the report counts them apart.
return {
  ["asl-jsonpath"] = {
    ["api/sfn_api/create_duplicate_sm_name"] =
      "StateMachineAlreadyExists is an answer of CreateStateMachine about the machines of an account (API page of "
      .. "CreateStateMachine); the definition is sound",
  },
  decided = {
    -- verdicts: the checkers disagree
    ["aslv-invalid-task-alias-function"] = { valid = false, pointer = "/States/MissingAlias/Resource",
      reason = "a function ARN that ends in a colon names no version or alias (Lambda API: pattern of FunctionName)" },
    ["aslv-invalid-json-surround-syntax-extra-spaces"] = { valid = true,
      reason = "blanks and line ends inside the delimiters are part of the expression (developer guide, Transforming "
      .. "data with JSONata: a string that begins with {% and ends with %})" },
    ["aslv-invalid-jsonata-surround-syntax-no-spaces"] = { valid = true,
      reason = "no blank is needed inside the delimiters (developer guide, as above; published samples that run have none)" },
    ["aslv-invalid-math-add"] = { valid = true,
      reason = "the call is well formed; what its arguments are worth shows when it is evaluated (States Language: "
      .. "Intrinsic Functions, States.IntrinsicFailure)" },
    ["aslv-valid-path-array-context"] = { valid = false, pointer = "/States/Pass/OutputPath",
      reason = "Jayway, which reads paths for the service, refuses [(...)] (recorded runs of it)" },
    ["floe-075"] = { valid = false,
      pointer = "/States/FunWithMath/Branches/1/States/ArrayLength/Parameters/result.$",
      reason = "Jayway, which reads paths for the service, refuses a path that ends in a dot (recorded runs of it)" },
    ["floe-087"] = { valid = false, pointer = "/States/PassState/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-set-credential"] = { valid = false, pointer = "/States/Login/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-http"] = { valid = false, pointer = "/States/Login/ResultPath",
      reason = "ResultPath writes to the state's input, never to the context object (States Language: ResultPath)" },
    ["floe-ex-everything"] = { valid = false, pointer = "/States/MapState/ItemProcessor/States/PassState",
      reason = "names of states are unique in the whole machine (States Language: States)" },
    ["als-task-invalid-arn"] = { valid = false, pointer = "/States/HelloWorld/Resource",
      reason = "a Resource that is no URI names nothing (States Language: Task State, Resource); the service says so of "
      .. "every ARN it does not know (recorded creation error: is not recognized)" },
    ["als-y-task-valid-variable-substitution"] = { valid = false, pointer = "/States/HelloWorld/Resource",
      reason = "only ${name} is a placeholder (CloudFormation: DefinitionSubstitutions)" },
    ["als-y-valid-parameters-intrinsic-function"] = { valid = false,
      pointer = "/States/Invoke Lambda function/Parameters/Payload/Input1.$",
      reason = "arguments of an intrinsic function are separated by commas (States Language: Intrinsic Functions)" },
    ["als-y-valid-result-selector-intrinsic-function"] = { valid = false,
      pointer = "/States/Invoke Lambda function/ResultSelector/prop2/Input1.$",
      reason = "arguments of an intrinsic function are separated by commas (States Language: Intrinsic Functions)" },

    -- places: the verdict is everybody's, but the same fault has another place in other sources
    ["aslv-invalid-exercise-ajv-additional-properties"] = { valid = false, pointer = "/States/PassState/bugInputPath",
      reason = "the field that is not known is the fault, as the language service and statelint have it (States "
      .. "Language: a field that is not listed for a state type)" },
    ["aslv-invalid-jsonata-path-fields"] = { valid = false,
      pointer = "/States/Verification/Branches/0/States/Check Identity/OutputPath",
      reason = "QueryLanguage is sound, OutputPath is the field that it excludes (recorded creation error: field is "
      .. "only supported for the other QueryLanguage); the same source has it so for Parameters" },
    ["floe-039"] = { valid = false, pointer = "/States/State/Retry/0/ErrorEquals",
      reason = "the field is there, but empty (recorded creation error: Value cannot be empty, at the field)" },
    ["floe-101"] = { valid = false, pointer = "/States/FirstState",
      reason = "of two fields that exclude one another neither is the wrong one: at the state, as statelint and "
      .. "asl-validator have it (States Language: MUST NOT include both)" },
    ["als-fail-cause-and-cause-path-invalid"] = { valid = false, pointer = "/States/fail",
      reason = "of two fields that exclude one another neither is the wrong one: at the state, as statelint and "
      .. "asl-validator have it (States Language: MUST NOT include both)" },
    ["sl-linked-parallel"] = { valid = false, pointer = "/States/A/Branches/0/States/Sub1_1/Next",
      reason = "the scope has no end because this target is missing (recorded creation error: Missing 'Next' target); "
      .. "floe and the language service have the target in the same case" },
  },
  contradicted = {
    p13 = { error = "States.Runtime",
      reason = "measured: a Choice without a match and without Default ends with States.Runtime, whatever the guide says" },
    p66 = { error = "States.Runtime",
      reason = "measured: an intrinsic that fails in Parameters is States.Runtime, whatever the guide says" },
    p89 = { status = "TIMED_OUT", max_s = 3,
      reason = "recorded (timeouts/timeouts/global_timeout): the execution is TIMED_OUT and has no error" },
  },
}
