#!/bin/sh
# The Lua API as pages in build/doc, by LDoc.  It reads the comments that the
# editor reads, except for free-standing types: those lines are left out here.

cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}

if ! command -v ldoc >/dev/null; then
  echo "doc: this needs ldoc (Debian: apt-get install lua-ldoc)" >&2
  exit 1
fi
rm -rf "$build/doc" "$build/doc-source"
find lua/stepfn -name '*.lua' | while read -r file; do
  copy=$build/doc-source/${file#lua/}
  mkdir -p "$(dirname "$copy")"
  module=$(echo "${file#lua/}" | sed -e 's/\.lua$//' -e 's|/init$||' -e 's|/|.|g')
  awk -v module="$module" '
    !named && !/^-/ { print "--- @module " module; named = 1 }
    !/^ *---@(class|field|alias|type|overload|generic|cast|async|nodiscard|meta|enum)/
  ' "$file" >"$copy"
done
ldoc -q -c docs/config.ld -d "$build/doc" "$build/doc-source" || exit 1
echo "the pages: $build/doc/index.html"
