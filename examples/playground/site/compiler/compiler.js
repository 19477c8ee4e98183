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
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#end()?.reject(new DOMException('the build was stopped', 'AbortError'));
  }

  #start() {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => this.#receive(worker, data));
    worker.addEventListener('error', ({ message }) => this.#fail(worker, message));
    return worker;
  }

  /** @param {Worker} worker @param {any} data */
  #receive(worker, { kind, ...data }) {
    if (worker !== this.#worker) return; // it had been sent before the worker was given up
    if (kind === 'progress') this.#events.onProgress(data.done, data.total);
    else if (kind === 'step') this.#events.onStep(data.step);
    else if (kind === 'built') this.#end()?.resolve(data);
    else this.#end()?.reject(new Error(data.message));
  }

  /** The next build starts another worker. @param {Worker} worker @param {string} [message] */
  #fail(worker, message = 'the compiler cannot be started; is there a network?') {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#end()?.reject(new Error(message));
  }

  #end() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
