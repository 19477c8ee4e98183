/** @import { HostWorker } from './thread.js' */
/** @import { PromiseWithResolvers } from '../task.js' */

import { makeError } from '../errors.js';
import { withResolvers } from '../task.js';
import { decodeReason } from './reasons.js';
import { Thread } from './thread.js';

/**
 * @typedef {object} Running
 * @property {PromiseWithResolvers<any>} outcome
 * @property {AbortSignal | undefined} signal
 * @property {{ stack?: string }} calls that led to it
 * @property {() => void} unlisten
 *
 * @typedef {object} MemberEvents
 * @property {(member: Member) => void} onEnd it takes no more calls
 * @property {(error: unknown) => void} onUnhandled
 */

/**
 * One of a pool: a worker with an instance in it, and the calls that it runs.
 */
export class Member {
  /** @type {Thread} */ #thread;
  /** @type {MemberEvents} */ #events;
  /** @type {Map<number, Running>} */ #running = new Map();
  /** @type {PromiseWithResolvers<void>} */ #loaded = withResolvers();
  /** @type {PromiseWithResolvers<void> | undefined} */ #closed;
  #lastNumber = 0;
  #isOver = false;
  /** Whether its module has been loaded. */
  isReady = false;

  /**
   * @param {() => HostWorker} start
   * @param {object} load what its worker is to load
   * @param {MemberEvents} events
   */
  constructor(start, load, events) {
    this.#events = events;
    this.#loaded.promise.catch(() => {}); // the calls that wait for it fail with it, too
    this.#thread = new Thread(start, {
      onMessage: (message) => this.#take(message),
      onFailure: (error) => this.#fail(error),
    });
    this.#thread.post({ type: 'load', ...load });
  }

  /** Settles when its module has been loaded, or cannot be. */
  get loaded() {
    return this.#loaded.promise;
  }

  /** How many calls it runs. */
  get count() {
    return this.#running.size;
  }

  /**
   * @param {{ name: string, args: readonly unknown[], options: object }} call
   * @param {{ signal?: AbortSignal, transfer?: any[], calls: { stack?: string } }} rest
   * @returns {Promise<any>}
   */
  run(call, { signal, transfer, calls }) {
    const number = ++this.#lastNumber;
    this.#thread.post({ type: 'call', number, ...call }, transfer);
    const abort = () => this.#thread.post({ type: 'abort', number });
    signal?.addEventListener('abort', abort, { once: true });
    const unlisten = () => signal?.removeEventListener('abort', abort);
    const outcome = /** @type {PromiseWithResolvers<any>} */ (withResolvers());
    this.#running.set(number, { outcome, signal, calls, unlisten });
    this.#thread.hold(true);
    return outcome.promise;
  }

  /** @param {any} message of serve.js */
  #take({ type, number, value, reason }) {
    if (type === 'ready') this.#becomeReady();
    else if (type === 'unhandled') this.#events.onUnhandled(decodeReason(reason));
    else if (type === 'over') this.#retire(decodeReason(reason));
    else if (type === 'closed') this.#end();
    else this.#settle(number, { type, value, reason });
  }

  #becomeReady() {
    this.isReady = true;
    this.#loaded.resolve(undefined);
    this.#rest();
  }

  /** @param {number} number @param {{ type: string, value: any, reason: any }} how */
  #settle(number, { type, value, reason }) {
    const running = /** @type {Running} */ (this.#running.get(number));
    this.#running.delete(number);
    running.unlisten();
    if (type === 'returned') running.outcome.resolve(value);
    else if (type === 'aborted') running.outcome.reject(running.signal?.reason);
    else running.outcome.reject(decodeReason(reason, running.calls));
    this.#rest();
  }

  // Nobody waits for it: the process may end, and so may it, if it has no instance any more.
  #rest() {
    if (this.#running.size > 0 || this.#closed) return;
    if (this.#isOver) this.#thread.end();
    else this.#thread.hold(false);
  }

  /** Its instance is over; its worker will say so to each call that it still gets. @param {unknown} reason */
  #retire(reason) {
    this.#leave(reason);
    this.#rest();
  }

  /** The worker itself has failed. @param {Error} error */
  #fail(error) {
    if (this.isReady && this.#running.size === 0) this.#events.onUnhandled(error);
    this.#leave(error);
    this.#rejectAll(error);
    this.#end();
  }

  /** @param {unknown} reason */
  #leave(reason) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#loaded.reject(reason);
    this.#events.onEnd(this);
  }

  /** @param {unknown} reason */
  #rejectAll(reason) {
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { outcome, unlisten } of running) {
      unlisten();
      outcome.reject(reason);
    }
  }

  #end() {
    this.#thread.end();
    this.#closed ??= withResolvers();
    this.#closed.resolve(undefined);
  }

  /** Kills what it runs, lets clean-up run, which may wait, and ends the worker. */
  close() {
    if (!this.#closed) {
      this.#closed = withResolvers();
      this.#thread.hold(true);
      this.#thread.post({ type: 'close' });
    }
    return this.#closed.promise;
  }

  /** Ends the worker at once: what it runs rejects, and nothing cleans up. */
  terminate() {
    this.#rejectAll(makeError('GREENLET_EDISPOSED', 'the pool has been terminated'));
    this.#end();
  }
}
