/** @import { App, ModuleTypes } from '../app.js' */
/** @import { LoadArguments } from '../load.js' */
/** @import { Records } from '../records.js' */

import { load } from '../load.js';
import { readRecords } from '../records.js';
import { encodeReason } from './reasons.js';

/**
 * A worker's end of the line to its pool.
 *
 * @typedef {object} Port
 * @property {(message: object, transfer?: any[]) => void} post
 * @property {(take: (message: any) => void) => void} listen
 */

/** @returns {Port} */
function findPort() {
  const { addEventListener, postMessage, process } = /** @type {any} */ (globalThis);
  const { parentPort } = postMessage ? {} : process.getBuiltinModule('node:worker_threads');
  if (parentPort) {
    return {
      post: (message, transfer) => parentPort.postMessage(message, transfer),
      listen: (take) => parentPort.on('message', take),
    };
  }
  if (!postMessage) throw new Error('serve: expected to be called in a worker');
  return {
    post: (message, transfer = []) => postMessage(message, transfer),
    listen: (take) => addEventListener('message', (/** @type {MessageEvent} */ { data }) => take(data)),
  };
}

/** @param {string} url of a module whose default export is, or returns, an object with imports */
async function importsFrom(url) {
  const { default: half } = await import(/* @vite-ignore */ url);
  const made = typeof half === 'function' ? await half() : half;
  if (typeof made?.imports === 'object') return made.imports;
  throw new TypeError(`${url} has no default export that is, or returns, an object with imports`);
}

/**
 * A worker's instance, and the calls that its pool has given it.
 */
class Server {
  /** @type {Port} */ #port;
  /** @type {Record<string, any>} */ #options;
  /** @type {Promise<App>} */ #app = /** @type {any} */ (undefined);
  /** @type {Records['exports']} */ #exports = new Map();
  /** @type {Map<number, AbortController>} */ #controllers = new Map();
  /** @type {Set<Promise<void>>} */ #running = new Set();

  /** @param {Port} port @param {Record<string, any>} options */
  constructor(port, options) {
    this.#port = port;
    this.#options = options;
  }

  /** @param {any} message of member.js */
  take(message) {
    if (message.type === 'load') this.#load(message);
    else if (message.type === 'call') this.#follow(this.#call(message));
    else if (message.type === 'abort') this.#controllers.get(message.number)?.abort();
    else this.#close();
  }

  /** @param {{ module: WebAssembly.Module, imports?: string, options: object }} what */
  #load({ module, imports, options }) {
    this.#exports = readRecords(module).exports;
    this.#app = this.#start(module, imports, options);
    this.#app.then(
      () => this.#port.post({ type: 'ready' }),
      (reason) => this.#port.post({ type: 'over', reason: encodeReason(reason) }),
    );
  }

  /** @param {WebAssembly.Module} module @param {string | undefined} imports @param {object} options */
  async #start(module, imports, options) {
    const tell = (/** @type {string} */ type) => (/** @type {unknown} */ reason) =>
      this.#port.post({ type, reason: encodeReason(reason) });
    return load(module, {
      onUnhandled: tell('unhandled'),
      ...options,
      ...this.#options,
      imports: { ...this.#options.imports, ...(imports && (await importsFrom(imports))) },
      onEnd: tell('over'),
    });
  }

  /** @param {Promise<void>} call */
  async #follow(call) {
    this.#running.add(call);
    await call;
    this.#running.delete(call);
  }

  /** @param {{ number: number, name: string, args: unknown[], options: object }} call */
  async #call({ number, name, args, options }) {
    const controller = new AbortController();
    const { signal } = controller;
    this.#controllers.set(number, controller);
    try {
      const app = await this.#app;
      const value = await /** @type {any} */ (app).spawn(name, ...args, { ...options, signal });
      this.#port.post({ type: 'returned', number, value }, this.#ownedBy(name, value));
    } catch (reason) {
      const isAbort = signal.aborted && reason === signal.reason;
      this.#port.post(
        isAbort ? { type: 'aborted', number } : { type: 'failed', number, reason: encodeReason(reason) },
      );
    }
    this.#controllers.delete(number);
  }

  /** What of a result nobody else has: it is moved, not copied. @param {string} name @param {any} value */
  #ownedBy(name, value) {
    return this.#exports.get(name)?.result === 'bytes' ? [value.buffer] : [];
  }

  async #close() {
    const app = await this.#app.catch(() => undefined);
    await app?.[Symbol.asyncDispose]();
    await Promise.all(this.#running);
    this.#port.post({ type: 'closed' });
  }
}

/**
 * Makes the worker that calls it one of a pool: for a worker file of one's own, which bundlers bundle with the imports
 * that it gives. To be called once, at the top of the file.
 *
 * @template {ModuleTypes} [M=ModuleTypes] what `greenlet-wasm types` has written for the module
 * @param {LoadArguments<M>} rest the options of `load` that hold in this worker, `imports` first of all
 * @throws {Error} if there is no pool to serve
 */
export function serve(...rest) {
  const port = findPort();
  const server = new Server(port, rest[0] ?? {});
  port.listen((message) => server.take(message));
}
