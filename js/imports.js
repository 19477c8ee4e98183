/** @import { Door } from './cells.js' */
/** @import { ImportSignature } from './records.js' */
/** @import { Instance } from './instance.js' */

import { captureCalls, importFrame, programFrames } from './call-stack.js';
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
 * @typedef {object} Settlement
 * @property {number} slot
 * @property {Door} door of whoever called it
 * @property {ImportSignature} signature
 * @property {{ stack?: string }} calls of C that led to the import
 * @property {unknown} [value]
 * @property {unknown} [reason]
 * @property {boolean} failed
 */

/** @param {ImportSignature} signature @param {{ stack?: string }} calls of C that led to the import */
function framesOf({ module, name }, { stack }) {
  return [importFrame(`${module}.${name}`), ...programFrames(stack, name)];
}

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
  #isDebug;
  /** @type {Map<number, ImportContext>} */ #pending = new Map();
  /** @type {Settlement[]} */ #settled = [];

  /**
   * @param {Instance} instance
   * @param {{ wake: () => void, door: () => Door, isDebug: boolean }} host wake: something is
   *   to be done; door: that of whoever calls; isDebug: promises that reject show the frames of C that wait for them,
   *   which takes twice the time of the wait itself to note
   */
  constructor(instance, { wake, door, isDebug }) {
    this.#instance = instance;
    this.#wake = wake;
    this.#door = door;
    this.#isDebug = isDebug;
  }

  /**
   * The raw import for a thunk: the function, with values instead of cells.
   *
   * @param {ImportSignature} signature
   * @param {Function} implementation
   */
  wrap(signature, implementation) {
    const raw = (/** @type {number} */ cells, /** @type {number} */ slot) => {
      try {
        return this.#call(signature, implementation, cells >>> 0, slot >>> 0, raw);
      } catch (reason) {
        if (this.#instance.isOver) throw reason;
        return this.#instance.errors.raise(reason, framesOf(signature, captureCalls(raw)));
      }
    };
    return raw;
  }

  /**
   * @param {ImportSignature} signature
   * @param {Function} implementation
   * @param {number} cells
   * @param {number} slot
   * @param {Function} raw what C has called
   */
  #call(signature, implementation, cells, slot, raw) {
    const context = new ImportContext();
    const door = this.#door();
    const values = signature.parameters.map((type, i) => readCell(door, type, cells + (i + 1) * CELL_SIZE));
    const value = this.#instance.contexts.run(implementation, [...values, context]);
    if (isThenable(value)) return this.#await(signature, value, { slot, door, context }, raw);
    this.#write(door, signature, cells, value);
    return DONE;
  }

  /**
   * @param {ImportSignature} signature
   * @param {PromiseLike<unknown>} promise
   * @param {{ slot: number, door: Door, context: ImportContext }} call
   * @param {Function} raw
   */
  #await(signature, promise, { slot, door, context }, raw) {
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
    const calls = this.#isDebug ? captureCalls(raw) : {};
    promise.then(
      (value) => this.#settle({ slot, door, signature, calls, value, failed: false }),
      (reason) => this.#settle({ slot, door, signature, calls, reason, failed: true }),
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

  /** @param {Door} door @param {ImportSignature} signature @param {number} cell @param {unknown} value */
  #write(door, { module, name, result }, cell, value) {
    writeCell(door, result, cell, value, `the result of the import ${module}.${name}`);
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
      this.#fail(settlement, settlement.reason);
    } else {
      this.#deliverValue(settlement);
    }
  }

  /** @param {Settlement} settlement @param {unknown} reason */
  #fail({ slot, signature, calls }, reason) {
    const { exports, errors } = this.#instance;
    exports.gevent_wasm_settle(slot, 0, errors.toC(reason, framesOf(signature, calls)));
  }

  /** @param {Settlement} settlement */
  #deliverValue(settlement) {
    const { slot, door, signature, value } = settlement;
    const { exports, memory } = this.#instance;
    const cell = exports.gevent_wasm_mailbox();
    try {
      this.#write(door, signature, cell, value);
    } catch (reason) {
      this.#fail(settlement, reason);
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
}
