---Answers of TestState, recorded from the service.
local suite = require "spec.conformance.asl.suite"

return suite.new("asl-teststate", function(case)
  return case.kind == "test_state"
end)
