/** @import { GreenletError } from './errors.js' */
/** @import { Memory } from './memory.js' */
/** @import { References } from './references.js' */

import { setStack } from './call-stack.js';
import { makeError, textOf } from './errors.js';

/** What C gets by its own code from a function of JavaScript: of any other, it is not C that it concerns. */
const ofHost = new Set(['GREENLET_EWOULDBLOCK', 'GREENLET_ECLOSED', 'GREENLET_EBUSY', 'GREENLET_ENETWORK']);

/**
 * Errors on their way through the door: C's as JavaScript's, and JavaScript's as C's. A reason of JavaScript
 * keeps its identity: C carries its number, and where the error comes out again, the reason is its cause.
 */
export class Errors {
  /** @type {Record<string, any>} */ #exports;
  /** @type {Memory} */ #memory;
  /** @type {References} */ #references;
  /** @type {Map<string, number>} */ #codes = new Map();
  /** @type {WeakMap<GreenletError, string[]>} the frames of C of those that arose in an import */ #frames =
    new WeakMap();

  /**
   * @param {Record<string, any>} exports
   * @param {Memory} memory
   * @param {References} references
   */
  constructor(exports, memory, references) {
    this.#exports = exports;
    this.#memory = memory;
    this.#references = references;
  }

  /** @param {number} code @returns {string} its name in the table */
  nameOf(code) {
    return this.#memory.readString(this.#exports.gevent_wasm_error_name(code));
  }

  /**
   * An error of nothing but a code.
   *
   * @param {number} code
   */
  fromCode(code) {
    const name = this.nameOf(code);
    const text = this.#memory.readString(this.#exports.gevent_wasm_error_text(code));
    return makeError(name, name === 'GREENLET_EUSER' ? `${text} (${code})` : text);
  }

  /**
   * @param {number} error a greenlet_error_t, borrowed
   * @param {string} [greenlet] the name of whom it came from, should the error not know
   * @returns {GreenletError}
   */
  fromC(error, greenlet = '') {
    const e = this.#exports;
    const text = (/** @type {number} */ pointer) => this.#memory.readString(pointer);
    const { reason: cause, frames = [] } = this.#reasonOf(error);
    const name = this.nameOf(e.gevent_wasm_error_code(error));
    const made = makeError(name, text(e.gevent_wasm_error_message(error)), {
      type: text(e.gevent_wasm_error_type(error)),
      greenlet: text(e.gevent_wasm_error_origin(error)) || greenlet,
      cause,
    });
    this.#frames.set(made, frames);
    return made;
  }

  /** @param {number} error @returns {{ reason?: unknown, frames?: string[] }} */
  #reasonOf(error) {
    const number = this.#exports.gevent_wasm_error_reason(error);
    const known = this.#references.get(number);
    if (known) return /** @type {any} */ (known);
    const cause = this.#exports.gevent_wasm_error_cause(error);
    if (!cause) return {};
    const reason = this.fromC(cause);
    return { reason, frames: this.#frames.get(reason) };
  }

  /**
   * What a call of an export has failed with: its stack is that of C, if the error arose in an import, and below it
   * that of the call.
   *
   * @param {number} error
   * @param {string} greenlet
   * @param {{ stack?: string }} calls that led to it
   */
  fromCall(error, greenlet, calls) {
    const made = this.fromC(error, greenlet);
    setStack(made, this.#frames.get(made) ?? [], calls);
    return made;
  }

  /** @param {string} name @returns {number | undefined} */
  #codeOf(name) {
    if (this.#codes.size === 0) {
      for (let code = -1; this.nameOf(code) !== 'GREENLET_EUSER'; code--)
        this.#codes.set(this.nameOf(code), code);
    }
    return this.#codes.get(name);
  }

  /**
   * What C gets for the reason of a rejection: GREENLET_EREJECTED, or that of a GreenletError that is meant for C.
   *
   * @param {unknown} reason
   * @param {string[]} frames of C that it arose under
   * @param {string} [name] of another code, for what has come out of C and goes back, or ends somebody there
   * @returns {number} a greenlet_error_t that the callee takes
   */
  toC(reason, frames, name = nameForC(reason)) {
    const message = textOf(reason);
    const code = this.#codeOf(name) ?? this.#codeOf('GREENLET_EREJECTED');
    const number = this.#references.add({ reason, frames });
    try {
      return this.#memory.withString(message.replaceAll('\0', ' '), (pointer) =>
        this.#exports.gevent_wasm_new_error(code, pointer, number),
      );
    } catch {
      return this.#exports.gevent_wasm_new_error(code, 0, number); // no memory for the message
    }
  }

  /**
   * Makes it the running greenlet's last error.
   *
   * @param {unknown} reason
   * @param {string[]} frames of C that it arose under
   * @returns {number} its code
   */
  raise(reason, frames) {
    return this.#exports.gevent_wasm_raise(this.toC(reason, frames));
  }
}

/** @param {any} reason, if an error of this package, then by whichever copy of it @returns {string} */
function nameForC(reason) {
  return ofHost.has(reason?.code) ? reason.code : 'GREENLET_EREJECTED';
}
