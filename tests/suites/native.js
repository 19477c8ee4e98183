import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { missingPrograms, root, run } from './process.js';
import { once, outcomeOf, runAll } from './suite.js';

/** @import { Suite, Outcome } from './suite.js' */

/**
 * A way to build native programs.
 * @typedef {object} Build
 * @property {string} backend
 * @property {string} compiler
 * @property {string[]} flags
 * @property {string[]} [emulator] what runs its programs, as the beginning of a command
 * @property {string} [suffix] what the names of its programs end with
 */

export const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
const sanitize = [
  '-O1',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
];

/** @type {Record<string, Build>} */
const builds = {
  'x86_64-gcc-O0': { backend: 'x86_64', compiler: 'gcc', flags: ['-O0'] },
  'x86_64-gcc-O2': { backend: 'x86_64', compiler: 'gcc', flags: ['-O2'] },
  'x86_64-clang-O0': { backend: 'x86_64', compiler: 'clang', flags: ['-O0'] },
  'x86_64-clang-O2': { backend: 'x86_64', compiler: 'clang', flags: ['-O2'] },
  'ucontext-gcc-O2': { backend: 'ucontext', compiler: 'gcc', flags: ['-O2'] },
  'ucontext-gcc-sanitize': { backend: 'ucontext', compiler: 'gcc', flags: sanitize },
  'ucontext-gcc-threads': { backend: 'ucontext', compiler: 'gcc', flags: ['-O1', '-fsanitize=thread'] },
  'aarch64-gcc-O2': {
    backend: 'aarch64',
    compiler: 'aarch64-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-aarch64-static'],
  },
  'riscv64-gcc-O2': {
    backend: 'riscv64',
    compiler: 'riscv64-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-riscv64-static'],
  },
  'arm-gcc-O2': {
    backend: 'arm',
    compiler: 'arm-linux-gnueabihf-gcc',
    flags: ['-O2', '-static', '-funwind-tables'],
    emulator: ['qemu-arm-static'],
  },
  'i686-gcc-O2': {
    backend: 'i686',
    compiler: 'i686-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-i386-static'],
  },
  // printf is not Microsoft's there, but what checks its formats thinks so.
  'win64-gcc-O2': {
    backend: 'win64',
    compiler: 'x86_64-w64-mingw32-gcc',
    flags: ['-O2', '-static', '-Wno-format', '-Wno-format-extra-args'],
    emulator: [
      'env',
      `WINEPREFIX=${join(root, 'build/native/wine')}`,
      'WINEDEBUG=-all',
      '/usr/lib/wine/wine64',
    ],
    suffix: '.exe',
  },
};

/** What the library takes from the host, and not from src/, in a build of its own. */
const notNative = ['context_ucontext.c', 'loop_uv.c', 'slot.c'];
const forPosix = { stack: ['stack.c', 'stack_guard.c'], thread: ['thread_pthread.c'] };
const forWindows = { stack: ['stack_win.c'], thread: ['thread_none.c'] };

/** @param {string} folder @param {readonly string[]} [without] */
function sourcesIn(folder, without = []) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.c'));
  return files.filter((file) => !without.includes(file)).map((file) => `${folder}/${file}`);
}

/** @param {string} backend */
const sourceOf = (backend) => `src/context_${backend}.${backend === 'ucontext' ? 'c' : 'S'}`;

/** @param {string} backend */
export function librarySources(backend) {
  const notOurs = backend === 'win64' ? forPosix : forWindows;
  return [...sourcesIn('src', [...notNative, ...notOurs.stack, ...notOurs.thread]), sourceOf(backend)];
}

/** @param {string} backend */
function contextTestSources(backend) {
  const [host, ours] = backend === 'win64' ? ['win', forWindows] : ['posix', forPosix];
  const sources = ['fatal.c', 'context_native.c', ...ours.stack].map((file) => `src/${file}`);
  return ['tests/context_test.c', `tests/context_test_${host}.c`, ...sources, sourceOf(backend)];
}

/**
 * What each program is made of, by its name.
 * @type {Record<string, (backend: string) => string[]>}
 */
const programs = {
  conformance: (backend) => [...librarySources(backend), ...sourcesIn('tests/conformance')],
  context_test: contextTestSources,
  thread_test: (backend) => [
    ...librarySources(backend),
    'tests/conformance/loop_default_virtual.c',
    'tests/thread_test.c',
  ],
};

