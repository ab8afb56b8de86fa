---Failures that are meant: suite, id of the case, why. Each reason cites a
---recording of the service or a page of AWS. At most 1 % of a suite, Jayway's
---cases noted as "quirk" apart.
return {
  ["asl-jsonpath"] = {
    ["local_mocking/base_scenarios/lambda_service_invoke_sync_execution"] =
      "the task's answer was inferred from the output and holds what ResultPath added; the recording's own "
      .. "mock_config and function say what it was",
  },
}
