import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';

/**
 * A program of programs/ as a compiled module.
 *
 * @param {string} name
 */
export async function buildProgram(name) {
  const source = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
  const { wasm } = await build({ sources: [source], flags: ['-O2'] });
  return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
}
