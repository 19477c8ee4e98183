// Pages of browsers that run tests.

import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startServer } from '../js/harness/server.js';
import { missingPrograms, root } from './process.js';
import { once } from './suite.js';

/** @import { Browser } from './engines.js' */
/** @import { Server } from '../js/harness/server.js' */

/** Where the browsers' packages are. They are loaded when they are needed: whoever runs other tests may not have them. */
const require = createRequire(join(root, 'tests/engines/package.json'));

/** After so many seconds without an end, a page is given up. */
const PATIENCE = 600;

/** @param {Browser} browser @returns {string | null} */
export function missingBrowser({ program }) {
  try {
    require.resolve('puppeteer-core');
  } catch {
    return 'no puppeteer: run `npm ci` in tests/engines';
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
 * Starts a browser, and opens pages of the harness in it, one after the other.
 *
 * @template T
 * @param {Browser} settings
 * @param {(runPage: (path: string) => Promise<string>) => Promise<T>} use runPage resolves with what the page at a path
 *   has reported to its end
 * @returns {Promise<T>}
 */
export async function withBrowser({ kind, program, args }, use) {
  await bundleAssert('build/js/assert.js');
  const server = await startServer(() => readFile(join(root, 'build/js/contract.c.wasm')));
  const options = { browser: kind, executablePath: program, args, headless: true };
  const browser = await require('puppeteer-core').launch(options);
  try {
    return await use((path) => runPage(browser, server, path));
  } finally {
    await browser.close();
    server.close();
  }
}

/**
 * @param {any} browser of puppeteer's
 * @param {Server} server
 * @param {string} path
 */
async function runPage(browser, server, path) {
  const report = server.expectReport();
  const page = await browser.newPage();
  const patience = setTimeout(() => report.add(`not ok 0 - the page did not end\n1..0`), PATIENCE * 1000);
  try {
    const opening = page.goto(`${server.origin}${path}&run=${report.name}`);
    return await Promise.race([report.finished, opening.then(() => report.finished)]);
  } finally {
    clearTimeout(patience);
    await page.close();
  }
}
