---A real nginx with lua-nginx-module for specs, in a temporary folder, on a free
---port of 127.0.0.1.  Lua code is sent to it and what it returns comes back.
local core = require "stepfn.core"
local stepfn = require "stepfn"
local system = require "spec.support.system"

local M = {}

local function read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read "*a"
  file:close()
  return text
end

local function output_of(command)
  return (system.output_of(command):gsub("%s+$", ""))
end

-- --- what is there ---

local ROOT = os.getenv "STEPFN_ROOT" or "."

-- Where the module for nginx's LuaJIT was built, beside that for this Lua.
local function build_folder()
  local folder = (os.getenv "LUA_CPATH" or ""):match "^(.-)/[^/]*/%?%.so;"
  return folder and read(folder .. "/5.1/stepfn/core.so") and folder .. "/5.1"
end

local MODULES = "/usr/lib/nginx/modules/"

-- Modules to load; nil where there is no Lua in this nginx.
local function load_modules(binary)
  if output_of(binary .. " -V 2>&1"):find("lua", 1, true) then
    return ""
  elseif read(MODULES .. "ngx_http_lua_module.so") then
    return "load_module " .. MODULES .. "ndk_http_module.so;\nload_module " .. MODULES .. "ngx_http_lua_module.so;\n"
  end
end

---The nginx that is to be had.
---@return { binary: string, modules: string, build: string }? nginx
---@return string? why not
function M.find()
  local binary = output_of "command -v openresty || command -v nginx || ls /usr/sbin/nginx 2>/dev/null"
  local build = build_folder()
  if binary == "" or output_of "command -v curl" == "" then
    return nil, "nginx and curl are not installed"
  elseif not build then
    return nil, "the module was not built for Lua 5.1, whose interface nginx's LuaJIT has"
  end
  local modules = load_modules(binary)
  if not modules then
    return nil, "this nginx has no lua-nginx-module"
  end
  return { binary = binary, modules = modules, build = build }
end

-- --- a server ---

---@class stepfn.spec.Server
---@field folder string
---@field port integer
local Server = {}
Server.__index = Server

local CONFIGURATION = [[
%s%s
worker_processes %d;
worker_shutdown_timeout 10s;
pid %s/nginx.pid;
error_log %s/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path %s/tmp;
  client_max_body_size 1m;
  client_body_buffer_size 1m;
  lua_package_path "%s/?.lua;%s/lua/?.lua;%s/lua/?/init.lua;/usr/share/lua/5.1/?.lua;;";
  lua_package_cpath "%s/?.so;;";
  %s
  server {
    listen 127.0.0.1:%d;
    location = /eval { content_by_lua_block { require("spec.support.eval")() } }
    %s
  }
}
]]

local function user()
  return output_of "id -u" == "0" and "user root;\n" or ""
end

local function configuration(self, nginx, settings)
  local folder = self.folder
  local server = (settings.server or ""):gsub("%%PORT%+1%%", self.port + 1):gsub("%%FOLDER%%", folder)
  return CONFIGURATION:format(nginx.modules, user(), settings.workers or 1, folder, folder, folder, ROOT, ROOT, ROOT,
    nginx.build, settings.http or "", self.port, server)
end

