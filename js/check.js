/** @param {unknown} value */
function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return `an object of class ${value.constructor?.name ?? 'null'}`;
  return `the ${typeof value} ${String(value).slice(0, 40)}`;
}

/**
 * @param {string} expected
 * @param {unknown} value
 * @param {string} where it was given
 */
export function wrong(expected, value, where) {
  return new TypeError(`${where}: expected ${expected}, got ${describe(value)}`);
}

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
 * @param {string} name
 * @param {unknown} value
 * @param {boolean} fits
 * @param {string} expected
 * @throws {TypeError} unless it is undefined or fits
 */
export function checkOption(name, value, fits, expected) {
  if (value !== undefined && !fits) throw wrong(expected, value, name);
}

/**
 * @param {string} name of a time
 * @param {unknown} ms
 * @throws {TypeError} unless it is undefined or milliseconds
 */
export function checkMilliseconds(name, ms) {
  checkOption(name, ms, typeof ms === 'number' && ms >= 0, 'milliseconds from 0 on');
}

/** Larger stacks than this no instance has room for. */
const LARGEST_SIZE = 2 ** 30;

/**
 * @param {string} name of an option
 * @param {any} bytes
 * @throws {TypeError} unless it is undefined or a size of a stack
 */
export function checkSize(name, bytes) {
  const fits = Number.isInteger(bytes) && bytes >= 0 && bytes <= LARGEST_SIZE;
  checkOption(name, bytes, fits, `bytes, up to ${LARGEST_SIZE}`);
}

/**
 * @param {any} stdin an option
 * @throws {TypeError} unless it is undefined or something that can be read
 */
export function checkInput(stdin) {
  const read = stdin?.getReader ?? stdin?.[Symbol.asyncIterator] ?? stdin;
  checkOption(
    'stdin',
    stdin,
    typeof read === 'function',
    'a function, a ReadableStream or an async iterable',
  );
}
