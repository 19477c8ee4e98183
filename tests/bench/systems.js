import assert from 'node:assert/strict';

import { cpuEach } from './cpu.js';

/** @import { Bench, Measured } from './bench.js' */

/**
 * Something that can be measured. Each of its functions, which go by the same names everywhere, does something as often
 * as its last number says, and gives that number, or a promise of it.
 *
 * @typedef {object} System
 * @property {string} name
 * @property {() => string | null} missing why it is not here
 * @property {number} [most] times that do not take too long
 * @property {(what: string, numbers: number[]) => Promise<number>} measure nanoseconds of CPU that each takes
 */

/** @typedef {Record<string, (...numbers: number[]) => number | Promise<number>>} Functions */

/**
 * One in this process.
 *
 * @param {string} name
 * @param {Functions | (() => Promise<Functions>)} functions
 * @param {{ missing?: () => string | null, most?: number }} [options]
 * @returns {System}
 */
export function inProcess(name, functions, { missing = () => null, most } = {}) {
  /** @type {Promise<Functions> | Functions | undefined} */
  let found = typeof functions === 'function' ? undefined : functions;
  return {
    name,
    missing,
    most,
    async measure(what, numbers) {
      const { [what]: work } = await (found ??= /** @type {() => Promise<Functions>} */ (functions)());
      const times = /** @type {number} */ (numbers.at(-1));
      return cpuEach(times, async () => assert.equal(await work(...numbers), times));
    },
  };
}

/**
 * @param {Bench} bench
 * @param {Measured} measured
 * @param {string} what functions of the systems
 * @param {readonly number[]} numbers that they get, before n
 * @param {readonly System[]} systems
 */
export function raceSystems(bench, measured, what, numbers, systems) {
  const contestants = systems.map(({ name, missing, most = measured.n, measure }) => {
    const n = Math.min(most, measured.n);
    return { system: name, n, missing: missing(), run: () => measure(what, [...numbers, n]) };
  });
  return bench.race(measured, contestants);
}
