import assert from 'node:assert/strict';

import { load } from '../../js/index.js';
import { compare, timeCpu } from './compare.js';
import { buildProgram } from './program.js';

/** @import { App } from '../../js/app.js' */
/** @import { Report } from './run.js' */

const ROUND_TRIPS = 100_000;
const GREENLETS = 50_000;
const SMALL_STACK = 8192;

/** As give_back of programs/switch.c. @param {number} value @param {number} depth @returns {Generator<number, number, number>} */
function* giveBack(value, depth) {
  const [a, b, c] = [value ^ depth, value + depth, value - depth];
  let last = 0;
  if (depth > 1) last = yield* giveBack(value, depth - 1);
  else for (let next = value; next >= 0; ) next = yield next + 1;
  return last + a + b + c;
}

/** @param {number} times @param {number} depth */
function pingPong(times, depth) {
  const other = giveBack(0, depth);
  let sum = 0;
  other.next();
  for (let i = 0; i < times; i++) sum += other.next(i).value - i;
  return sum;
}

/**
 * What it takes to go from one to another that waits some calls deep. A round trip of greenlets is two such transfers; a
 * generator's `next`, which comes back by a `yield`, is one.
 *
 * @param {Report} report
 * @param {App} app
 * @param {number} depth
 */
async function compareSwitches(report, app, depth) {
  const common = { bench: 'switch', depth, n: ROUND_TRIPS, unit: 'ns of CPU each' };
  const found = await compare(
    async () =>
      (await timeCpu(() => assert.equal(app.callSync('ping_pong', ROUND_TRIPS, depth), ROUND_TRIPS))) /
      (2 * ROUND_TRIPS),
    async () => (await timeCpu(() => assert.equal(pingPong(ROUND_TRIPS, depth), ROUND_TRIPS))) / ROUND_TRIPS,
  );
  report({ ...common, system: 'greenlet-wasm', value: found.ours, ratio: found.ratio });
  report({ ...common, system: 'generators', value: found.theirs });
}

/**
 * What it takes to make one that runs to its end at once, and to hear of that.
 *
 * @param {Report} report
 * @param {App} app
 */
async function compareCreation(report, app) {
  const sum = (GREENLETS * (GREENLETS - 1)) / 2;
  const once = async (/** @type {number} */ value) => value;
  const inJavaScript = async () => {
    let total = 0;
    for (let i = 0; i < GREENLETS; i++) total += await once(i);
    assert.equal(total, sum);
  };
  const found = await compare(
    async () => (await timeCpu(() => assert.equal(app.callSync('create_often', GREENLETS), sum))) / GREENLETS,
    async () => (await timeCpu(inJavaScript)) / GREENLETS,
  );
  const common = { bench: 'create, run, finish', n: GREENLETS, unit: 'ns of CPU each' };
  const system = `greenlet-wasm, ${SMALL_STACK} B stack`;
  report({ ...common, system, value: found.ours, ratio: found.ratio });
  report({ ...common, system: 'async functions', value: found.theirs });
}

/** @param {Report} report */
export default async function switches(report) {
  const app = await load(await buildProgram('switch.c'), { stack: SMALL_STACK });
  for (const depth of [1, 8, 32]) await compareSwitches(report, app, depth);
  await compareCreation(report, app);
  app.dispose();
}
