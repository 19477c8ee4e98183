import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { builds, commandOf, compile, describeBuild, librarySources, missingFor, warnings } from './builds.js';
import { engines } from './engines.js';
import { root, run } from './process.js';
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
 * @param {string} name of a build
 * @returns {Host}
 */
function onMachine(name) {
  const build = builds[name];
  const loop = 'tests/conformance/loop_default_virtual.c';
  return {
    backend: build.backend,
    name: describeBuild(build),
    missing: () => missingFor(build),
    make: once((program) => {
      const sources = [...programSources(program), ...librarySources(build.backend), loop];
      return compile(name, program, sources, includes);
    }),
    command: (program) => commandOf(name, program),
  };
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
export const nativeHost = onMachine('x86_64-gcc-O2');

/** Where libFuzzer runs. */
export const fuzzedHost = onMachine('ucontext-clang-libfuzzer');

export const wasmHosts = engines.map(inWasm);

/** @type {Host[]} */
export const hosts = [
  nativeHost,
  onMachine('ucontext-gcc-sanitize'),
  onMachine('aarch64-gcc-O2'),
  onMachine('riscv64-gcc-O2'),
  onMachine('arm-gcc-O2'),
  onMachine('i686-gcc-O2'),
  onMachine('win64-gcc-O2'),
  ...wasmHosts,
];
