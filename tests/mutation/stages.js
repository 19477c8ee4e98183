// What a mutant has to survive, the fastest first.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { compareTraces, corpora, runner } from '../suites/corpus.js';
import { root, run } from '../suites/process.js';
import { conformanceSources } from '../suites/wasm.js';
import { isInModules } from './attempt.js';
import { limited } from './limits.js';
import { readersOf, sourcesOf } from './native.js';

/** @import { Attempt } from './attempt.js' */
/** @import { Layer } from '../suites/corpus.js' */
/** @import { Finished } from '../suites/process.js' */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} [build] the native build whose objects it needs
 * @property {string} program
 * @property {(file: string) => boolean} concerns whether a file is part of what it runs
 * @property {(attempt: Attempt, seconds: number) => Promise<string>} run what went wrong, empty if nothing did;
 *   `seconds` of the processor are allowed
 */

const { quick, slow } = conformanceTests();

/** Those that take their time, and those after which nothing works, are run later. */
function conformanceTests() {
  const texts = conformanceSources().map((file) => readFileSync(join(root, file), 'utf8'));
  const tests = texts.flatMap((text) => [...text.matchAll(/^(LAST_|)TEST\((\w+)\)/gm)]);
  const names = (/** @type {string} */ kind) =>
    tests.filter((test) => test[1] === kind).map((test) => test[2]);
  const takesTime = (/** @type {string} */ name) => /^SCALE_|any_length|long_chain/.test(name);
  return {
    quick: names('').filter((name) => !takesTime(name)),
    slow: [...names('').filter(takesTime), ...names('LAST_')],
  };
}

/** @param {Finished} finished @returns {string} */
function problemOf({ ok, output }) {
  if (ok) return '';
  const [, test] = /^ *not ok (?:\d+ - )?(.*)$/m.exec(output) ?? [];
  if (test) return test;
  const [said] = /(?:Assertion|runtime error:|AddressSanitizer:|ThreadSanitizer:) .*/.exec(output) ?? [];
  return said ?? output.trim().replace(/^.*\n|^sh: /gs, '');
}

/**
 * One run of a program.
 * @typedef {object} Trial
 * @property {string} name
 * @property {string} program
 * @property {readonly string[]} args
 * @property {string} input
 * @property {(finished: Finished) => string} problemOf
 */

/** @param {string} program @returns {Trial} */
const plain = (program) => ({ name: program, program, args: [], input: '', problemOf });
const conformance = { ...plain('conformance'), args: quick };
const lasting = { ...plain('conformance'), name: 'lasting conformance', args: slow };

/** @param {Layer} layer @returns {Trial} */
function corpus(layer) {
  const input = readFileSync(corpora[layer], 'utf8');
  const problem = (/** @type {Finished} */ finished) => {
    const { failed, output } = compareTraces(input, finished);
    return failed ? (/^program \S+/m.exec(output)?.[0] ?? 'failed') : '';
  };
  return { name: `${layer} corpus`, program: runner, args: [layer], input, problemOf: problem };
}

const [greenletCorpus, geventCorpus] = [corpus('greenlet'), corpus('gevent')];

/** Far more than the processor is allowed. @param {number} seconds */
const patience = (seconds) => 60 + 4 * seconds;

/**
 * @param {string} build
 * @param {Trial} trial
 * @returns {Stage}
 */
function native(build, { name, program, args, input, problemOf: judge }) {
  const gigabytes = build.endsWith('O2') ? 16 : undefined; // the sanitizers take terabytes, of addresses
  const env = { ASAN_OPTIONS: 'hard_rss_limit_mb=4096', TSAN_OPTIONS: 'memory_limit_mb=4096' };
  const readers = (/** @type {string} */ file) => readersOf(build, sourcesOf(build, program), file);
  return {
    name: `${name} ${build}`,
    build,
    program,
    concerns: (file) => readers(file).length > 0,
    async run({ objects, file }, seconds) {
      const changed = file ? readers(file) : [];
      for (const source of changed) await objects.compile(build, source);
      const path = await objects.link(build, program, changed);
      const command = limited([path, ...args], { seconds, gigabytes });
      return judge(await run(command, { seconds: patience(seconds), env, input }));
    },
  };
}

/**
 * @param {Trial} trial
 * @param {(path: string) => string[]} command that runs its module
 * @returns {Stage}
 */
function asyncify({ name, program, args, input, problemOf: judge }, command) {
  return {
    name: `${name} asyncify`,
    program,
    concerns: isInModules,
    async run(attempt, seconds) {
      const path = await attempt.module(program);
      if (!path) return 'does not build';
      const node = limited([process.execPath, ...command(path), ...args], { seconds });
      return judge(await attempt.runNode(node, patience(seconds), input));
    },
  };
}

const asCommand = (/** @type {string} */ path) => ['js/cli.js', 'run', path];
const eachTest = (/** @type {string} */ path) => ['tests/conformance/run.js', path];
const javascript = ['bridge', 'memory', 'async-context', 'results'].map((name) =>
  join('tests/js/bridge', `${name}.test.js`),
);

/** @type {Stage[]} */
export const stages = [
  native('x86_64-gcc-O2', greenletCorpus),
  native('x86_64-gcc-O2', conformance),
  native('x86_64-gcc-O2', plain('thread_test')),
  native('x86_64-gcc-O2', plain('context_test')),
  native('x86_64-gcc-O2', geventCorpus),
  native('x86_64-gcc-O2', lasting),
  native('ucontext-gcc-sanitize', conformance),
  native('ucontext-gcc-sanitize', plain('thread_test')),
  native('ucontext-gcc-sanitize', plain('context_test')),
  native('ucontext-gcc-threads', plain('thread_test')),
  asyncify(greenletCorpus, asCommand),
  asyncify(conformance, eachTest),
  asyncify({ ...plain('conformance'), name: 'js' }, () => ['--test', '--test-reporter=tap', ...javascript]),
];

/** @param {string} build @returns {string[]} the programs of a native build */
export function programsOf(build) {
  return stages.filter((stage) => stage.build === build).map(({ program }) => program);
}

export const nativeBuilds = [...new Set(stages.flatMap(({ build }) => build ?? []))];
