#!/bin/sh
# Installs what building and testing need and this machine lacks.
#
#   setup.sh demo    a compiler, the libraries, one Lua with headers, argparse
#   setup.sh test    that and busted; where it can install, 5.4, LuaJIT and 5.1
#   setup.sh loops   what the specs of event loops and of YAML run on; those that
#                    have none are pending, so this never fails
#   setup.sh lint    the linters
#   setup.sh ci      all that, Lua 5.2 and 5.3, LuaRocks, and more checkers
#
# What is there is looked for by trying it, not by package name: it may come
# from anywhere, and where nothing is missing no package manager is called.
# Debian and its kin are served with apt-get as root or through sudo without a
# password; elsewhere the packages are printed and the exit status is 1.

cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
missing=''

need() { # THING: a row of the table below
  case " $missing " in *" $1 "*) ;; *) missing="$missing $1" ;; esac
}

has() { # COMMAND
  command -v "$1" >/dev/null 2>&1
}

# shellcheck disable=SC2086 # flags and folders are lists of words
has_header() { # HEADER
  echo "#include <$1>" |
    $CC -DPCRE2_CODE_UNIT_WIDTH=8 ${CPPFLAGS:-} ${CFLAGS:-} -E - \
      >/dev/null 2>&1 && return
  case $1 in
    cjson/*) set -- "$1" libcjson ${CJSON_INCDIR:-} ${CJSON_DIR:+$CJSON_DIR/include} ;;
    pcre2.h) set -- "$1" libpcre2-8 ${PCRE2_INCDIR:-} ${PCRE2_DIR:+$PCRE2_DIR/include} ;;
    *) set -- "$1" libcrypto ${CRYPTO_INCDIR:-} ${CRYPTO_DIR:+$CRYPTO_DIR/include} ;;
  esac
  for folder in $3 $(pkg-config --variable=includedir "$2" 2>/dev/null); do
    [ -f "$folder/$1" ] && return
  done
  return 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  has apt-get || return 1
  [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

# Debian has two LuaJITs that exclude each other, libraries included: the one
# whose library is there stays.
debian_luajit() {
  case $(dpkg-query -W -f '${Status}' libluajit-5.1-common 2>/dev/null) in
    *" installed") echo luajit ;;
    *) echo luajit2 ;;
  esac
}

# The packages of each thing, by package manager.
package() { # MANAGER THING
  case $1:$2 in
    apt:ps) echo procps ;;
    apt:compiler) echo gcc libc6-dev ;;
    apt:cjson) echo libcjson-dev ;;
    apt:pcre2) echo libpcre2-dev ;;
    apt:crypto) echo libssl-dev ;;
    apt:lua5.[234]) echo "$2" "lib$2-dev" ;;
    apt:lua5.1) echo lua5.1 liblua5.1-0-dev ;;
    apt:luajit) debian_luajit ;;
    apt:argparse) echo lua-argparse ;;
    apt:busted) echo lua-busted ;;
    apt:luacheck) echo lua-check ;;
    apt:nginx) echo nginx-light libnginx-mod-http-lua ;;
    apt:cqueues) echo lua-cqueues ;;
    apt:luv) echo lua-luv ;;
    apt:lyaml) echo lua-yaml ;;
    apk:compiler) echo gcc musl-dev ;;
    apk:cjson) echo cjson-dev ;;
    apk:pcre2) echo pcre2-dev ;;
    apk:crypto) echo openssl-dev ;;
    apk:lua5.4) echo lua5.4 lua5.4-dev ;;
    apk:lua5.1) echo lua5.1 lua5.1-dev ;;
    apk:luajit) echo luajit luajit-dev ;;
    apk:clang-format) echo clang-extra-tools ;;
    dnf:compiler) echo gcc ;;
    dnf:cjson) echo cjson-devel ;;
    dnf:pcre2) echo pcre2-devel ;;
    dnf:crypto) echo openssl-devel ;;
    dnf:lua5.4) echo lua lua-devel ;;
    dnf:lua5.1) echo compat-lua compat-lua-devel ;;
    dnf:luajit) echo luajit luajit-devel ;;
    dnf:clang-format) echo clang-tools-extra ;;
    brew:compiler) echo gcc ;;
    brew:cjson) echo cjson ;;
    brew:pcre2) echo pcre2 ;;
    brew:crypto) echo openssl@3 ;;
    brew:lua5.4) echo lua ;;
    brew:lua5.1) ;;
    brew:luajit) echo luajit ;;
    *:argparse | *:busted | *:luacheck)
      # Outside Debian these come from LuaRocks.
      case $1 in apt) ;; *) echo luarocks ;; esac
      ;;
    *:*) echo "$2" ;;
  esac
}

packages() { # MANAGER
  for thing in $missing; do package "$1" "$thing"; done |
    tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/ *$//'
}

look_for_build() {
  has "$CC" || need compiler
  if has "$CC"; then
    has_header stdlib.h || need compiler
    has_header cjson/cJSON.h || need cjson
    has_header pcre2.h || need pcre2
    has_header openssl/evp.h || need crypto
  else
    need cjson
    need pcre2
    need crypto
  fi
}

look_for_interpreter() { # NAME THING
  echo "$interpreters" | grep -q "^$1 " || need "$2"
}

look_for_headers() { # X.Y THING
  echo "$headers" | grep -q "^$1=" || need "$2"
}

# Where packages can be installed every interpreter gets the module, elsewhere
# one that has it will do.
look_for_module() { # MODULE THING
  with=0
  without=0
  while read -r _ abi command; do
    if "$command" -e "require '$1'" >/dev/null 2>&1; then
      with=$((with + 1))
    else
      without=$((without + 1))
    fi
  done <<LIST
$interpreters
LIST
  if [ "$with" -eq 0 ] || { [ "$without" -gt 0 ] && can_install; }; then
    need "$2"
  fi
}

any_has_module() { # MODULE
  echo "$interpreters" | while read -r _ _ command; do
    "$command" -e "require '$1'" >/dev/null 2>&1 && echo "$command"
  done | grep -q .
}

has_nginx_with_lua() {
  has openresty || [ -f /usr/lib/nginx/modules/ngx_http_lua_module.so ]
}

# Where nginx, once installed, would be started at once, to listen for all the
# world: that is not for a test to do.
runs_services() {
  [ -d /run/systemd/system ]
}

look_for_any_lua() {
  echo "$interpreters" | while read -r _ abi command; do
    echo "$headers" | grep -q "^$abi=" && echo "$command"
  done | grep -q . || need lua5.4
}

look() { # FOR
  interpreters=$(sh tools/luas.sh interpreters)
  headers=$(sh tools/luas.sh headers)
  look_for "$1"
}

look_for() { # FOR
  case $1 in
    demo)
      look_for_build
      look_for_any_lua
      look_for_module argparse argparse
      ;;
    test)
      look_for_build
      look_for_any_lua
      if [ -z "${LUA:-}" ] && can_install; then
        look_for_interpreter 5.4 lua5.4
        look_for_headers 5.4 lua5.4
        look_for_interpreter 5.1 lua5.1
        look_for_headers 5.1 lua5.1
        look_for_interpreter LuaJIT luajit
      fi
      look_for_module argparse argparse
      look_for_module busted.runner busted
      ;;
    loops)
      can_install || return
      any_has_module cqueues || need cqueues
      any_has_module luv || need luv
      any_has_module yaml || need lyaml
      has curl || need curl
      has ps || need ps
      has_nginx_with_lua || runs_services || need nginx
      ;;
    lint)
      has luacheck || need luacheck
      has clang-format || need clang-format
      has objdump || need binutils
      ;;
    ci)
      look_for test
      look_for lint
      for version in 5.3 5.2; do
        look_for_interpreter $version lua$version
        look_for_headers $version lua$version
      done
      for tool in luarocks git cppcheck shellcheck; do
        has "$tool" || need "$tool"
      done
      ;;
    *)
      echo "usage: setup.sh demo|test|loops|lint|ci" >&2
      exit 2
      ;;
  esac
}

apt_get() { # ARGUMENTS...
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

install_debian() {
  # shellcheck disable=SC2046 # a list of words
  set -- $(packages apt)
  echo "stepfn: installing $*"
  # The lists may be absent (a fresh image) or older than the mirror.
  apt-cache show "$@" >/dev/null 2>&1 || apt_get update || return
  apt_get install --no-install-recommends --no-remove "$@" && return
  apt_get update && apt_get install --no-install-recommends --no-remove "$@"
}

say_what_to_install() {
  rocks=''
  for thing in $missing; do
    case $thing in argparse | busted | luacheck) rocks="$rocks $thing" ;; esac
  done
  then=${rocks:+, then from LuaRocks:}
  {
    echo "stepfn: something is missing here:$missing"
    echo "  Debian:   apt-get install --no-install-recommends $(packages apt)"
    echo "  Alpine:   apk add $(packages apk)$then$rocks"
    echo "  Fedora:   dnf install $(packages dnf)$then$rocks"
    echo "  Homebrew: brew install $(packages brew)$then$rocks"
  } >&2
}

# Each by itself: one that is not to be had is no reason to go without the others.
install_what_can_be_had() {
  for missing in $missing; do
    install_debian >/dev/null 2>&1 ||
      echo "stepfn: no $missing to be had here; what needs it is not tried"
  done
}

look "${1:-}"
[ -z "$missing" ] && exit 0
if [ "$1" = loops ]; then
  install_what_can_be_had
  exit 0
fi
if can_install; then
  install_debian || exit 1
  before=$missing
  missing=''
  look "$1"
  [ -z "$missing" ] && exit 0
  echo "stepfn: installed, but still not found:$missing (wanted:$before)" >&2
  exit 1
fi
say_what_to_install
exit 1
