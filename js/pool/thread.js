import { makeError } from '../errors.js';

/**
 * What a pool needs of a worker: a Web Worker has it, and one of node:worker_threads.
 *
 * @typedef {object} HostWorker
 * @property {(message: any, transfer: any[]) => void} postMessage
 * @property {() => unknown} terminate
 *
 * @typedef {object} ThreadEvents
 * @property {(message: any) => void} onMessage
 * @property {(error: Error) => void} onFailure told once, unless it was ended: with a WorkerError
 */

/** The host's worker, running what pool-worker.js says. Bundlers know this form, and bundle the file. */
export function startWorker() {
  const { Worker = workerOfNode() } = /** @type {any} */ (globalThis);
  return /** @type {HostWorker} */ (
    new Worker(new URL('./pool-worker.js', import.meta.url), { type: 'module' })
  );
}

function workerOfNode() {
  const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
  return process?.getBuiltinModule('node:worker_threads').Worker;
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
function failure(message, cause) {
  return makeError('GREENLET_EWORKER', message, { cause });
}

/** @param {any} worker of node:worker_threads @param {ThreadEvents} events */
function listenInNode(worker, { onMessage, onFailure }) {
  worker.on('message', onMessage);
  worker.on('messageerror', onFailure);
  worker.on('error', (/** @type {any} */ error) =>
    onFailure(failure(`the worker has failed: ${error?.message ?? error}`, error)),
  );
  worker.on('exit', (/** @type {number} */ code) =>
    onFailure(failure(`the worker has ended with exit code ${code}`)),
  );
}

/** @param {any} worker a Web Worker @param {ThreadEvents} events */
function listenInBrowser(worker, { onMessage, onFailure }) {
  worker.addEventListener('message', (/** @type {MessageEvent} */ { data }) => onMessage(data));
  worker.addEventListener('messageerror', () => onFailure(failure('a message of the worker cannot be read')));
  worker.addEventListener('error', (/** @type {ErrorEvent} */ event) => {
    event.preventDefault(); // it is reported as the calls' failure
    const { message = 'its file cannot be loaded', error } = event;
    onFailure(failure(`the worker has failed: ${message}`, error ?? undefined));
  });
  worker.addEventListener('close', () => onFailure(failure('the worker has ended'))); // Bun tells
}

/**
 * A worker of the host behind one interface.
 */
export class Thread {
  /** @type {any} */ #worker;
  #hasEnded = false;

  /**
   * @param {() => HostWorker} start
   * @param {ThreadEvents} events
   */
  constructor(start, { onMessage, onFailure }) {
    this.#worker = start();
    const listen = typeof this.#worker.on === 'function' ? listenInNode : listenInBrowser;
    listen(this.#worker, {
      onMessage: (message) => this.#hasEnded || onMessage(message),
      onFailure: (error) => this.#hasEnded || onFailure(error),
    });
  }

  /**
   * @param {object} message
   * @param {any[]} [transfer] what is moved instead of copied
   * @throws {DOMException} DataCloneError
   */
  post(message, transfer = []) {
    this.#worker.postMessage(message, transfer);
  }

  /** @param {boolean} isBusy whether the process has to stay for it, where the host asks */
  hold(isBusy) {
    if (isBusy) this.#worker.ref?.();
    else this.#worker.unref?.();
  }

  /** Ends it at once, whatever it is doing. */
  end() {
    this.#hasEnded = true;
    this.#worker.terminate();
  }
}
