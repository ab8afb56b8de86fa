#!/bin/sh
# make install and make uninstall: for every Lua version in ABIS that is built.
#
# PREFIX says where; LUADIR, LIBDIR and BINDIR override its share/lua/X.Y,
# lib/lua/X.Y and bin (a LUADIR or LIBDIR can only mean one version: the first
# of ABIS).  DESTDIR goes before every folder that is written to, and into none
# of the paths that the installed command knows.

cd "$(dirname "$0")/.." || exit 1
set -eu
build=${BUILD:-build}
dest=${DESTDIR:-}

absolute() { # PATH
  case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac
}

prefix=$(absolute "${PREFIX:-/usr/local}")
bindir=$(absolute "${BINDIR:-$prefix/bin}")
abis=${ABIS:?}
if [ -n "${LUADIR:-}${LIBDIR:-}" ]; then
  abis=${abis%% *}
fi

set_folders() { # X.Y
  luadir=$(absolute "${LUADIR:-$prefix/share/lua/$1}")
  libdir=$(absolute "${LIBDIR:-$prefix/lib/lua/$1}")
}

install_file() { # MODE FROM TO: a new file and a rename, so that a process
  # which has the old one open keeps it.
  mkdir -p "$(dirname "$3")"
  cp "$2" "$3.new"
  chmod "$1" "$3.new"
  mv -f "$3.new" "$3"
}

install_modules() { # X.Y
  set_folders "$1"
  find lua/stepfn -name '*.lua' | while read -r file; do
    install_file 644 "$file" "$dest$luadir/${file#lua/}"
  done
  install_file 755 "$build/$1/stepfn/core.so" "$dest$libdir/stepfn/core.so"
  echo "stepfn for Lua $1: $luadir/stepfn, $libdir/stepfn/core.so"
}

# A text as it stands inside '...' of the shell, in the right part of a sed
# command; lua_text is for "..." of Lua in there.
shell_text() { # TEXT
  printf '%s\n' "$1" | sed -e "s/'/'\\\\''/g" -e 's/[\\&|]/\\&/g'
}

lua_text() { # TEXT
  shell_text "$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g')"
}

install_command() { # X.Y INTERPRETER
  set_folders "$1"
  install_file 644 bin/stepfn "$dest$luadir/stepfn/cli/script.lua"
  filled=$(mktemp)
  sed -e "s|@LUA@|$(shell_text "$2")|g" -e "s|@LUADIR@|$(lua_text "$luadir")|g" \
    -e "s|@LIBDIR@|$(lua_text "$libdir")|g" \
    -e "s|@SCRIPT@|$(shell_text "$luadir/stepfn/cli/script.lua")|g" \
    tools/stepfn.sh.in >"$filled"
  install_file 755 "$filled" "$dest$bindir/stepfn"
  rm -f "$filled"
  echo "the command: $bindir/stepfn (runs on $2)"
}

# The best interpreter of those that the modules were installed for.
install_command_once() {
  sh tools/luas.sh interpreters | while read -r _ abi command; do
    case " $abis " in
      *" $abi "*)
        install_command "$abi" "$command"
        break
        ;;
    esac
  done
}

uninstall_modules() { # X.Y
  set_folders "$1"
  rm -rf "$dest$luadir/stepfn" "$dest$libdir/stepfn"
}

case ${1:-} in
  install)
    for abi in $abis; do install_modules "$abi"; done
    install_command_once
    ;;
  uninstall)
    for abi in $abis; do uninstall_modules "$abi"; done
    rm -f "$dest$bindir/stepfn"
    ;;
  *)
    echo "usage: install.sh install|uninstall" >&2
    exit 2
    ;;
esac
