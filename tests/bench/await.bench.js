import assert from 'node:assert/strict';

import { load } from '../../js/index.js';
import { cpuEach } from './cpu.js';
import { loadJspi, missingJspi } from './peers/jspi.js';
import { buildProgram } from './program.js';

/** @import { Bench } from './bench.js' */

/** @typedef {(times: number) => PromiseLike<unknown>} WaitOften waits so often for a promise, and gives the sum */

const AWAITS = 100_000;
const STACK = 4096;

const later = async (/** @type {number} */ value) => value;

/** @type {WaitOften} */
async function waitOften(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += await later(i);
  return sum;
}

/** @returns {Promise<WaitOften>} of C */
async function loadOurs() {
  const imports = { bench: { later } };
  const app = await load(await buildProgram(['await.c']), { imports, stack: STACK });
  return (times) => app.spawn('wait_often', times);
}

/**
 * @param {WaitOften} wait
 * @param {number} atOnce
 * @param {number} times that each of them waits
 * @returns {Promise<number>} nanoseconds of CPU for a wait
 */
function measureWaits(wait, atOnce, times) {
  const sum = (times * (times - 1)) / 2;
  return cpuEach(atOnce * times, async () => {
    const sums = await Promise.all(Array.from({ length: atOnce }, () => wait(times)));
    assert.ok(sums.every((each) => each === sum));
  });
}

/** What a wait for a promise takes that is settled already, by how many wait at once. @param {Bench} bench */
export default async function awaits(bench) {
  const ours = await loadOurs();
  const missing = missingJspi();
  const inJspi = missing ? waitOften : (await loadJspi()).wait_often;
  for (const n of [1, 100, 1000]) {
    const times = bench.times(AWAITS / n, 2);
    const contestants = [
      { system: 'greenlet-wasm', run: () => measureWaits(ours, n, times) },
      { system: 'async functions', run: () => measureWaits(waitOften, n, times) },
      { system: 'JSPI', missing, run: () => measureWaits(inJspi, n, times) },
    ];
    await bench.race({ bench: 'await', n, unit: 'ns of CPU each' }, contestants);
  }
}
