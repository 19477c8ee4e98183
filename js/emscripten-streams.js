/** @import { Input, InputOption } from './input.js' */
/** @import { WatchesHost } from './watches.js' */

import { Input as BufferedInput, findProcess, sourceOf } from './input.js';
import { ProcessInput } from './process.js';
import { READABLE, Watches, WRITABLE } from './watches.js';

/** Emscripten has the numbers of musl's poll.h for events, and those of preview 1 for errors. */
const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;

const O_ACCMODE = 3;
const O_WRONLY = 1;
const O_NONBLOCK = 0o4000;

/** What `probe` answers besides events. */
const NOT_OPEN = -1;
const CANNOT_BE_WAITED_FOR = -2;

const STANDARD_STREAMS = 3;

/**
 * Emscripten's `FS`, as far as it is needed.
 *
 * @typedef {object} FileSystem
 * @property {(Stream | null | undefined)[]} streams
 * @property {(fd: number) => Stream | null | undefined} getStream
 * @property {new (errno: number) => unknown} ErrnoError
 *
 * @typedef {object} Stream
 * @property {number} flags
 * @property {Record<string, Function>} stream_ops which all streams of its device share
 */

/**
 * Where stdin comes from: the option, the process, or, undefined, wherever Emscripten takes it from.
 *
 * @param {InputOption | undefined} option
 * @param {Record<string, any>} module Emscripten's `Module`
 * @param {(reason: unknown) => void} report told of what it fails with
 * @returns {Input | undefined}
 */
export function openInput(option, module, report) {
  const process = findProcess();
  if (option && option !== process?.stdin) return new BufferedInput(sourceOf(option), report);
  return process && !module.stdin ? new BufferedInput(new ProcessInput(process), report) : undefined;
}

/** What can be done with Emscripten's descriptors, of which those of stdin can be waited for. */
export class Streams {
  /** @type {FileSystem | undefined} */ #fs;
  /** @type {Input | undefined} */ #input;
  /** @type {Record<string, Function> | undefined} of the device that the input is read by */ #ops;
  /** @type {Set<number>} that somebody waits to read from the input */ #readers = new Set();
  /** @type {Watches} */ #watches;

  /**
   * @param {FileSystem | undefined} fs undefined: the program has none, and so reads nothing
   * @param {Input | undefined} input
   * @param {WatchesHost} host
   */
  constructor(fs, input, host) {
    this.#fs = fs;
    this.#input = input;
    this.#watches = new Watches(host, (fd, events) => this.probe(fd, events));
    if (!fs || !input) return;
    input.onReady = () => this.#watches.tellAll();
    this.#takeOver(fs, input, host);
  }

  /** @param {FileSystem} fs @param {Input} input @param {WatchesHost} host */
  #takeOver(fs, input, { instance }) {
    const ops = fs.getStream(0)?.stream_ops;
    if (!ops) return;
    this.#ops = ops;
    const { close } = ops;
    const isRead = (/** @type {Stream | null | undefined} */ stream) =>
      stream?.stream_ops === ops && !isWritten(stream);
    Object.assign(ops, {
      poll: (/** @type {Stream} */ stream) =>
        isRead(stream) && !input.isReady() ? POLLOUT : POLLIN | POLLOUT,
      read: (
        /** @type {Stream} */ { flags },
        /** @type {Uint8Array} */ buffer,
        /** @type {number} */ offset,
        /** @type {number} */ length,
      ) => {
        // If memory has grown meanwhile, the buffer is gone, and was the memory's.
        const parts = () => [
          (buffer.length ? bytesOf(buffer) : instance.memory.bytes).subarray(offset, offset + length),
        ];
        const size = input.fill(parts, !(flags & O_NONBLOCK));
        if (size < 0) throw new fs.ErrnoError(-size);
        return size;
      },
      close(/** @type {Stream} */ stream) {
        close?.call(ops, stream);
        if (!fs.streams.some((other) => other !== stream && isRead(other))) input.close();
      },
    });
  }

  /**
   * @param {number} fd
   * @param {number} events
   * @returns {number} those that can be done without waiting; or, negative, why there are none
   */
  probe(fd, events) {
    if (!this.#fs) return fd < STANDARD_STREAMS ? events : NOT_OPEN;
    const stream = this.#fs.getStream(fd);
    if (!stream) return NOT_OPEN;
    const { poll } = stream.stream_ops;
    const ready = events && poll ? events & eventsOf(poll(stream)) : events;
    return events && !ready && stream.stream_ops !== this.#ops ? CANNOT_BE_WAITED_FOR : ready;
  }

  /**
   * @param {number} fd
   * @param {number} events that are waited for from now on
   * @param {number} watch C's number for who does
   */
  watch(fd, events, watch) {
    if (events & READABLE) this.#readers.add(fd);
    else this.#readers.delete(fd);
    this.#input?.setRef(this.#readers.size > 0);
    this.#watches.set(fd, events, watch);
  }

  /** Nobody reads any more. */
  close() {
    this.#watches.clear();
    this.#input?.close();
  }
}

/** Emscripten's are of signed bytes. @param {ArrayBufferView} view */
function bytesOf({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @param {Stream} stream */
function isWritten({ flags }) {
  return (flags & O_ACCMODE) === O_WRONLY;
}

/** What C calls what poll says. @param {number} mask */
function eventsOf(mask) {
  const isOver = mask & (POLLERR | POLLHUP);
  return (mask & POLLIN || isOver ? READABLE : 0) | (mask & POLLOUT || isOver ? WRITABLE : 0);
}
