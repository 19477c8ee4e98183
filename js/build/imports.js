import { BuildError } from './errors.js';

/** The import module of C's GEVENT_IMPORTs (src/gevent/door_wasm.h). */
const DOOR = 'gevent';

/**
 * A host that is not JavaScript has nothing to give but what its list says.
 * @param {string} name of the host
 * @param {import('./runtime.js').Host} host
 * @param {Uint8Array} wasm
 * @throws {BuildError} EHOST, which names what else the module imports
 */
export function checkImports(name, { imports: given }, wasm) {
  if (!given) return;
  const wanted = WebAssembly.Module.imports(new WebAssembly.Module(/** @type {BufferSource} */ (wasm)));
  const missing = wanted.filter(({ module }) => !given.includes(module)).map(nameOf);
  if (!missing.length) return;
  const hint = 'define it in C, or build for JavaScript, without --host';
  throw new BuildError('EHOST', `the host '${name}' has nothing to import: ${missing.join(', ')}: ${hint}`);
}

/** @param {WebAssembly.ModuleImportDescriptor} wanted */
function nameOf({ module, name }) {
  return module === DOOR ? name : `${module}.${name}`;
}
