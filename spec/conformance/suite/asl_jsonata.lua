---Runs and definitions with JSONata, recorded from the service.
local suite = require "spec.conformance.asl.suite"

return suite.new("asl-jsonata", function(case)
  return suite.is_about_language(case) and suite.has_jsonata(case)
end)
