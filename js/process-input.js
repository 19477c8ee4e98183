/** @import { Chunk, InputSource } from './input.js' */

/** How long to wait before a look at what somebody else has made non-blocking. */
const RETRY_MS = 10;

/**
 * Whether descriptor 0 can be read at once, as files and devices like /dev/null can: no event says that there is more.
 *
 * @param {NodeJS.Process} process
 */
function isFile(process) {
  try {
    const stat = process.getBuiltinModule('node:fs').fstatSync(0);
    return !(stat.isFIFO() || stat.isSocket() || process.getBuiltinModule('node:tty').isatty(0));
  } catch {
    return false;
  }
}

/**
 * The stdin of the process, in Node, Deno and Bun: files are read at once, and all else when the event loop says that
 * there is something. Until somebody looks, nothing of it is touched.
 *
 * @implements {InputSource}
 */
export class ProcessInput {
  /** @type {NodeJS.Process} */ #process;
  /** @type {NodeJS.ReadStream | undefined} */ #stream;
  #stopListening = () => {};

  /** @param {any} process of Node; its types are not everybody's */
  constructor(process) {
    this.#process = process;
    // What a worker reads comes from the thread that has started it.
    const isMain = process.getBuiltinModule('node:worker_threads').isMainThread;
    this.isFile = isMain && isFile(process);
    this.readNow = isMain ? (/** @type {number} */ size) => this.#readNow(size) : undefined;
  }

  /** @param {number} size */
  #readNow(size) {
    const buffer = new Uint8Array(size);
    for (;;) {
      try {
        return buffer.subarray(0, this.#process.getBuiltinModule('node:fs').readSync(0, buffer));
      } catch (reason) {
        const { code } = /** @type {NodeJS.ErrnoException} */ (reason);
        if (code === 'EOF') return null;
        if (code !== 'EAGAIN') throw reason;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  }

  /** @returns {Chunk | Promise<Chunk>} */
  read() {
    const stream = this.#open();
    return stream.read() ?? this.#next(stream);
  }

  // It is not to keep the process alive before somebody waits for it.
  #open() {
    if (this.#stream) return this.#stream;
    this.#stream = this.#process.stdin;
    this.#stream.unref?.();
    return this.#stream;
  }

  /** @param {NodeJS.ReadStream} stream @returns {Promise<Chunk>} */
  #next(stream) {
    if (stream.readableEnded || stream.destroyed) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const look = () => {
        const chunk = stream.read();
        if (chunk !== null) finish(() => resolve(chunk));
      };
      const finish = (/** @type {() => void} */ settle) => {
        this.#stopListening();
        settle();
      };
      this.#listen(stream, {
        readable: look,
        end: () => finish(() => resolve(null)),
        close: () => finish(() => resolve(null)),
        error: (/** @type {unknown} */ reason) => finish(() => reject(reason)),
      });
    });
  }

  /** @param {NodeJS.ReadStream} stream @param {Record<string, (...values: any[]) => void>} listeners */
  #listen(stream, listeners) {
    for (const [event, listener] of Object.entries(listeners)) stream.on(event, listener);
    this.#stopListening = () => {
      for (const [event, listener] of Object.entries(listeners)) stream.off(event, listener);
    };
  }

  /** @param {boolean} isRef */
  setRef(isRef) {
    if (isRef) this.#stream?.ref?.();
    else this.#stream?.unref?.();
  }

  close() {
    this.#stopListening();
  }
}
