import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from './engines.js';
import { root, run } from './process.js';

/** @import { Suite, Result } from './suite.js' */
/** @import { Engine } from './engines.js' */

/** @param {string} report @param {string} what */
function count(report, what) {
  return Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
}

/**
 * @param {string} report in TAP
 * @returns {Result[]}
 */
function resultsIn(report) {
  const lines = report.matchAll(/^ *(not )?ok \d+ - (.*?)( # SKIP.*)?$/gm);
  return [...lines].flatMap(([, not, name, skip]) => (skip ? [] : [{ name, ok: !not }]));
}

/**
 * @param {Engine} engine
 * @returns {Suite}
 */
function javascript(engine) {
  return {
    name: `js ${engine.name}`,
    backend: 'asyncify',
    host: `${engine.name}, js`,
    missing: engine.missing,
    async run() {
      const files = readdirSync(join(root, 'tests/js')).filter((file) => file.endsWith('.test.js'));
      const paths = files.map((file) => `tests/js/${file}`);
      const { ok, stdout, output } = await run([
        engine.program,
        '--test',
        '--test-reporter=tap',
        '--test-timeout=240000',
        ...paths,
      ]);
      const failed = count(stdout, 'fail') + count(stdout, 'cancelled');
      const passed = count(stdout, 'pass');
      const skipped = count(stdout, 'skipped');
      return { passed, failed: ok ? failed : failed || 1, skipped, output, results: resultsIn(stdout) };
    },
  };
}

/** @type {Suite[]} */
export const javascriptSuites = engines.map(javascript);
