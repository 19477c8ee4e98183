import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { commandOf, compile, librarySources, sourcesIn, warnings } from './builds.js';
import { linkEmscripten, missingEmscripten } from './emscripten.js';
import { engines } from './engines.js';
import { missingPrograms, root, run } from './process.js';
import { once, outcomeOfAll, runAll } from './suite.js';

/** @import { Engine } from './engines.js' */
/** @import { Outcome, Suite } from './suite.js' */

const build = 'x86_64-gcc-O2';

const harness = ['tests/conformance/check.c', 'tests/conformance/main.c'];
/** @param {string[]} [without] */
const ruleSources = (without) => [...sourcesIn('tests/pthread', without), ...harness];

/** Programs as anybody writes them; NAME.out is what they print. */
const programs = () =>
  readdirSync(join(root, 'tests/pthread/programs'))
    .filter((file) => file.endsWith('.c'))
    .map((file) => file.slice(0, -2));

/** @param {string} name */
const sourceOf = (name) => `tests/pthread/programs/${name}.c`;

/** @param {string} name @param {readonly string[]} command */
async function compare(name, command) {
  const expected = readFileSync(join(root, `tests/pthread/programs/${name}.out`), 'utf8');
  const { ok, stdout, output } = await run(command);
  return { ok: ok && stdout === expected, output: `${name}:\n${output}` };
}

/** @param {Outcome} rules @param {Outcome} examples @returns {Outcome} */
function both(rules, examples) {
  return {
    passed: rules.passed + examples.passed,
    failed: rules.failed + examples.failed,
    output: rules.output + examples.output,
    results: [...(rules.results ?? []), ...(examples.results ?? [])],
  };
}

// ---- the threads of the system, which say whether the tests are right ---------------------------

async function runNatively() {
  const sources = [
    ...ruleSources(['test_greenlets.c', 'test_streams.c']),
    ...librarySources('x86_64'),
    'tests/conformance/loop_default_virtual.c',
  ];
  const made = await compile(build, 'pthread', sources, ['-Itests/conformance']);
  if (!made.ok) return { passed: 0, failed: 1, output: made.output };
  const rules = outcomeOfAll(await run([...commandOf(build, 'pthread'), '--all']));
  const examples = await runAll(programs(), async (name) => {
    const compiled = await compile(build, `pthread_${name}`, [sourceOf(name)], ['-std=gnu11']);
    return compiled.ok ? compare(name, commandOf(build, `pthread_${name}`)) : compiled;
  });
  return both(rules, examples);
}

/** @type {Suite} */
const natively = {
  name: 'pthread native',
  backend: '-',
  host: 'pthreads of the system',
  missing: () => (process.platform === 'linux' ? missingPrograms('gcc') : 'not Linux'),
  run: runNatively,
};

// ---- greenlets ----------------------------------------------------------------------------------

/** @param {string} host @param {string} name */
const moduleOf = (host, name) => `build/wasm/pthread/${name}-${host}.wasm`;

/** @param {string} host @param {string} name @param {readonly string[]} sources */
function makeModule(host, name, sources) {
  mkdirSync(join(root, 'build/wasm/pthread'), { recursive: true });
  const command = ['js/cli.js', 'build', '--host', host, '-Itests/conformance', ...warnings, ...sources];
  return run([process.execPath, ...command, '-o', moduleOf(host, name)]);
}

/** All modules for a host: the rules, and each program. */
const make = once(async (host) => {
  const rules = await makeModule(host, 'rules', ruleSources());
  const examples = await runAll(programs(), (name) => makeModule(host, name, [sourceOf(name)]));
  return { ok: rules.ok && examples.failed === 0, output: rules.output + examples.output };
});

/** @param {string} host @param {Engine} engine @returns {Suite} */
function onGreenlets(host, { name, program, missing }) {
  return {
    name: `pthread ${host} ${name}`,
    backend: 'asyncify',
    host: `${host === 'wasi' ? 'node:wasi ' : ''}${name}, pthreads`,
    missing,
    async run() {
      const made = await make(host);
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      const command = [program, 'tests/conformance/run.js', moduleOf(host, 'rules')];
      const rules = outcomeOfAll(await run(command));
      const examples = await runAll(programs(), (each) =>
        compare(each, [program, 'js/cli.js', 'run', moduleOf(host, each)]),
      );
      return both(rules, examples);
    },
  };
}

// ---- greenlets in what emcc has linked, whose libc has stubs of all this ------------------------

const emscriptenFolder = 'build/emscripten/pthread';

/** @param {string} name @param {readonly string[]} sources @param {readonly string[]} flags */
function linkThreads(name, sources, flags) {
  const all = ['-O2', '-Itests/conformance', '-sEXIT_RUNTIME', ...warnings, ...flags];
  return linkEmscripten(sources, `${emscriptenFolder}/${name}.js`, { flags: all });
}

const manyInstances = ['-sMODULARIZE', '-sNODEJS_CATCH_EXIT=0', '-sNODEJS_CATCH_REJECTION=0'];

/** @type {Suite} */
const inEmscripten = {
  name: `pthread emscripten ${engines[0].name}`,
  backend: 'asyncify',
  host: `Emscripten ${engines[0].name}, pthreads`,
  missing: missingEmscripten,
  async run() {
    const made = await linkThreads('rules', ruleSources(), manyInstances);
    if (!made.ok) return { passed: 0, failed: 1, output: made.output };
    const module = join(emscriptenFolder, 'rules.js');
    const rules = outcomeOfAll(await run([engines[0].program, 'tests/conformance/run.js', module]));
    const examples = await runAll(programs(), async (each) => {
      const linked = await linkThreads(each, [sourceOf(each)], []);
      return linked.ok
        ? compare(each, [engines[0].program, join(root, emscriptenFolder, `${each}.js`)])
        : linked;
    });
    return both(rules, examples);
  },
};

export const pthreadSuites = [
  natively,
  inEmscripten,
  ...['javascript', 'wasi'].flatMap((host) => engines.map((engine) => onGreenlets(host, engine))),
];
