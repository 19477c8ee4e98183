/**
 * @typedef {object} Job
 * @property {string | Uint8Array<ArrayBuffer>} program the URL of a module, or its bytes
 * @property {'real' | 'virtual'} clock
 *
 * @typedef {{ kind: 'ended', code: number, milliseconds: number } | { kind: 'stopped' } | { kind: 'flooded' } | { kind: 'failed', message: string }} Outcome
 *
 * @typedef {object} RunnerEvents
 * @property {(bytes: Uint8Array, stream: 1 | 2) => Promise<void>} onOutput resolves when there is room for more
 * @property {() => Promise<Uint8Array | null>} readInput asked when the program reads; null is the end
 */

/** Runs programs, one at a time, each in a worker of its own, which stops at once whatever the program does. */
export class Runner {
  /** @type {RunnerEvents} */ #events;
  /** @type {Worker | undefined} */ #worker;
  /** @type {(outcome: Outcome) => void} */ #settle = () => {};

  /** @param {RunnerEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /** @param {Job} job @returns {Promise<Outcome>} */
  run(job) {
    this.stop();
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    this.#worker = worker;
    worker.addEventListener('message', ({ data }) => this.#receive(worker, data));
    worker.addEventListener('error', ({ message }) => this.#end({ kind: 'failed', message }));
    worker.postMessage({ kind: 'run', ...job });
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Ends the program, if one is running. */
  stop() {
    this.#end({ kind: 'stopped' });
  }

  /** @param {Worker} worker @param {any} data */
  #receive(worker, data) {
    if (worker !== this.#worker) return; // it had been sent before the worker was stopped
    if (data.kind === 'output') {
      const size = data.bytes.length;
      this.#events.onOutput(data.bytes, data.stream).then(() => worker.postMessage({ kind: 'taken', size }));
    } else if (data.kind === 'read') {
      this.#events.readInput().then((bytes) => worker.postMessage({ kind: 'input', bytes }));
    } else {
      this.#end(data);
    }
  }

  /** @param {Outcome} outcome */
  #end(outcome) {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#settle(outcome);
  }
}
