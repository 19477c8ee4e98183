import { manifest } from '../build/package-data.js';

export const { version } = manifest;

export const help = `greenlet-wasm ${version}: C with greenlets, as WebAssembly

usage: greenlet-wasm build FILE… [FLAG…] [-o APP.wasm] [OPTION…]
       greenlet-wasm run [FLAG…] [OPTION…] FILE [ARGUMENT…]
       greenlet-wasm types APP.wasm [-o APP.d.ts]
       greenlet-wasm flags --emscripten [--compat] [--debug] [--no-patch]
                           [--no-stack-check]
       greenlet-wasm doctor [--json]

build makes a module of C and C++ sources, objects and archives.
run   builds a .c or .cpp file, or takes a .wasm, and runs it as a command.
      Whatever stands after FILE belongs to the program.
types declares for TypeScript what a module exports and imports.
flags prints what emcc needs: emcc app.c $(greenlet-wasm flags --emscripten)
doctor says which compilers are here and what is missing.

Flags are those of a C compiler and may stand anywhere before the program's
own arguments, with their value joined or apart:
  -I -D -U -include -isystem   for the preprocessor
  -O0 … -O3, -Os, -Oz          default -O2
  -g                           as --debug
  -W… -f… -m… -std=…           passed on to the compiler
  -l -L -Wl,…                  passed on to the linker

Options when building:
  -o FILE               where the module goes; default: the first source's name with .wasm
  --host HOST           what the module is for: javascript (default), or wasi: a
                        command for any runtime of WASI preview 1
  --debug               a debug build: the runtime checks itself
  --no-patch            let sleep, poll, read and their like block everybody, as
                        libc does
  --compat              offer the APIs of minicoro, libco and Emscripten's fibers
  --no-stack-check      do not stop a greenlet that outgrows its C stack
  --types               also write APP.d.ts, as types does; build only
  --strip               drop the names of functions, which errors show
  --pump-stack SIZE     stack for callbacks and calls from JavaScript; default 256K
  --initial-memory SIZE, --max-memory SIZE
                        of the module's memory, a multiple of 64K

Options when running:
  --imports FILE.js     a module whose default export has the functions that C imports
  --dir FOLDER[::NAME]  a folder that a WASI command sees, perhaps by another name
  --until-idle          go on after main returns until nothing is left to wait for
  --virtual             run under the virtual clock: time jumps, nothing waits
  --main-stack SIZE     stack of main; default 1M
  --stack SIZE          stack of a greenlet; default 32K

The environment:
  CLANG                 the clang to use, or 'npm' for the one from npm
  WASI_SDK_PATH         a wasi-sdk to use
  GREENLET_WASM_CACHE   where objects and modules are kept
`;
