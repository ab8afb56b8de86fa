---Runs and definitions without JSONata, recorded from the service.
local suite = require "spec.conformance.asl.suite"

return suite.new("asl-jsonpath", function(case)
  return suite.is_about_language(case) and not suite.has_jsonata(case)
end)
