/** @import { AsyncContexts } from './async-context.js' */

import { Errors } from './c-errors.js';
import { ExitStatus, GreenletError, makeError, textOf } from './errors.js';
import { Memory } from './memory.js';
import { References } from './references.js';

/**
 * Where the host knows no async contexts.
 *
 * @type {Pick<AsyncContexts, 'enter' | 'run'>}
 */
const noContexts = { enter: () => {}, run: (call, values) => call(...values) };

/**
 * An instance of a module, and its one end: whatever is thrown through the frames of wasm leaves them, and the
 * stack pointer with them, for good.
 */
export class Instance {
  /** @type {(reason: unknown, task: number) => void} */ #onEnd;
  /** @type {Record<string, any>} what the module exports; refused once the instance is over */
  exports = {};
  /** @type {Memory} */ memory = /** @type {any} */ (undefined);
  /** @type {Errors} */ errors = /** @type {any} */ (undefined);
  references = new References();
  contexts = noContexts;
  /** @type {unknown} the reason why nothing can be called any more, or undefined */
  end;

  /** @param {(reason: unknown, task: number) => void} onEnd told once, with the task that was running or 0 */
  constructor(onEnd) {
    this.#onEnd = onEnd;
  }

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Imports} imports
   */
  async start(module, imports) {
    this.adopt((await WebAssembly.instantiate(module, imports)).exports);
  }

  /**
   * For an instance that somebody else has made.
   *
   * @param {Record<string, any>} exports
   */
  adopt(exports) {
    this.exports = this.#guard(exports);
    this.memory = new Memory(this.exports);
    this.errors = new Errors(this.exports, this.memory, this.references);
  }

  get isOver() {
    return this.end !== undefined;
  }

  /** @throws the reason of the end, if it has ended */
  check() {
    if (this.end !== undefined) throw this.end;
  }

  /** @param {Record<string, any>} exports */
  #guard(exports) {
    /** @type {Record<string, any>} */
    const guarded = {};
    for (const [name, value] of Object.entries(exports)) {
      guarded[name] = typeof value === 'function' ? this.#guardFunction(value) : value;
    }
    return guarded;
  }

  /** @param {Function} entry of at most five parameters */
  #guardFunction(entry) {
    return (
      /** @type {any} */ a,
      /** @type {any} */ b,
      /** @type {any} */ c,
      /** @type {any} */ d,
      /** @type {any} */ e,
    ) => {
      this.check();
      try {
        return entry(a, b, c, d, e);
      } catch (reason) {
        throw this.endWith(reason);
      }
    };
  }

  /** The name of the greenlet that runs. */
  currentName() {
    return this.memory.readString(this.exports.gevent_wasm_current_name());
  }

  /**
   * Corruption, as C reports it: the error to throw.
   *
   * @param {number} code
   * @param {number} message
   */
  fatal(code, message) {
    const text = this.memory.readString(message);
    return makeError(this.errors.nameOf(code), text, { greenlet: this.currentName() });
  }

  /**
   * @param {unknown} thrown through the frames of wasm, or why the app is disposed of
   * @returns {unknown} the reason of the end
   */
  endWith(thrown) {
    if (this.end !== undefined) return this.end;
    const { task, greenlet } = this.#findFault();
    this.end = endReason(thrown, greenlet);
    this.#onEnd(thrown, task);
    return this.end;
  }

  /** Who was running. Nothing of the program is called, and what cannot be read is left out. */
  #findFault() {
    try {
      return { task: this.exports.gevent_wasm_current_task(), greenlet: this.currentName() };
    } catch {
      return { task: 0, greenlet: '' };
    }
  }
}

/** V8 and JavaScriptCore say the one, SpiderMonkey the other. */
const ENGINE_OVERFLOW = /maximum call stack size exceeded|too much recursion/i;

/**
 * @param {unknown} thrown
 * @param {string} greenlet
 */
function endReason(thrown, greenlet) {
  if (thrown instanceof GreenletError) return thrown;
  if (thrown instanceof ExitStatus) {
    return makeError('GREENLET_EDISPOSED', `the program has called exit(${thrown.code})`, { cause: thrown });
  }
  const text = textOf(thrown);
  if (ENGINE_OVERFLOW.test(text)) {
    const message = `stack overflow in '${greenlet}': its frames exhausted the engine's own stack`;
    return makeError('GREENLET_EOVERFLOW', message, { cause: thrown, greenlet });
  }
  const message =
    thrown instanceof WebAssembly.Exception
      ? `longjmp in '${greenlet}' to a function that has returned`
      : `the module trapped in '${greenlet}': ${text}`;
  return makeError('GREENLET_ETRAP', message, { cause: thrown, greenlet });
}
