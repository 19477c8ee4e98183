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
 * @returns {Promise<Outcome>}
 */
export async function runAll(items, test) {
  const outcome = { passed: 0, failed: 0, output: '' };
  for (const item of items) {
    const { ok, output } = await test(item);
    if (ok) outcome.passed++;
    else outcome.failed++;
    if (!ok) outcome.output += output;
  }
  return outcome;
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
