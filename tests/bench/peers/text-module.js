import { readFileSync } from 'node:fs';

/** @import Binaryen from 'binaryen' */

/** @param {string} name */
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/**
 * @param {string} name of a file beside this one
 * @param {(keyof typeof Binaryen.Features)[]} features
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileText(name, features) {
  const { default: binaryen } = await import('binaryen');
  const module = binaryen.parseText(read(name).replace(';; FRAMES', read('frames.wat')));
  const bits = features.map((feature) => /** @type {number} */ (binaryen.Features[feature]));
  module.setFeatures(bits.reduce((all, bit) => all | bit));
  const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (module.emitBinary());
  module.dispose();
  return WebAssembly.compile(bytes);
}
