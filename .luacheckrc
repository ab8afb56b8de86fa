-- What runs on 5.1, 5.4 and LuaJIT alike.
std = "min"
max_line_length = 140
cache = false
files["spec"].std = "min+busted"
-- "_" is the module of that name only in other programs; here it means unused.
ignore = { "212/_.*" }
-- LuaLS's definition files declare and do not use.
files["**/meta"].ignore = { "211", "212", "241" }
-- What runs inside nginx.
files["lua/stepfn/driver/ngx*.lua"].read_globals = { "ngx" }
files["spec/support/eval.lua"].std = "ngx_lua"
files["examples/openresty"].std = "ngx_lua"
exclude_files = { "build", "lua_modules", ".luarocks" }
