import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';
import { load } from '../../js/index.js';

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/**
 * A program of this folder as a compiled module, built once.
 *
 * @param {string} name of a file in programs/
 * @param {string[]} [flags]
 */
export function compileProgram(name, flags = []) {
  const key = [name, ...flags].join(' ');
  const made = modules.get(key) ?? compileNow(name, flags);
  modules.set(key, made);
  return made;
}

/** @param {string} name @param {string[]} flags */
async function compileNow(name, flags) {
  const source = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
  const { wasm } = await build({
    sources: [source],
    flags: ['-Wall', '-Wextra', '-Wpedantic', '-Werror', ...flags],
  });
  return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
}

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
    ...options,
    imports: { host },
  });
  return { app, notes };
}

/** Lets everything that is ready run. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** @param {PromiseLike<unknown>} promise @returns {Promise<any>} its reason */
export async function reasonOf(promise) {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error('expected a rejection');
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
  const app = await load(module, { clock: 'virtual', ...options, imports: { host } });
  return { app, notes };
}
