/** @import { AppOptions } from './app.js' */
/** @import { Input } from './input.js' */
/** @import { WasiOptions } from './wasi.js' */
/** @import { WatchesHost } from './watches.js' */

import { openInput } from './input.js';
import { READABLE, Watches } from './watches.js';

/** @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const SUCCESS = 0;
const EBADF = 8;
const ENOSYS = 52;

const FDFLAG_NONBLOCK = 4;
const SUBSCRIPTION_SIZE = 48;
const EVENT_SIZE = 32;
const CLOCK = 0;
const NANOSECONDS_PER_MS = 1_000_000n;

/** @typedef {Record<string, (...values: any[]) => number>} Functions of preview 1 */

/** @typedef {WatchesHost & { report: (reason: unknown) => void }} DescriptorsHost report: told of what stdin has failed with */

/** What C reads, waits for and closes: the three standard streams, of which only stdin is ever waited for. */
export class Descriptors {
  /** @type {DescriptorsHost} */ #host;
  /** @type {Input} */ #input;
  /** By number; undefined: it is closed. @type {(number | undefined)[]} */
  #flags = [0, 0, 0];
  /** @type {Watches} */ #watches;

  /** @param {Input} input @param {DescriptorsHost} host */
  constructor(input, host) {
    this.#input = input;
    this.#host = host;
    this.#watches = new Watches(host, (fd, events) => this.probe(fd, events));
    input.onReady = () => this.#watches.tell(0);
  }

  get #view() {
    return this.#host.instance.memory.view;
  }

  /** @param {number} fd */
  #isOpen(fd) {
    return this.#flags[fd] !== undefined;
  }

  // ---- what wasm/host.h declares --------------------------------------------------------------------

  /**
   * @param {number} fd
   * @param {number} events
   * @returns {number} those that can be done without waiting; -1: it is not open
   */
  probe(fd, events) {
    if (!this.#isOpen(fd)) return -1;
    const hasToWait = fd === 0 && events & READABLE && !this.#input.isReady();
    return hasToWait ? events & ~READABLE : events;
  }

  /**
   * @param {number} fd
   * @param {number} events that are waited for from now on
   * @param {number} watch C's number for who does
   */
  watch(fd, events, watch) {
    if (fd === 0) this.#input.setRef((events & READABLE) !== 0);
    this.#watches.set(fd, events, watch);
  }

  // ---- preview 1 ----------------------------------------------------------------------------------

  /**
   * @param {Functions} plain what they do for streams that are open
   * @returns {Functions} those that differ
   */
  functions(plain) {
    return {
      fd_read: (fd, vectors, count, result) => this.#read(fd, vectors, count, result),
      fd_write: (fd, ...rest) => (this.#isOpen(fd) ? plain.fd_write(fd, ...rest) : EBADF),
      fd_close: (fd) => this.#closeOne(fd),
      fd_fdstat_get: (fd, result) => this.#storeStatus(fd, result, plain),
      fd_fdstat_set_flags: (fd, flags) => this.#setFlags(fd, flags),
    };
  }

  /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
  #read(fd, vectors, count, result) {
    if (fd !== 0 || !this.#isOpen(fd)) return EBADF;
    const isBlocking = !(Number(this.#flags[fd]) & FDFLAG_NONBLOCK);
    const size = this.#input.fill(() => this.#host.instance.memory.parts(vectors, count), isBlocking);
    if (size < 0) return -size;
    this.#view.setUint32(result, size, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} result @param {Functions} plain */
  #storeStatus(fd, result, plain) {
    if (!this.#isOpen(fd)) return EBADF;
    plain.fd_fdstat_get(fd, result);
    this.#view.setUint16(result + 2, Number(this.#flags[fd]), true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} flags */
  #setFlags(fd, flags) {
    if (!this.#isOpen(fd)) return EBADF;
    this.#flags[fd] = flags;
    return SUCCESS;
  }

  /** @param {number} fd */
  #closeOne(fd) {
    if (!this.#isOpen(fd)) return EBADF;
    this.#flags[fd] = undefined;
    if (fd === 0) this.close();
    return SUCCESS;
  }

  /** Nobody reads any more. */
  close() {
    this.#watches.set(0, 0, 0);
    this.#input.close();
  }

  /**
   * What can be done now, else that no time is over. Who asks for longer is C that is not patched, and cannot be served:
   * what comes, comes by the event loop.
   *
   * @param {number} from subscriptions: of descriptors, and perhaps one, relative, of a clock
   * @param {number} events @param {number} count @param {number} result
   */
  poll(from, events, count, result) {
    const asked = Array.from({ length: count }, (_, i) => from + i * SUBSCRIPTION_SIZE);
    const answers = asked.filter((at) => this.#isReady(at));
    if (!answers.length) answers.push(...asked.filter((at) => this.#isShort(at)));
    if (!answers.length) return ENOSYS;
    for (const [i, at] of answers.entries()) this.#storeEvent(events + i * EVENT_SIZE, at);
    this.#view.setUint32(result, answers.length, true);
    return SUCCESS;
  }

  /** @param {number} at a subscription */
  #kindOf(at) {
    return this.#view.getUint8(at + 8);
  }

  /** @param {number} at a subscription */
  #isReady(at) {
    const kind = this.#kindOf(at);
    return kind !== CLOCK && this.probe(this.#view.getUint32(at + 16, true), kind) !== 0;
  }

  /** As the cooperative libc asks (wasm/patch.c). @param {number} at a subscription */
  #isShort(at) {
    return this.#kindOf(at) === CLOCK && this.#view.getBigUint64(at + 24, true) <= NANOSECONDS_PER_MS;
  }

  /** @param {number} event @param {number} at the subscription that it is about */
  #storeEvent(event, at) {
    const kind = this.#kindOf(at);
    const isBad = kind !== CLOCK && !this.#isOpen(this.#view.getUint32(at + 16, true));
    const { bytes } = this.#host.instance.memory;
    bytes.fill(0, event, event + EVENT_SIZE).copyWithin(event, at, at + 8);
    this.#view.setUint16(event + 8, isBad ? EBADF : SUCCESS, true);
    this.#view.setUint8(event + 10, kind);
  }
}

/**
 * @param {WasiOptions & AppOptions} options
 * @param {DescriptorsHost} host
 */
export async function openDescriptors({ stdin, imports }, host) {
  const isOwn = imports?.wasi_snapshot_preview1?.fd_read !== undefined; // and then waits itself
  return new Descriptors(await openInput(isOwn ? () => null : stdin, host.report), host);
}
