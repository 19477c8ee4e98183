import assert from 'node:assert/strict';
import process from 'node:process';

import { load } from '../../js/index.js';
import { parkings, WARM_UP } from './peers/parked.js';
import { buildProgram } from './program.js';

/** @import { Bench } from './bench.js' */
/** @import { Parked, Parking } from './peers/parked.js' */

/** Bytes of C stack: the least with which each of them runs. */
const STACKS = { park_tasks: 304, park_greenlets: 256 };

/** @type {Promise<WebAssembly.Module> | undefined} */
let module;

const compileOnce = async () => WebAssembly.compile(await buildProgram(['parked.c']));

/** @param {keyof typeof STACKS} what @param {number} count @returns {Promise<Parked>} */
async function parkInWasm(what, count) {
  let bytes = 0;
  /** @type {NodeJS.CpuUsage | undefined} */
  let start;
  const parked = () => {
    bytes = app.memorySize - before;
    start = process.cpuUsage();
  };
  const imports = { bench: { parked } };
  const app = await load(await (module ??= compileOnce()), { clock: 'virtual', imports });
  const before = app.memorySize;
  const call = what === 'park_tasks' ? app.call : app.callSync;
  const done = await call.call(app, what, count, STACKS[what]);
  const { user, system } = process.cpuUsage(start);
  assert.equal(done, count);
  app.dispose();
  return { bytes: bytes / count, wake: ((user + system) * 1e3) / count };
}

/** @param {keyof typeof STACKS} what @returns {Parking} */
const ours = (what) => ({
  system: 'greenlet-wasm',
  warmUp: WARM_UP,
  park: (count) => parkInWasm(what, count),
});

/**
 * @param {Bench} bench
 * @param {string} name
 * @param {number} n
 * @param {readonly Parking[]} parkings the first is ours
 */
async function compareParked(bench, name, n, parkings) {
  /** @type {Parked | undefined} */
  let first;
  for (const { system, missing, most = n, warmUp, park } of parkings) {
    if (missing) bench.absent.set(system, missing);
    if (missing || n > most) continue;
    if (warmUp && !bench.quick) await park(warmUp);
    const found = await park(n);
    const compare = (/** @type {keyof Parked} */ what) => first && { ratio: first[what] / found[what] };
    const common = { system, n };
    bench.report({ ...common, bench: name, value: found.bytes, unit: 'B each', ...compare('bytes') });
    const woken = { ...common, bench: `${name}, woken`, value: found.wake, unit: 'ns of CPU each' };
    bench.report({ ...woken, ...compare('wake') });
    first ??= found;
  }
}

/** What is parked takes, by how many there are. @param {Bench} bench */
export default async function parked(bench) {
  const { asyncFunctions, jspi, generators, pythonGreenlet } = parkings;
  const tasks = [ours('park_tasks'), asyncFunctions, jspi];
  for (const n of bench.series([10_000, 100_000, 1_000_000]))
    await compareParked(bench, 'sleeping tasks', n, tasks);
  const greenlets = [ours('park_greenlets'), generators, pythonGreenlet];
  for (const n of bench.series([10_000, 100_000, 1_000_000, 4_000_000]))
    await compareParked(bench, 'bare greenlets', n, greenlets);
}
