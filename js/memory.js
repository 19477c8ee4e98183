import { makeError } from './errors.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The linear memory of an instance. Nobody else holds a view of it: memory that grows, and it may in any
 * call, leaves old views empty.
 */
export class Memory {
  /** @type {WebAssembly.Memory} */ #memory;
  /** @type {(size: number) => number} */ #malloc;
  /** @type {(pointer: number) => void} */ #free;
  #bytes = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));

  /** @param {Record<string, any>} exports */
  constructor(exports) {
    this.#memory = exports.memory;
    this.#malloc = exports.malloc;
    this.#free = exports.free;
  }

  get bytes() {
    if (!this.#bytes.length) this.#look();
    return this.#bytes;
  }

  get view() {
    if (!this.#bytes.length) this.#look();
    return this.#view;
  }

  #look() {
    const { buffer } = this.#memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** @param {number} size in bytes; at least one is allocated */
  allocate(size) {
    const pointer = this.#malloc(Math.max(size, 1)) >>> 0;
    if (!pointer) throw makeError('GREENLET_ENOMEM', `no memory for ${size} bytes in the instance`);
    return pointer;
  }

  /** @param {number} pointer */
  free(pointer) {
    this.#free(pointer);
  }

  /**
   * @param {number} pointer
   * @param {number} size
   * @returns {Uint8Array<ArrayBuffer>} a copy
   */
  copy(pointer, size) {
    return this.bytes.slice(pointer >>> 0, (pointer >>> 0) + size);
  }

  /**
   * @param {number} pointer
   * @param {number} size of the UTF-8 in bytes
   */
  readText(pointer, size) {
    return decoder.decode(this.bytes.subarray(pointer >>> 0, (pointer >>> 0) + size));
  }

  /**
   * @param {number} pointer of a list of parts, as preview 1 has it: an address and a size each
   * @param {number} count
   * @returns {Uint8Array[]} views, good until the next call
   */
  parts(pointer, count) {
    return Array.from({ length: count }, (_, i) => {
      const start = this.view.getUint32(pointer + 8 * i, true);
      return this.bytes.subarray(start, start + this.view.getUint32(pointer + 8 * i + 4, true));
    });
  }

  /** @param {number} pointer of NUL-ended UTF-8; 0 reads as '' */
  readString(pointer) {
    const start = pointer >>> 0;
    return start ? this.readText(start, this.bytes.indexOf(0, start) - start) : '';
  }

  /**
   * Allocates a copy with a NUL after it, which does not count.
   *
   * @param {Uint8Array} bytes
   * @returns {{ data: number, size: number }}
   */
  write(bytes) {
    const data = this.allocate(bytes.length + 1);
    this.bytes.set(bytes, data);
    this.bytes[data + bytes.length] = 0;
    return { data, size: bytes.length };
  }

  /** @param {string} text */
  writeString(text) {
    return this.write(encoder.encode(text));
  }

  /**
   * Calls with an allocated copy of the text, and frees it.
   *
   * @template T
   * @param {string} text
   * @param {(pointer: number) => T} use
   * @returns {T}
   */
  withString(text, use) {
    const { data } = this.writeString(text);
    try {
      return use(data);
    } finally {
      this.free(data);
    }
  }
}
