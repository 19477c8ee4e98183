/** The signals of the process that C has asked for (gevent_signal), where there is a process. */
export class Signals {
  /** @type {(signal: number) => void} */ #arrive;
  /** Listeners by the numbers that C has given. @type {Map<number, { name: string, listener: () => void }>} */
  #watched = new Map();

  /** @param {(signal: number) => void} arrive told of each, with the number that C has given */
  constructor(arrive) {
    this.#arrive = arrive;
  }

  /**
   * @param {string} name for example SIGINT
   * @param {number} signal C's number for it
   * @returns {boolean} whether this host has signals
   */
  watch(name, signal) {
    const process = /** @type {any} */ (globalThis).process;
    if (typeof process?.on !== 'function') return false;
    const listener = () => this.#arrive(signal);
    process.on(name, listener);
    this.#watched.set(signal, { name, listener });
    return true;
  }

  /** @param {number} signal */
  unwatch(signal) {
    const watched = this.#watched.get(signal);
    if (!watched) return;
    /** @type {any} */ (globalThis).process.off(watched.name, watched.listener);
    this.#watched.delete(signal);
  }

  /** The signals do again what they did before. */
  unwatchAll() {
    for (const signal of [...this.#watched.keys()]) this.unwatch(signal);
  }
}
