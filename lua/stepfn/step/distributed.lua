---Maps whose items run as executions of their own.
local check = require "stepfn.step.check"
local setters = require "stepfn.step.setters"
local states = require "stepfn.step.state"
local task = require "stepfn.step.task"

local M = {}

local source_meta = { step_kind = "source", __name = "stepfn.step.Source" }

-- A Resource with its parameters, written as the query language has them.
local function new_source(constructor, resource, params, config_name, config)
  return setmetatable({
    fields = {
      Resource = assert(check.encode("arn:aws:states:::" .. resource)),
      [config_name] = config ~= nil and check.argument(constructor, 2, check.object, config) or nil,
    },
    params = check.argument(constructor, 1, task.params_kind, params),
  }, source_meta)
end

---Items from an object in S3: `new_s3_object_reader({ Bucket = …, Key = … }, { InputType = "CSV" })`.
---@param params table|string Bucket, Key
---@param config table? ReaderConfig
---@return stepfn.step.Source
function M.new_s3_object_reader(params, config)
  local source = new_source("new_s3_object_reader", "s3:getObject", params, "ReaderConfig", config)
  return source
end

---The objects in a bucket as items.
---@param params table|string Bucket, Prefix
---@param config table? ReaderConfig
---@return stepfn.step.Source
function M.new_s3_list_reader(params, config)
  local source = new_source("new_s3_list_reader", "s3:listObjectsV2", params, "ReaderConfig", config)
  return source
end

---Results into S3.
---@param params table|string Bucket, Prefix
---@param config table? WriterConfig
---@return stepfn.step.Source
function M.new_s3_writer(params, config)
  local source = new_source("new_s3_writer", "s3:putObject", params, "WriterConfig", config)
  return source
end

local option_names = {
  reader = "item_reader", batcher = "item_batcher", writer = "result_writer", label = "label",
  max_concurrency = "max_concurrency", max_concurrency_path = "max_concurrency_path",
  tolerated_failure_count = "tolerated_failure_count",
  tolerated_failure_count_path = "tolerated_failure_count_path",
  tolerated_failure_percentage = "tolerated_failure_percentage",
  tolerated_failure_percentage_path = "tolerated_failure_percentage_path",
}

local execution_type = check.one_of("STANDARD", "EXPRESS")

-- The rows of the setters of these options, under the names that they have here.
local function known_options()
  local of_map, known = states.options "Map", { execution_type = { "execution_type", "ExecutionType", execution_type } }
  for name, option in pairs(option_names) do
    known[name] = { name, of_map[option][2], of_map[option][3] }
  end
  return known
end

---Makes the items of a Map executions of their own.
---@param options table? execution_type, reader, batcher, writer, label, limits
---@return stepfn.step.Map self
states.methods "Map".distributed = function(self, options)
  local given = {}
  setters.apply(given, known_options(), "distributed", 1, options)
  local kind = given.ExecutionType or '"STANDARD"'
  given.ExecutionType = nil
  for field, value in pairs(given) do
    self.fields[field] = value
  end
  local processor = self.fields.ItemProcessor or self.fields.Iterator
  self.fields.ItemProcessor, self.fields.Iterator = processor, nil
  processor.config = '{"Mode":"DISTRIBUTED","ExecutionType":' .. kind .. "}"
  return self
end

return M
