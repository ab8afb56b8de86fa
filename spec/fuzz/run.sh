#!/bin/sh
# Builds and runs a fuzz target: run.sh NAME SECONDS
#
# A target is spec/fuzz/NAME.c, linked with the floors below the binding under
# the sanitizers of clang.  It begins with seeds from the recorded cases in
# CORPUS where they are there, and keeps what it found in BUILD/fuzz/NAME.

cd "$(dirname "$0")/../.." || exit 1
name=${1:-jsonpath}
seconds=${2:-60}
corpus=${CORPUS:-../shared/conformance}
folder=${BUILD:-build}/fuzz/$name
cc=${FUZZ_CC:-clang}

if [ ! -f "spec/fuzz/$name.c" ]; then
  echo "stepfn: there is no fuzz target '$name'" >&2
  exit 1
fi
if ! command -v "$cc" >/dev/null; then
  echo "stepfn: fuzzing needs clang; skipped"
  exit 0
fi
mkdir -p "$folder/seeds" "$folder/found" "$folder/objects"

flags="-std=c99 -g -O1 -fno-omit-frame-pointer -Isrc
  -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
  $(pkg-config --cflags libcjson libpcre2-8 libcrypto 2>/dev/null)"
objects=
for source in src/base/*.c src/query/*.c src/query/jsonata/*.c src/asl/*.c src/run/*.c; do
  [ -f "$source" ] || continue
  object=$folder/objects/$(echo "$source" | tr / _).o
  objects="$objects $object"
  if [ ! -f "$object" ] || [ -n "$(find src -newer "$object" -name '*.[ch]')" ]; then
    # shellcheck disable=SC2086
    "$cc" $flags -c -o "$object" "$source" || exit 1
  fi
done
# shellcheck disable=SC2046,SC2086
"$cc" $flags -fsanitize=fuzzer -o "$folder/run" "spec/fuzz/$name.c" $objects \
  $(pkg-config --libs libcjson libpcre2-8 libcrypto 2>/dev/null ||
    echo -lcjson -lpcre2-8 -lcrypto) -lm || exit 1

sh tools/lua.sh any spec/fuzz/seeds.lua "$name" "$corpus" "$folder/seeds" || exit 1
dict=
[ -f "spec/fuzz/$name.dict" ] && dict=-dict=spec/fuzz/$name.dict
# shellcheck disable=SC2086
"$folder/run" $dict -max_total_time="$seconds" -max_len=4096 -timeout=20 \
  -rss_limit_mb=2048 -artifact_prefix="$folder/" -print_final_stats=1 \
  "$folder/found" "$folder/seeds"
