// Programs that Emscripten has linked with -sMODULARIZE: JavaScript that makes instances, and beside it the module.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * @typedef {import('../../js/app.js').App<any>} App
 * @typedef {(module: Record<string, any>) => Promise<Record<string, any>>} Factory
 */

/**
 * Reads one, for any number of instances.
 *
 * @param {string} file the JavaScript, absolute
 * @returns {Promise<{ make: Factory, module: WebAssembly.Module }>}
 */
export async function readFactory(file) {
  /** @type {Factory} */
  const create = createRequire(import.meta.url)(file);
  const compiled = await WebAssembly.compile(readFileSync(file.replace(/\.js$/, '.wasm')));
  /** @type {Factory} */
  const make = (module) =>
    create({
      instantiateWasm(
        /** @type {WebAssembly.Imports} */ imports,
        /** @type {(instance: WebAssembly.Instance, module: WebAssembly.Module) => void} */ receive,
      ) {
        const instance = new WebAssembly.Instance(compiled, imports);
        receive(instance, compiled);
        return instance.exports;
      },
      quit(/** @type {number} */ _status, /** @type {unknown} */ reason) {
        throw reason;
      },
      ...module,
    });
  return { make, module: compiled };
}
