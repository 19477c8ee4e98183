const SUCCESS = 0;
const EAGAIN = 6;
const EBADF = 8;
const ESPIPE = 70;
const [FD_READ, FD_WRITE] = [1, 2];
const SOCKET_STREAM = 6;
const START = 1_000_000_000n;
const SUBSCRIPTION_SIZE = 48;
const EVENT_SIZE = 32;

/** What proc_exit throws. */
class Exit {
  /** @param {number} status */
  constructor(status) {
    this.status = status;
  }
}

/**
 * @typedef {object} Subscription
 * @property {number} kind
 * @property {bigint} userdata
 * @property {bigint} nanoseconds that it waits, if it is of a clock
 * @property {number} fd that it is about, if it is of one
 */

/**
 * What comes in on stdin, and when, in milliseconds since the start; after the last there is its end.
 * @typedef {[milliseconds: number, text: string]} Input
 */

/**
 * Who connects to descriptor 3, and when, in milliseconds since the start; and what he then sends. What he is sent
 * comes back to him in `Peer.received`.
 * @typedef {{ at: number, sends: Input[], received?: string }} Peer
 */

const LISTENER = 3;

/** A host of preview 1 commands on which nothing takes time: who waits moves its clock. */
export class FakeHost {
  /** What each call of poll_oneoff asked for. @type {Subscription[][]} */
  polls = [];
  #now = START;
  #isOpen = true;
  #text = ['', '', ''];
  /** @type {any} */ #exports;
  #env;
  #cutsOff;
  #input;
  #roomTime;
  /** Those that have not connected. @type {Peer[]} */ #peers;
  /** By descriptor. @type {Map<number, Peer>} */ #connections = new Map();

  /**
   * @param {{ env?: Record<string, string>, cutsOff?: bigint, input?: Input[], fullUntil?: number, peers?: Peer[] }} [options]
   *   cutsOff: how many nanoseconds too early it comes back from a wait of more than that; peers: there is a socket that
   *   listens, and they connect to it in this order
   */
  constructor({ env = {}, cutsOff = 0n, input = [], fullUntil = 0, peers = [] } = {}) {
    this.#peers = [...peers];
    this.#roomTime = START + BigInt(fullUntil) * 1_000_000n;
    this.#input = [...input];
    this.#env = Object.entries(env).map(([name, value]) => `${name}=${value}\0`);
    this.#cutsOff = cutsOff;
  }

  /**
   * @param {WebAssembly.Module} module
   * @returns {Promise<{ stdout: string, stderr: string, status?: number, trap?: unknown }>}
   */
  async run(module) {
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: this.#functions() });
    this.#exports = instance.exports;
    const end = this.#start();
    return { stdout: this.#text[1], stderr: this.#text[2], ...end };
  }

  #start() {
    try {
      this.#exports._start();
    } catch (reason) {
      return reason instanceof Exit ? { status: reason.status } : { trap: reason };
    }
    return { status: 0 };
  }

  get #view() {
    return new DataView(this.#exports.memory.buffer);
  }

