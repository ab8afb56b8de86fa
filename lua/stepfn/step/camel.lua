---CamelCase names for snake_case ones, so that a Go program can be carried
---over line by line: `state:WithDefault` is `state:with_default`.
local M = {}

-- Names of services that are one word in snake_case, or two in spite of their capitals.
local spellings = { DynamoDB = "Dynamodb", SageMaker = "Sagemaker", AWSSDK = "AwsSdk" }

---The snake_case name for a CamelCase one: "WithMaxDelay" is "with_max_delay".
---@param name string
---@return string
function M.snake(name)
  for written, read in pairs(spellings) do
    name = name:gsub(written, read)
  end
  local split = name:gsub("(%l)(%u)", "%1_%2"):gsub("([%u%d])(%u%l)", "%1_%2")
  return split:lower()
end

---The CamelCase name for a snake_case one.
---@param name string
---@return string
function M.upper(name)
  return (("_" .. name):gsub("_(%l)", string.upper))
end

---An `__index` that finds what `names` has under either spelling.
---@param names table<string, any> in snake_case
---@return fun(self: any, key: any): any
function M.index(names)
  return function(_, key)
    local value = names[key]
    if value == nil and type(key) == "string" and key:find("^%u") then
      value = names[M.snake(key)]
    end
    return value
  end
end

return M
