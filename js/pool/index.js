/// <reference lib="esnext.disposable" preserve="true" />
/** @import { AppOptions, ExportName, ModuleTypes } from '../app.js' */
/** @import { SpawnOptions } from '../calls.js' */
/** @import { Source } from '../compile.js' */
/** @import { Signature } from '../records.js' */
/** @import { WasiOptions } from '../wasi.js' */
/** @import { HostWorker } from './thread.js' */

import { captureCalls } from '../call-stack.js';
import { wrongCount } from '../calls.js';
import { checkNames } from '../check.js';
import { compile } from '../compile.js';
import { makeError } from '../errors.js';
import { readRecords } from '../records.js';
import { Member } from './member.js';
import { startWorker } from './thread.js';

/**
 * @typedef {object} OwnPoolOptions
 * @property {number} [size] how many workers there are. Default: as many as the machine has processors
 * @property {URL | string} [imports] the absolute URL of a module whose default export is, or returns, an object with
 *   `imports`. Each worker imports it for itself, since functions cannot cross
 * @property {() => HostWorker} [worker] makes a worker whose file calls `serve`. Default: one that knows no imports but
 *   those of `imports`
 * @property {(error: unknown) => void} [onUnhandled] told of failures that nobody looks at: of tasks of C's own, and of
 *   a worker that had nothing to do. Default: prints them with console.error
 */

/**
 * Besides a pool's own options those of `load` that can cross.
 *
 * @typedef {OwnPoolOptions & Pick<AppOptions, 'clock' | 'slice' | 'stack' | 'mainStack'> & Pick<WasiOptions, 'args' | 'env' | 'isTerminal'>} PoolOptions
 */

/**
 * @typedef {SpawnOptions & { transfer?: any[] }} RunOptions transfer: what is moved to the worker instead
 *   of copied, as of postMessage
 */

/**
 * What `run` takes after the name of an export.
 *
 * @template {ModuleTypes} M
 * @template {ExportName<M>} N
 * @typedef {[] extends Parameters<M['exports'][N]> ? [args?: Parameters<M['exports'][N]>, options?: RunOptions] : [args: Parameters<M['exports'][N]>, options?: RunOptions]} RunArguments
 */

const OWN_OPTIONS = ['size', 'imports', 'worker', 'onUnhandled'];
const OPTIONS = [...OWN_OPTIONS, 'clock', 'slice', 'stack', 'mainStack', 'args', 'env', 'isTerminal'];
const RUN_OPTIONS = ['signal', 'transfer', 'name', 'timeout', 'stack'];

function processorCount() {
  const { navigator, process } = /** @type {any} */ (globalThis);
  return navigator?.hardwareConcurrency ?? process.getBuiltinModule('node:os').availableParallelism();
}

/** @param {unknown} size */
function checkPoolSize(size) {
  if (typeof size === 'number' && Number.isInteger(size) && size > 0) return;
  throw new TypeError(`size: expected a number of workers, got ${String(size)}`);
}

/** @param {URL | string} imports */
function absoluteUrl(imports) {
  if (imports instanceof URL || URL.canParse(imports)) return String(imports);
  throw new TypeError("imports: expected an absolute URL, as of new URL('./imports.js', import.meta.url)");
}

/**
 * A module loaded in several workers, one instance each, so that its calls run on several processors.
 *
 * @template {ModuleTypes} [M=ModuleTypes]
 */
export class Pool {
  /** @type {Map<string, Signature>} */ #exports;
  /** @type {() => Member} */ #start;
  /** @type {(Member | undefined)[]} */ #members;
  /** @type {(error: unknown) => void} */ #onUnhandled;
  /** @type {unknown} the reason why it takes no more calls, or undefined */ #end;

  /**
   * Use `loadPool`.
   *
   * @param {WebAssembly.Module} module
   * @param {PoolOptions} options
   */
  constructor(module, options) {
    const { size = processorCount(), imports, worker = startWorker, onUnhandled = console.error } = options;
    checkPoolSize(size);
    const ofLoad = Object.entries(options).filter(([name]) => !OWN_OPTIONS.includes(name));
    const load = { module, imports: imports && absoluteUrl(imports), options: Object.fromEntries(ofLoad) };
    const onEnd = (/** @type {Member} */ member) => this.#replace(member);
    /** The module, to load again. */
    this.module = module;
    this.#exports = readRecords(module).exports;
    this.#onUnhandled = (error) => onUnhandled(error);
    this.#start = () => new Member(worker, load, { onEnd, onUnhandled: this.#onUnhandled });
    this.#members = Array.from({ length: size }, this.#start);
  }

  /** How many workers it has. */
  get size() {
    return this.#members.length;
  }

