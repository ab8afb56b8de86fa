#!/bin/sh
# Runs a Lua script with the stepfn of this tree:
#
#   lua.sh any SCRIPT ARGUMENTS...     on the best Lua that it was built for
#   lua.sh LuaJIT SCRIPT ...           on that one (names as in luas.sh)
#
# BUILD names another build folder.  The script finds the interpreter that it
# runs on in STEPFN_LUA and the root of the tree in STEPFN_ROOT.

STEPFN_ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${BUILD:-build}
case $build in /*) ;; *) build=$STEPFN_ROOT/$build ;; esac
wanted=$1
shift

found=$(sh "$STEPFN_ROOT/tools/luas.sh" interpreters | {
  while read -r name abi command; do
    case $wanted in any | "$name") ;; *) continue ;; esac
    [ -f "$build/$abi/stepfn/core.so" ] || continue
    echo "$abi $command"
    break
  done
})
if [ -z "$found" ]; then
  echo "stepfn: nothing is built for the Lua asked for ($wanted): run make" >&2
  exit 1
fi
abi=${found%% *}
STEPFN_LUA=${STEPFN_LUA_WRAPPER:-${found#* }}
LUA_PATH="$STEPFN_ROOT/lua/?.lua;$STEPFN_ROOT/lua/?/init.lua;;"
LUA_CPATH="$build/$abi/?.so;;"
unset LUA_PATH_5_2 LUA_PATH_5_3 LUA_PATH_5_4
unset LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4
export STEPFN_ROOT STEPFN_LUA LUA_PATH LUA_CPATH
exec "$STEPFN_LUA" "$@"
