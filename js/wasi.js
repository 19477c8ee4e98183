/** @import { Descriptors, DescriptorsHost } from './descriptors.js' */
/** @import { InputOption } from './input.js' */

import { joinBytes } from './bytes.js';
import { checkInput, wrong } from './check.js';
import { ExitStatus } from './errors.js';
import { loadPart } from './part.js';

/** @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const SUCCESS = 0;
const EBADF = 8;
const ENOSYS = 52;
const ESPIPE = 70;

const CLOCK_REALTIME = 0;
const FILETYPE_UNKNOWN = 0;
const FILETYPE_CHARACTER_DEVICE = 2;
const RIGHT_READ_AND_WRITE = 2n | 64n;
const STANDARD_STREAMS = 3;
const EVENT_SIZE = 32;

/** No call asks for more random bytes at once than getRandomValues gives. */
const RANDOM_CHUNK = 65536;

const encoder = new TextEncoder();

/**
 * @typedef {object} WasiOptions
 * @property {string[]} [args] argv, the program's name first
 * @property {Record<string, string>} [env]
 * @property {(bytes: Uint8Array) => void} [stdout] gets each write as libc makes it; the bytes are its own. Default:
 *   the process's, or lines for the console
 * @property {(bytes: Uint8Array) => void} [stderr] likewise
 * @property {InputOption} [stdin] where stdin comes from: a ReadableStream, an async iterable, or a function that
 *   gives bytes or a promise of them, null at the end. It is asked when C reads. Default: that of the process, else
 *   nothing to read
 * @property {[boolean, boolean, boolean]} [isTerminal] of stdin, stdout and stderr. A command writes each line to a
 *   terminal, else whole buffers. Default: none is one
 */

/**
 * What a preview 1 libc asks of its host: arguments, environment, clocks, random numbers, the standard
 * streams and exit. There is no file system; whatever else is called answers ENOSYS.
 */
export class Wasi {
  /** @type {Required<Omit<WasiOptions, 'stdin'>> & WasiOptions} */ #options;
  /** @type {DescriptorsHost} */ #host;
  /** @type {Promise<void> | undefined} */ #opening;
  /** @type {Descriptors | undefined} */ #descriptors;

  /**
   * @param {WasiOptions} options
   * @param {DescriptorsHost} host
   */
  constructor(options, host) {
    this.#options = {
      args: ['program'],
      env: {},
      ...standardStreams(),
      isTerminal: [false, false, false],
      ...options,
    };
    checkOptions(this.#options);
    this.#host = host;
  }

