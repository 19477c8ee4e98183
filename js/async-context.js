/** @import { Instance } from './instance.js' */

/** @typedef {(call: Function, values: unknown[]) => any} Snapshot calls in the async context in which it was taken */

/**
 * How this host takes one: by the AsyncContext of the language, or by Node's AsyncResource, which Deno and Bun have,
 * too, and which takes a hundredth of the time of AsyncLocalStorage.snapshot. Undefined where there is neither.
 *
 * @returns {(() => Snapshot) | undefined}
 */
function findSnapshot() {
  const { AsyncContext, process } = /** @type {any} */ (globalThis);
  if (AsyncContext?.Snapshot) {
    return () => {
      const snapshot = new AsyncContext.Snapshot();
      return (call, values) => snapshot.run(call, ...values);
    };
  }
  const { AsyncResource } = process?.getBuiltinModule?.('node:async_hooks') ?? {};
  if (!AsyncResource) return;
  return () => {
    const resource = new AsyncResource('greenlet');
    return (call, values) => resource.runInAsyncScope(call, undefined, ...values);
  };
}

/**
 * The async contexts of calls: an import runs in that of the call that led to it. C has their numbers and hands them
 * on from greenlet to greenlet. Where the host knows no async contexts, C hears nothing of them.
 */
export class AsyncContexts {
  /** @type {Instance} */ #instance;
  #take = findSnapshot();
  /** That of `load`, for imports that no call has led to. */
  #base = this.#take?.();

  /** @param {Instance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /**
   * Tells C the caller's. To be called just before an entry.
   *
   * @throws {import('./errors.js').GreenletError} GREENLET_ENOMEM
   */
  enter() {
    if (!this.#take) return;
    const { exports, references, errors } = this.#instance;
    const number = references.add(this.#take());
    const code = exports.gevent_wasm_enter_async_context(number);
    if (code >= 0) return;
    references.remove(number);
    throw errors.fromCode(code);
  }

  /**
   * Calls an import in that of the greenlet that runs.
   *
   * @param {Function} call
   * @param {unknown[]} values
   */
  run(call, values) {
    if (!this.#base) return call(...values);
    const number = this.#instance.exports.gevent_wasm_async_context();
    const snapshot = /** @type {Snapshot} */ (number ? this.#instance.references.get(number) : this.#base);
    return snapshot(call, values);
  }
}
