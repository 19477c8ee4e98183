import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { engines } from './engines.js';
import { root, run } from './process.js';
import { once } from './suite.js';
import { readTap } from './tap.js';

/** @import { Suite } from './suite.js' */
/** @import { Engine } from './engines.js' */

const prepare = once((script) => run([process.execPath, script]));

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
      const prepared = await prepare('tests/js/sqlite/prepare.js');
      if (!prepared.ok) return { passed: 0, failed: 1, output: prepared.output };
      const files = readdirSync(join(root, 'tests/js')).filter((file) => file.endsWith('.test.js'));
      const paths = files.map((file) => `tests/js/${file}`);
      const { ok, stdout, output } = await run([
        engine.program,
        '--test',
        '--test-reporter=tap',
        '--test-timeout=240000',
        ...paths,
      ]);
      const { passed, failed, skipped, results } = readTap(stdout);
      return { passed, failed: ok ? failed : failed || 1, skipped, output, results };
    },
  };
}

/** What concerns the build, the command and the documents, and so Node only. @type {Suite[]} */
export const javascriptSuites = engines.map(javascript);
