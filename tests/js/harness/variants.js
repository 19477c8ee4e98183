/**
 * A program of programs/ and how it is built.
 *
 * @typedef {object} Variant
 * @property {string} source
 * @property {string[]} [flags] compiler-style
 * @property {number} [maxMemory] bytes
 */

/** Those that the suites of bridge/ load: built by Node before they run elsewhere. @type {Variant[]} */
export const variants = [
  { source: 'bridge.c' },
  { source: 'busy.c' },
  { source: 'complaints.c' },
  { source: 'complaints.c', flags: ['-g'] },
  { source: 'contract.c' },
  { source: 'descriptors.c' },
  { source: 'functions.c' },
  { source: 'hoard.c' },
  { source: 'functions.c', maxMemory: 8 << 20 },
  { source: 'hoard.c', maxMemory: 8 << 20 },
  { source: 'iterate.c' },
  { source: 'ports.c' },
  { source: 'results.c' },
  { source: 'stdin.c' },
  { source: 'streams.c' },
  { source: 'traps.c', maxMemory: 8 << 20 },
];

/** @param {Variant} variant @returns {string} the name of its module */
export function moduleName({ source, flags = [], maxMemory }) {
  return `${[source, ...flags, maxMemory ?? ''].join('').replace(/[^\w.-]/g, '_')}.wasm`;
}
