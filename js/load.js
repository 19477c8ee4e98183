/** @import { AppOptions, ModuleTypes } from './app.js' */
/** @import { WasiOptions } from './wasi.js' */

import { App } from './app.js';
import { checkNames, checkSize } from './check.js';
import { makeError } from './errors.js';
import { readRecords } from './records.js';

/**
 * @typedef {URL | string | Response | Promise<Response> | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module} Source
 */

/**
 * The options for a module whose door is M.
 *
 * @template {ModuleTypes} M
 * @typedef {Omit<AppOptions, 'imports'> & WasiOptions & ({} extends M['imports'] ? Pick<AppOptions, 'imports'> : { imports: M['imports'] & Record<string, Record<string, Function>> })} LoadOptions
 */

/**
 * @template {ModuleTypes} M
 * @typedef {{} extends M['imports'] ? [options?: LoadOptions<M>] : [options: LoadOptions<M>]} LoadArguments
 */

/** Of AppOptions and WasiOptions. */
const OPTIONS = [
  'imports',
  'onUnhandled',
  'clock',
  'slice',
  'stack',
  'mainStack',
  'isCommand',
  'endsWithMain',
  'args',
  'env',
  'stdin',
  'stdout',
  'stderr',
  'isTerminal',
];

/** What reads files, where there are any: in Node, Deno and Bun. No bundler takes it for something to bundle. */
function findFiles() {
  const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
  return process?.getBuiltinModule?.('node:fs/promises');
}

/** @param {URL | string} source */
function isPath(source) {
  return typeof source === 'string' ? !/^[a-z]{2,}:/i.test(source) : source.protocol === 'file:';
}

/** @param {URL | string} source */
async function compileFrom(source) {
  const files = isPath(source) && findFiles();
  return files
    ? compileBytes(new Uint8Array(await files.readFile(source)))
    : compileResponse(await fetch(source));
}

/** @param {Response} response */
async function compileResponse(response) {
  if (!response.ok)
    throw new TypeError(`cannot load ${response.url}: ${response.status} ${response.statusText}`);
  const isWasm = response.headers.get('content-type')?.startsWith('application/wasm');
  if (isWasm) return WebAssembly.compileStreaming(response);
  return compileBytes(new Uint8Array(await response.arrayBuffer()));
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function compileBytes(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw makeError('GREENLET_EMODULE', 'not a WebAssembly module that this engine can compile', { cause });
  }
}

/**
 * @param {Source} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer) return compileBytes(new Uint8Array(source));
  if (ArrayBuffer.isView(source)) {
    return compileBytes(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
  }
  if (typeof source === 'string' || source instanceof URL) return compileFrom(source);
  const response = await source;
  if (response instanceof Response) return compileResponse(response);
  throw new TypeError('load: expected a URL, a path, a Response, bytes or a WebAssembly.Module');
}

/**
 * Loads a module that `greenlet-wasm build` has made, and starts its runtime; nothing of the program runs yet.
 *
 * @param {Source} source a URL, a path (in Node), a Response or a promise of one, the bytes, or the compiled module
 * @template {ModuleTypes} [M=ModuleTypes] what `greenlet-wasm types` has written for the module
 * @param {LoadArguments<M>} rest the options; needed if M has imports
 * @returns {Promise<App<M>>}
 * @throws {import('./errors.js').ModuleError} if the module was not built with the command, by another version, or
 *   if greenlets do not switch in it
 * @throws {TypeError} for a source of another kind, an option that is none, or an import that is missing
 */
export async function load(source, ...rest) {
  const options = /** @type {AppOptions & WasiOptions} */ (rest[0] ?? {});
  checkNames('load', options, OPTIONS);
  checkSize('stack', options.stack);
  checkSize('mainStack', options.mainStack);
  const module = await compile(source);
  return new App(module, readRecords(module), options).start();
}
