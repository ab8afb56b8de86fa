---The order in which the fields of a definition are written: one list for
---machines, states, choice rules, retriers and catchers, so that two runs give
---the same bytes.  It is the order of the loader's table of fields.
local ORDER = {
  -- a machine, branch or processor; what every state begins with
  "Type", "Comment", "Version", "QueryLanguage", "StartAt", "States",
  -- a retrier or catcher
  "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
  -- a state, along the road of its data
  "InputPath", "Resource", "Parameters", "Result", "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds",
  "HeartbeatSecondsPath", "Credentials", "Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Error",
  "ErrorPath", "Cause", "CausePath", "Branches", "ItemsPath", "ItemSelector", "MaxConcurrency", "MaxConcurrencyPath",
  "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
  "ToleratedFailurePercentagePath", "ItemProcessor", "Choices",
  -- a choice rule
  "Variable", "StringEquals", "StringEqualsPath", "StringLessThan", "StringLessThanPath", "StringGreaterThan",
  "StringGreaterThanPath", "StringLessThanEquals", "StringLessThanEqualsPath", "StringGreaterThanEquals",
  "StringGreaterThanEqualsPath", "StringMatches", "NumericEquals", "NumericEqualsPath", "NumericLessThan",
  "NumericLessThanPath", "NumericGreaterThan", "NumericGreaterThanPath", "NumericLessThanEquals",
  "NumericLessThanEqualsPath", "NumericGreaterThanEquals", "NumericGreaterThanEqualsPath", "BooleanEquals",
  "BooleanEqualsPath", "TimestampEquals", "TimestampEqualsPath", "TimestampLessThan", "TimestampLessThanPath",
  "TimestampGreaterThan", "TimestampGreaterThanPath", "TimestampLessThanEquals", "TimestampLessThanEqualsPath",
  "TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath", "IsNull", "IsPresent", "IsNumeric", "IsString",
  "IsBoolean", "IsTimestamp", "And", "Or", "Not",
  -- the rest of the road, and where it leads
  "ResultSelector", "ResultPath", "Assign", "OutputPath", "Retry", "Catch", "Default", "Next", "End",
}

return ORDER
