---Other answers of the API, recorded from the service.
local suite = require "spec.conformance.asl.suite"

return suite.new("asl-api", function(case)
  return case.kind ~= "test_state" and not suite.is_about_language(case)
end)
