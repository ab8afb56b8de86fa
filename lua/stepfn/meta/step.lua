---@meta
---The builder's types. Their methods are made from rows (lua/stepfn/step), so an
---editor finds them here. Each `with_x` is also an option `x` at the end of the
---constructor, and exists in CamelCase.

---@class stepfn.step.State
---@field name fun(self): string
---@field adjacent_states fun(self): (stepfn.step.State|string)[]
---@field with_comment fun(self, value: string): self
---@field with_query_language fun(self, value: "JSONPath"|"JSONata"): self QueryLanguage
---@field as fun(self, language: "JSONPath"|"JSONata"): self QueryLanguage

---@class stepfn.step.Task: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_parameters fun(self, value: any): self Parameters
---@field with_arguments fun(self, value: any): self Arguments
---@field with_result_selector fun(self, value: any): self ResultSelector
---@field with_retriers fun(self, ...: stepfn.step.Retrier): self Retry
---@field with_catchers fun(self, ...: stepfn.step.Catcher): self Catch
---@field with_result_path fun(self, value: string|lightuserdata): self ResultPath
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field with_timeout fun(self, value: number|string): self TimeoutSeconds
---@field with_timeout_path fun(self, value: string): self TimeoutSecondsPath
---@field with_heartbeat fun(self, value: number|string): self HeartbeatSeconds
---@field with_heartbeat_path fun(self, value: string): self HeartbeatSecondsPath
---@field with_credentials fun(self, value: table): self Credentials
---@field wait_for_task_token fun(self): self
---@field next fun(self, target: stepfn.step.State|string): stepfn.step.State

---@class stepfn.step.Pass: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_parameters fun(self, value: any): self Parameters
---@field with_result_path fun(self, value: string|lightuserdata): self ResultPath
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field with_result fun(self, value: any): self Result
---@field next fun(self, target: stepfn.step.State|string): stepfn.step.State

---@class stepfn.step.Choice: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field with_default fun(self, value: stepfn.step.State|string): self Default
---@field add fun(self, rule: stepfn.step.Rule): self

---@class stepfn.step.Wait: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field next fun(self, target: stepfn.step.State|string): stepfn.step.State

---@class stepfn.step.Succeed: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output

---@class stepfn.step.Fail: stepfn.step.State
---@field with_error fun(self, value: string): self Error
---@field with_error_path fun(self, value: string): self ErrorPath
---@field with_cause fun(self, value: string): self Cause
---@field with_cause_path fun(self, value: string): self CausePath

---@class stepfn.step.Parallel: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_parameters fun(self, value: any): self Parameters
---@field with_arguments fun(self, value: any): self Arguments
---@field with_result_selector fun(self, value: any): self ResultSelector
---@field with_retriers fun(self, ...: stepfn.step.Retrier): self Retry
---@field with_catchers fun(self, ...: stepfn.step.Catcher): self Catch
---@field with_result_path fun(self, value: string|lightuserdata): self ResultPath
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field next fun(self, target: stepfn.step.State|string): stepfn.step.State

---@class stepfn.step.Map: stepfn.step.State
---@field with_input_path fun(self, value: string|lightuserdata): self InputPath
---@field with_output_path fun(self, value: string|lightuserdata): self OutputPath
---@field with_output fun(self, value: any): self Output
---@field with_result_selector fun(self, value: any): self ResultSelector
---@field with_retriers fun(self, ...: stepfn.step.Retrier): self Retry
---@field with_catchers fun(self, ...: stepfn.step.Catcher): self Catch
---@field with_result_path fun(self, value: string|lightuserdata): self ResultPath
---@field with_assign fun(self, value: table): self Assign
---@field assign fun(self, value: table): self Assign
---@field with_parameters fun(self, value: any): self ItemSelector
---@field with_items_path fun(self, value: string): self ItemsPath
---@field with_items fun(self, value: any): self Items
---@field with_item_selector fun(self, value: any): self ItemSelector
---@field with_max_concurrency fun(self, value: number|string): self MaxConcurrency
---@field with_max_concurrency_path fun(self, value: string): self MaxConcurrencyPath
---@field with_tolerated_failure_count fun(self, value: number|string): self ToleratedFailureCount
---@field with_tolerated_failure_count_path fun(self, value: string): self ToleratedFailureCountPath
---@field with_tolerated_failure_percentage fun(self, value: number|string): self ToleratedFailurePercentage
---@field with_tolerated_failure_percentage_path fun(self, value: string): self ToleratedFailurePercentagePath
---@field with_item_reader fun(self, value: stepfn.step.Source|table): self ItemReader
---@field with_item_batcher fun(self, value: table): self ItemBatcher
---@field with_result_writer fun(self, value: stepfn.step.Source|table): self ResultWriter
---@field with_label fun(self, value: string): self Label
---@field distributed fun(self, options: stepfn.step.Distributed?): self
---@field next fun(self, target: stepfn.step.State|string): stepfn.step.State

