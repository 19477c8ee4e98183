#!/usr/bin/env bash
# One door to the project's chores. What it makes goes to build/, and `clean` removes that.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
export GREENLET_WASM_CACHE=${GREENLET_WASM_CACHE:-$root/build/cache}

usage() {
    cat <<'END'
usage: ./build.sh COMMAND [ARGUMENTS]

  run FILE [ARGS]   build a C or C++ program (or take a .wasm) and run it
  build FILE… -o X  build a C or C++ program into a module
  test [NAMES]      run the tests
  bench [NAMES]     run the benchmarks
  fmt               format C and JavaScript
  doctor            say which compilers are here and what is missing
  clean             remove what was built
END
}

install() {
    [ node_modules/.package-lock.json -nt package-lock.json ] && return
    npm ci --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
}

format() {
    npx biome check --write
    command -v clang-format >/dev/null || return 0
    git ls-files '*.c' '*.h' '*.cpp' | xargs -r clang-format -i
}

command=${1:-help}
[ $# -gt 0 ] && shift

case $command in
run | build | doctor) install && cd "$OLDPWD" && exec node "$root/js/cli.js" "$command" "$@" ;;
test) install && exec node tests/run.js "$@" ;;
bench) install && exec node tests/bench/run.js "$@" ;;
fmt) install && format ;;
clean) rm -rf build types ;;
help | -h | --help) usage ;;
*) echo "build.sh: no command named '$command'" >&2 && usage >&2 && exit 2 ;;
esac
