import {
  builds,
  commandOf,
  compile,
  describeBuild,
  librarySources,
  missingFor,
  sourcesIn,
} from './builds.js';
import { engines } from './engines.js';
import { run } from './process.js';
import { runAll } from './suite.js';

/** @import { Suite } from './suite.js' */
/** @import { Engine } from './engines.js' */

/**
 * How a program of tests/endings ends.
 * @typedef {object} Ending
 * @property {string} stdout
 * @property {RegExp} stderr
 * @property {number} status 134 is that of abort()
 * @property {number} [inJavaScript] the status there, if it is another one
 * @property {boolean} [onlyNative]
 */

/** @type {Record<string, Ending>} */
const endings = {
  EX_10_exit_leaves_main: {
    stdout: 'before\n',
    stderr: /^main: GreenletExit: greenlet exit$/m,
    status: 1,
  },
  RC_04_WA_04_a_stack_overflows: {
    stdout: 'before\n',
    stderr: /: stack overflow in 'digger': its stack has (6\d{4}) bytes, it needed (?!\1)[67]\d{4}$/m,
    status: 134,
  },
  SD_01_WA_13_main_returns: { stdout: 'exiting\n', stderr: /(?:)/, status: 0 },
  SD_03_SD_05_a_greenlet_calls_exit: {
    stdout: 'before\nat exit in the greenlet\nanother one runs\nand is dead\n',
    stderr: /(?:)/,
    status: 3,
  },
  ST_09_a_run_function_returns: {
    stdout: 'before\nin between\n',
    stderr: /^greenlet: GREENLET_EFAILED: what ran on a context returned$/m,
    status: 134,
    onlyNative: true,
  },
  compat_coroutines_outlive_shutdown: {
    stdout: '3 are left\nresume: refused\nstatus: suspended\ndestroy: done\n0 are left\n',
    stderr: /(?:)/,
    status: 0,
  },
  fiber_an_entry_function_returns: { stdout: 'before\nin between\n', stderr: /(?:)/, status: 0 },
  libco_an_entry_function_returns: {
    stdout: 'before\nin between\n',
    stderr:
      /: the entry function of the cothread 'greenlet-3' returned: its last act has to be a co_switch$/m,
    status: 134,
    inJavaScript: 1,
  },
  libco_switches_to_one_that_waits: {
    stdout: 'asleep\n',
    stderr: /: co_switch of 'greenlet-3': it runs, or waits for something else$/m,
    status: 134,
    inJavaScript: 1,
  },
};

export const endingNames = Object.keys(endings);

/** @param {string} name */
const sourceOf = (name) => `tests/endings/${name}.c`;

/** @param {string} output @param {boolean} ok */
function statusIn(output, ok) {
  if (ok) return 0;
  if (output.endsWith(': ended by SIGABRT\n')) return 134;
  return Number(/: ended with status (\d+)\n$/.exec(output)?.[1]);
}

/**
 * @param {string} name
 * @param {readonly string[]} command
 * @param {number} expectedStatus
 */
async function compare(name, command, expectedStatus) {
  const { ok, stdout, output } = await run(command, { seconds: 120 });
  const expected = endings[name];
  const status = statusIn(output, ok);
  const isSo = stdout === expected.stdout && expected.stderr.test(output) && status === expectedStatus;
  return { ok: isSo, output: `${name}: status ${status}\n${output}` };
}

const nativeBuild = 'x86_64-gcc-O2';

/** @param {string} name */
async function runNatively(name) {
  const host = 'tests/conformance/loop_default_virtual.c';
  const library = [...librarySources(builds[nativeBuild].backend), ...sourcesIn('src/compat')];
  const made = await compile(nativeBuild, name, [sourceOf(name), ...library, host], ['-Isrc/compat']);
  return made.ok ? compare(name, commandOf(nativeBuild, name), endings[name].status) : made;
}

/** @type {Suite} */
const natively = {
  name: 'endings native',
  backend: builds[nativeBuild].backend,
  host: `${describeBuild(builds[nativeBuild])}, endings`,
  missing: () => missingFor(builds[nativeBuild]),
  run: () => runAll(endingNames, runNatively),
};

/**
 * @param {Engine} engine
 * @param {string} [host]
 * @param {string[]} [options]
 * @returns {Suite}
 */
function inWasm(engine, host = engine.name, options = []) {
  const names = endingNames.filter((name) => !endings[name].onlyNative);
  const command = [engine.program, 'js/cli.js', 'run', '--compat', ...options];
  const statusOf = (/** @type {string} */ name) =>
    (host === engine.name && endings[name].inJavaScript) || endings[name].status;
  return {
    name: `endings ${host}`,
    backend: 'asyncify',
    host: `${host}, endings`,
    missing: engine.missing,
    run: () => runAll(names, (name) => compare(name, [...command, sourceOf(name)], statusOf(name))),
  };
}

/** Programs that end their process: what it says, and with which status. */
export const endingSuites = [
  natively,
  ...engines.map((engine) => inWasm(engine)),
  ...engines.map((engine) => inWasm(engine, `node:wasi ${engine.name}`, ['--host', 'wasi'])),
];
