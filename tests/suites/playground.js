// The playground, built as `./build.sh playground --build` does, in each browser.

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import process from 'node:process';
import { browsers } from './engines.js';
import { missingBrowser, withBrowser } from './pages.js';
import { missingPackages, root, run } from './process.js';
import { once } from './suite.js';
import { readTap } from './tap.js';

/**
 * @import { Answering } from '../js/harness/server.js'
 * @import { Browser } from './engines.js'
 * @import { Suite } from './suite.js'
 */

const folder = 'build/playground/tested';

const buildSite = once((target) =>
  run([process.execPath, 'examples/playground/build.js', '--build', target]),
);

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const unreachable = { status: 503, type: 'text/plain', body: 'the network is off' };

/** @returns {Answering} the site, as long as its network is on, and what its lessons have to print */
function serveSite() {
  let isOn = true;
  return async ({ pathname, searchParams }) => {
    if (pathname === '/network') isOn = searchParams.get('on') === 'true';
    const [, path] = /^\/site\/(.*)$/.exec(pathname) ?? [];
    if (path !== undefined) return isOn ? answer(join(folder, path || 'index.html')) : unreachable;
    if (/^\/examples\/(lessons|playground)\/[\w.-]+$/.test(pathname)) return answer(pathname);
    if (pathname === '/network') return { type: 'text/plain', body: '' };
  };
}

/** @param {string} path */
async function answer(path) {
  const body = await readFile(join(root, path)).catch(() => undefined);
  if (!body) return { status: 404, type: 'text/plain', body: 'there is no such file' };
  return { type: types[extname(path)] ?? 'application/octet-stream', body, policy: '' };
}

/** @param {Browser} browser @returns {Suite} */
function inBrowser(browser) {
  return {
    name: `playground ${browser.name}`,
    backend: '-',
    host: `${browser.name}, playground`,
    missing: () => missingBrowser(browser) ?? missingPackages('examples/playground'),
    async run() {
      const built = await buildSite(folder);
      if (!built.ok) return { passed: 0, failed: 1, output: built.output };
      const path = '/page?file=/tests/playground/playground.test.js';
      const output = await withBrowser(browser, (runPage) => runPage(path), serveSite());
      return { ...readTap(output), output };
    },
  };
}

export const playgroundSuites = browsers.map(inBrowser);
