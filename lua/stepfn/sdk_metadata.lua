---What the AWS SDK adds to the answer of a call, as optimized integrations pass it
---on: the headers of the response and the id of the request.
local core = require "stepfn.core"

local M = {}

local DAYS = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local MONTHS = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

-- "Thu, 01 Jan 2026 00:00:00 GMT", whatever the locale.
local function http_date(seconds)
  local t = os.date("!*t", math.floor(seconds))
  return ("%s, %02d %s %04d %02d:%02d:%02d GMT"):format(DAYS[t.wday], t.day, MONTHS[t.month], t.year, t.hour, t.min, t.sec)
end

local function trace_id(request_id, seconds)
  return ("Root=1-%08x-%s;Sampled=0"):format(math.floor(seconds) % 2 ^ 32, (request_id:gsub("-", ""):sub(1, 24)))
end

-- The headers, once as texts and once as lists.
local function http(headers)
  local all = {}
  for name, value in pairs(headers) do
    all[name] = { value }
  end
  return { AllHttpHeaders = all, HttpHeaders = headers, HttpStatusCode = 200 }
end

-- The length of a body; nil when it has no form in JSON.
local function length(body)
  local text = core.encode(body)
  return text and tostring(#text)
end

---The answer of lambda:invoke around a function's output.
---@param output any
---@param request_id string
---@param now number
---@return table
function M.invoked(output, request_id, now)
  if output == nil then
    output = core.null
  end
  return {
    ExecutedVersion = "$LATEST",
    Payload = output,
    SdkHttpMetadata = http {
      Connection = "keep-alive",
      ["Content-Length"] = length(output),
      ["Content-Type"] = "application/json",
      Date = http_date(now),
      ["X-Amz-Executed-Version"] = "$LATEST",
      ["X-Amzn-Trace-Id"] = trace_id(request_id, now),
      ["x-amzn-Remapped-Content-Length"] = "0",
      ["x-amzn-RequestId"] = request_id,
    },
    SdkResponseMetadata = { RequestId = request_id },
    StatusCode = 200,
  }
end

---Put it into the answer of a service that speaks AWS's JSON protocol.
---@param answer table
---@param request_id string
---@param now number
---@return table answer
function M.add_json(answer, request_id, now)
  answer.SdkHttpMetadata = http {
    ["Content-Length"] = length(answer),
    ["Content-Type"] = "application/x-amz-json-1.0",
    Date = http_date(now),
    connection = "keep-alive",
    ["x-amzn-RequestId"] = request_id,
  }
  answer.SdkResponseMetadata = { RequestId = request_id }
  return answer
end

return M