-- Folders for what nginx would put elsewhere.
local function temporary_paths(folder)
  local lines = {}
  for i, kind in ipairs { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" } do
    lines[i] = ("%s_temp_path %s/tmp;"):format(kind, folder)
  end
  return table.concat(lines, " ")
end

---A configuration file of this tree, as it runs here.
---@param self stepfn.spec.Server
---@param nginx { modules: string, build: string }
---@param path string
---@param port integer that it has, to be replaced
---@return string
function M.example(self, nginx, path, port)
  local folder = path:match "^(.*)/"
  local text = assert(read(ROOT .. "/" .. path)):gsub(tostring(port), tostring(self.port))
    :gsub('lua_package_path ".-";', function()
      return ('lua_package_path "%s/%s/?.lua;%s/lua/?.lua;%s/lua/?/init.lua;/usr/share/lua/5.1/?.lua;;";\n'
        .. 'lua_package_cpath "%s/?.so;;";\n%s'):format(
        ROOT, folder, ROOT, ROOT, nginx.build, temporary_paths(self.folder))
    end)
    :gsub('"' .. folder, '"' .. ROOT .. "/" .. folder)
  return nginx.modules .. user() .. text
end

local function make_certificate(folder)
  output_of(("cd %s && openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost "
    .. "-keyout key.pem -out cert.pem 2>&1"):format(folder))
end

local function launch(self)
  return output_of(("%s -p %s -c %s/nginx.conf >/dev/null 2>%s/start.log; echo $?"):format(
    self.binary, self.folder, self.folder, self.folder)) == "0"
end

-- Below those that the system gives to clients.
local function random_port()
  local first, second = core.random_bytes(2):byte(1, 2)
  return 16000 + (first * 256 + second) % 16000
end

-- An address that is taken already is the only thing worth another try.
local function launch_somewhere(self, write_configuration)
  for _ = 1, 20 do
    self.port = random_port()
    system.write(self.folder .. "/error.log", "")
    write_configuration()
    if launch(self) then
      return true
    end
    local log = read(self.folder .. "/start.log")
    if not log:find("Address already in use", 1, true) then
      error(log)
    end
  end
  error "no free port"
end

---@class stepfn.spec.ServerSettings
---@field http? string directives
---@field server? string directives
---@field workers? integer
---@field certificate? boolean
---@field configure? fun(self: stepfn.spec.Server, nginx: table): string the whole configuration instead

---@param settings? stepfn.spec.ServerSettings
---@return stepfn.spec.Server
function M.start(settings)
  local nginx = assert(M.find())
  local self = setmetatable({ folder = output_of "mktemp -d", binary = nginx.binary }, Server)
  if settings and settings.certificate then
    make_certificate(self.folder)
  end
  local configure = settings and settings.configure or configuration
  launch_somewhere(self, function()
    system.write(self.folder .. "/nginx.conf", configure(self, nginx, settings or {}))
  end)
  return self
end

---@return string
function Server:pid()
  return (read(self.folder .. "/nginx.pid"):gsub("%s", ""))
end

---@return string
function Server:error_log()
  return read(self.folder .. "/error.log") or ""
end

---@param name string
---@return string? text of a file in the server's folder
function Server:file(name)
  return read(self.folder .. "/" .. name)
end

---@param path string or a whole URL
---@param arguments? string for curl
---@return string body
---@return integer status
function Server:request(path, arguments)
  local url = path:find "^http" and path or ("http://127.0.0.1:%d%s"):format(self.port, path)
  local text = output_of(("curl -sk -m 20 -w '\n%%{http_code}' %s '%s'"):format(arguments or "", url))
  local body, status = text:match "^(.*)\n(%d+)$"
  return body, tonumber(status)
end

---Run Lua code in a request; what it returns comes back by way of JSON.
---@param code string
---@param url? string
---@return any
function Server:eval(code, url)
  system.write(self.folder .. "/code.lua", code)
  local body, status = self:request(url or "/eval", "--data-binary @" .. self.folder .. "/code.lua")
  if status ~= 200 then
    error(body .. "\n" .. self:error_log(), 2)
  end
  return stepfn.decode(body)
end

---@param name string of a signal
function Server:signal(name)
  output_of(("kill -%s %s"):format(name, self:pid()))
end

-- Ended, though its parent may not have asked for it yet.
local WAIT_FOR_END = [[
i=0
while [ $i -lt 200 ]; do
  case $(ps -o stat= -p %s) in "" | Z*) echo gone; break ;; esac
  sleep 0.05
  i=$((i + 1))
done
]]

---@return number seconds
M.clock = core.clock

---Wait until a process is gone.
---@param pid string
---@return boolean gone within 10 seconds
function M.wait_for_end(pid)
  return output_of(WAIT_FOR_END:format(pid)) == "gone"
end

---The workers' processes.
---@return string pids
function Server:workers()
  return output_of(
    ("ps -o pid=,args= --ppid %s | sed -n 's/^ *\\([0-9]*\\) nginx: worker process.*/\\1/p'"):format(self:pid())
  )
end

---Reload the configuration and wait until new workers serve and the old ones are gone.
---@return boolean gone
function Server:reload()
  local old = self:workers()
  self:signal "HUP"
  local gone = true
  for pid in old:gmatch "%d+" do
    gone = M.wait_for_end(pid) and gone
  end
  return gone
end

---Remove its folder, when it has ended.
function Server:remove()
  output_of("rm -rf " .. self.folder)
end

function Server:stop()
  local pid = self:pid()
  self:signal "TERM"
  M.wait_for_end(pid)
  self:remove()
end

return M
