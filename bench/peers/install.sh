#!/bin/sh
# Installs the peers from npm into a temporary folder, once, and prints that
# folder; says on standard error why it can't.
cd "$(dirname "$0")" || exit 1
folder=${TMPDIR:-/tmp}/stepfn-bench-peers-$(id -u)

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "bench: the peers need node and npm" >&2
  exit 1
fi
mkdir -p "$folder" || exit 1
if [ ! -d "$folder/node_modules/jsonata" ]; then
  echo '{"private": true}' >"$folder/package.json"
  (cd "$folder" && timeout 300 npm install --silent --no-audit --no-fund \
    jsonpath-rfc9535@1.3 aws-local-stepfunctions@3.0 jsonata@2.2) >&2 || {
    echo "bench: npm could not install the peers (no network?)" >&2
    exit 1
  }
fi
cp ./*.mjs "$folder/" && echo "$folder"
