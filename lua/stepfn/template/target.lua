---What an action is done to: patterns of ARNs, from the parameters of a task.
---
---A target is a function of the call.  It gives a list of patterns, texts with
---`${…}` as Fn::Sub takes them; or nil and the name of the parameter that only a
---run knows, which makes it every resource.
local M = {}

---@alias stepfn.template.Target fun(call: stepfn.template.Call): string[]?, string?

---An ARN in the region and account of the stack.
---@param service string
---@param rest string
---@return string pattern
function M.here(service, rest)
  return "arn:${AWS::Partition}:" .. service .. ":${AWS::Region}:${AWS::AccountId}:" .. rest
end

local here = M.here

---An ARN of S3, which has neither region nor account.
---@param rest string
---@return string pattern
function M.s3(rest)
  return "arn:${AWS::Partition}:s3:::" .. rest
end

---Every resource: the service's actions can't be limited.
---@type stepfn.template.Target
function M.any()
  return { "*" }
end

---@param service string
---@param ... string
---@return stepfn.template.Target
function M.fixed(service, ...)
  local patterns = {}
  for index, rest in ipairs { ... } do
    patterns[index] = here(service, rest)
  end
  return function()
    return patterns
  end
end

---What a parameter names, by ARN or by name.
---@param path string the parameter
---@param service string
---@param ... string the rests of the ARNs; %s stands for the name
---@return stepfn.template.Target
function M.named(path, service, ...)
  local formats = { ... }
  return function(call)
    local name = call:text(path)
    if not name then
      return nil, path
    elseif call.is_arn(name) then
      return { name }
    end
    local patterns = {}
    for index, format in ipairs(formats) do
      patterns[index] = here(service, (format:gsub("%%s", (name:gsub("%%", "%%%%")))))
    end
    return patterns
  end
end

---What a parameter holds the ARN of.
---@param path string
---@return stepfn.template.Target
function M.arn(path)
  return function(call)
    local arn = call:text(path)
    if arn then
      return { arn }
    end
    return nil, path
  end
end

---The first of these parameters that is there.
---@param ... string
---@return stepfn.template.Target
function M.first_arn(...)
  local paths = { ... }
  return function(call)
    for _, path in ipairs(paths) do
      local arn = call:text(path)
      if arn then
        return { arn }
      end
    end
    return nil, paths[1]
  end
end

-- --- Lambda ---

---A function by its ARN, a part of it, or its name, as it is called: with its
---version or alias, or without.
---@type stepfn.template.Target
function M.lambda(call)
  local name, qualifier = call:text "FunctionName", call:text "Qualifier"
  if not name then
    return nil, "FunctionName"
  end
  local account, rest = name:match "^(%d+):function:(.+)$"
  local arn
  if account then
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:" .. account .. ":function:" .. rest
  else
    arn = call.is_arn(name) and name or here("lambda", "function:" .. name)
  end
  return { qualifier and arn .. ":" .. qualifier or arn }
end

-- --- queues, topics, buses, APIs ---

---@type stepfn.template.Target
function M.queue(call)
  local url = call:text "QueueUrl"
  if not url then
    return nil, "QueueUrl"
  end
  local region, account, name = url:match "^https?://sqs%.([^.]+)%.[^/]*/([^/]+)/([^/]+)$"
  local placeholder = url:match "^%${([%w_]+)}$"
  if placeholder then
    return { here("sqs", "${" .. placeholder .. "|queue}") }
  elseif not name then
    return nil, "QueueUrl"
  end
  return { "arn:${AWS::Partition}:sqs:" .. region .. ":" .. account .. ":" .. name }
end

---A topic or endpoint; telephones have no ARN.
---@type stepfn.template.Target
function M.topic(call)
  local arn = call:text "TopicArn" or call:text "TargetArn"
  if arn then
    return { arn }
  elseif call:get "PhoneNumber" ~= nil or select(2, call:get "PhoneNumber") then
    return { "*" }
  end
  return nil, "TopicArn"
end

-- The bus that an entry names, or the default one; nil when only a run knows it.
local function bus_of(entry)
  if type(entry) ~= "table" or entry["EventBusName.$"] ~= nil then
    return nil
  end
  local bus = entry.EventBusName
  if bus == nil then
    return "default"
  end
  return type(bus) == "string" and not bus:find "^{%%" and bus or nil
