// Which suites of bridge/, and which of their tests, cannot apply to a program that Emscripten has linked, and why.

import { host } from './host.js';

/** Files, by their names. @type {Record<string, string>} */
export const files = {
  'load.test.js': 'Emscripten loads its programs itself',
  'pool.test.js': "a pool's workers load modules",
};

/** Programs that nothing else loads. */
export const programs = ['contract.c'];

/** Tests, by their names. @type {Record<string, string>} */
export const tests = {
  'names an import that is missing': 'an import that nobody has given fails when it is called',
};

/** Those of a debug build. @type {Record<string, string>} */
export const debugTests = {
  'has no functions of C of a promise, where the build is none for debugging': 'it is one',
  'loads a compiled module without timers, and runs it without generating code':
    'Emscripten’s assertions set a timer',
};

/** @type {Record<string, string>} */
const skipped = { ...tests, ...(host.emscripten === 'debug' ? debugTests : {}) };

/**
 * The functions that declare tests, which skip those.
 *
 * @template {Pick<typeof import('node:test'), 'it' | 'test'>} R
 * @param {R} runner
 * @returns {R}
 */
export function skipping(runner) {
  const skippingIn =
    (/** @type {any} */ declare) =>
    (/** @type {string} */ name, /** @type {any[]} */ ...rest) =>
      skipped[name] ? declare(name, { skip: skipped[name] }, rest.at(-1)) : declare(name, ...rest);
  return { ...runner, it: skippingIn(runner.it), test: skippingIn(runner.test) };
}
