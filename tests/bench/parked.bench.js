import assert from 'node:assert/strict';
import process from 'node:process';

import { load } from '../../js/index.js';
import { timeCpu } from './cpu.js';
import { loadJspi, missingJspi } from './peers/jspi.js';
import { buildProgram } from './program.js';

/** @import { Bench } from './bench.js' */

/**
 * What many take, each: bytes while they are parked, nanoseconds of CPU to go on to their end.
 *
 * @typedef {{ bytes: number, wake: number }} Parked
 *
 * @typedef {[system: string, park: (count: number) => Promise<Parked>]} Parking
 */

/** Bytes of C stack: the least with which each of them runs. */
const STACKS = { park_tasks: 304, park_greenlets: 256 };
const MOST_JSPI = 10_000;

/** @param {keyof typeof STACKS} what @param {number} count @returns {Promise<Parked>} */
async function parkOurs(what, count) {
  let bytes = 0;
  /** @type {NodeJS.CpuUsage | undefined} */
  let start;
  const parked = () => {
    bytes = app.memorySize - before;
    start = process.cpuUsage();
  };
  const imports = { bench: { parked } };
  const app = await load(await buildProgram(['parked.c']), { clock: 'virtual', imports });
  const before = app.memorySize;
  const call = what === 'park_tasks' ? app.call : app.callSync;
  const done = await call.call(app, what, count, STACKS[what]);
  const { user, system } = process.cpuUsage(start);
  assert.equal(done, count);
  app.dispose();
  return { bytes: bytes / count, wake: ((user + system) * 1e3) / count };
}

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

const heapUsed = () => process.memoryUsage().heapUsed;

/** @param {number} count */
const parkAsyncFunctions = (count) => parkOnPromises(count, heapUsed, async (wait) => await wait);

/** @param {number} count @returns {Promise<Parked>} */
async function parkInJspi(count) {
  const { wait_for: waitFor } = await loadJspi();
  return parkOnPromises(count, () => process.memoryUsage.rss(), waitFor);
}

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

/**
 * @param {Bench} bench
 * @param {string} name
 * @param {number} n
 * @param {Parking[]} systems the first is ours
 */
async function comparePlaces(bench, name, n, systems) {
  /** @type {Parked | undefined} */
  let ours;
  for (const [system, park] of systems) {
    const found = await park(n);
    const compare = (/** @type {keyof Parked} */ what) => ours && { ratio: ours[what] / found[what] };
    const common = { system, n };
    bench.report({ ...common, bench: name, value: found.bytes, unit: 'B each', ...compare('bytes') });
    const woken = { ...common, bench: `${name}, woken`, value: found.wake, unit: 'ns of CPU each' };
    bench.report({ ...woken, ...compare('wake') });
    ours ??= found;
  }
}

/** What is parked takes, by how many there are. @param {Bench} bench */
export default async function parked(bench) {
  /** @type {Parking[]} */
  const jspi = missingJspi() ? [] : [['JSPI', parkInJspi]];
  for (const n of bench.series([10_000, 100_000, 1_000_000]))
    await comparePlaces(bench, 'sleeping tasks', n, [
      ['greenlet-wasm', (count) => parkOurs('park_tasks', count)],
      ['async functions', parkAsyncFunctions],
      ...jspi.filter(() => n <= MOST_JSPI),
    ]);
  for (const n of bench.series([10_000, 100_000, 1_000_000, 4_000_000]))
    await comparePlaces(bench, 'bare greenlets', n, [
      ['greenlet-wasm', (count) => parkOurs('park_greenlets', count)],
      ['generators', parkGenerators],
    ]);
}
