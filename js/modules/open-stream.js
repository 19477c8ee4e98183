/** @import { Sink, StreamPair } from '../cells.js' */
/** @import { Lent } from '../references.js' */

import { makeError } from '../errors.js';

/** @typedef {{ next: () => any, return?: (reason?: any) => any }} Source */

/** @param {any} readable @returns {Source} */
function sourceOf(readable) {
  if (typeof readable.getReader === 'function') {
    const reader = readable.getReader();
    return { next: () => reader.read(), return: (reason) => reader.cancel(reason) };
  }
  return (readable[Symbol.asyncIterator] ?? readable[Symbol.iterator]).call(readable);
}

/** @param {any} writable @returns {Sink} */
function sinkOf(writable) {
  return typeof writable.getWriter === 'function' ? writable.getWriter() : writable;
}

const ignore = () => {};

/**
 * What C reads of a stream. A read that is given up takes nothing: what comes is for the next.
 */
class Inlet {
  #source;
  /** @type {Promise<IteratorResult<any>> | undefined} */ #pending;
  /** @type {object | undefined} who reads */ #reader;
  /** @type {Uint8Array} */ #rest = new Uint8Array();
  #isOver = false;

  /** @param {any} readable */
  constructor(readable) {
    this.#source = sourceOf(readable);
  }

  /**
   * @param {AbortSignal} signal of whoever reads
   * @returns {Promise<IteratorResult<any>>}
   */
  async next(signal) {
    if (this.#reader) throw makeError('GREENLET_EBUSY', 'another greenlet is reading from the stream');
    const self = {};
    const leave = () => {
      if (this.#reader === self) this.#reader = undefined;
    };
    this.#reader = self;
    signal.addEventListener('abort', leave, { once: true });
    try {
      const result = await this.#ask();
      if (!signal.aborted && !result.done) this.#pending = undefined;
      return result;
    } finally {
      leave();
    }
  }

  #ask() {
    if (!this.#pending) {
      const pending = Promise.resolve(this.#isOver ? { done: true, value: undefined } : this.#source.next());
      pending.then(
        ({ done }) => void (this.#isOver ||= Boolean(done)),
        () => void (this.#isOver = true),
      );
      this.#pending = pending;
    }
    return this.#pending;
  }

  /** @param {number} size @param {AbortSignal} signal @returns {Promise<Uint8Array>} none at the end */
  async read(size, signal) {
    while (this.#rest.length === 0) {
      const { done, value } = await this.next(signal);
      if (done || signal.aborted) return this.#rest;
      this.#rest = toBytes(value);
    }
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  cancel() {
    if (this.#isOver) return;
    this.#isOver = true;
    Promise.resolve(this.#source.return?.()).catch(ignore);
  }
}

/** @param {any} value @returns {StreamPair} */
function pairOf(value) {
  if ('getWriter' in value) return { writable: value };
  const isReadable = 'getReader' in value || Symbol.asyncIterator in value || Symbol.iterator in value;
  return isReadable ? { readable: value, close: value.close?.bind(value) } : value;
}

/**
 * A stream as C uses it, from its first use until its number ends.
 */
export class OpenStream {
  /** @type {StreamPair} */ #pair;
  /** @type {Inlet | undefined} */ #inlet;
  /** @type {Sink | undefined} */ #sink;
  /** @type {Promise<void>} */ #written = Promise.resolve();
  #hasEnded = false;

  /** @param {any} value */
  constructor(value) {
    this.#pair = pairOf(value);
  }

  get inlet() {
    if (!this.#pair.readable) throw new TypeError('the stream cannot be read from');
    this.#inlet ??= new Inlet(this.#pair.readable);
    return this.#inlet;
  }

  get #outlet() {
    if (!this.#pair.writable) throw new TypeError('the stream cannot be written to');
    if (this.#hasEnded) throw makeError('GREENLET_ECLOSED', 'the stream has been ended');
    this.#sink ??= sinkOf(this.#pair.writable);
    return this.#sink;
  }

  /** @param {unknown} value @returns {Promise<void>} settles when the stream has taken it */
  write(value) {
    const sink = this.#outlet;
    return this.#afterWrites(() => sink.write(value));
  }

  /** @returns {Promise<void>} settles when all that was written has arrived */
  end() {
    const sink = this.#outlet;
    this.#hasEnded = true;
    return this.#afterWrites(() => sink.close?.());
  }

  /** @param {() => unknown} action */
  #afterWrites(action) {
    const done = this.#written.then(action).then(ignore);
    this.#written = done.catch(ignore);
    return done;
  }

  /** C has done with it: what it has not read to the end is cancelled, and what it has not ended aborted. */
  close() {
    this.#inlet?.cancel();
    if (this.#sink && !this.#hasEnded) {
      this.#hasEnded = true;
      const reason = makeError('GREENLET_ECLOSED', 'C has closed the stream without ending it');
      Promise.resolve(this.#sink.abort?.(reason)).catch(ignore);
    }
    this.#pair.close?.();
  }
}

/** @param {Lent<any>} lent @returns {OpenStream} */
export function openStream(lent) {
  if (!lent.state) {
    if (!lent.value) throw new TypeError('there is no stream of number 0');
    const stream = new OpenStream(lent.value);
    lent.state = stream;
    lent.end = () => stream.close();
  }
  return lent.state;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {any} value bytes, or text that stands for them @returns {Uint8Array} */
export function toBytes(value) {
  if (typeof value === 'string') return encoder.encode(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(`the stream gave what is no bytes: ${typeof value}`);
}

/** @param {any} value @returns {any} bytes as the text that they are */
export function toText(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? decoder.decode(value) : value;
}
