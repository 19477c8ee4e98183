// As much of node:test as the suites use, for hosts that have none, or one that answers to a command of its own.

/**
 * @typedef {object} Test
 * @property {string} name
 * @property {string | boolean} skip
 * @property {(context: Context) => unknown} body
 *
 * @typedef {object} Context
 * @property {(cleanUp: () => unknown) => void} after what is to be done when the test has ended
 */

/** @typedef {{ skip?: string | boolean }} Options why not to run it here */

/** @type {Test[]} */
const tests = [];

/** Why the group that is being declared is not to run here. @type {string | boolean} */
let groupSkip = false;

/**
 * @template B
 * @param {Options | B} options may have been left out
 * @param {B} [body]
 * @returns {[Options, B]}
 */
const sort = (options, body) =>
  body ? [/** @type {Options} */ (options), body] : [{}, /** @type {B} */ (options)];

/** @param {string} _name @param {Options | (() => void)} first @param {() => void} [second] */
export function describe(_name, first, second) {
  const [{ skip = false }, body] = sort(first, second);
  groupSkip = skip;
  body();
  groupSkip = false;
}

/** @param {string} name @param {Options | Test['body']} first @param {Test['body']} [second] */
export function it(name, first, second) {
  const [{ skip = false }, body] = sort(first, second);
  tests.push({ name, skip: groupSkip || skip, body });
}

export const test = it;

/** @param {Test} test */
async function run({ body }) {
  /** @type {(() => unknown)[]} */
  const cleanUps = [];
  try {
    await body({ after: (cleanUp) => void cleanUps.push(cleanUp) });
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

/** @param {any} error @returns {string} as lines of TAP that say nothing */
function describeError(error) {
  const text = String(error?.stack ?? '').includes(error?.message)
    ? error.stack
    : `${error}\n${error?.stack ?? ''}`;
  return text.replace(/^/gm, '  # ');
}

/** @typedef {'pass' | 'fail' | 'skipped'} Result */

/** @param {Test} test @param {number} number @returns {Promise<[Result, string]>} and as TAP */
async function outcomeOf(test, number) {
  if (test.skip) return ['skipped', `ok ${number} - ${test.name} # SKIP ${test.skip}`];
  try {
    await run(test);
    return ['pass', `ok ${number} - ${test.name}`];
  } catch (error) {
    return ['fail', `not ok ${number} - ${test.name}\n${describeError(error)}`];
  }
}

/**
 * Runs the tests that there are, one after the other.
 *
 * @param {(text: string) => unknown} report gets the outcome of each when it is there, as TAP, and then the totals and
 *   the plan
 */
export async function runTests(report) {
  const totals = { pass: 0, fail: 0, skipped: 0 };
  for (const [i, test] of tests.entries()) {
    const [result, text] = await outcomeOf(test, i + 1);
    totals[result]++;
    await report(text);
  }
  const lines = Object.entries(totals).map(([result, count]) => `# ${result} ${count}`);
  await report([...lines, `1..${tests.length}`].join('\n'));
}
