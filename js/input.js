/**
 * What a source gives: bytes, or text, which is taken as UTF-8; null or nothing: the end, which stays the end.
 *
 * @typedef {Uint8Array | string | null | undefined | void} Chunk
 */

/**
 * Where stdin comes from. A function is asked whenever there is nothing left; `size` is how much there is room for, and
 * what is more is kept. One that answers at once keeps everybody waiting meanwhile, one that gives a promise only those
 * who read.
 *
 * @typedef {((size: number) => Chunk | PromiseLike<Chunk>) | ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>} InputOption
 */

/**
 * @typedef {object} InputSource
 * @property {(size: number) => Chunk | PromiseLike<Chunk>} read
 * @property {(size: number) => Chunk} [readNow] keeps everybody waiting
 * @property {boolean} [isFile] readNow never has to wait
 * @property {(isRef: boolean) => void} [setRef] whether the host stays for what `read` has promised
 * @property {() => void} [close] nobody will read any more
 */

import { wrong } from './check.js';
import { loadPart } from './part.js';

/** @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const EAGAIN = 6;
const EIO = 29;

/** @type {Uint8Array} */
const NOTHING = new Uint8Array(0);

/** How much a source is asked for by somebody who only looks. */
const READ_AHEAD = 65536;

/** @param {InputOption} option @returns {InputSource} */
export function sourceOf(option) {
  if (typeof option === 'function') return { read: option };
  if ('getReader' in option) {
    const reader = option.getReader();
    return { read: () => readFrom(() => reader.read()), close: () => reader.releaseLock() };
  }
  const iterator = option[Symbol.asyncIterator]();
  return { read: () => readFrom(() => iterator.next()), close: () => void iterator.return?.() };
}

/** @param {() => Promise<{ done?: boolean, value?: any }>} next @returns {Promise<Chunk>} */
async function readFrom(next) {
  for (;;) {
    const { done, value } = await next();
    if (done) return null;
    if (value?.length !== 0) return value;
  }
}

/** @param {Exclude<Chunk, null | undefined | void>} chunk */
function toBytes(chunk) {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw wrong('a Uint8Array, a string or null', chunk, 'stdin');
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array[]} parts with room for them, if not for more
 */
function scatter(bytes, parts) {
  let end = 0;
  for (const part of parts) {
    part.set(bytes.subarray(end, end + part.length));
    end += part.length;
  }
  return bytes.length;
}

/** Bytes that come when they come: asks for more, once at a time, and keeps what has come until it is read. */
export class Input {
  /** @type {InputSource} */ #source;
  /** @type {(reason: unknown) => void} */ #report;
  #bytes = NOTHING;
  #isAtEnd = false;
  #isAsked = false;
  /** @type {{ reason: unknown } | undefined} */ #failure;
  /** Told that what was promised has come. */
  onReady = () => {};

  /** @param {InputSource} source @param {(reason: unknown) => void} report told of what it fails with */
  constructor(source, report) {
    this.#source = source;
    this.#report = report;
  }

  get #hasCome() {
    return this.#bytes.length > 0 || this.#isAtEnd || this.#failure !== undefined;
  }

  /** Whether it can be read without waiting. If not, more has been asked for. */
  isReady() {
    if (this.#source.isFile) return true;
    this.#ask(READ_AHEAD);
    return this.#hasCome;
  }

  /** @param {boolean} isRef whether somebody waits for it, so that the host is to stay */
  setRef(isRef) {
    this.#source.setRef?.(isRef);
  }

  /**
   * Reads what has come.
   *
   * @param {() => Uint8Array[]} parts where it is to go; asked for again after the source has been called
   * @param {boolean} mayBlock whether everybody is to wait if nothing has come
   * @returns {number} how many bytes there were, 0 at the end; or an error number of preview 1, negative
   */
  fill(parts, mayBlock) {
    const size = parts().reduce((sum, { length }) => sum + length, 0);
    if (size > 0 && !this.#hasCome) this.#fetch(size, mayBlock);
    if (this.#failure) return this.#fail(this.#failure.reason);
    if (size > 0 && !this.#hasCome) return -EAGAIN;
    const bytes = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return scatter(bytes, parts());
  }

  /** What comes after it is the end. @param {unknown} reason */
  #fail(reason) {
    this.#failure = undefined;
    this.#isAtEnd = true;
    this.#report(reason);
    return -EIO;
  }

  /** @param {number} size @param {boolean} mayBlock */
  #fetch(size, mayBlock) {
    const { isFile, readNow } = this.#source;
    if (!readNow || this.#isAsked || !(isFile || mayBlock)) this.#ask(size);
    else this.#try(() => this.#keep(readNow(size)));
  }

  /** @param {number} size */
  #ask(size) {
    if (this.#isAsked || this.#hasCome) return;
    this.#try(() => {
      const given = /** @type {any} */ (this.#source.read(size));
      if (typeof given?.then === 'function') this.#await(given);
      else this.#keep(given);
    });
  }

  /** @param {PromiseLike<Chunk>} promise */
  #await(promise) {
    this.#isAsked = true;
    const settle = (/** @type {() => void} */ keep) => {
      this.#isAsked = false;
      this.#try(keep);
      this.onReady();
    };
    const give = (/** @type {Chunk} */ chunk) => settle(() => this.#keep(chunk));
    promise.then(give, (reason) => settle(() => this.#setFailure(reason)));
  }

  /** @param {Chunk} chunk */
  #keep(chunk) {
    this.#bytes = chunk ? toBytes(chunk) : NOTHING;
    this.#isAtEnd = this.#bytes.length === 0;
  }

  /** @param {() => void} act */
  #try(act) {
    try {
      act();
    } catch (reason) {
      this.#setFailure(reason);
    }
  }

  /** @param {unknown} reason */
  #setFailure(reason) {
    this.#failure = { reason };
  }

  /** Nobody reads any more. */
  close() {
    this.setRef(false);
    this.#try(() => this.#source.close?.());
  }
}

/** The process, in Node, Deno and Bun: its types are not everybody's. @returns {any} */
export function findProcess() {
  const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
  return process?.getBuiltinModule ? process : undefined;
}

/**
 * @param {InputOption | undefined} option undefined: that of the process, if there is one
 * @param {(reason: unknown) => void} report told of what it fails with
 * @returns {Promise<Input>}
 */
export async function openInput(option, report) {
  const process = findProcess();
  if (option && option !== process?.stdin) return new Input(sourceOf(option), report);
  if (!process) return new Input({ read: () => null }, report);
  const { ProcessInput } = await loadPart(import('./process.js'));
  return new Input(new ProcessInput(process), report);
}
