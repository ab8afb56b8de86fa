---The order in which the fields of a definition are written: one list for
---machines, states, choice rules, retriers and catchers, so that two runs give
---the same bytes.
local ORDER = {
  -- a machine, branch or processor
  "Comment", "Version", "Type", "QueryLanguage", "StartAt", "States",
  -- a choice rule
  "Variable",
  "StringEquals", "StringEqualsPath", "StringLessThan", "StringLessThanPath",
  "StringGreaterThan", "StringGreaterThanPath", "StringLessThanEquals", "StringLessThanEqualsPath",
  "StringGreaterThanEquals", "StringGreaterThanEqualsPath", "StringMatches",
  "NumericEquals", "NumericEqualsPath", "NumericLessThan", "NumericLessThanPath",
  "NumericGreaterThan", "NumericGreaterThanPath", "NumericLessThanEquals", "NumericLessThanEqualsPath",
  "NumericGreaterThanEquals", "NumericGreaterThanEqualsPath",
  "BooleanEquals", "BooleanEqualsPath",
  "TimestampEquals", "TimestampEqualsPath", "TimestampLessThan", "TimestampLessThanPath",
  "TimestampGreaterThan", "TimestampGreaterThanPath", "TimestampLessThanEquals", "TimestampLessThanEqualsPath",
  "TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath",
  "IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp",
  "And", "Or", "Not",
  -- a retrier or catcher
  "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
  -- a state, along the road of its data
  "InputPath", "ItemsPath", "ItemSelector", "Parameters", "Resource", "Credentials",
  "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath",
  "Result", "Seconds", "SecondsPath", "Timestamp", "TimestampPath",
  "Error", "ErrorPath", "Cause", "CausePath", "Choices", "Default", "Branches", "ItemProcessor",
  "MaxConcurrency", "MaxConcurrencyPath", "ToleratedFailureCount", "ToleratedFailureCountPath",
  "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
  "ResultSelector", "ResultPath", "Assign", "OutputPath", "Retry", "Catch", "Next", "End",
}

return ORDER