  /** @returns {Record<string, (...values: any[]) => number>} */
  #functions() {
    return {
      args_sizes_get: (count, size) => this.#storeSizes(['program\0'], count, size),
      args_get: (pointers, text) => this.#storeTexts(['program\0'], pointers, text),
      environ_sizes_get: (count, size) => this.#storeSizes(this.#env, count, size),
      environ_get: (pointers, text) => this.#storeTexts(this.#env, pointers, text),
      clock_time_get: (_clock, _precision, result) => this.#storeTime(result),
      fd_write: (fd, vectors, count, result) => this.#write(fd, vectors, count, result),
      fd_read: (_fd, vectors, _count, result) => this.#read(vectors, result),
      fd_close: (fd) => {
        if (fd === 0) this.#isOpen = false;
        this.#connections.delete(fd);
        return SUCCESS;
      },
      fd_seek: () => ESPIPE,
      fd_fdstat_get: (fd, result) => this.#fdstat(fd, result),
      sock_accept: (_fd, _flags, result) => this.#accept(result),
      sock_recv: (fd, vectors, _count, _flags, size, flags) => this.#receive(fd, vectors, size, flags),
      sock_send: (fd, vectors, count, _flags, result) => this.#send(fd, vectors, count, result),
      sched_yield: () => SUCCESS,
      poll_oneoff: (subscriptions, events, count, result) => this.#poll(subscriptions, events, count, result),
      proc_exit: (status) => {
        throw new Exit(status);
      },
    };
  }

  /** @param {string[]} texts @param {number} count @param {number} size */
  #storeSizes(texts, count, size) {
    this.#view.setUint32(count, texts.length, true);
    this.#view.setUint32(size, texts.join('').length, true);
    return SUCCESS;
  }

  /** @param {string[]} texts @param {number} pointers @param {number} start */
  #storeTexts(texts, pointers, start) {
    let at = start;
    texts.forEach((text, i) => {
      this.#view.setUint32(pointers + 4 * i, at, true);
      new TextEncoder().encodeInto(text, new Uint8Array(this.#exports.memory.buffer, at, text.length));
      at += text.length;
    });
    return SUCCESS;
  }

  /** @param {number} result */
  #storeTime(result) {
    this.#view.setBigUint64(result, this.#now, true);
    return SUCCESS;
  }

  /** @param {number} result */
  #storeStatus(result) {
    new Uint8Array(this.#exports.memory.buffer, result, 24).fill(0);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
  #write(fd, vectors, count, result) {
    if (fd === 1 && this.#now < this.#roomTime) return EAGAIN;
    const { text, size } = this.#collect(vectors, count);
    this.#text[fd] += text;
    this.#view.setUint32(result, size, true);
    return SUCCESS;
  }

  /** @param {number} vectors @param {number} count */
  #collect(vectors, count) {
    let [text, size] = ['', 0];
    for (let at = vectors; at < vectors + 8 * count; at += 8) {
      const length = this.#view.getUint32(at + 4, true);
      const bytes = new Uint8Array(this.#exports.memory.buffer, this.#view.getUint32(at, true), length);
      text += new TextDecoder().decode(bytes);
      size += length;
    }
    return { text, size };
  }

  /** When there is something to read, or the end. */
  get #inputTime() {
    const [next] = this.#input;
    return next ? START + BigInt(next[0]) * 1_000_000n : this.#now;
  }

  /**
   * Blocks everybody until there is something.
   *
   * @param {number} vectors @param {number} result
   */
  #read(vectors, result) {
    if (this.#inputTime > this.#now) this.#now = this.#inputTime;
    const [, text] = this.#input.shift() ?? [0, ''];
    const [start, size] = [this.#view.getUint32(vectors, true), this.#view.getUint32(vectors + 4, true)];
    const bytes = new TextEncoder().encode(text);
    // What is buffered comes in two parts, of which the first is one byte short.
    const first = bytes.subarray(0, size);
    new Uint8Array(this.#exports.memory.buffer).set(first, start);
    const rest = bytes.subarray(first.length);
    if (rest.length) {
      new Uint8Array(this.#exports.memory.buffer).set(rest, this.#view.getUint32(vectors + 8, true));
    }
    this.#view.setUint32(result, bytes.length, true);
    return SUCCESS;
  }

  /** @param {number} at @returns {Subscription} */
  #readSubscription(at) {
    const view = this.#view;
    const [userdata, kind] = [view.getBigUint64(at, true), view.getUint8(at + 8)];
    return {
      userdata,
      kind,
      nanoseconds: view.getBigUint64(at + 24, true),
      fd: view.getUint32(at + 16, true),
    };
  }

  // ---- sockets ------------------------------------------------------------------------------------

  /** @param {number} fd @param {number} result */
  #fdstat(fd, result) {
    const isSocket = fd === LISTENER || this.#connections.has(fd);
    if (fd === 0 ? !this.#isOpen : fd > 2 && !isSocket) return EBADF;
    this.#storeStatus(result);
    if (isSocket) this.#view.setUint8(result, SOCKET_STREAM);
    return SUCCESS;
  }

  /** Moves the clock: what would block everybody. @param {number} milliseconds since the start */
  #wait(milliseconds) {
    const time = START + BigInt(milliseconds) * 1_000_000n;
    if (time > this.#now) this.#now = time;
  }

  /** @param {number} result */
  #accept(result) {
    const peer = this.#peers.shift();
    if (!peer) return EBADF;
    this.#wait(peer.at);
    const fd = LISTENER + 1 + this.#connections.size;
    this.#connections.set(fd, peer);
    this.#view.setUint32(result, fd, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} vectors @param {number} result @param {number} flags */
  #receive(fd, vectors, result, flags) {
    const [at, text] = this.#connections.get(fd)?.sends.shift() ?? [0, ''];
    this.#wait(at);
    new TextEncoder().encodeInto(
      text,
      new Uint8Array(this.#exports.memory.buffer, this.#view.getUint32(vectors, true)),
    );
    this.#view.setUint32(result, text.length, true);
    this.#view.setUint16(flags, 0, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
  #send(fd, vectors, count, result) {
    const peer = this.#connections.get(fd);
    if (!peer) return EBADF;
    if (this.#now < this.#roomTime) return EAGAIN;
    const { text, size } = this.#collect(vectors, count);
    peer.received = (peer.received ?? '') + text;
    this.#view.setUint32(result, size, true);
    return SUCCESS;
  }

  /** When there is something to read of it. @param {number} fd */
  #readTimeOf(fd) {
    if (fd === 0) return this.#inputTime;
    const next = fd === LISTENER ? this.#peers[0]?.at : this.#connections.get(fd)?.sends[0]?.[0];
    return START + BigInt(next ?? 0) * 1_000_000n;
  }

  /** When it happens. @param {Subscription} subscription */
  #timeOf({ kind, nanoseconds, fd }) {
    if (kind === FD_READ) return this.#readTimeOf(fd);
    if (kind === FD_WRITE) return this.#roomTime;
    return this.#now + (nanoseconds > this.#cutsOff ? nanoseconds - this.#cutsOff : nanoseconds);
  }

  /** @param {number} from @param {number} events @param {number} count @param {number} result */
  #poll(from, events, count, result) {
    const asked = Array.from({ length: count }, (_, i) =>
      this.#readSubscription(from + i * SUBSCRIPTION_SIZE),
    );
    this.polls.push(asked);
    const answer = asked.reduce((first, each) => (this.#timeOf(each) < this.#timeOf(first) ? each : first));
    const time = this.#timeOf(answer);
    if (time > this.#now) this.#now = time;
    new Uint8Array(this.#exports.memory.buffer, events, EVENT_SIZE).fill(0);
    this.#view.setBigUint64(events, answer.userdata, true);
    this.#view.setUint8(events + 10, answer.kind);
    this.#view.setUint32(result, 1, true);
    return SUCCESS;
  }
}
