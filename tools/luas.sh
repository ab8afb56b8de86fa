#!/bin/sh
# Which Luas are on this machine.
#
#   luas.sh headers        one line a Lua version that can be built for:
#                          "X.Y=FOLDER", FOLDER holding that lua.h
#   luas.sh interpreters   one line an interpreter: "NAME X.Y COMMAND", best
#                          first; NAME is 5.4, LuaJIT, 5.3 ...
#
# LUA_INCDIR and LUA from the environment come first and are then the only
# ones listed.  LuaJIT loads what was built for 5.1, and its headers serve
# where those of 5.1 are not there.

version_of_header() { # FOLDER
  sed -n 's/^#define[ \t]*LUA_VERSION_NUM[ \t]*50\([1-4]\).*/5.\1/p' \
    "$1/lua.h" 2>/dev/null
}

header_folders() { # X.Y
  short=5${1#5.}
  for root in ${HOMEBREW_PREFIX:+"$HOMEBREW_PREFIX/include"} \
    /usr/local/include /usr/include /opt/homebrew/include; do
    echo "$root/lua$1"
    echo "$root/lua-$1"
    echo "$root/lua$short"
    echo "$root"
  done
  if [ "$1" = 5.1 ]; then
    for root in ${HOMEBREW_PREFIX:+"$HOMEBREW_PREFIX/include"} \
      /usr/local/include /usr/include /opt/homebrew/include; do
      echo "$root/luajit-2.1"
    done
  fi
}

headers() {
  if [ -n "${LUA_INCDIR:-}" ]; then
    version=$(version_of_header "$LUA_INCDIR")
    [ -n "$version" ] && echo "$version=$LUA_INCDIR"
    return
  fi
  for version in 5.4 5.3 5.2 5.1; do
    [ -n "${only:-}" ] && [ "$only" != "$version" ] && continue
    header_folders "$version" | while read -r folder; do
      if [ "$(version_of_header "$folder")" = "$version" ]; then
        echo "$version=$folder"
        break
      fi
    done
  done
}

identify() { # COMMAND
  "$1" -e 'print((jit and "LuaJIT" or _VERSION:match "%d.%d") .. " " ..
    _VERSION:match "%d.%d")' 2>/dev/null
}

interpreters() {
  if [ -n "${LUA:-}" ]; then
    kind=$(identify "$LUA")
    [ -n "$kind" ] && echo "$kind $LUA"
    return
  fi
  seen=' '
  for name in lua5.4 lua54 luajit lua5.1 lua51 lua5.3 lua53 lua5.2 lua52 lua; do
    command=$(command -v "$name") || continue
    kind=$(identify "$command")
    [ -n "$kind" ] || continue
    case $seen in *" ${kind%% *} "*) continue ;; esac
    seen="$seen${kind%% *} "
    echo "$kind $command"
  done
}

if [ -n "${LUA:-}" ]; then
  only=$(identify "$LUA")
  only=${only##* }
fi
case ${1:-} in
  headers) headers ;;
  interpreters) interpreters ;;
  *)
    echo "usage: luas.sh headers|interpreters" >&2
    exit 2
    ;;
esac
exit 0
