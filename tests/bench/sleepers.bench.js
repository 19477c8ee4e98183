import assert from 'node:assert/strict';
import process from 'node:process';

import { run } from '../suites/process.js';
import { median } from './bench.js';

/** @import { Bench } from './bench.js' */

const SLEEPERS = 100_000;
const ROUNDS = 3;

/** @typedef {{ cpu: number, bytes: number }} Found */

/** @param {string} system @param {string} what @param {number} count @returns {Promise<Found>} */
async function measure(system, what, count) {
  const command = [process.execPath, 'tests/bench/peers/sleepers.js', system, what, `${count}`];
  const { ok, stdout, output } = await run(command);
  assert.ok(ok, output);
  return JSON.parse(stdout);
}

/** What it takes to make many, to put them to sleep and to wake them. @param {Bench} bench */
async function compareSleepers(bench) {
  const n = bench.times(SLEEPERS);
  const [ours, theirs] = [/** @type {Found[]} */ ([]), /** @type {Found[]} */ ([])];
  for (let round = 0; round < bench.times(ROUNDS, 1); round++) {
    ours.push(await measure('greenlets', 'sleep', n));
    theirs.push(await measure('functions', 'sleep', n));
  }
  for (const [what, unit] of /** @type {const} */ ([
    ['cpu', 'ns of CPU each'],
    ['bytes', 'B each'],
  ])) {
    const common = { bench: `sleepers, ${what === 'cpu' ? 'CPU' : 'memory'}`, n, unit };
    const ratio = median(ours.map((found, i) => found[what] / theirs[i][what]));
    bench.report({ ...common, system: 'greenlet-wasm', value: median(ours.map((found) => found[what])) });
    bench.report({
      ...common,
      system: 'async functions',
      value: median(theirs.map((found) => found[what])),
      ratio,
    });
  }
}

/** What a second takes in which all sleep on. @param {Bench} bench */
async function compareIdle(bench) {
  const n = bench.times(SLEEPERS);
  const common = { bench: 'idle while they sleep', n, unit: 'ms of CPU per second' };
  const names = { greenlets: 'greenlet-wasm', functions: 'async functions', nobody: 'nobody' };
  for (const [key, system] of Object.entries(names)) {
    const found = [];
    for (let round = 0; round < bench.times(ROUNDS, 1); round++)
      found.push((await measure(key, 'idle', n)).cpu / 1e6);
    bench.report({ ...common, system, value: median(found) });
  }
}

/** @param {Bench} bench */
export default async function sleepers(bench) {
  await compareSleepers(bench);
  await compareIdle(bench);
}
