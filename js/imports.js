/** @import { Door } from './cells.js' */
/** @import { ImportSignature } from './records.js' */
/** @import { Instance } from './instance.js' */

import { captureCalls, importFrame, programFrames } from './call-stack.js';
import { CELL_SIZE, freeCell, readCell, writeCell } from './cells.js';
import { makeError } from './errors.js';

/** What the raw import of a thunk answers, besides a code (wasm/door.c). */
const DONE = 0;
const PENDING = 1;

/** The bits of a slot's number that say its place (src/gevent/slot.c); no two at once have the same. */
const PLACE = (1 << 22) - 1;

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
 * A call that was answered with a promise, and how that has settled.
 *
 * @typedef {object} Pending
 * @property {number} slot
 * @property {Door} door of whoever called it
 * @property {ImportSignature} signature
 * @property {ImportContext} context
 * @property {{ stack?: string }} calls of C that led to the import
 * @property {boolean} isWanted C waits for it
 * @property {boolean} failed
 * @property {unknown} value or the reason
 */

/** @param {ImportSignature} signature @param {{ stack?: string }} calls of C that led to the import */
function framesOf({ module, name }, { stack }) {
  return [importFrame(`${module}.${name}`), ...programFrames(stack, name)];
}

/** @param {any} value @returns {value is PromiseLike<unknown>} */
function isThenable(value) {
  return typeof value?.then === 'function';
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
  /** The address of the cell for what is handed over. */
  #mailbox = 0;
  /** By the places of their slots. @type {(Pending | undefined)[]} */ #pending = [];
  /** @type {Pending[]} */ #settled = [];

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
        return this.#call(signature, implementation, this.#door(), cells >>> 0, slot, raw);
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
   * @param {Door} door
   * @param {number} cells
   * @param {number} slot
   * @param {Function} raw what C has called
   */
  #call(signature, implementation, door, cells, slot, raw) {
    const context = new ImportContext();
    /** @type {unknown[]} */
    const values = [];
    for (const type of signature.parameters)
      values.push(readCell(door, type, cells + CELL_SIZE * (values.length + 1)));
    values.push(context);
    const value = this.#instance.contexts.run(implementation, values);
    if (isThenable(value)) {
      const calls = this.#isDebug ? captureCalls(raw) : {};
      return this.#await(value, {
        slot,
        door,
        signature,
        context,
        calls,
        isWanted: true,
        failed: false,
        value,
      });
    }
    this.#write(door, signature, cells, value);
    return DONE;
  }

  /** @param {PromiseLike<unknown>} promise @param {Pending} pending */
  #await(promise, pending) {
    const { slot, signature, context } = pending;
    if (!slot) {
      promise.then(null, () => {});
      const name = `${signature.module}.${signature.name}`;
      const error = makeError(
        'GREENLET_EWOULDBLOCK',
        `${name} answered with a promise to a call that cannot wait`,
      );
      context.abort(error);
      throw error;
    }
    this.#pending[slot & PLACE] = pending;
    promise.then(
      (value) => this.#settle(pending, value, false),
      (reason) => this.#settle(pending, reason, true),
    );
    return PENDING;
  }

  /** @param {Pending} pending @param {unknown} value @param {boolean} failed */
  #settle(pending, value, failed) {
    if (this.#instance.isOver) return;
    pending.failed = failed;
    pending.value = value;
    this.#settled.push(pending);
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
    for (const pending of settled) this.#deliverOne(pending);
  }

  /** @param {Pending} pending */
  #deliverOne(pending) {
    const { slot, isWanted, failed, value } = pending;
    this.#pending[slot & PLACE] = undefined;
    if (!isWanted) this.#instance.exports.gevent_wasm_settle(slot, 0, 0);
    else if (failed) this.#fail(pending, value);
    else this.#deliverValue(pending);
  }

  /** @param {Pending} pending @param {unknown} reason */
  #fail({ slot, signature, calls }, reason) {
    const { exports, errors } = this.#instance;
    exports.gevent_wasm_settle(slot, 0, errors.toC(reason, framesOf(signature, calls)));
  }

  /** @param {Pending} pending */
  #deliverValue(pending) {
    const { slot, door, signature, value } = pending;
    const { exports, memory } = this.#instance;
    this.#mailbox ||= exports.gevent_wasm_mailbox();
    try {
      this.#write(door, signature, this.#mailbox, value);
    } catch (reason) {
      this.#fail(pending, reason);
      return;
    }
    if (exports.gevent_wasm_settle(slot, this.#mailbox, 0) < 0)
      freeCell(memory, signature.result, this.#mailbox);
  }

  /**
   * C no longer waits for a slot.
   *
   * @param {number} slot
   * @param {unknown} reason
   */
  abandon(slot, reason) {
    const pending = this.#pending[slot & PLACE];
    if (!pending) return;
    pending.isWanted = false;
    pending.context.abort(reason);
  }

  /**
   * The instance is over: nobody waits for anything any more.
   *
   * @param {unknown} reason
   */
  abandonAll(reason) {
    const pending = this.#pending;
    this.#pending = [];
    this.#settled = [];
    for (const each of pending) each?.context.abort(reason);
  }
}
