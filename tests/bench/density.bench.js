import assert from 'node:assert/strict';

import { load } from '../../js/index.js';
import { buildProgram } from './program.js';

/** @import { Report } from './run.js' */

const CALLS = 10_000;
const SLEEPERS = 100_000;
const SMALL_STACK = 1024;

/** @param {number} [stack] */
async function loadDensity(stack) {
  /** @type {(() => void)[]} */
  const waiting = [];
  const later = (/** @type {number} */ value) => new Promise((resolve) => waiting.push(() => resolve(value)));
  const options = { stack, imports: { bench: { later, parked: () => {} } } };
  const app = await load(await buildProgram('density.c'), options);
  return { app, waiting };
}

const nextMacrotask = () => new Promise((resolve) => setImmediate(resolve));

/**
 * One export suspended 10,000 times at once; each call returns its own result.
 *
 * @param {Report} report
 * @param {number} stack bytes
 */
async function suspendCalls(report, stack) {
  const { app, waiting } = await loadDensity(stack);
  const before = app.memorySize;
  const tasks = Array.from({ length: CALLS }, (_, i) => app.spawn('call', i));
  while (waiting.length < CALLS) await nextMacrotask();
  const bytes = (app.memorySize - before) / CALLS;
  for (const settle of waiting) settle();
  const results = await Promise.all(tasks);
  assert.ok(results.every((result, i) => result === 2 * i));
  report({
    bench: 'suspended calls',
    system: `greenlet-wasm, ${stack} B stack`,
    n: CALLS,
    value: bytes,
    unit: 'B each',
  });
}

/** @param {Report} report what JavaScript's own functions take, suspended in the same way */
async function suspendAsyncFunctions(report) {
  /** @type {(() => void)[]} */
  const waiting = [];
  const call = async (/** @type {number} */ value) => {
    const answer = await new Promise((resolve) => waiting.push(() => resolve(value)));
    return answer + value;
  };
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const promises = Array.from({ length: CALLS }, (_, i) => call(i));
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / CALLS;
  for (const settle of waiting) settle();
  const results = await Promise.all(promises);
  assert.ok(results.every((result, i) => result === 2 * i));
  report({ bench: 'suspended calls', system: 'async functions', n: CALLS, value: bytes, unit: 'B each' });
}

/** @param {Report} report 100,000 greenlets in gevent_sleep, all woken */
async function parkSleepers(report) {
  let frames = 0;
  let bytes = 0;
  let start = 0;
  const parked = (/** @type {number} */ used) => {
    frames = used;
    bytes = (app.memorySize - before) / SLEEPERS;
    start = performance.now();
  };
  const imports = { bench: { parked, later: () => 0 } };
  const app = await load(await buildProgram('density.c'), { clock: 'virtual', imports });
  const before = app.memorySize;
  assert.equal(await app.spawn('park_and_wake', SLEEPERS, SMALL_STACK), SLEEPERS);
  const nanoseconds = ((performance.now() - start) * 1e6) / SLEEPERS;
  const system = `greenlet-wasm, ${SMALL_STACK} B stack`;
  report({ bench: 'parked in sleep', system, n: SLEEPERS, value: bytes, unit: 'B each' });
  report({ bench: 'parked in sleep, used', system, n: SLEEPERS, value: frames, unit: 'B each' });
  report({ bench: 'woken from sleep', system, n: SLEEPERS, value: nanoseconds, unit: 'ns each' });
}

/** @param {Report} report */
export default async function density(report) {
  await suspendCalls(report, 32768);
  await suspendCalls(report, SMALL_STACK * 2);
  await suspendAsyncFunctions(report);
  await parkSleepers(report);
}
