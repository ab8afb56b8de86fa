---Runs, inside nginx, the Lua code in the body of a request.
local stepfn = require "stepfn"

return function()
  ngx.req.read_body()
  local chunk, message = loadstring(ngx.req.get_body_data(), "=spec")
  if not chunk then
    ngx.status = 500
    return ngx.print(message)
  end
  local good, result = xpcall(chunk, debug.traceback)
  if not good then
    ngx.status = 500
    return ngx.print(result)
  end
  ngx.print(stepfn.encode(result == nil and stepfn.null or result))
end
