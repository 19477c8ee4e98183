/**
 * Functions of libc: if an object calls one that may wait, those that are wrapped lock the streams that they use.
 *
 * @typedef {{ waiting: readonly string[], wrapped: readonly string[] }} Streams
 */

/**
 * The functions that the linker is to wrap; none where nobody could wait with a stream in his hands.
 * @param {Streams} streams
 * @param {readonly Uint8Array[]} objects and archives of the program
 * @returns {readonly string[]}
 */
export function wrappedFunctions({ waiting, wrapped }, objects) {
  const texts = objects.map((bytes) => new TextDecoder('latin1').decode(bytes));
  return waiting.some((name) => texts.some((text) => text.includes(nameInObject(name)))) ? wrapped : [];
}

/** Has the linker call `__wrap_…` in a function's place. @param {string} name */
export function wrapping(name) {
  return `--wrap=${name}`;
}

/** A symbol's name stands in an object after its length. @param {string} name */
function nameInObject(name) {
  return String.fromCharCode(name.length) + name;
}
