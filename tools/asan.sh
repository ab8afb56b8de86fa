#!/bin/sh
# Runs the specs under AddressSanitizer and UndefinedBehaviorSanitizer with leak
# detection, on Lua 5.4, with a build of its own: asan.sh [BUSTED ARGUMENTS...]

cd "$(dirname "$0")/.." || exit 1
root=$PWD
BUILD=${BUILD:-build}/asan
CC=${CC:-gcc}
lua=$(sh tools/luas.sh interpreters | sed -n 's/^5\.4 5\.4 //p')
if [ -z "$lua" ]; then
  echo "asan: this needs Lua 5.4" >&2
  exit 1
fi
LUA=$lua
export BUILD LUA

make -s --no-print-directory all CC="$CC" WERROR=1 \
  CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" || exit 1
"$CC" -shared -fPIC -O1 -o "$BUILD/preload.so" tools/asan/preload.c || exit 1

# The specs, and the programs that they start, run Lua through this script.
cat >"$BUILD/lua" <<SCRIPT
#!/bin/sh
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS=suppressions=$root/tools/asan/leaks.supp:print_suppressions=0
export LD_PRELOAD="$("$CC" -print-file-name=libasan.so) $root/$BUILD/preload.so"
exec '$lua' "\$@"
SCRIPT
chmod +x "$BUILD/lua"
STEPFN_LUA_WRAPPER=$root/$BUILD/lua
export STEPFN_LUA_WRAPPER
exec sh tools/test.sh "$@"
