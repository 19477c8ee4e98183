import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  builds,
  commandOf,
  compile,
  describeBuild,
  librarySources,
  missingFor,
  sourcesIn,
  warnings,
} from './builds.js';
import { emscriptenFlavours, linkEmscripten, missingEmscripten } from './emscripten.js';
import { engines } from './engines.js';
import { root, run } from './process.js';
import { once } from './suite.js';
import { otherToolchains } from './toolchains.js';

/** @import { Engine } from './engines.js' */
/** @import { Finished } from './process.js' */
/** @import { OtherToolchain } from './toolchains.js' */

/**
 * A backend on something that runs it, for C programs which are the same on all of them.
 * @typedef {object} Host
 * @property {string} backend
 * @property {string} name
 * @property {() => string | null} missing the reason why it cannot run here
 * @property {(program: string) => Promise<Finished>} make compiles a program of `programs`
 * @property {(program: string) => string[]} command that runs it
 */

const corpus = () => sourcesIn('tests/corpus', ['programs.c']);

/** What a program is made of that is more than a file of tests/faults. @type {Record<string, () => string[]>} */
const programs = {
  programs: () => sourcesIn('tests/corpus'),
  random_programs: () => [...corpus(), ...sourcesIn('tests/fuzz', ['fuzz.c'])],
  everything: () => sourcesIn('tests/schedules', ['sleepers.c']),
  sleepers: () => ['tests/schedules/sleepers.c'],
  fuzz: () => [...corpus(), ...sourcesIn('tests/fuzz', ['random_programs.c'])],
};

export const includes = ['-Isrc', '-Itests/corpus'];

/** @param {string} program */
export function programSources(program) {
  return programs[program]?.() ?? [`tests/faults/${program}.c`];
}

/**
 * @param {string} name of a build
 * @param {string[]} [tool] that watches
 * @returns {Host}
 */
export function onMachine(name, tool = []) {
  const build = builds[name];
  const loop = 'tests/conformance/loop_default_virtual.c';
  return {
    backend: build.backend,
    name: [describeBuild(build), ...tool.slice(0, 1)].join(' '),
    missing: () => missingFor(build, tool[0]),
    make: once((program) => {
      const sources = [...programSources(program), ...librarySources(build.backend), loop];
      return compile(name, program, sources, includes);
    }),
    command: (program) => [...tool, ...commandOf(name, program)],
  };
}

/** @param {string} program */
export function moduleOf(program) {
  return join(root, 'build/wasm', `${program}.wasm`);
}

/**
 * @param {string} program
 * @param {string} output
 * @param {string[]} [options]
 * @param {Record<string, string>} [env]
 */
function buildModule(program, output, options = [], env = {}) {
  mkdirSync(join(root, 'build/wasm'), { recursive: true });
  const command = ['js/cli.js', 'build', ...options, ...includes, ...warnings, ...programSources(program)];
  return run([process.execPath, ...command, '-o', output], { env });
}

const makeModule = once((program) => buildModule(program, moduleOf(program)));

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

/** @param {string} program */
const commandModuleOf = (program) => join(root, 'build/wasm', `${program}-wasi.wasm`);

const makeCommandModule = once((program) =>
  buildModule(program, commandModuleOf(program), ['--host', 'wasi']),
);

/**
 * @param {Engine} engine
 * @returns {Host}
 */
function onWasi({ name, program: node, missing }) {
  const command = (/** @type {string} */ program) => [
    node,
    join(root, 'js/cli.js'),
    'run',
    commandModuleOf(program),
  ];
  return { backend: 'asyncify', name: `node:wasi ${name}`, missing, make: makeCommandModule, command };
}

/**
 * @param {OtherToolchain} toolchain
 * @returns {Host}
 */
function onWasiBuiltBy({ name, key, env, missing }) {
  const moduleOf = (/** @type {string} */ program) => join(root, 'build/wasm', `${program}-wasi-${key}.wasm`);
  return {
    backend: 'asyncify',
    name: `node:wasi ${engines[0].name}, ${name}`,
    missing,
    make: once((program) => buildModule(program, moduleOf(program), ['--host', 'wasi'], env)),
    command: (program) => [process.execPath, join(root, 'js/cli.js'), 'run', moduleOf(program)],
  };
}

/**
 * @param {'release' | 'debug'} flavour
 * @returns {Host}
 */
function linkedByEmscripten(flavour) {
  const { flags, options } = emscriptenFlavours[flavour];
  const moduleOf = (/** @type {string} */ program) => join('build/emscripten', flavour, `${program}.js`);
  return {
    backend: 'asyncify',
    name: `Emscripten${flavour === 'release' ? '' : `, ${flavour}`} ${engines[0].name}`,
    missing: missingEmscripten,
    make: once((program) => {
      const all = [...flags, '--pre-js', 'tests/emscripten/command.js', ...includes, ...warnings];
      return linkEmscripten(programSources(program), moduleOf(program), { flags: all, options });
    }),
    command: (program) => [engines[0].program, join(root, moduleOf(program))],
  };
}

/** The plainest there is. */
export const nativeHost = onMachine('x86_64-gcc-O2');

/** Where libFuzzer runs. */
export const fuzzedHost = onMachine('ucontext-clang-libfuzzer');

export const wasmHosts = engines.map(inWasm);

export const wasiHosts = engines.map(onWasi);

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
  ...wasiHosts,
  linkedByEmscripten('release'),
];

/** Where modules run that were built otherwise than by default. */
export const otherwiseBuilt = [...otherToolchains.map(onWasiBuiltBy), linkedByEmscripten('debug')];
