/** @import { Outcome, Part, Result, Suite } from './suite.js' */

/**
 * What became of a suite.
 * @typedef {object} Row
 * @property {Suite} suite
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} note why it was skipped, or what it has to say
 * @property {readonly Result[]} results
 * @property {readonly Part[]} parts
 */

const AT_ONCE = 2;

/** @param {Suite} suite @returns {Promise<Row>} */
async function runSuite(suite) {
  const reason = suite.missing();
  if (reason) return { suite, passed: 0, failed: 0, skipped: 1, note: reason, results: [], parts: [] };
  const start = performance.now();
  /** @type {Outcome} */
  const outcome = await suite.run().catch((error) => ({
    passed: 0,
    failed: 1,
    output: `${error.stack}\n`,
  }));
  const { passed, failed, skipped = 0, output, results = [], parts = [], note = '' } = outcome;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${failed ? 'FAILED' : 'passed'} ${suite.name} (${passed} tests, ${seconds} s)`);
  if (failed) console.log(output);
  return { suite, passed, failed, skipped, note, results, parts };
}

/**
 * Runs suites, two at a time, and says what becomes of each.
 * @param {readonly Suite[]} suites
 * @returns {Promise<Row[]>}
 */
export async function runSuites(suites) {
  /** @type {Row[]} */
  const rows = [];
  const waiting = suites.entries();
  const work = async () => {
    for (const [i, suite] of waiting) rows[i] = await runSuite(suite);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return rows;
}
