import { makeError } from './errors.js';

/**
 * @typedef {'i32' | 'i64' | 'f32' | 'f64' | 'string' | 'bytes' | 'json' | 'ref' | 'stream' | 'lent'} DoorType
 * @typedef {{ name: string, result: DoorType | 'void', parameters: DoorType[], isIterable: boolean }} Signature isIterable:
 *   it gives many results, one after the other
 * @typedef {Omit<Signature, 'isIterable'> & { module: string }} ImportSignature
 * @typedef {{ version: string, abi: number, compiler: string, debug: boolean, stackCheck: boolean, host: 'javascript' | 'wasi' | 'emscripten' }} BuildRecord
 * @typedef {{ build: BuildRecord, exports: Map<string, Signature>, imports: Map<string, ImportSignature> }} Records
 */

/** The version of the contract between a module and this package (wasm/abi.json). */
export const ABI = 1;

const decoder = new TextDecoder();

/**
 * @param {WebAssembly.Module} module
 * @param {string} name
 * @returns {string | undefined} the text of all custom sections of that name
 */
function readSection(module, name) {
  const sections = WebAssembly.Module.customSections(module, name);
  return sections.length ? sections.map((section) => decoder.decode(section)).join('') : undefined;
}

/** @param {WebAssembly.Module} module */
function readBuildRecord(module) {
  const text = readSection(module, 'greenlet.build');
  if (text === undefined) {
    throw makeError('GREENLET_EMODULE', 'this module was not built with `greenlet-wasm build`');
  }
  const build = /** @type {BuildRecord} */ (JSON.parse(text));
  if (build.abi === ABI) return build;
  const message = `this module was built by greenlet-wasm ${build.version} (ABI ${build.abi}), this package runs ABI ${ABI}: build it again`;
  throw makeError('GREENLET_EABI', message);
}

/**
 * The imports that a module calls. It may have records of more: those of headers that it includes, in each file that
 * does.
 *
 * @param {WebAssembly.Module} module
 */
function calledImports(module) {
  const imports = WebAssembly.Module.imports(module).filter(({ module }) => module === 'gevent');
  return new Set(imports.map(({ name }) => name));
}

/**
 * @param {Map<string, ImportSignature>} imports
 * @param {ImportSignature} signature
 */
function addImport(imports, signature) {
  const key = `${signature.module}.${signature.name}`;
  const other = imports.get(key);
  if (other && JSON.stringify(other) !== JSON.stringify(signature)) {
    throw makeError('GREENLET_EMODULE', `the module declares its import ${key} in two ways`);
  }
  imports.set(key, signature);
}

/** @param {string} line @returns {ImportSignature} */
export function importOf(line) {
  const [, module, name, result, ...parameters] = /** @type {any[]} */ (line.split(' '));
  return { module, name, result, parameters };
}

/** @param {Map<string, Signature>} exports @param {string} line */
export function addExport(exports, line) {
  const [kind, name, result, ...parameters] = /** @type {any[]} */ (line.split(' '));
  exports.set(name, { name, result, parameters, isIterable: kind === 'iterable' });
}

/**
 * What a module says of itself: how it was built, and what crosses its door.
 *
 * @param {WebAssembly.Module} module
 * @returns {Records}
 */
export function readRecords(module) {
  /** @type {Records} */
  const records = { build: readBuildRecord(module), exports: new Map(), imports: new Map() };
  const called = calledImports(module);
  for (const line of (readSection(module, 'greenlet.door') ?? '').split('\n')) {
    const [kind, module, name] = line.split(' ');
    if (kind === 'import') called.has(`${module}.${name}`) && addImport(records.imports, importOf(line));
    else if (name) addExport(records.exports, line);
  }
  return records;
}
