/** @import { Result } from './suite.js' */

/** @param {string} report in TAP @param {string} what */
function count(report, what) {
  return Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
}

/**
 * @param {string} report in TAP
 * @returns {Result[]} of the tests that ran
 */
function resultsIn(report) {
  const lines = report.matchAll(/^ *(not )?ok \d+ - (.*?)( # SKIP.*)?$/gm);
  return [...lines].flatMap(([, not, name, skip]) => (skip ? [] : [{ name, ok: !not }]));
}

/** What failed outside of any test, as the harness says it (entry.js). @param {string} report */
const failuresOutside = (report) => [...report.matchAll(/^not ok 0 /gm)].length;

/**
 * What a run of tests says of itself.
 *
 * @param {string} report in TAP
 * @returns {{ passed: number, failed: number, skipped: number, results: Result[], reasons: string[] }} reasons: why
 *   some were skipped, each once
 */
export function readTap(report) {
  const reasons = [...report.matchAll(/^ *ok \d+ - .*? # SKIP (.+)$/gm)].map(([, reason]) => reason);
  return {
    passed: count(report, 'pass'),
    failed: count(report, 'fail') + count(report, 'cancelled') + failuresOutside(report),
    skipped: count(report, 'skipped'),
    results: resultsIn(report),
    reasons: [...new Set(reasons)],
  };
}
