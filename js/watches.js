/** @import { Driver } from './driver.js' */
/** @import { Instance } from './instance.js' */

/** Both in gevent/fd.h and, as FD_READ, in preview 1, in which FD_WRITE is 2 as GEVENT_WRITABLE is. */
export const READABLE = 1;
export const WRITABLE = 2;

/** @typedef {{ instance: Instance, driver: Driver }} WatchesHost */

/** Who waits for which descriptor. */
export class Watches {
  /** @type {WatchesHost} */ #host;
  /** @type {(fd: number, events: number) => number} */ #probe;
  /** By the descriptor; watch: C's number for who waits. @type {Map<number, { watch: number, events: number }>} */
  #waiting = new Map();

  /**
   * @param {WatchesHost} host
   * @param {(fd: number, events: number) => number} probe those of the events that can be done without waiting;
   *   negative: the descriptor is not open
   */
  constructor(host, probe) {
    this.#host = host;
    this.#probe = probe;
  }

  /**
   * @param {number} fd
   * @param {number} events that are waited for from now on
   * @param {number} watch C's number for who does
   */
  set(fd, events, watch) {
    if (events) this.#waiting.set(fd, { watch, events });
    else this.#waiting.delete(fd);
    if (events && this.#probe(fd, events)) queueMicrotask(() => this.tell(fd));
  }

  /** Looks whether what is waited for can be done now. @param {number} fd */
  tell(fd) {
    const { watch, events } = this.#waiting.get(fd) ?? { watch: 0, events: 0 };
    const ready = events && this.#probe(fd, events);
    if (!ready) return;
    const { instance, driver } = this.#host;
    instance.exports.gevent_wasm_fd_ready(watch, ready < 0 ? events : ready);
    driver.wake();
  }

  /** As `tell`, of all. */
  tellAll() {
    for (const fd of [...this.#waiting.keys()]) this.tell(fd);
  }

  /** Nobody is told any more. */
  clear() {
    this.#waiting.clear();
  }
}
