import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  builds,
  commandOf,
  compile,
  describeBuild,
  forPosix,
  forWindows,
  librarySources,
  missingFor,
  pathOf,
  sourceOf,
  sourcesIn,
  valgrind,
} from './builds.js';
import { root, run } from './process.js';
import { once, outcomeOf, outcomeOfAll, runAll } from './suite.js';

/** @import { Finished } from './process.js' */
/** @import { Suite, Outcome } from './suite.js' */

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
export const programs = {
  conformance: (backend) => [
    ...librarySources(backend),
    ...sourcesIn('src/compat'),
    ...sourcesIn('tests/conformance'),
  ],
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
  const folders = ['src', 'src/compat', 'src/compat/emscripten', 'src/gevent', 'tests/conformance', 'tests'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  return Math.max(...files.map(timeOf));
}

/**
 * Builds a program of a build, if it is not there yet. The key is BUILD/PROGRAM.
 */
const make = once(async (key) => {
  const [name, program] = key.split('/');
  if (timeOf(pathOf(name, program)) > newestSource()) return { ok: true, output: '' };
  return compile(name, program, programs[program](builds[name].backend));
});

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
 * @param {string} name of the build
 * @param {{ tool?: string[], together?: boolean }} [how]
 * @returns {Suite}
 */
function conformance(name, { tool = [], together = false } = {}) {
  const build = builds[name];
  const host = [describeBuild(build), tool[0] ?? '', together ? '(one process)' : ''];
  return {
    name: `conformance ${name}${tool.length ? ` ${tool[0]}` : ''}`,
    backend: build.backend,
    host: host.filter(Boolean).join(' '),
    missing: () => missingFor(build, tool[0]),
    async run() {
      const made = await make(`${name}/conformance`);
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      const command = [...tool, ...commandOf(name, 'conformance')];
      return together ? outcomeOfAll(await run([...command, '--all'])) : runEach(command);
    },
  };
}

/**
 * A program that fails by its exit status.
 * @param {string} name of the build
 * @param {string} program
 * @param {string} what it is about
 * @param {(finished: Finished) => Outcome} outcomeFrom
 * @param {string[]} [tool]
 * @returns {Suite}
 */
function plainTest(name, program, what, outcomeFrom, tool = []) {
  const build = builds[name];
  return {
    name: `${program} ${name}${tool.length ? ` ${tool[0]}` : ''}`,
    backend: build.backend,
    host: `${[describeBuild(build), ...tool.slice(0, 1)].join(' ')}, ${what}`,
    missing: () => missingFor(build, tool[0]),
    async run() {
      const made = await make(`${name}/${program}`);
      if (!made.ok) return outcomeOf(made);
      return outcomeFrom(await run([...tool, ...commandOf(name, program)]));
    },
  };
}

const contextTest = (/** @type {string} */ name) =>
  plainTest(name, 'context_test', 'no greenlets', outcomeOf);
const threadTest = (/** @type {string} */ name, /** @type {string[]} */ tool = []) =>
  plainTest(name, 'thread_test', 'threads', outcomeOfAll, tool);

/** @type {Suite[]} */
export const nativeSuites = [
  conformance('x86_64-gcc-O0', { together: true }),
  conformance('x86_64-gcc-O2'),
  conformance('x86_64-gcc-protected', { together: true }),
  conformance('x86_64-clang-O0', { together: true }),
  conformance('x86_64-clang-O2'),
  conformance('x86_64-gcc-O0', { tool: valgrind, together: true }),
  conformance('ucontext-gcc-O2'),
  conformance('ucontext-gcc-sanitize'),
  conformance('ucontext-gcc-O2', { tool: valgrind, together: true }),
  conformance('aarch64-gcc-O2'),
  conformance('aarch64-gcc-protected', { together: true }),
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
