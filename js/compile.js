import { makeError } from './errors.js';

/**
 * @typedef {URL | string | Response | Promise<Response> | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module} Source
 */

const NOT_WASM = 'not a WebAssembly module that this engine can compile';

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
  return files ? compileBytes(await files.readFile(source)) : compileResponse(await fetch(source));
}

/** @param {string} message @param {unknown} [cause] */
function noModule(message, cause) {
  return makeError('GREENLET_EMODULE', message, { cause });
}

/** @param {Response} response */
async function compileResponse(response) {
  const { ok, status, statusText, headers } = response;
  const what = `cannot load ${response.url || 'the response'}`;
  if (!ok) throw noModule(`${what}: ${status} ${statusText}`.trim());
  const type = headers.get('content-type') ?? 'of an unknown type';
  const isWasm = type.startsWith('application/wasm');
  try {
    return await (isWasm && typeof WebAssembly.compileStreaming === 'function' // which compiles while it arrives
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
  } catch (cause) {
    throw noModule(`${what}: ${isWasm ? NOT_WASM : `it is ${type}, not a WebAssembly module`}`, cause);
  }
}

/** @param {BufferSource} bytes */
async function compileBytes(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw noModule(NOT_WASM, cause);
  }
}

/**
 * @param {Source} source
 * @returns {Promise<WebAssembly.Module>}
 * @throws {import('./errors.js').ModuleError} GREENLET_EMODULE, if the bytes, or what a server answered, are no module
 * @throws {TypeError} for a source of another kind
 */
export async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return compileBytes(source);
  if (typeof source === 'string' || source instanceof URL) return compileFrom(source);
  const response = await source;
  if (response instanceof Response) return compileResponse(response);
  throw new TypeError('load: expected a URL, path, Response, bytes or WebAssembly.Module');
}
