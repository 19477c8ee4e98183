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
