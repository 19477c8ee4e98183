/** @import { Instance } from './instance.js' */

import { Macrotasks } from './macrotasks.js';

/** The longest time that setTimeout can be given; longer ones are taken in steps. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** What is called after it, is so by a microtask; queueMicrotask takes longer in Node. */
const settled = Promise.resolve();

/** @typedef {{ said: number, isRef: boolean }} Rest a deadline, as a turn says it, and whether the host stays for it */

/** What a turn says instead of a deadline (wasm/runtime.c). */
const MORE = -1;
const WAITING = -2;
const OVER = -3;
const JUMP = -4;
const GUEST = -5;

/**
 * Drives the hub: one turn a microtask checkpoint in which something was to be done, one timer for the
 * nearest deadline, and back to the event loop after each slice.
 */
export class Driver {
  /** @type {(slice: number) => number} */ #turn;
  /** @type {() => Rest | undefined} */ #over;
  /** @type {Instance} */ #instance;
  /** @type {number} */ #slice;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #macrotasks = new Macrotasks();
  /** What the clock said last. */
  #now = 0;
  #isQueued = false;
  #isStopped = false;
  #isGuestWatched = false;
  /** Milliseconds of the slice that turns have taken. */
  #spent = 0;

  /**
   * @param {Instance} instance
   * @param {object} options
   * @param {(slice: number) => number} options.turn runs what is ready for at most that many milliseconds and says when
   *   to come again
   * @param {() => Rest | undefined} options.over is told that nothing is left that counts, and says what else there is
   * @param {number} options.slice milliseconds
   */
  constructor(instance, { turn, over, slice }) {
    this.#instance = instance;
    this.#turn = turn;
    this.#over = over;
    this.#slice = slice;
  }

  /** Milliseconds of the clock that the hub's deadlines are on. */
  now() {
    this.#now = performance.now();
    return this.#now;
  }

  /** Something is to be done: takes a turn at the end of this microtask checkpoint. */
  wake() {
    if (this.#isQueued || this.#isStopped) return;
    this.#isQueued = true;
    settled.then(this.#run);
  }

  /** No turn is taken any more. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#macrotasks.close();
  }

  // The time spent in turns is counted over all turns since the last macrotask that is ours, so that a loop over
  // promises which have settled already does not starve the page.
  #run = () => {
    if (this.#spent < this.#slice) this.#takeTurn();
    else this.#macrotasks.queue(() => this.#startSlice());
  };

  #startSlice() {
    this.#spent = 0;
    this.#takeTurn();
  }

  #takeTurn() {
    this.#isQueued = false;
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    const start = this.now();
    const said = this.#turn(this.#slice - this.#spent);
    // The hub has looked at the end of its turn, if its clock is not virtual.
    this.#spent += this.#now - start || this.now() - start;
    this.#follow(said);
  }

  /** @param {number} said */
  #follow(said) {
    if (this.#isStopped) return;
    if (said === MORE) this.wake();
    else if (said === OVER) this.#followRest(this.#over());
    else if (said === JUMP) this.#queueJump();
    else if (said === GUEST) this.#watchGuest();
    else if (said !== WAITING)
      this.#wakeAt(said, this.#instance.exports.gevent_wasm_has_counted_timers() !== 0);
  }

  /** @param {Rest | undefined} rest what is left though nothing counts */
  #followRest(rest) {
    if (!rest || this.#isQueued || this.#isStopped) return;
    if (rest.said === JUMP) this.#queueJump();
    else if (rest.said !== OVER) this.#wakeAt(rest.said, rest.isRef);
  }

  // Whoever in JavaScript reacts to what has ended gets to do so before time moves.
  #queueJump() {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#macrotasks.queue(() => {
      if (!this.#isStopped) this.#instance.exports.gevent_wasm_jump();
      this.#startSlice();
    });
  }

  // A function that has not said what it wants when all microtasks have run awaits something of its own.
  #watchGuest() {
    if (this.#isGuestWatched) return;
    this.#isGuestWatched = true;
    this.#macrotasks.queue(() => {
      this.#isGuestWatched = false;
      if (this.#isStopped) return;
      if (this.#instance.exports.gevent_wasm_let_others_run()) this.wake();
    });
  }

  /** @param {number} deadline @param {boolean} isRef whether the host stays for it */
  #wakeAt(deadline, isRef) {
    const delay = Math.min(Math.max(Math.ceil(deadline - this.now()), 0), LONGEST_TIMEOUT);
    this.#timer = setTimeout(() => {
      this.#isQueued = true;
      this.#startSlice();
    }, delay);
    if (!isRef) this.#timer.unref?.();
  }
}
