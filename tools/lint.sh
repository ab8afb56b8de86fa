#!/bin/sh
# The checks that need no run: prints "ok NAME" or "not ok NAME" with the
# findings above it, one line a check, and fails when one failed.

# shellcheck disable=SC2317 # the checks are called through check
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
failed=0

check() { # NAME COMMAND...
  name=$1
  shift
  if output=$("$@" 2>&1); then
    echo "ok $name"
  else
    echo "$output"
    echo "not ok $name"
    failed=1
  fi
}

has() { # COMMAND
  command -v "$1" >/dev/null 2>&1
}

c_files() {
  find src bench spec tools -name '*.[ch]' 2>/dev/null | sort
}

lua_clean() {
  # shellcheck disable=SC2046 # a list of words
  luacheck -q $(for folder in lua bin/stepfn spec examples bench tools; do
    [ -e "$folder" ] && echo "$folder"
  done)
}

c_formatted() {
  c_files | xargs clang-format --dry-run -Werror
}

# Only the binding knows Lua.
no_lua_below_binding() {
  ! grep -rnE '#[[:space:]]*include[[:space:]]*[<"](lua|lualib|lauxlib|luajit)[^"<>]*\.h' \
    src/base src/query src/asl src/run
}

# A floor includes nothing from the floors above it.
no_floor_reaches_up() {
  ! {
    grep -rnE '#include "(query|asl|run|binding)/' src/base
    grep -rnE '#include "(asl|run|binding)/' src/query
    grep -rnE '#include "(run|binding)/' src/asl
    grep -rnE '#include "binding/' src/run
  } | grep .
}

# No variable of ours: constant tables only.  (.data.rel.ro is constant after
# loading: tables that hold pointers.)
no_globals() {
  objects=$(find "$build/core" "$build"/5.[1-4] -name '*.o' 2>/dev/null | sort)
  if [ -z "$objects" ]; then
    echo "nothing is built"
    return 1
  fi
  # shellcheck disable=SC2086 # a list of words
  ! objdump -t $objects | awk '
    /file format/ { file = $1 }
    $0 ~ section && !/\.data\.rel\.ro/ && $NF !~ /^\./ { print file, $0 }
  ' section='[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*)[^ \t]*[ \t]' | grep .
}

# What a header declares is used by another file; the rest is static, or dead.
no_lonely_functions() {
  # shellcheck disable=SC2046 # a list of words
  ! nm $(find src -name '*.c' | sed "s|^src/\(.*\)\.c$|$build/core/\1.o $build/5.4/\1.o|" | tr ' ' '\n' |
    while read -r object; do [ -f "$object" ] && echo "$object"; done) | awk '
    NF == 3 && $2 == "T" && $3 != "luaopen_stepfn_core" { defined[$3] = 1 }
    NF == 2 && $1 == "U" { used[$2] = 1 }
    END { for (name in defined) if (!(name in used)) print name ": used by its own file alone" }
  ' | grep .
}

rockspec_lists_tree() {
  LUA=${LUA:-} sh tools/lua.sh any tools/rockspec.lua check
}

scripts_clean() {
  shellcheck tools/*.sh tools/*.in bench/peers/*.sh .ci/run
}

# Errors only; it takes an array passed on to be filled for one that is read.
c_checked() {
  cppcheck --quiet --std=c99 --error-exitcode=1 --inline-suppr --suppress=uninitvar --suppress=ctuuninitvar \
    -Isrc src
}

check "no Lua header below src/binding" no_lua_below_binding
check "no floor includes one above it" no_floor_reaches_up
check "no variable in .data or .bss" no_globals
check "what headers declare is used elsewhere" no_lonely_functions
check "the rockspec lists the tree" rockspec_lists_tree
check "luacheck" lua_clean
check "clang-format" c_formatted
if has cppcheck; then check "cppcheck" c_checked; fi
if has shellcheck; then check "shellcheck" scripts_clean; fi
exit "$failed"
