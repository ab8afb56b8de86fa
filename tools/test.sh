#!/bin/sh
# Runs the specs on each interpreter found: test.sh [BUSTED ARGUMENTS...]
# Those that the arguments name, or all of them.
#
# STEPFN_COUNTS, when set, names a file that gets one line of counts a run.

cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
failed=0
ran=0
what=spec
for argument in "$@"; do
  [ -e "$argument" ] && what=''
done

specs() { # NAME ARGUMENTS...
  name=$1
  shift
  sh tools/lua.sh "$name" tools/busted.lua -o tools/busted_report.lua \
    --exclude-tags=packaging "$@" ${what:+"$what"}
}

interpreters=$(sh tools/luas.sh interpreters)
echo "interpreters found: $(echo "$interpreters" |
  awk '{ printf "%s%s (%s)", sep, $1, $3; sep = ", " }')"
while read -r name abi command; do
  if [ ! -f "$build/$abi/stepfn/core.so" ]; then
    echo "== $name: not built (no lua.h of $abi); skipped"
    continue
  fi
  if ! "$command" -e 'require "busted.runner"' 2>/dev/null; then
    echo "== $name: busted is not installed for it; skipped"
    continue
  fi
  echo "== $name ($command)"
  ran=$((ran + 1))
  specs "$name" "$@" </dev/null || failed=$((failed + 1))
done <<LIST
$interpreters
LIST

if [ "$ran" -eq 0 ]; then
  echo "no interpreter could run the specs" >&2
  exit 1
fi
[ "$failed" -eq 0 ]
