/** @import { DoorType } from './records.js' */
/** @import { Task } from './task.js' */

import { withResolvers } from './task.js';

/** @typedef {import('./task.js').PromiseWithResolvers<IteratorResult<any, any>>} Asked */

/**
 * The values of an export of C that gives many. C starts when the first is asked for, and waits while none is: it is
 * at most the value ahead that it is putting, and `highWaterMark` more. To return is to kill it: that resolves when
 * its clean-up has run.
 *
 * @template [T=any]
 * @implements {AsyncIterableIterator<T>}
 */
export class Iteration {
  /** @type {(iteration: Iteration) => Task} */ #start;
  /** @type {Task | undefined} */ #task;
  #highWaterMark;
  /** @type {T[]} that C has put and nobody has asked for */ #ready = [];
  /** @type {Asked[]} */ #asked = [];
  /** @type {(() => void) | undefined} lets C go on */ #resume;
  #isOver = false;
  /** @type {{ reason: unknown } | undefined} a failure that nobody has been told of */ #failure;
  /** The reason with which `return` kills. */
  #returned = new Error('the iteration has returned');

  /**
   * Use `app.iterate`.
   *
   * @param {(iteration: Iteration) => Task} start
   * @param {number} highWaterMark
   */
  constructor(start, highWaterMark) {
    this.#start = start;
    this.#highWaterMark = highWaterMark;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<T, any>>} rejects with what C has failed with, once */
  next() {
    const asked = /** @type {Asked} */ (withResolvers());
    this.#asked.push(asked);
    try {
      if (!this.#isOver) this.#task ??= this.#begin();
    } catch (reason) {
      this.#end({ reason });
    }
    this.#answer();
    return asked.promise;
  }

  /**
   * Ends C, whose pending call fails, and resolves when its clean-up has run. What was ready or asked for is not given.
   *
   * @param {any} [value]
   * @returns {Promise<IteratorResult<T, any>>} rejects with what C, or its clean-up, has failed with
   */
  async return(value) {
    this.#ready = [];
    if (this.#task && !this.#isOver) await this.#kill(this.#task);
    this.#end();
    const failure = this.#takeFailure();
    if (failure) throw failure.reason;
    return { done: true, value };
  }

  /** @param {unknown} [reason] @returns {Promise<IteratorResult<T, any>>} */
  async throw(reason) {
    await this.return();
    throw reason;
  }

  /** For `await using`: as `return`. */
  async [Symbol.asyncDispose]() {
    await this.return();
  }

  #begin() {
    const task = this.#start(this);
    task.then(
      () => this.#end(),
      (reason) => this.#end(reason === this.#returned ? undefined : { reason }),
    );
    return task;
  }

  /** @param {Task} task */
  async #kill(task) {
    task.kill(this.#returned);
    await task.catch(() => {});
  }

  /** @param {{ reason: unknown }} [failure] */
  #end(failure) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = failure;
    this.#answer();
  }

  /** Gives those who ask what there is, and lets C go on if more is wanted. */
  #answer() {
    while (this.#asked.length > 0 && (this.#ready.length > 0 || this.#isOver)) this.#answerOne();
    if (!this.#isWanted && !this.#isOver) return;
    this.#resume?.();
    this.#resume = undefined;
  }

  #answerOne() {
    const { resolve, reject } = /** @type {Asked} */ (this.#asked.shift());
    if (this.#ready.length > 0) return resolve({ done: false, value: this.#ready.shift() });
    const failure = this.#takeFailure();
    return failure ? reject(failure.reason) : resolve({ done: true, value: undefined });
  }

  #takeFailure() {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  get #isWanted() {
    return this.#asked.length > 0 || this.#ready.length < this.#highWaterMark;
  }

  // ---- C's end ------------------------------------------------------------------------------------

  /** @returns {Promise<void> | undefined} settles when a value is wanted */
  want() {
    return this.#isWanted ? undefined : new Promise((resolve) => void (this.#resume = resolve));
  }

  /** @param {any} value */
  put(value) {
    this.#ready.push(value);
    this.#answer();
    return this.want();
  }
}

/** @type {DoorType[]} */
const types = ['i32', 'i64', 'f32', 'f64', 'string', 'bytes', 'json', 'ref'];

/** What src/gevent/iterate_wasm.h calls. */
export const iterationImports = {
  gevent_iteration: {
    gevent_iteration_want: (/** @type {Iteration} */ iteration) => iteration.want(),
    ...Object.fromEntries(
      types.map((type) => [
        `gevent_iteration_put_${type}`,
        (/** @type {Iteration} */ iteration, /** @type {unknown} */ value) => iteration.put(value),
      ]),
    ),
  },
};
