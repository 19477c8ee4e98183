// The programs of programs/, loaded: what more than one file of tests needs.

import { compileProgram, load } from './harness/programs.js';

export { reasonOf, settle } from './harness/helpers.js';
export { compileProgram };

/** A slice that is over on no machine, however slow, so that one macrotask is enough for all that is ready. */
export const LONG = 1e6;

/**
 * bridge.c, loaded, with imports that do what their names say, and what it has noted.
 *
 * @param {import('../../js/app.js').AppOptions & import('../../js/wasi.js').WasiOptions} [options]
 */
export async function loadBridge(options = {}) {
  /** @type {unknown[]} */
  const notes = [];
  const host = {
    add_later: async (/** @type {number} */ a, /** @type {number} */ b) => a + b,
    greet: async (/** @type {string} */ name) => `hello ${name}`,
    reverse: (/** @type {Uint8Array} */ bytes) => bytes.reverse(),
    transform: (/** @type {unknown} */ value) => ({ got: value }),
    note: (/** @type {string} */ text) => void notes.push(text),
    big: (/** @type {bigint} */ value) => value + 1n,
    half: (/** @type {number} */ value) => value / 2,
    pick: (/** @type {any} */ object, /** @type {string} */ key) => object[key],
    reenter: () => {},
    ...options.imports?.host,
  };
  const app = await load(await compileProgram('bridge.c'), {
    clock: 'virtual',
    slice: LONG,
    ...options,
    imports: { host },
  });
  return { app, notes };
}

/**
 * complaints.c, loaded, with imports that do little, and what it has noted.
 *
 * @param {Record<string, Function>} [imports]
 * @param {import('../../js/app.js').AppOptions} [options]
 * @param {string[]} [flags] of the build
 */
export async function loadComplaints(imports, options, flags) {
  /** @type {string[]} */
  const notes = [];
  const host = {
    wait_for: async (/** @type {number} */ milliseconds) => milliseconds,
    note: (/** @type {string} */ text) => void notes.push(text),
    who: () => 'nobody',
    who_later: async () => 'nobody',
    who_soon: async () => 'nobody',
    slow_bytes: async (/** @type {Uint8Array} */ bytes) => bytes,
    reenter: () => {},
    ...imports,
  };
  const module = await compileProgram('complaints.c', flags);
  const app = await load(module, { clock: 'virtual', slice: LONG, ...options, imports: { host } });
  return { app, notes };
}
