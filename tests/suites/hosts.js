import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { engines } from './engines.js';
import { librarySources, warnings } from './native.js';
import { missingPrograms, root, run } from './process.js';
import { once } from './suite.js';

/** @import { Engine } from './engines.js' */
/** @import { Finished } from './process.js' */

/**
 * A backend on something that runs it, for C programs which are the same on all of them.
 * @typedef {object} Host
 * @property {string} backend
 * @property {string} name
 * @property {() => string | null} missing the reason why it cannot run here
 * @property {(program: string) => Promise<Finished>} make compiles a program of `programs`
 * @property {(program: string) => string[]} command that runs it
 *
 * @typedef {object} Native
 * @property {string} backend
 * @property {string} name
 * @property {string} compiler
 * @property {string[]} flags
 * @property {string[]} [emulator]
 * @property {string} [suffix] of a program's name
 */

/**
 * What each program is made of: all C files of its folders, but for the main programs of others.
 * @type {Record<string, { folders: string[], without: string[] }>}
 */
const programs = {
  greenlet_programs: { folders: ['tests/corpus'], without: [] },
  random_programs: { folders: ['tests/corpus', 'tests/fuzz'], without: ['greenlet_programs.c', 'fuzz.c'] },
  fuzz: { folders: ['tests/corpus', 'tests/fuzz'], without: ['greenlet_programs.c', 'random_programs.c'] },
};

const includes = ['-Isrc', '-Itests/corpus'];

/** @param {string} program */
function programSources(program) {
  const { folders, without } = programs[program];
  return folders.flatMap((folder) => {
    const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.c'));
    return files.filter((file) => !without.includes(file)).map((file) => `${folder}/${file}`);
  });
}

/**
 * @param {Native} native
 * @returns {Host}
 */
function onMachine({ backend, name, compiler, flags, emulator = [], suffix = '' }) {
  const folder = `build/native/programs ${backend} ${name}`.replaceAll(' ', '-');
  const libraries = ['tests/conformance/loop_default_virtual.c', '-lpthread', '-lm'];
  return {
    backend,
    name,
    missing() {
      if (process.platform !== 'linux') return 'not Linux';
      if (backend === 'x86_64' && process.arch !== 'x64') return `not an x86_64 machine but ${process.arch}`;
      return missingPrograms(compiler, ...emulator.slice(-1));
    },
    make: once((program) => {
      mkdirSync(join(root, folder), { recursive: true });
      const sources = [...programSources(program), ...librarySources(backend)];
      const settings = ['-std=c11', '-g', ...includes, ...warnings, ...flags];
      return run([compiler, ...settings, ...sources, ...libraries, '-o', `${folder}/${program}${suffix}`]);
    }),
    command: (program) => [...emulator, join(root, folder, program + suffix)],
  };
}

/**
 * @param {string} backend
 * @param {string} compiler
 * @param {string} emulator
 * @param {string[]} [flags] of this machine alone
 */
function emulated(backend, compiler, emulator, flags = []) {
  return onMachine({
    backend,
    name: 'gcc -O2 qemu',
    compiler,
    flags: ['-O2', '-static', ...flags],
    emulator: [emulator],
  });
}

/** @param {string} program */
export function moduleOf(program) {
  return join(root, 'build/wasm', `${program}.wasm`);
}

const makeModule = once((program) => {
  mkdirSync(join(root, 'build/wasm'), { recursive: true });
  const command = ['js/cli.js', 'build', ...includes, ...warnings, ...programSources(program)];
  return run([process.execPath, ...command, '-o', moduleOf(program)]);
});

/**
 * @param {Engine} engine
 * @returns {Host}
 */
function inWasm({ name, program: node, missing }) {
  const command = (/** @type {string} */ program) => [
    node,
    join(root, 'js/cli.js'),
    'run',
    moduleOf(program),
  ];
  return { backend: 'asyncify', name, missing, make: makeModule, command };
}

/** The plainest there is. */
export const nativeHost = onMachine({ backend: 'x86_64', name: 'gcc -O2', compiler: 'gcc', flags: ['-O2'] });

/** Where libFuzzer runs. */
export const fuzzedHost = onMachine({
  backend: 'ucontext',
  name: 'clang libfuzzer asan ubsan',
  compiler: 'clang-22',
  flags: [
    '-O1',
    '-fsanitize=fuzzer,address,undefined',
    '-fno-sanitize-recover=all',
    '-fno-omit-frame-pointer',
  ],
});

export const wasmHosts = engines.map(inWasm);

/** @type {Host[]} */
export const hosts = [
  nativeHost,
  onMachine({
    backend: 'ucontext',
    name: 'gcc asan ubsan',
    compiler: 'gcc',
    flags: ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
  }),
  emulated('aarch64', 'aarch64-linux-gnu-gcc', 'qemu-aarch64-static'),
  emulated('riscv64', 'riscv64-linux-gnu-gcc', 'qemu-riscv64-static'),
  emulated('arm', 'arm-linux-gnueabihf-gcc', 'qemu-arm-static', ['-funwind-tables']),
  emulated('i686', 'i686-linux-gnu-gcc', 'qemu-i386-static'),
  // printf is not Microsoft's there, but what checks its formats thinks so.
  onMachine({
    backend: 'win64',
    name: 'gcc -O2 wine',
    compiler: 'x86_64-w64-mingw32-gcc',
    flags: ['-O2', '-static', '-Wno-format', '-Wno-format-extra-args'],
    emulator: [
      'env',
      `WINEPREFIX=${join(root, 'build/native/wine')}`,
      'WINEDEBUG=-all',
      '/usr/lib/wine/wine64',
    ],
    suffix: '.exe',
  }),
  ...wasmHosts,
];
