// Pages of browsers that run tests.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../js/harness/server.js';
import { missingPrograms, root, start } from './process.js';
import { once } from './suite.js';

/** @import { Browser } from './engines.js' */
/** @import { Answering, Server } from '../js/harness/server.js' */

/** Where the browsers' packages are. They are loaded when they are needed: whoever runs other tests may not have them. */
const require = createRequire(join(root, 'tests/engines/package.json'));

/** After so many seconds without an end, a page is given up. */
const PATIENCE = 600;

/** @param {Browser} browser @returns {string | null} */
export function missingBrowser({ program }) {
  try {
    require.resolve('esbuild');
  } catch {
    return 'no esbuild: run `npm ci` in tests/engines';
  }
  return missingPrograms(program);
}

/** Makes the package `assert`, which is Node's, one module for pages. */
export const bundleAssert = once(async (outfile) => {
  mkdirSync(join(root, 'build/js'), { recursive: true });
  await require('esbuild').build({
    stdin: {
      contents: "export { strict as default } from 'assert';",
      resolveDir: join(root, 'tests/engines'),
    },
    outfile: join(root, outfile),
    bundle: true,
    format: 'esm',
    define: { global: 'globalThis' },
    banner: { js: 'const process = { env: {} };' }, // which it asks what it may print
    logLevel: 'error',
  });
});

/**
 * Serves the harness, and opens pages of it in a browser, each in one of its own.
 *
 * @template T
 * @param {Browser} browser
 * @param {(runPage: (path: string) => Promise<string>) => Promise<T>} use runPage resolves with what the page at a path
 *   has reported to its end
 * @param {Answering} [answerFirst] what else is served
 * @returns {Promise<T>}
 */
export async function withBrowser(browser, use, answerFirst) {
  await bundleAssert('build/js/assert.js');
  const server = await startServer(() => readFile(join(root, 'build/js/contract.c.wasm')), answerFirst);
  try {
    return await use((path) => runPage(browser, server, path));
  } finally {
    server.close();
  }
}

// Nothing drives the browser, since pages report by themselves: under WebDriver, Firefox now and then never returns from
// `new Worker` in a worker.
/**
 * @param {Browser} browser
 * @param {Server} server
 * @param {string} path
 */
async function runPage({ program, args }, server, path) {
  const report = server.expectReport();
  const profile = mkdtempSync(join(tmpdir(), 'greenlet-profile-'));
  const url = `${server.origin}${path}&run=${report.name}`;
  const { ended, kill } = start([program, '--headless', ...args(profile), url]);
  const giveUp = (/** @type {string} */ why) => report.add(`not ok 0 - ${why}\n1..0`);
  const patience = setTimeout(giveUp, PATIENCE * 1000, 'the page did not end');
  ended.then(() => giveUp('the browser has ended'));
  const text = await report.finished;
  clearTimeout(patience);
  await kill();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return text;
}
