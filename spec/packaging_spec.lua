---What a user installs, by installing it: `make packaging`.  Every check is a shell
---script in a scratch folder of its own.

local system = require "spec.support.system"

-- Before each script: a copy of the tree as a clone would have it, a workflow to
-- run, and an environment that does not know the build in the tree.
local PRELUDE = [[
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset LUA_PATH LUA_CPATH LUA LUA_INCDIR MAKEFLAGS MFLAGS MAKELEVEL WERROR
mkdir "$tmp/tree"
git ls-files -co --exclude-standard | while read -r file; do
  [ ! -e "$file" ] || echo "$file"
done | tar -cf - -T - | (cd "$tmp/tree" && tar -xf -)
cat >"$tmp/hello.asl.json" <<'JSON'
{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": {"hello": "world"}, "End": true}}}
JSON
cp -Rp "${BUILD:-build}" "$tmp/built"
cd "$tmp/tree"
keep_build() { # what is built already need not be built again
  mv "$tmp/built" build
}
says_hello() { # COMMAND...: from another folder, with no environment
  (cd / && env -i "$@" run "$tmp/hello.asl.json") | tr -d ' \n' | grep -qx '{"hello":"world"}'
}
rocks_say_hello() { # X.Y: the command and the module of $tmp/rocks, from another
  # folder; installing with --deps-mode=none leaves the paths to the environment
  eval "$(luarocks --lua-version "$1" --tree "$tmp/rocks" path)"
  (cd / && stepfn run "$HELLO") | tr -d ' \n' | grep -qx '{"hello":"world"}'
  sh tools/luas.sh interpreters | while read -r name abi lua; do
    [ "$abi" != "$1" ] || runs_hello "$lua"
  done
}
runs_hello() { # LUA...: with the module as a library
  (cd / && "$@" -e '
    local execution = assert(require("stepfn").load_file(os.getenv "HELLO")):run()
    assert(execution.output.hello == "world")')
}
HELLO=$tmp/hello.asl.json
export HELLO
]]

local function shell(script)
  local name = os.tmpname()
  system.write(name, PRELUDE .. script)
  local output = system.output_of(("sh %s 2>&1; echo status $?"):format(name))
  os.remove(name)
  local status = output:match "status (%d+)\n$"
  assert.equal("0", status, output)
end

describe("make install #packaging", function()
  it("puts Lua files, module and command below PREFIX, for each version built", function()
    shell [[
      keep_build
      make -s -j2 install PREFIX="$tmp/here"
      for abi in $(sh tools/luas.sh headers | sed 's/=.*//'); do
        test -f "$tmp/here/share/lua/$abi/stepfn/init.lua"
        test -f "$tmp/here/lib/lua/$abi/stepfn/core.so"
      done
      says_hello "$tmp/here/bin/stepfn"
    ]]
  end)

  it("takes a PREFIX with blanks, quotes and what sed or Lua read in their own way", function()
    shell [[
      keep_build
      make -s -j2 install PREFIX="$tmp/it's \"a\" b&c|d"
      says_hello "$tmp/it's \"a\" b&c|d/bin/stepfn"
    ]]
  end)

  it("gives a command that works through symbolic links and beside a hostile environment", function()
    shell [[
      keep_build
      make -s -j2 install PREFIX="$tmp/here"
      ln -s here/bin/stepfn "$tmp/one"
      ln -s "$tmp/one" "$tmp/two"
      says_hello "$tmp/two"
      says_hello LUA_PATH="/nowhere/?.lua;;" LUA_CPATH="/nowhere/?.so;;" LUA_INIT='error "no"' "$tmp/two"
    ]]
  end)

  it("takes a relative PREFIX, and DESTDIR for a package's staging folder", function()
    shell [[
      keep_build
      make -s -j2 install PREFIX=inside
      says_hello "$tmp/tree/inside/bin/stepfn"
      make -s install DESTDIR="$tmp/stage" PREFIX=/opt/stepfn
      test -x "$tmp/stage/opt/stepfn/bin/stepfn"
      ! grep -q "$tmp" "$tmp/stage/opt/stepfn/bin/stepfn"
    ]]
  end)

  it("installs for one Lua into LUADIR and LIBDIR", function()
    shell [[
      lua=$(sh tools/luas.sh interpreters | sed -n '1s/^[^ ]* [^ ]* //p')
      keep_build
      make -s -j2 install LUA="$lua" LUADIR="$tmp/l" LIBDIR="$tmp/c" BINDIR="$tmp/b"
      says_hello "$tmp/b/stepfn"
      LUA_PATH="$tmp/l/?.lua;$tmp/l/?/init.lua;;" LUA_CPATH="$tmp/c/?.so;;" runs_hello "$lua"
    ]]
  end)

  it("takes everything away again with make uninstall", function()
    shell [[
      keep_build
      make -s -j2 install PREFIX="$tmp/here"
      make -s uninstall PREFIX="$tmp/here"
      test -z "$(find "$tmp/here" -type f)"
    ]]
  end)
end)

describe("LuaRocks #packaging", function()
  it("builds from the tree, offline, for 5.4 and 5.1 (LuaJIT) side by side", function()
    shell [[
      for version in 5.4 5.1; do
        luarocks --lua-version $version --tree "$tmp/rocks" make --deps-mode=none \
          rockspec/stepfn-scm-1.rockspec CFLAGS="-O0 -fPIC"
      done
      for version in 5.4 5.1; do
        (rocks_say_hello $version)
      done
    ]]
  end)

  it("packs a source rock from a repository, which installs", function()
    shell [[
      git init -q .
      git add -A
      git -c user.name=a -c user.email=a@example.org commit -q -m all
      sed "s|url = .*|url = \"git+file://$tmp/tree\",|" rockspec/stepfn-scm-1.rockspec \
        >"$tmp/stepfn-scm-1.rockspec"
      cd "$tmp"
      luarocks --lua-version 5.4 pack stepfn-scm-1.rockspec
      luarocks --lua-version 5.4 --tree "$tmp/rocks" install --deps-mode=none stepfn-scm-1.src.rock \
        CFLAGS="-O0 -fPIC"
      cd "$tmp/tree"
      rocks_say_hello 5.4
    ]]
  end)

  it("finds nothing to complain of in the rockspec", function()
    shell [[luarocks lint rockspec/stepfn-scm-1.rockspec]]
  end)
end)

describe("tools/setup.sh #packaging", function()
  it("calls no package manager and says nothing where nothing is missing", function()
    shell [[
      mkdir "$tmp/bin"
      printf '#!/bin/sh\necho called; exit 1\n' | tee "$tmp/bin/apt-get" >"$tmp/bin/sudo"
      chmod +x "$tmp/bin/apt-get" "$tmp/bin/sudo"
      said=$(PATH="$tmp/bin:$PATH" sh tools/setup.sh test 2>&1)
      test -z "$said"
    ]]
  end)

  it("names the packages of apt, apk, dnf and brew where it may not install", function()
    shell [[
      mkdir "$tmp/bin"
      printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/sudo"
      printf '#!/bin/sh\necho 1000\n' >"$tmp/bin/id"
      chmod +x "$tmp/bin/sudo" "$tmp/bin/id"
      if said=$(PATH="$tmp/bin:$PATH" CC=no-such-compiler sh tools/setup.sh demo 2>&1); then exit 1; fi
      for words in 'apt-get install --no-install-recommends.* libcjson-dev .*libpcre2-dev' \
        'apk add .*cjson-dev' 'dnf install .*cjson-devel' 'brew install .*cjson'; do
        echo "$said" | grep "$words"
      done
    ]]
  end)
end)

describe("make #packaging", function()
  it("writes nothing outside its build folder, and adds the user's flags to its own", function()
    shell [[
      git init -q .
      git add -A
      make -j2 V=1 BUILD="$tmp/elsewhere" CFLAGS='-O0 -DUSERS_OWN' >"$tmp/log"
      grep -e '-std=c99.*-O0 -DUSERS_OWN' "$tmp/log"
      ! git status --short --ignored | grep -v '^A '
    ]]
  end)
end)

describe("a new project #packaging", function()
  it("is a rock that LuaRocks installs, definition and all", function()
    shell [[
      keep_build
      sh tools/luas.sh interpreters | while read -r name abi lua; do
        [ -f "build/$abi/stepfn/core.so" ] || continue
        make -s install PREFIX="$tmp/$name" LUA="$lua"
        mkdir "$tmp/$name/projects"
        cd "$tmp/$name/projects"
        for kind in json yaml builder; do
          option="--$kind"
          [ "$kind" != json ] || option=''
          "$tmp/$name/bin/stepfn" new $option "my-$kind"
          (cd "my-$kind" && luarocks --lua-version "$abi" --tree "$tmp/$name/rocks" make --deps-mode=none)
          [ "$kind" != yaml ] || "$lua" -e 'require "yaml"' 2>/dev/null || continue
          cat >"$tmp/$name/try.lua" <<LUA
            package.path = "$tmp/$name/share/lua/$abi/?.lua;$tmp/$name/share/lua/$abi/?/init.lua;"
              .. "$tmp/$name/rocks/share/lua/$abi/?.lua;" .. package.path
            package.cpath = "$tmp/$name/lib/lua/$abi/?.so;" .. package.cpath
            local execution = require("my-$kind"):run({ name = "Ada" }, { driver = "virtual" })
            assert(execution.output.text == "Hello, Ada! Are you still there?")
LUA
          (cd / && "$lua" "$tmp/$name/try.lua")
        done
        cd "$tmp/tree"
      done
    ]]
  end)
end)
