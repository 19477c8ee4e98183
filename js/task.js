/** @import { App } from './app.js' */

import { siteOf } from './call-stack.js';

/** @typedef {'pending' | 'returned' | 'killed' | 'failed'} TaskStatus */

/**
 * A call of an export, running as a greenlet. To await it is to wait for its result; to forget it ends
 * nothing.
 *
 * @template [T=any]
 * @implements {PromiseLike<T>}
 */
export class Task {
  /** @type {TaskControl} */ #control;
  /** @type {TaskStatus} */ #status = 'pending';
  /** @type {any} */ #outcome;
  /** @type {PromiseWithResolvers<T> | undefined} */ #promise;

  /**
   * Use `app.spawn`.
   *
   * @param {App<any>} app
   * @param {string} name
   * @param {TaskControl} control
   */
  constructor(app, name, control) {
    /** The app that it runs in. */
    this.app = app;
    /** Its name, in reports and errors. */
    this.name = name;
    this.#control = control;
    control.settle = (status, outcome) => this.#settle(status, outcome);
  }

  /** 'pending' until it has ended; then how it did. */
  get status() {
    return this.#status;
  }

  /** What it waits in, for example 'sleep'; undefined if it does not wait. */
  get waitingOn() {
    return this.#status === 'pending' ? this.#control.waitingOn() : undefined;
  }

  /** Where it was spawned in JavaScript, 'file:line:column'; undefined if the engine does not say. */
  get spawnedAt() {
    return siteOf(this.#control.calls.stack);
  }

  /** Whether anybody has asked for its outcome. */
  get isObserved() {
    return this.#promise !== undefined;
  }

  /**
   * Kills it: its pending call fails with GREENLET_EEXIT, its clean-up runs, then awaiting it rejects, with a
   * KilledError or with `reason` if one is given. C may refuse to die and go on. No effect once it has ended.
   *
   * @param {unknown} [reason] of any type; of two kills the first one's counts
   * @throws {import('./errors.js').GreenletError} GREENLET_ENOMEM
   */
  kill(reason) {
    if (this.#status === 'pending') this.#control.kill(reason);
  }

  /** @internal For who shows it (inspect.js). @param {Task<any>} task @returns {unknown} its value, or why it has none */
  static outcomeOf(task) {
    return task.#outcome;
  }

  /** @param {Exclude<TaskStatus, 'pending'>} status @param {any} outcome */
  #settle(status, outcome) {
    if (this.#status !== 'pending') return;
    this.#status = status;
    this.#outcome = outcome;
    if (this.#promise) this.#fulfil(this.#promise);
  }

  /** @param {PromiseWithResolvers<T>} promise */
  #fulfil(promise) {
    if (this.#status === 'returned') promise.resolve(this.#outcome);
    else promise.reject(this.#outcome);
  }

  // Made at the first use, so that nobody's unhandledRejection hears of a task that nobody awaits.
  #getPromise() {
    if (this.#promise) return this.#promise.promise;
    this.#promise = withResolvers();
    if (this.#status !== 'pending') this.#fulfil(this.#promise);
    return this.#promise.promise;
  }

  /**
   * @template [A=T]
   * @template [B=never]
   * @param {((value: T) => A | PromiseLike<A>) | null} [onFulfilled]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [onRejected]
   * @returns {Promise<A | B>}
   */
  // biome-ignore lint/suspicious/noThenProperty: a task is meant to be awaited
  then(onFulfilled, onRejected) {
    return this.#getPromise().then(onFulfilled, onRejected);
  }

  /**
   * @template [B=never]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [onRejected]
   * @returns {Promise<T | B>}
   */
  catch(onRejected) {
    return this.#getPromise().catch(onRejected);
  }

  /**
   * @param {(() => void) | null} [onFinally]
   * @returns {Promise<T>}
   */
  finally(onFinally) {
    return this.#getPromise().finally(onFinally);
  }
}

/**
 * What a task asks of its app, and the other way round.
 *
 * @typedef {object} TaskControl
 * @property {(reason: unknown) => void} kill
 * @property {{ stack?: string }} calls that led to its spawn
 * @property {() => string | undefined} waitingOn
 * @property {(status: Exclude<TaskStatus, 'pending'>, outcome: any) => void} settle set by the task
 */

/** @template T @typedef {{ promise: Promise<T>, resolve: (value: any) => void, reject: (reason: unknown) => void }} PromiseWithResolvers */

/**
 * Promise.withResolvers, which Node 20 does not have.
 *
 * @template T
 * @returns {PromiseWithResolvers<T>}
 */
export function withResolvers() {
  /** @type {any} */
  const result = {};
  result.promise = new Promise((resolve, reject) => {
    result.resolve = resolve;
    result.reject = reject;
  });
  return result;
}