/** @param {string} file relative to the root */
function timeOf(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource() {
  const folders = ['src', 'tests/conformance', 'tests'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  return Math.max(...files.map(timeOf));
}

/** @param {string} name @param {string} program */
function pathOf(name, program) {
  return `build/native/${name}/${program}${builds[name].suffix ?? ''}`;
}

/**
 * Builds a program of a build, if it is not there yet. The key is BUILD/PROGRAM.
 */
const make = once(async (key) => {
  const [name, program] = key.split('/');
  const { backend, compiler, flags } = builds[name];
  const target = pathOf(name, program);
  if (timeOf(target) > newestSource()) return { ok: true, output: '' };
  mkdirSync(join(root, 'build/native', name), { recursive: true });
  const sources = programs[program](backend);
  const settings = ['-std=c11', '-g', '-Isrc', ...warnings, ...flags];
  return run([compiler, ...settings, ...sources, '-o', target, '-lpthread', '-lm']);
});

/** @param {Build} build @param {string} [tool] */
function missing({ backend, compiler, emulator = [] }, tool) {
  if (process.platform !== 'linux') return 'not Linux';
  if (backend === 'x86_64' && process.arch !== 'x64') return `not an x86_64 machine but ${process.arch}`;
  return missingPrograms(compiler, ...emulator.slice(-1), ...(tool ? [tool] : []));
}

/**
 * Each test in a process of its own.
 * @param {readonly string[]} command
 * @returns {Promise<Outcome>}
 */
async function runEach(command) {
  const { ok, stdout, output } = await run([...command, '--list']);
  if (!ok) return { passed: 0, failed: 1, output };
  return runAll(stdout.trim().split('\n'), (name) => run([...command, name], { seconds: 120 }));
}

/**
 * All tests in one process, which may not get to the end of them.
 * @param {readonly string[]} command
 * @returns {Promise<Outcome>}
 */
async function runTogether(command) {
  const { ok, stdout, output } = await run([...command, '--all']);
  const passed = stdout.match(/^ok /gm)?.length ?? 0;
  const failed = stdout.match(/^not ok /gm)?.length ?? 0;
  return { passed, failed: ok ? failed : failed || 1, output: output.replace(/^ok .*\n/gm, '') };
}

/**
 * @param {string} name of the build
 * @param {{ tool?: string[], together?: boolean }} [how]
 * @returns {Suite}
 */
function conformance(name, { tool = [], together = false } = {}) {
  const build = builds[name];
  const { backend, compiler, flags, emulator = [] } = build;
  const label = [compiler.replace(/^.*-/, ''), flags[0], flags === sanitize ? 'asan ubsan' : ''];
  const host = [
    ...label,
    emulator.at(-1)?.replace(/^.*\//, '') ?? '',
    tool[0] ?? '',
    together ? '(one process)' : '',
  ];
  return {
    name: `conformance ${name}${tool.length ? ` ${tool[0]}` : ''}`,
    backend,
    host: host.filter(Boolean).join(' '),
    missing: () => missing(build, tool[0]),
    async run() {
      const made = await make(`${name}/conformance`);
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      const command = [...tool, ...emulator, join(root, pathOf(name, 'conformance'))];
      return together ? runTogether(command) : runEach(command);
    },
  };
}

/**
 * A program that fails by its exit status.
 * @param {string} name of the build
 * @param {string} program
 * @param {string} what it is about
 * @param {string[]} [tool]
 * @returns {Suite}
 */
function plainTest(name, program, what, tool = []) {
  const { backend, emulator = [] } = builds[name];
  return {
    name: `${program} ${name}${tool.length ? ` ${tool[0]}` : ''}`,
    backend,
    host: `${name.replace(`${backend}-`, '').replace('-', ' ')}${tool.length ? ` ${tool[0]}` : ''}, ${what}`,
    missing: () => missing(builds[name], tool[0]),
    async run() {
      const made = await make(`${name}/${program}`);
      if (!made.ok) return outcomeOf(made);
      const path = join(root, pathOf(name, program));
      return outcomeOf(await run([...tool, ...emulator, path]));
    },
  };
}

const contextTest = (/** @type {string} */ name) => plainTest(name, 'context_test', 'no greenlets');
const threadTest = (/** @type {string} */ name, /** @type {string[]} */ tool = []) =>
  plainTest(name, 'thread_test', 'threads', tool);

const valgrind = ['valgrind', '--quiet', '--error-exitcode=99', '--max-stackframe=8388608'];

/** @type {Suite[]} */
export const nativeSuites = [
  conformance('x86_64-gcc-O0', { together: true }),
  conformance('x86_64-gcc-O2'),
  conformance('x86_64-clang-O0', { together: true }),
  conformance('x86_64-clang-O2'),
  conformance('x86_64-gcc-O0', { tool: valgrind, together: true }),
  conformance('ucontext-gcc-O2'),
  conformance('ucontext-gcc-sanitize'),
  conformance('ucontext-gcc-O2', { tool: valgrind, together: true }),
  conformance('aarch64-gcc-O2'),
  conformance('riscv64-gcc-O2'),
  conformance('arm-gcc-O2'),
  conformance('i686-gcc-O2'),
  conformance('win64-gcc-O2', { together: true }),
  contextTest('x86_64-gcc-O2'),
  contextTest('ucontext-gcc-sanitize'),
  contextTest('aarch64-gcc-O2'),
  contextTest('riscv64-gcc-O2'),
  contextTest('arm-gcc-O2'),
  contextTest('i686-gcc-O2'),
  contextTest('win64-gcc-O2'),
  threadTest('x86_64-gcc-O2'),
  threadTest('x86_64-gcc-O2', valgrind),
  threadTest('ucontext-gcc-sanitize'),
  threadTest('ucontext-gcc-threads'),
  threadTest('aarch64-gcc-O2'),
  threadTest('riscv64-gcc-O2'),
  threadTest('arm-gcc-O2'),
  threadTest('i686-gcc-O2'),
];