---@class stepfn.step.Retrier
---@field with_comment fun(self, value: string): self
---@field with_errors fun(self, ...: string): self ErrorEquals
---@field with_interval fun(self, seconds: integer): self IntervalSeconds
---@field with_max_attempts fun(self, count: integer): self MaxAttempts
---@field with_backoff_rate fun(self, rate: number): self BackoffRate
---@field with_max_delay fun(self, seconds: integer): self MaxDelaySeconds
---@field with_jitter fun(self, strategy: "FULL"|"NONE"): self JitterStrategy

---@class stepfn.step.Catcher
---@field with_comment fun(self, value: string): self
---@field with_errors fun(self, ...: string): self ErrorEquals
---@field with_result_path fun(self, value: string|lightuserdata): self ResultPath
---@field with_assign fun(self, value: table): self Assign
---@field with_output fun(self, value: any): self Output

---@class stepfn.step.Distributed
---@field execution_type? "STANDARD"|"EXPRESS"
---@field reader? stepfn.step.Source|table
---@field batcher? table ItemBatcher
---@field writer? stepfn.step.Source|table
---@field label? string
---@field max_concurrency? number|string
---@field max_concurrency_path? string
---@field tolerated_failure_count? number|string
---@field tolerated_failure_count_path? string
---@field tolerated_failure_percentage? number|string
---@field tolerated_failure_percentage_path? string

---@class stepfn.step.Source where items come from, or results go
---@field fields table
---@field params string

---@class stepfn.step.Rule
---@field go fun(self, target: stepfn.step.State|string): self Next
---@field and_ fun(self, other: stepfn.step.Rule): stepfn.step.Rule
---@field or_ fun(self, other: stepfn.step.Rule): stepfn.step.Rule
---@field not_ fun(self): stepfn.step.Rule
---@field with_comment fun(self, value: string): self
---@field with_assign fun(self, value: table): self Assign
---@field with_output fun(self, value: any): self Output

---@alias stepfn.step.Compare fun(self, value: string|number|boolean): stepfn.step.Rule

---@class stepfn.step.Subject every comparison, also under its own name: `numeric_less_than`
---@field eq stepfn.step.Compare
---@field is stepfn.step.Compare
---@field lt stepfn.step.Compare
---@field gt stepfn.step.Compare
---@field le stepfn.step.Compare
---@field ge stepfn.step.Compare
---@field matches fun(self, pattern: string): stepfn.step.Rule
---@field [string] fun(self, value: any): stepfn.step.Rule

---@class stepfn.step.Lambda
---@field name string
---@field run function
---@field options table

---@class stepfn.step.Activity
---@field name string
---@field arn string
---@field run? function

---@class stepfn.step.Machine: stepfn.Machine
---@field comment fun(self, text: string): self
---@field with_comment fun(self, text: string): self
---@field with_version fun(self, version: string): self
---@field with_timeout fun(self, seconds: integer): self
---@field with_role_arn fun(self, arn: string): self
---@field with_logging fun(self, logging: table): self
---@field to_table fun(self): table
---@field validate fun(self): stepfn.Diagnostic[]
---@field start_state fun(self): stepfn.step.State
---@field states fun(self): stepfn.step.State[]
---@field state fun(self, name: string): stepfn.step.State?
---@field role_arn? string
---@field logging? table