end

---The buses of all entries.
---@type stepfn.template.Target
function M.buses(call)
  local entries = call:get "Entries"
  if type(entries) ~= "table" then
    return nil, "Entries"
  end
  local patterns = {}
  for index, entry in ipairs(entries) do
    local bus = bus_of(entry)
    if not bus then
      return nil, "EventBusName"
    end
    patterns[index] = call.is_arn(bus) and bus or here("events", "event-bus/" .. bus)
  end
  return patterns
end

---An API, its stage, method and path.
---@type stepfn.template.Target
function M.api(call)
  local endpoint = call:text "ApiEndpoint"
  if not endpoint then
    return nil, "ApiEndpoint"
  end
  local id, region = endpoint:match "^([^.]+)%.execute%-api%.([^.]+)%."
  if not id then
    return nil, "ApiEndpoint"
  end
  local function part(path, default)
    local text, dynamic = call:text(path)
    return text or dynamic and "*" or default
  end
  return { ("arn:${AWS::Partition}:execute-api:%s:${AWS::AccountId}:%s/%s/%s/%s"):format(region, id,
    part("Stage", "*"), part("Method", "*"), (part("Path", ""):gsub("^/", ""))) }
end

-- --- state machines ---

-- The name in the ARN of a machine, as a pattern.
local function machine_name(arn)
  return arn:match ":stateMachine:([^:]+)" or arn:find "^%${[%w_]+}$" and arn:gsub("}$", "|machine}")
end

---The executions of the machine that a parameter names.
---@type stepfn.template.Target
function M.executions(call)
  local arn = call:text "StateMachineArn"
  local name = arn and machine_name(arn)
  if not name then
    return nil, "StateMachineArn"
  end
  local prefix = arn:match "^(arn:.-:states:.-:.-:)stateMachine:"
  return { prefix and prefix .. "execution:" .. name .. ":*" or here("states", "execution:" .. name .. ":*") }
end

-- --- containers ---

---A task definition: a family alone stands for all its revisions.
---@type stepfn.template.Target
function M.task_definition(call)
  local name = call:text "TaskDefinition"
  if not name then
    return nil, "TaskDefinition"
  elseif call.is_arn(name) then
    return { name }
  end
  local revision = name:find ":%d+$" and "" or ":*"
  return { here("ecs", "task-definition/" .. name .. revision) }
end

-- --- models ---

local REGIONAL = { us = true, eu = true, apac = true, global = true, jp = true, au = true, ["us-gov"] = true }

---A model: of the provider, or over several regions.
---@type stepfn.template.Target
function M.model(call)
  local id = call:text "ModelId"
  if not id then
    return nil, "ModelId"
  elseif call.is_arn(id) then
    return { id }
  end
  local region, base = id:match "^([%w-]+)%.(.+%..+)$"
  if region and REGIONAL[region] then
    return { here("bedrock", "inference-profile/" .. id), "arn:${AWS::Partition}:bedrock:*::foundation-model/" .. base }
  end
  return { "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/" .. id }
end

-- --- S3 ---

---An object, or all of a bucket when only a run knows which.
---@type stepfn.template.Target
function M.object(call)
  local bucket = call:text "Bucket"
  if not bucket then
    return nil, "Bucket"
  end
  return { M.s3(bucket .. "/" .. (call:text "Key" or "*")) }
end

---@type stepfn.template.Target
function M.bucket(call)
  local bucket = call:text "Bucket"
  if not bucket then
    return nil, "Bucket"
  end
  return { M.s3(bucket) }
end

---What copyObject reads: "bucket/key".
---@type stepfn.template.Target
function M.copy_source(call)
  local source = call:text "CopySource"
  if not source then
    return nil, "CopySource"
  end
  return { M.s3((source:gsub("^/", ""):gsub("%?.*$", ""))) }
end

---What "s3://bucket/key" in a parameter names.
---@param path string
---@return stepfn.template.Target
function M.s3_uri(path)
  return function(call)
    local rest = (call:text(path) or ""):match "^s3://(.+)$"
    if not rest then
      return nil, path
    end
    return { M.s3(rest) }
  end
end

return M
