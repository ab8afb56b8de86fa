---The workloads: folders with a workload.json that says what one unit is, a
---definition or document, inputs and the outputs that are right.
local stepfn = require "stepfn"

local M = {}

---@class bench.Workload
---@field path string
---@field about table workload.json
---@field handlers table<string, table>

---@param path string
---@return string? text nil when there is no such file
function M.read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read "*a"
  file:close()
  return text
end

local function must_read(path)
  return M.read(path) or error("cannot read " .. path, 0)
end

---@param root string folder of the workloads
---@param name string "w1_loop"
---@return bench.Workload
function M.load(root, name)
  local path = root .. "/" .. name
  return {
    path = path,
    about = stepfn.decode(must_read(path .. "/workload.json")),
    handlers = stepfn.decode(must_read(root .. "/handlers.json")),
  }
end

---@param workload bench.Workload
---@param name string "input"
---@return string text of that JSON file
function M.text(workload, name)
  return must_read(workload.path .. "/" .. name .. ".json")
end

---@param value any
---@return string text keys sorted, numbers in one form: equal values, equal text
function M.canonical(value)
  return stepfn.encode(value)
end

---@param workload bench.Workload
---@return table<string, function> tasks by the name of the Lambda function
function M.tasks(workload)
  local kinds = {
    echo = function()
      return function(input)
        return input
      end
    end,
    ["return"] = function(handler)
      return function()
        return handler.value
      end
    end,
    throw_if = function(handler)
      return function(input)
        if input[handler.field] == true then
          stepfn.fail(handler.error, handler.cause)
        end
        return handler.value
      end
    end,
  }
  local tasks = {}
  for name, handler in pairs(workload.handlers) do
    tasks[name] = kinds[handler.kind](handler)
  end
  return tasks
end

return M
