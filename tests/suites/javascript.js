import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from './engines.js';
import { root, run } from './process.js';

/** @import { Suite } from './suite.js' */
/** @import { Engine } from './engines.js' */

/** @param {string} report @param {string} what */
function count(report, what) {
  return Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
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
      return { passed, failed: ok ? failed : failed || 1, skipped: count(stdout, 'skipped'), output };
    },
  };
}

/** @type {Suite[]} */
export const javascriptSuites = engines.map(javascript);
