/** @import { Memory } from './memory.js' */
/** @import { References } from './references.js' */
/** @import { DoorType } from './records.js' */

import { wrong } from './check.js';
import { makeError } from './errors.js';
import { Lent } from './references.js';

/** Bytes of a cell, the unit in which values cross the door (gevent_cell_t of src/gevent/slot.h). */
export const CELL_SIZE = 8;

/**
 * Who a value is marshalled for: the memory, the values that C knows by number, and the numbers that were
 * given out, which their owner takes back.
 *
 * @typedef {{ memory: Memory, references: References, lender?: Set<number> }} Door
 */

/**
 * What C can read from, write to, or both: an iterable, a stream, a pair of them. `close` of a pair is called when C
 * has done with it. What is written to may be less than a stream: an UnderlyingSink's `write`, `close` and `abort`.
 *
 * @typedef {AsyncIterable<any> | Iterable<any> | ReadableStream<any> | WritableStream<any> | StreamPair} StreamLike
 * @typedef {{ readable?: AsyncIterable<any> | Iterable<any> | ReadableStream<any>, writable?: WritableStream<any> | Sink, close?: () => void }} StreamPair
 * @typedef {{ write: (chunk: any) => unknown, close?: () => unknown, abort?: (reason?: any) => unknown }} Sink
 */

/** @param {unknown} value @param {string} where */
function checkInteger(value, where) {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' && (value | 0) === value) return value;
  throw wrong('an integer of 32 bits', value, where);
}

/** @param {unknown} value @param {string} where */
function checkBigInt(value, where) {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw wrong('a bigint of 64 bits or a safe integer', value, where);
}

/** @param {unknown} value @param {string} where */
function checkNumber(value, where) {
  if (typeof value === 'number') return value;
  throw wrong('a number', value, where);
}

/** @param {unknown} value @param {string} where */
function checkString(value, where) {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  if (typeof value === 'string') throw new TypeError(`${where}: a string for C must not contain NUL`);
  throw wrong('a string', value, where);
}

/** @param {unknown} value @param {string} where */
function checkBytes(value, where) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw wrong('an ArrayBuffer or a view of one', value, where);
}

/** @param {any} value @param {string} where */
function checkStream(value, where) {
  const isOne =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value ||
      Symbol.iterator in value ||
      ['getReader', 'getWriter', 'readable', 'writable'].some((name) => name in value));
  if (isOne) return value;
  throw wrong('a stream or an iterable', value, where);
}

/** @param {unknown} value @param {string} where */
function checkJson(value, where) {
  const text = JSON.stringify(value);
  if (text === undefined) throw wrong('a value that JSON can say', value, where);
  return text;
}

/** @param {Door} door @param {number} cell @param {unknown} value */
function lend({ memory, references, lender }, cell, value) {
  const number = references.add(value, lender);
  memory.view.setInt32(cell, number, true);
  return number;
}

/** @param {Door} door @param {number} cell @param {any} value @param {string} where */
function lendStream(door, cell, value, where) {
  const lent = door.references.find(lend(door, cell, checkStream(value, where)));
  if (lent && typeof value.close === 'function' && !('getWriter' in value)) lent.end = () => value.close();
}

/**
 * For a block of memory that the cell then owns.
 *
 * @param {(memory: Memory, value: unknown, where: string) => { data: number, size: number }} write
 * @returns {Writer}
 */
function blockWriter(write) {
  return ({ memory }, cell, value, where) => {
    const { data, size } = write(memory, value, where);
    memory.view.setUint32(cell, data, true);
    memory.view.setUint32(cell + 4, size, true);
  };
}

/** @typedef {(door: Door, cell: number, value: unknown, where: string) => void} Writer */

/**
 * One writer a type: checks the value and writes it into a cell. Strings and bytes are allocated, and the
 * cell owns them.
 *
 * @type {Record<DoorType | 'void', Writer>}
 */
const writers = {
  void: () => {},
  i32: ({ memory }, cell, value, where) => memory.view.setInt32(cell, checkInteger(value, where), true),
  i64: ({ memory }, cell, value, where) => memory.view.setBigInt64(cell, checkBigInt(value, where), true),
  f32: ({ memory }, cell, value, where) => memory.view.setFloat32(cell, checkNumber(value, where), true),
  f64: ({ memory }, cell, value, where) => memory.view.setFloat64(cell, checkNumber(value, where), true),
  string: blockWriter((memory, value, where) => memory.writeString(checkString(value, where))),
  bytes: blockWriter((memory, value, where) => memory.write(checkBytes(value, where))),
  json: blockWriter((memory, value, where) => memory.writeString(checkJson(value, where))),
  ref: lend,
  stream: lendStream,
  lent: lend,
};

/**
 * @param {Memory} memory
 * @param {number} cell
 * @returns {[data: number, size: number]}
 */
function readBlock({ view }, cell) {
  return [view.getUint32(cell, true), view.getUint32(cell + 4, true)];
}

/** @param {Door} door @param {number} cell */
function readText({ memory }, cell) {
  return memory.readText(...readBlock(memory, cell));
}

/**
 * @param {Door} door
 * @param {number} cell
 * @returns {Lent}
 */
function findLent({ memory, references }, cell) {
  const number = memory.view.getInt32(cell, true);
  const lent = number === 0 ? new Lent(undefined) : references.find(number);
  if (lent) return lent;
  throw makeError('GREENLET_EHANDLE', `the reference ${number} has ended with the call that lent it`);
}

/** @param {Door} door @param {number} cell */
function findValue(door, cell) {
  return findLent(door, cell).value;
}

/**
 * One reader a type. What it gives is JavaScript's own: a copy.
 *
 * @type {Record<DoorType | 'void', (door: Door, cell: number) => unknown>}
 */
const readers = {
  void: () => undefined,
  i32: ({ memory }, cell) => memory.view.getInt32(cell, true),
  i64: ({ memory }, cell) => memory.view.getBigInt64(cell, true),
  f32: ({ memory }, cell) => memory.view.getFloat32(cell, true),
  f64: ({ memory }, cell) => memory.view.getFloat64(cell, true),
  string: readText,
  bytes: ({ memory }, cell) => memory.copy(...readBlock(memory, cell)),
  json: (door, cell) => {
    const text = readText(door, cell);
    return text === '' ? undefined : JSON.parse(text);
  },
  ref: findValue,
  stream: findValue,
  lent: findLent,
};

/** @param {DoorType | 'void'} type whether a cell of the type owns memory */
function owns(type) {
  return type === 'string' || type === 'bytes' || type === 'json';
}

/**
 * @param {Door} door
 * @param {DoorType | 'void'} type
 * @param {number} cell its address
 * @param {unknown} value
 * @param {string} where says which value it is, for the TypeError
 */
export function writeCell(door, type, cell, value, where) {
  writers[type](door, cell, value, where);
}

/**
 * @param {Door} door
 * @param {DoorType | 'void'} type
 * @param {number} cell its address
 */
export function readCell(door, type, cell) {
  return readers[type](door, cell);
}

/**
 * @param {Memory} memory
 * @param {DoorType | 'void'} type
 * @param {number} cell its address
 */
export function freeCell(memory, type, cell) {
  if (owns(type)) memory.free(readBlock(memory, cell)[0]);
}
