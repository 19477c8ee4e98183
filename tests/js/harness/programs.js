// The compiled programs of ../programs, wherever the tests run.

import { load as loadModule } from '../../../js/index.js';
import { host } from './host.js';
import { moduleName } from './variants.js';

/** @import { Variant } from './variants.js' */

/** Programs that Emscripten has linked, where the tests are for these. */
const emscripten = host.emscripten && (await import('./emscripten.js'));

/** As the package's `load`, of what `compileProgram` gave. */
export const load = emscripten ? emscripten.load : loadModule;

const built = new URL('../../../build/', import.meta.url);

/** Node builds what it loads, unless somebody has built all of it. */
const buildsItself = host.isNode && !process.env.GREENLET_TEST_PROGRAMS_ARE_BUILT;

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @param {string} path in build/ @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function readBuilt(path) {
  const file = new URL(path, built);
  if (host.isBrowser) return new Uint8Array(await (await fetch(file)).arrayBuffer());
  const { readFile } = await import('node:fs/promises');
  return new Uint8Array(await readFile(file));
}

/** @param {Variant} variant @returns {Promise<Uint8Array<ArrayBuffer>>} its module */
export async function readProgram(variant) {
  if (!buildsItself) return readBuilt(`js/${moduleName(variant)}`);
  const { buildProgram } = await import('./build.js');
  return buildProgram(variant);
}

/**
 * A program as a compiled module, made once.
 *
 * @param {string} source a file of ../programs
 * @param {string[]} [flags]
 * @param {number} [maxMemory]
 */
export function compileProgram(source, flags, maxMemory) {
  const variant = { source, flags, maxMemory };
  const name = moduleName(variant);
  const made = modules.get(name) ?? compile(variant);
  modules.set(name, made);
  return made;
}

/** @param {Variant} variant */
async function compile(variant) {
  if (emscripten) return emscripten.readProgram(variant);
  return WebAssembly.compile(await readProgram(variant));
}
