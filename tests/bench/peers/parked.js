import assert from 'node:assert/strict';
import process from 'node:process';

import { run } from '../../suites/process.js';
import { timeCpu } from '../cpu.js';
import { loadJspi, missingJspi } from './jspi.js';
import { pythonProgram } from './native.js';

/**
 * What many take, each: bytes while they are parked, nanoseconds of CPU to go on to their end.
 *
 * @typedef {{ bytes: number, wake: number }} Parked
 *
 * @typedef {object} Parking
 * @property {string} system
 * @property {string | null} [missing] why it is not here
 * @property {number} [most] that it is asked for
 * @property {number} [warmUp] how many are parked once more, before those that count
 * @property {(count: number) => Promise<Parked>} park
 */

/**
 * @param {number} count
 * @param {() => number} measure bytes in use
 * @param {(wait: Promise<number>) => Promise<number>} start has one wait, who then gives what came
 * @returns {Promise<Parked>}
 */
async function parkOnPromises(count, measure, start) {
  /** @type {((value: number) => void)[]} */
  const resolvers = [];
  const promises = Array.from({ length: count }, () => new Promise((resolve) => resolvers.push(resolve)));
  globalThis.gc?.();
  const before = measure();
  const all = promises.map(start);
  globalThis.gc?.();
  const bytes = (measure() - before) / count;
  const wake = await timeCpu(async () => {
    for (const resolve of resolvers) resolve(1);
    assert.equal(
      (await Promise.all(all)).reduce((sum, value) => sum + value),
      count,
    );
  });
  return { bytes, wake: wake / count };
}

/** So many have what they run compiled for speed. */
export const WARM_UP = 10_000;

const heapUsed = () => process.memoryUsage().heapUsed;

/** @returns {Generator<number, number, number>} */
function* wait() {
  return yield 0;
}

/** @param {number} count @returns {Promise<Parked>} */
async function parkGenerators(count) {
  globalThis.gc?.();
  const before = heapUsed();
  const all = Array.from({ length: count }, wait);
  for (const generator of all) generator.next();
  globalThis.gc?.();
  const bytes = (heapUsed() - before) / count;
  let sum = 0;
  const wake = await timeCpu(() => {
    for (const generator of all) sum += generator.next(1).value;
  });
  assert.equal(sum, count);
  return { bytes, wake: wake / count };
}

/** @param {readonly string[]} command @param {number} count @returns {Promise<Parked>} */
async function parkInProcess(command, count) {
  const { ok, stdout, output } = await run([...command, 'parked', `${count}`]);
  assert.ok(ok, output);
  return JSON.parse(stdout);
}

const python = pythonProgram('greenlet');

/** @type {Record<string, Parking>} */
export const parkings = {
  asyncFunctions: {
    system: 'async functions',
    warmUp: WARM_UP,
    park: (count) => parkOnPromises(count, heapUsed, async (wait) => await wait),
  },
  jspi: {
    system: 'JSPI',
    missing: missingJspi(),
    most: 10_000,
    async park(count) {
      const { wait_for: waitFor } = await loadJspi();
      return parkOnPromises(count, () => process.memoryUsage.rss(), waitFor);
    },
  },
  generators: { system: 'generators', warmUp: WARM_UP, park: parkGenerators },
  pythonGreenlet: {
    system: 'python-greenlet',
    missing: python.missing,
    most: 100_000,
    park: (count) => parkInProcess(python.command, count),
  },
};
