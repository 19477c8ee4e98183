/** @import { Door } from './cells.js' */
/** @import { ImportSignature } from './records.js' */
/** @import { Instance } from './instance.js' */

import { CELL_SIZE, freeCell, readCell, writeCell } from './cells.js';
import { makeError } from './errors.js';

/** What the raw import of a thunk answers, besides a code (wasm/door.c). */
const DONE = 0;
const PENDING = 1;

/**
 * What an import is given as its last argument.
 */
export class ImportContext {
  /** @type {AbortController | undefined} */ #controller;

  /** Aborts when C no longer waits for the import: it was killed, or a timeout expired. */
  get signal() {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** @param {unknown} reason */
  abort(reason) {
    this.#controller?.abort(reason);
  }
}

/**
 * @typedef {{ slot: number, signature: ImportSignature, value?: unknown, reason?: unknown, failed: boolean }} Settlement
 */

/** @param {any} value @returns {value is PromiseLike<unknown>} */
function isThenable(value) {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof value.then === 'function'
  );
}

/**
 * The functions of JavaScript that C calls, and the promises that they have answered with. Of a pending
 * promise only its slot's number is kept here: what waits for it is in C.
 */
export class Imports {
  /** @type {Instance} */ #instance;
  /** @type {() => Door} */ #door;
  /** @type {() => void} */ #wake;
  /** @type {Map<number, ImportContext>} */ #pending = new Map();
  /** @type {Settlement[]} */ #settled = [];

  /**
   * @param {Instance} instance
   * @param {{ wake: () => void, door: () => Door }} host wake: something is to be done; door: that of whoever calls
   */
  constructor(instance, { wake, door }) {
    this.#instance = instance;
    this.#wake = wake;
    this.#door = door;
  }

  /**
   * The raw import for a thunk: the function, with values instead of cells.
   *
   * @param {ImportSignature} signature
   * @param {Function} implementation
   */
  wrap(signature, implementation) {
    return (/** @type {number} */ cells, /** @type {number} */ slot) => {
      try {
        return this.#call(signature, implementation, cells >>> 0, slot >>> 0);
      } catch (reason) {
        if (this.#instance.isOver) throw reason;
        return this.#instance.errors.raise(reason);
      }
    };
  }

  /**
   * @param {ImportSignature} signature
   * @param {Function} implementation
   * @param {number} cells
   * @param {number} slot
   */
  #call(signature, implementation, cells, slot) {
    const context = new ImportContext();
    const values = signature.parameters.map((type, i) =>
      readCell(this.#door(), type, cells + (i + 1) * CELL_SIZE),
    );
    const value = implementation(...values, context);
    if (isThenable(value)) return this.#await(signature, value, slot, context);
    this.#write(signature, cells, value);
    return DONE;
  }

  /**
   * @param {ImportSignature} signature
   * @param {PromiseLike<unknown>} promise
   * @param {number} slot
   * @param {ImportContext} context
   */
  #await(signature, promise, slot, context) {
    if (!slot) {
      promise.then(undefined, () => {});
      const name = `${signature.module}.${signature.name}`;
      const error = makeError(
        'GREENLET_EWOULDBLOCK',
        `${name} answered with a promise to a call that cannot wait`,
      );
      context.abort(error);
      throw error;
    }
    this.#pending.set(slot, context);
    promise.then(
      (value) => this.#settle({ slot, signature, value, failed: false }),
      (reason) => this.#settle({ slot, signature, reason, failed: true }),
    );
    return PENDING;
  }

  /** @param {Settlement} settlement */
  #settle(settlement) {
    if (this.#instance.isOver) return;
    this.#pending.delete(settlement.slot);
    this.#settled.push(settlement);
    this.#wake();
  }

  /** @param {ImportSignature} signature @param {number} cell @param {unknown} value */
  #write({ module, name, result }, cell, value) {
    writeCell(this.#door(), result, cell, value, `the result of the import ${module}.${name}`);
  }

  /** Hands what has settled since the last time over to C, in the order in which it did. */
  deliver() {
    const settled = this.#settled;
    this.#settled = [];
    for (const settlement of settled) this.#deliverOne(settlement);
  }

  /** @param {Settlement} settlement */
  #deliverOne(settlement) {
    const { exports } = this.#instance;
    if (!exports.gevent_wasm_slot_is_wanted(settlement.slot)) {
      exports.gevent_wasm_settle(settlement.slot, 0, 0);
    } else if (settlement.failed) {
      exports.gevent_wasm_settle(settlement.slot, 0, this.#instance.errors.toC(settlement.reason));
    } else {
      this.#deliverValue(settlement);
    }
  }

  /** @param {Settlement} settlement */
  #deliverValue({ slot, signature, value }) {
    const { exports, memory, errors } = this.#instance;
    const cell = exports.gevent_wasm_mailbox();
    try {
      this.#write(signature, cell, value);
    } catch (reason) {
      exports.gevent_wasm_settle(slot, 0, errors.toC(reason));
      return;
    }
    if (exports.gevent_wasm_settle(slot, cell, 0) < 0) freeCell(memory, signature.result, cell);
  }

  /**
   * C no longer waits for a slot.
   *
   * @param {number} slot
   * @param {unknown} reason
   */
  abandon(slot, reason) {
    this.#pending.get(slot >>> 0)?.abort(reason);
  }

  /**
   * The instance is over: nobody waits for anything any more.
   *
   * @param {unknown} reason
   */
  abandonAll(reason) {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#settled = [];
    for (const context of pending) context.abort(reason);
  }

  /** How many promises have not settled. */
  get pendingCount() {
    return this.#pending.size;
  }
}
