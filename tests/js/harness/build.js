import { fileURLToPath } from 'node:url';

import { build } from '../../../js/build/index.js';
/** @import { Variant } from './variants.js' */

/** @param {Variant} variant @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function buildProgram({ source, flags = [], maxMemory }) {
  const { wasm } = await build({
    sources: [fileURLToPath(new URL(`../programs/${source}`, import.meta.url))],
    flags: ['-Wall', '-Wextra', '-Wpedantic', '-Werror', ...flags],
    maxMemory,
  });
  return /** @type {Uint8Array<ArrayBuffer>} */ (wasm);
}
