import { makeError } from '../errors.js';
import { withResolvers } from '../task.js';

/**
 * An async iterable of what is pushed into it: whoever pushes can wait until it is taken.
 *
 * @template [T=any]
 * @implements {AsyncIterableIterator<T>}
 */
export class Feed {
  /** @type {{ value: T, settle?: (reason?: unknown) => void }[]} */ #ready = [];
  /** @type {import('../task.js').PromiseWithResolvers<IteratorResult<T, any>>[]} */ #asked = [];
  /** @type {{ failure?: { reason: unknown } } | undefined} */ #ending;
  /** @type {((reason?: unknown) => void) | undefined} */ #onReturn;

  /** @param {(reason?: unknown) => void} [onReturn] told that nobody will ask any more */
  constructor(onReturn) {
    this.#onReturn = onReturn;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<T, any>>} */
  next() {
    const asked = withResolvers();
    this.#asked.push(asked);
    this.#answer();
    return asked.promise;
  }

  /** @param {unknown} [reason] @returns {Promise<IteratorResult<T, any>>} */
  async return(reason) {
    const closed = makeError('GREENLET_ECLOSED', 'nobody reads any more');
    for (const { settle } of this.#ready.splice(0)) settle?.(closed);
    if (!this.#ending) this.#onReturn?.(reason);
    this.#ending = {};
    this.#answer();
    return { done: true, value: undefined };
  }

  /** @param {T} value to be taken whenever it is asked for */
  push(value) {
    if (this.#ending) return;
    this.#ready.push({ value });
    this.#answer();
  }

  /** @param {T} value @returns {Promise<void>} resolves when it has been taken */
  write(value) {
    if (this.#ending) return Promise.reject(makeError('GREENLET_ECLOSED', 'nobody reads any more'));
    const { promise, resolve, reject } = withResolvers();
    this.#ready.push({ value, settle: (reason) => (reason ? reject(reason) : resolve(undefined)) });
    this.#answer();
    return promise;
  }

  /** Nothing more will come. */
  end() {
    this.#ending ??= {};
    this.#answer();
  }

  /** What comes next is a failure. @param {unknown} reason */
  fail(reason) {
    this.#ending ??= { failure: { reason } };
    this.#answer();
  }

  #answer() {
    while (this.#asked.length > 0 && (this.#ready.length > 0 || this.#ending)) this.#answerOne();
  }

  #answerOne() {
    const { resolve, reject } = /** @type {any} */ (this.#asked.shift());
    const item = this.#ready.shift();
    if (item) {
      item.settle?.();
      return resolve({ done: false, value: item.value });
    }
    const { failure } = this.#ending ?? {};
    this.#ending = {};
    return failure ? reject(failure.reason) : resolve({ done: true, value: undefined });
  }
}
