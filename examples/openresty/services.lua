---The services that an order needs, called over cosockets: other requests are
---served while a task waits for one.
local stepfn = require "stepfn"

local M = {}

-- One request of HTTP/1.0; a program of yours would use lua-resty-http.
local function post(address, path, body)
  local socket = ngx.socket.tcp()
  socket:settimeout(2000)
  local good, message = socket:connect(address.host, address.port)
  if not good then
    stepfn.fail("Service.Unavailable", message)
  end
  socket:send(("POST %s HTTP/1.0\r\nHost: services\r\nContent-Length: %d\r\n\r\n%s"):format(path, #body, body))
  local answer = socket:receive "*a"
  socket:close()
  return answer
end

local function call(address, path, input)
  local answer = post(address, path, stepfn.encode(input)) or ""
  local status, body = answer:match "^HTTP/1%.%d (%d+).-\r\n\r\n(.*)$"
  if status == "402" then
    stepfn.fail("Payment.Declined", body)
  elseif status ~= "200" then
    stepfn.fail("Service.Unavailable", "status " .. tostring(status))
  end
  return stepfn.decode(body)
end

---@param address { host: string, port: integer }
---@return table<string, function> tasks of the workflow
function M.tasks(address)
  return {
    reserve = function(order) return call(address, "/services/stock", order) end,
    charge = function(order) return call(address, "/services/payment", order) end,
    release = function(order) return call(address, "/services/stock/release", order.reservation) end,
    ask = function(input) ngx.log(ngx.INFO, "somebody has to approve ", input.order.item) end,
  }
end

return M
