import { makeError } from './errors.js';

/**
 * @typedef {URL | string | Response | Promise<Response> | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module} Source
 */

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
 * @throws {import('./errors.js').ModuleError} GREENLET_EMODULE, if the bytes are no module
 * @throws {TypeError} for a source of another kind, or a response that is none to a request that went well
 */
export async function compile(source) {
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
