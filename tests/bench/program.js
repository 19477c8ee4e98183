import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';

/** @import { BuildOptions } from '../../js/build/index.js' */

/** @param {string} name in programs/ */
export const programPath = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/**
 * @param {readonly string[]} names of files in programs/
 * @param {Partial<BuildOptions>} [options]
 * @returns {Promise<Uint8Array<ArrayBuffer>>} their module
 */
export async function buildProgram(names, options = {}) {
  const { wasm } = await build({ sources: names.map(programPath), flags: ['-O2'], ...options });
  return /** @type {Uint8Array<ArrayBuffer>} */ (wasm);
}