  get #memory() {
    return this.#host.instance.memory;
  }

  /** Loads what reads and waits for descriptors, which not every program does. */
  open() {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open() {
    const { openDescriptors } = await loadPart(import('./descriptors.js'));
    this.#descriptors = await openDescriptors(this.#options, this.#host);
  }

  /** As Descriptors.probe; nothing is ready before it has been opened. @param {number} fd @param {number} events */
  probe(fd, events) {
    return this.#descriptors?.probe(fd, events) ?? 0;
  }

  /** As Descriptors.watch. @param {number} fd @param {number} events @param {number} watch */
  watch(fd, events, watch) {
    const act = () => this.#descriptors?.watch(fd, events, watch);
    if (this.#descriptors) act();
    else this.open().then(act, this.#host.report);
  }

  /** Nobody reads any more. */
  close() {
    this.#descriptors?.close();
  }

  /**
   * The functions that a module imports of preview 1.
   *
   * @param {string[]} names
   * @returns {Record<string, Function>}
   */
  functions(names) {
    const plain = this.#known();
    const known = { ...plain, ...this.#descriptors?.functions(plain) };
    return Object.fromEntries(names.map((name) => [name, unsigned(known[name] ?? (() => ENOSYS))]));
  }

  /** @returns {Record<string, (...values: any[]) => number>} */
  #known() {
    const { args, env } = this.#options;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return {
      args_sizes_get: (count, size) => this.#storeSizes(args, count, size),
      args_get: (pointers, text) => this.#storeStrings(args, pointers, text),
      environ_sizes_get: (count, size) => this.#storeSizes(variables, count, size),
      environ_get: (pointers, text) => this.#storeStrings(variables, pointers, text),
      clock_res_get: (_clock, result) => this.#storeTime(result, 1000n),
      clock_time_get: (clock, _precision, result) => this.#storeTime(result, this.#time(clock)),
      random_get: (pointer, size) => this.#fillRandomly(pointer >>> 0, size >>> 0),
      sched_yield: () => SUCCESS,
      poll_oneoff: (from, events, count, result) => this.#poll(from, events, count, result),
      fd_write: (fd, vectors, count, result) => this.#write(fd, vectors, count, result),
      fd_close: (fd) => (fd < STANDARD_STREAMS ? SUCCESS : EBADF),
      fd_seek: (fd) => (fd < STANDARD_STREAMS ? ESPIPE : EBADF),
      fd_fdstat_get: (fd, result) => this.#storeStatus(fd, result),
      fd_prestat_get: () => EBADF,
      proc_exit: (code) => {
        throw new ExitStatus(code);
      },
    };
  }

  /** @param {string[]} strings @param {number} count @param {number} size */
  #storeSizes(strings, count, size) {
    const { view } = this.#memory;
    view.setUint32(count, strings.length, true);
    view.setUint32(
      size,
      strings.reduce((sum, string) => sum + encoder.encode(string).length + 1, 0),
      true,
    );
    return SUCCESS;
  }

  /** @param {string[]} strings @param {number} pointers @param {number} text */
  #storeStrings(strings, pointers, text) {
    const { view, bytes } = this.#memory;
    let end = text;
    strings.forEach((string, i) => {
      const encoded = encoder.encode(`${string}\0`);
      view.setUint32(pointers + 4 * i, end, true);
      bytes.set(encoded, end);
      end += encoded.length;
    });
    return SUCCESS;
  }

  /** @param {number} clock */
  #time(clock) {
    const milliseconds = clock === CLOCK_REALTIME ? Date.now() : this.#host.driver.now();
    return BigInt(Math.round(milliseconds * 1e6));
  }

  /** @param {number} result @param {bigint} nanoseconds */
  #storeTime(result, nanoseconds) {
    this.#memory.view.setBigUint64(result, nanoseconds, true);
    return SUCCESS;
  }

  /** @param {number} from @param {number} events @param {number} count @param {number} result */
  #poll(from, events, count, result) {
    const { view } = this.#memory;
    const isPlain = count === 1 && view.getUint8(from + 8) === 0 && view.getUint16(from + 40, true) === 0;
    if (!isPlain) return this.#descriptors?.poll(from, events, count, result) ?? ENOSYS;
    return mayBlock() ? this.#sleep(from, events, result) : ENOSYS;
  }

  /**
   * Blocks everybody, for C that is not patched.
   *
   * @param {number} from one subscription, relative, of a clock
   * @param {number} events @param {number} result
   */
  #sleep(from, events, result) {
    const { view, bytes } = this.#memory;
    const milliseconds = Number(view.getBigUint64(from + 24, true)) / 1e6;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    bytes.fill(0, events, events + EVENT_SIZE).copyWithin(events, from, from + 8);
    view.setUint32(result, 1, true);
    return SUCCESS;
  }

  /** @param {number} pointer @param {number} size */
  #fillRandomly(pointer, size) {
    const target = this.#memory.bytes.subarray(pointer, pointer + size);
    for (let i = 0; i < size; i += RANDOM_CHUNK) crypto.getRandomValues(target.subarray(i, i + RANDOM_CHUNK));
    return SUCCESS;
  }

  /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
  #write(fd, vectors, count, result) {
    const sink = fd === 1 ? this.#options.stdout : fd === 2 ? this.#options.stderr : undefined;
    if (!sink) return EBADF;
    const bytes = joinBytes(this.#memory.parts(vectors, count));
    if (bytes.length) sink(bytes);
    this.#memory.view.setUint32(result, bytes.length, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} result */
  #storeStatus(fd, result) {
    if (fd >= STANDARD_STREAMS) return EBADF;
    const { view } = this.#memory;
    view.setUint8(result, this.#options.isTerminal[fd] ? FILETYPE_CHARACTER_DEVICE : FILETYPE_UNKNOWN);
    view.setUint16(result + 2, 0, true);
    view.setBigUint64(result + 8, RIGHT_READ_AND_WRITE, true);
    view.setBigUint64(result + 16, 0n, true);
    return SUCCESS;
  }
}

/** @param {WasiOptions} options @throws {TypeError} that names one which does not fit */
function checkOptions({ args, env, stdin, ...streams }) {
  if (!Array.isArray(args)) throw wrong('an array of strings', args, 'args');
  if (typeof env !== 'object') throw wrong('an object of strings', env, 'env');
  checkInput(stdin);
  for (const name of /** @type {const} */ (['stdout', 'stderr']))
    if (typeof streams[name] !== 'function') throw wrong('a function', streams[name], name);
}

/** A page may not, a worker may, and so may Node. */
function mayBlock() {
  return !('window' in globalThis);
}

/**
 * Addresses in the upper half of memory arrive as negative numbers.
 *
 * @param {(...values: any[]) => number} call
 * @returns {(...values: any[]) => number}
 */
function unsigned(call) {
  return (...values) => call(...values.map((value) => (typeof value === 'number' ? value >>> 0 : value)));
}

/**
 * Gives the lines of what is written to it, as text, for hosts whose console takes lines.
 *
 * @param {(line: string) => void} write
 * @returns {(bytes: Uint8Array) => void}
 */
export function byLine(write) {
  const decoder = new TextDecoder();
  let rest = '';
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = /** @type {string} */ (lines.pop());
    for (const line of lines) write(line);
  };
}

/** Where output goes if nobody says: Node's own streams, elsewhere the console. */
function standardStreams() {
  const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
  if (!process?.stdout?.write) return { stdout: byLine(console.log), stderr: byLine(console.error) };
  return {
    stdout: (/** @type {Uint8Array} */ bytes) => void process.stdout.write(bytes),
    stderr: (/** @type {Uint8Array} */ bytes) => void process.stderr.write(bytes),
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {WasiOptions} options
 * @param {DescriptorsHost} host
 */
export async function openWasi(module, options, host) {
  const wasi = new Wasi(options, host);
  if (WebAssembly.Module.imports(module).some(({ name }) => name === 'fd_read')) await wasi.open();
  return wasi;
}