  /** The names of the functions that can be run. */
  get exports() {
    return [...this.#exports.keys()];
  }

  /**
   * Waits until all workers have loaded the module. Called by `loadPool`, once.
   *
   * @returns {Promise<this>}
   */
  async start() {
    try {
      await Promise.all(this.#members.map((member) => member?.loaded));
      return this;
    } catch (reason) {
      this.terminate();
      throw reason;
    }
  }

  // One that could not even load its module would only fail again: the next call that finds nobody else tries.
  /** @param {Member} member */
  #replace(member) {
    const place = this.#members.indexOf(member);
    const isToBeReplaced = member.isReady && this.#end === undefined;
    this.#members[place] = isToBeReplaced ? this.#start() : undefined;
    this.#members[place]?.loaded.catch(this.#onUnhandled);
  }

  /** The member that runs the fewest calls. */
  #pick() {
    const [first, ...others] = this.#members.filter((member) => member !== undefined);
    if (!first) return (this.#members[0] = this.#start());
    return others.reduce((least, member) => (member.count < least.count ? member : least), first);
  }

  /**
   * Runs an export in the worker that has the fewest calls to run; any number may run in each, as greenlets.
   * Arguments and results are copied, what `transfer` names is moved, a result of bytes too. A `ref` is a copy of the
   * value.
   *
   * @template {ExportName<M>} N
   * @param {N} name of the export
   * @param {RunArguments<M, N>} rest its arguments as an array, then perhaps a `RunOptions`. When its `signal` aborts,
   *   the greenlet is killed, its clean-up runs, then this rejects with the signal's reason; aborted already, it never
   *   runs
   * @returns {Promise<ReturnType<M['exports'][N]>>} its result; rejects as a `Task` of `app.spawn` does, with the error
   *   of the instance if that ends, and with a WorkerError if the worker does
   * @throws {import('../errors.js').GreenletError} GREENLET_EEXPORT; GREENLET_EDISPOSED once the pool is closed
   * @throws {TypeError} for an option that is none, or another number of arguments than the export takes
   * @throws {DOMException} DataCloneError for an argument that cannot be copied
   */
  async run(name, ...rest) {
    const [args = [], options = {}] = /** @type {[unknown[]?, RunOptions?]} */ (rest);
    this.#check(name, args, options);
    const { signal, transfer, ...ofSpawn } = options;
    signal?.throwIfAborted();
    const calls = captureCalls(Pool.prototype.run);
    return this.#pick().run({ name, args, options: ofSpawn }, { signal, transfer, calls });
  }

  /** @param {string} name @param {unknown[]} args @param {object} options */
  #check(name, args, options) {
    if (this.#end !== undefined) throw this.#end;
    checkNames('run', options, RUN_OPTIONS);
    const signature = this.#exports.get(name);
    if (!signature) {
      const known = this.exports.join(', ') || 'none';
      throw makeError('GREENLET_EEXPORT', `the module exports no '${name}'; it exports: ${known}`);
    }
    if (!Array.isArray(args)) throw new TypeError(`${name}: expected an array of arguments`);
    if (args.length !== signature.parameters.length) throw wrongCount(signature, args.length);
  }

  /**
   * Takes no more calls, kills those that run, waits for their clean-up, and ends the workers. A greenlet that never
   * waits keeps it waiting: see `terminate`.
   *
   * @returns {Promise<void>}
   */
  async close() {
    this.#end ??= makeError('GREENLET_EDISPOSED', 'the pool has been closed');
    await Promise.all(this.#members.map((member) => member?.close()));
  }

  /** Ends the workers at once: calls reject with GREENLET_EDISPOSED, and nothing in C cleans up. */
  terminate() {
    this.#end ??= makeError('GREENLET_EDISPOSED', 'the pool has been terminated');
    for (const member of this.#members) member?.terminate();
  }

  /** For `await using`: as `close`. */
  [Symbol.asyncDispose]() {
    return this.close();
  }
}

/**
 * Loads a module into workers of the host: Web Workers, in Node those of node:worker_threads. It is compiled once.
 *
 * @template {ModuleTypes} [M=ModuleTypes] what `greenlet-wasm types` has written for the module
 * @param {Source} source as of `load`
 * @param {PoolOptions} [options]
 * @returns {Promise<Pool<M>>} when each worker has its instance
 * @throws {import('../errors.js').ModuleError} as `load`
 * @throws {import('../errors.js').WorkerError} if a worker cannot be started
 * @throws {TypeError} as `load`, and if the imports are not what they should be
 */
export async function loadPool(source, options = {}) {
  checkNames('loadPool', options, OPTIONS);
  return new Pool(await compile(source), options).start();
}
