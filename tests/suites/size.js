import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, run } from './process.js';

/** @import { Suite } from './suite.js' */

const engines = join(root, 'tests/engines');
const sizeLimit = join(engines, 'node_modules/size-limit/bin.js');

/** @typedef {{ name: string, passed: boolean, size: number, sizeLimit: number }} Measured */

/** @param {Measured} measured bundled by esbuild, minified, without what is not used, and with gzip */
function describe({ name, size, sizeLimit }) {
  return `${name} ${(size / 1000).toFixed(1)} of ${sizeLimit / 1000} KB`;
}

/** What a page pays for the package; the limits are in tests/engines/.size-limit.js. @type {Suite[]} */
export const sizeSuites = [
  {
    name: 'size',
    backend: '-',
    host: '-',
    missing: () => (existsSync(sizeLimit) ? null : 'no size-limit: run `npm ci` in tests/engines'),
    async run() {
      const { stdout, output } = await run([process.execPath, sizeLimit, '--json'], { cwd: engines });
      /** @type {Measured[]} */
      const measured = JSON.parse(stdout || '[]');
      const results = measured.map((each) => ({ name: describe(each), ok: each.passed }));
      const passed = results.filter(({ ok }) => ok).length;
      const note = results.map(({ name }) => name).join(', ');
      return { passed, failed: results.length ? results.length - passed : 1, output, results, note };
    },
  },
];
