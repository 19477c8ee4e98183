/**
 * @import { KitResult } from '../../../../js/build/kit-build.js'
 *
 * @typedef {object} CompilerEvents
 * @property {(done: number, total: number) => void} onProgress bytes of the compiler that have come
 * @property {(step: 'compile' | 'link' | 'instrument') => void} onStep what begins
 */

/** The page's side of the worker that compiles. It starts when it is first needed. */
export class Compiler {
  /** @type {Worker | undefined} */ #worker;
  /** @type {CompilerEvents} */ #events;
  /** @type {PromiseWithResolvers<KitResult> | undefined} */ #waiting;

  /** @param {CompilerEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /**
   * Builds a program. What was being built is given up.
   *
   * @param {string} name of the file, as messages give it
   * @param {string} text
   * @returns {Promise<KitResult>} rejects with an AbortError if it is given up
   */
  build(name, text) {
    this.cancel();
    const waiting = Promise.withResolvers();
    this.#waiting = waiting;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ base: document.baseURI, name, text });
    return waiting.promise;
  }

  /** Gives up what is being built, and with it the compiler, which cannot be interrupted. */
  cancel() {
    if (!this.#waiting) return;
    this.#end().reject(new DOMException('the build was stopped', 'AbortError'));
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start() {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('error', ({ message }) => {
      this.#receive({ kind: 'failed', message: message ?? 'the compiler cannot be started' });
    });
    return worker;
  }

  /** @param {any} data */
  #receive({ kind, ...data }) {
    if (kind === 'progress') this.#events.onProgress(data.done, data.total);
    else if (kind === 'step') this.#events.onStep(data.step);
    else if (kind === 'built') this.#end().resolve(data);
    else this.#end().reject(new Error(data.message));
  }

  #end() {
    const waiting = /** @type {PromiseWithResolvers<KitResult>} */ (this.#waiting);
    this.#waiting = undefined;
    return waiting;
  }
}
