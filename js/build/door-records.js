import { joinBytes } from '../bytes.js';

/** Where the door's records lie, a line each (src/gevent/door_wasm.h). */
const SECTION = 'greenlet.door';

const CUSTOM = 0;
const HEADER_SIZE = 8;

/**
 * A module with each record of the door once: a header that many files include has left it in as many.
 * @param {Uint8Array} bytes of a module
 * @returns {Uint8Array}
 */
export function withUniqueRecords(bytes) {
  const parts = [bytes.subarray(0, HEADER_SIZE)];
  for (let at = HEADER_SIZE; at < bytes.length; ) {
    const content = readNumber(bytes, at + 1);
    const end = content.end + content.value;
    const records = bytes[at] === CUSTOM ? recordsIn(bytes.subarray(content.end, end)) : undefined;
    parts.push(records ? customSection(SECTION, unique(records)) : bytes.subarray(at, end));
    at = end;
  }
  return joinBytes(parts);
}

/** @param {Uint8Array} section @returns {string | undefined} its text, if it is that of the door */
function recordsIn(section) {
  const name = readNumber(section, 0);
  const end = name.end + name.value;
  const decoder = new TextDecoder();
  if (decoder.decode(section.subarray(name.end, end)) === SECTION)
    return decoder.decode(section.subarray(end));
}

/** @param {string} lines */
function unique(lines) {
  return [...new Set(lines.split('\n'))]
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n');
}

/** @param {string} name @param {string} text */
function customSection(name, text) {
  const [title, content] = [name, text].map((each) => new TextEncoder().encode(each));
  const body = joinBytes([number(title.length), title, content]);
  return joinBytes([Uint8Array.of(CUSTOM), number(body.length), body]);
}

/** An unsigned LEB128. @param {Uint8Array} bytes @param {number} start */
function readNumber(bytes, start) {
  let value = 0;
  for (let at = start; ; at++) {
    value += (bytes[at] & 0x7f) * 2 ** (7 * (at - start));
    if (bytes[at] < 0x80) return { value, end: at + 1 };
  }
}

/** @param {number} value @returns {Uint8Array} */
function number(value) {
  if (value < 0x80) return Uint8Array.of(value);
  return joinBytes([Uint8Array.of((value & 0x7f) | 0x80), number(value >>> 7)]);
}
