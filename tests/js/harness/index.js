// What the suites of bridge/ need of their host: node:test and node:assert where they are, elsewhere what stands for
// them.
//
// `node --test tests/js/bridge/load.test.js` runs one in Node; tests/suites/bridge.js has them run on every engine.

import { host } from './host.js';

export * from './helpers.js';
export { host } from './host.js';

import { skipping } from './not-in-emscripten.js';
import { readProgram } from './programs.js';

export { compileProgram, load, readBuilt, readProgram } from './programs.js';

// The bundle that tests/suites/pages.js makes of the package `assert`.
const assertInPages = '/build/js/assert.js';

/** @type {typeof import('node:test')} */
const runner = host.isNode ? await import('node:test') : /** @type {any} */ (await import('./runner.js'));
export const { describe, it, test } = host.emscripten ? skipping(runner) : runner;

/** @type {typeof import('node:assert/strict')} */
export const assert = (await import(host.isBrowser ? assertInPages : 'node:assert/strict')).default;

/**
 * A server of the project's modules, and of answers of every kind (server.js); in a browser, the one that it all came
 * from.
 *
 * @param {{ after: (cleanUp: () => void) => void }} t
 * @returns {Promise<string>} its origin
 */
export async function serve(t) {
  if (host.isBrowser) return location.origin;
  const { startServer } = await import('./server.js');
  const { origin, close } = await startServer(() => readProgram({ source: 'contract.c' }));
  t.after(close);
  return origin;
}
