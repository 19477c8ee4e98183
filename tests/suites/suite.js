import { run } from './process.js';

/**
 * One row of the matrix.
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} backend what switches the stacks, or '-'
 * @property {string} host what it runs on
 * @property {() => string | null} missing the reason why it cannot run here
 * @property {() => Promise<Outcome>} run
 *
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {string} output shown if something has failed
 * @property {readonly Result[]} [results] of those tests that have names
 * @property {string} [note] what its row says besides the numbers
 * @property {readonly Part[]} [parts] of which it consists, if they are to be shown
 *
 * What became of one file of tests.
 * @typedef {object} Part
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped because the host has not what they need
 * @property {readonly string[]} reasons why
 * @property {readonly Result[]} results
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {boolean} ok
 */

/**
 * The outcome of something that is one test.
 * @param {{ ok: boolean, output: string }} finished
 * @returns {Outcome}
 */
export function outcomeOf({ ok, output }) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output };
}

/**
 * A suite that is one command.
 * @param {string} name
 * @param {() => readonly string[]} command
 * @param {() => string | null} [missing]
 * @returns {Suite}
 */
export function commandSuite(name, command, missing = () => null) {
  return { name, backend: '-', host: '-', missing, run: async () => outcomeOf(await run(command())) };
}

/**
 * The outcome of several tests that are run one after the other.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<{ ok: boolean, output: string }>} test
 * @param {(item: T) => string} [nameOf]
 * @returns {Promise<Outcome>}
 */
export async function runAll(items, test, nameOf = String) {
  /** @type {Result[]} */
  const results = [];
  let text = '';
  for (const item of items) {
    const { ok, output } = await test(item);
    results.push({ name: nameOf(item), ok });
    if (!ok) text += output;
  }
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed, output: text, results };
}

/**
 * The outcome of a program that prints `ok NAME` or `not ok NAME` for each of its tests, and may not get to the end
 * of them.
 * @param {{ ok: boolean, stdout: string, output: string }} finished
 * @returns {Outcome}
 */
export function outcomeOfAll({ ok, stdout, output }) {
  const results = [...stdout.matchAll(/^(not )?ok (\w+)\r?$/gm)].map(([, not, name]) => ({ name, ok: !not }));
  const passed = results.filter(({ ok }) => ok).length;
  const failed = results.length - passed;
  return { passed, failed: ok ? failed : failed || 1, output: output.replace(/^ok .*\r?\n/gm, ''), results };
}

/**
 * Makes something once for each key, however many ask for it.
 * @template T
 * @param {(key: string) => Promise<T>} make
 */
export function once(make) {
  /** @type {Map<string, Promise<T>>} */
  const made = new Map();
  return (/** @type {string} */ key) => {
    const promise = made.get(key) ?? make(key);
    made.set(key, promise);
    return promise;
  };
}
