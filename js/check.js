/**
 * @param {string} what takes the options
 * @param {object} options
 * @param {readonly string[]} known their names
 * @throws {TypeError} that names one which is not known
 */
export function checkNames(what, options, known) {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${what}: there is no option '${unknown}'; there are ${known.join(', ')}`);
}

/**
 * @param {string} name of a time
 * @param {unknown} ms
 * @throws {TypeError} unless it is undefined or milliseconds
 */
export function checkMilliseconds(name, ms) {
  if (ms === undefined || (typeof ms === 'number' && ms >= 0)) return;
  throw new TypeError(`${name}: expected milliseconds from 0 on, got ${String(ms)}`);
}

/** Larger stacks than this no instance has room for. */
const LARGEST_SIZE = 2 ** 30;

/**
 * @param {string} name of an option
 * @param {unknown} bytes
 * @throws {TypeError} unless it is undefined or a size of a stack
 */
export function checkSize(name, bytes) {
  if (bytes === undefined) return;
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 && bytes <= LARGEST_SIZE) return;
  throw new TypeError(`${name}: expected a number of bytes up to ${LARGEST_SIZE}, got ${String(bytes)}`);
}
