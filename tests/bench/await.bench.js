import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { load } from '../../js/index.js';
import { compare, timeCpu } from './compare.js';
import { buildProgram } from './program.js';

/** @import { App } from '../../js/app.js' */
/** @import { Report } from './run.js' */

const AWAITS = 100_000;
const SLEEPERS = 100_000;
const SMALL_STACK = 1024;

const later = async (/** @type {number} */ value) => value;

/** @param {number} i @param {number} depth @returns {Promise<number>} */
async function get(i, depth) {
  return depth === 0 ? await later(i) : (await get(i, depth - 1)) + 1;
}

/** As wait_often of programs/await.c. @param {number} times @param {number} depth */
async function waitOften(times, depth) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += depth === 0 ? await later(i) : await get(i, depth);
  return sum;
}

/**
 * What a wait for a promise takes that is settled already, in C and in an async function.
 *
 * @param {Report} report
 * @param {App} app
 * @param {number} n how many wait at once
 * @param {number} depth calls between whom JavaScript has called and the wait
 */
async function compareAwaits(report, app, n, depth) {
  const times = AWAITS / n;
  const sum = (times * (times - 1)) / 2 + times * depth;
  const each = (/** @type {() => PromiseLike<unknown>} */ wait) =>
    timeCpu(async () => {
      for (const result of await Promise.all(Array.from({ length: n }, wait))) assert.equal(result, sum);
    });
  const ours = async () => (await each(() => app.spawn('wait_often', times, depth))) / AWAITS;
  const theirs = async () => (await each(() => waitOften(times, depth))) / AWAITS;
  const found = await compare(ours, theirs);
  const common = { bench: 'await', depth, n, unit: 'ns of CPU each' };
  report({ ...common, system: 'greenlet-wasm', value: found.ours, ratio: found.ratio });
  report({ ...common, system: 'async functions', value: found.theirs });
}

/**
 * What it takes to make, to put to sleep and to wake many.
 *
 * @param {Report} report
 * @param {App} app
 */
async function compareSleepers(report, app) {
  const inC = async () => assert.equal(await app.spawn('sleep_all', SLEEPERS, SMALL_STACK), SLEEPERS);
  const inJavaScript = async () => {
    const nap = async (/** @type {number} */ milliseconds) => sleep(milliseconds, 1);
    const naps = await Promise.all(Array.from({ length: SLEEPERS }, (_, i) => nap(1 + (i % 10))));
    assert.equal(naps.length, SLEEPERS);
  };
  const found = await compare(
    async () => (await timeCpu(inC)) / SLEEPERS,
    async () => (await timeCpu(inJavaScript)) / SLEEPERS,
  );
  const common = { bench: 'spawn, sleep, wake', n: SLEEPERS, unit: 'ns of CPU each' };
  const system = `greenlet-wasm, ${SMALL_STACK} B stack`;
  report({ ...common, system, value: found.ours, ratio: found.ratio });
  report({ ...common, system: 'async functions', value: found.theirs });
}

/** @param {Report} report */
export default async function awaits(report) {
  const app = await load(await buildProgram('await.c'), { imports: { bench: { later } } });
  for (const depth of [0, 10]) for (const n of [1, 100, 1000]) await compareAwaits(report, app, n, depth);
  await compareSleepers(report, app);
  app.dispose();
}
