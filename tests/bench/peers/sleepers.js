// 100,000 sleepers in a process of their own, so that its memory is theirs: node sleepers.js SYSTEM WHAT COUNT
//
//   sleep  each sleeps once, up to a second; prints { cpu, bytes }: nanoseconds of CPU and bytes for each
//   idle   they sleep for an hour; prints { cpu }: nanoseconds of CPU in a second in which nobody wakes

import assert from 'node:assert/strict';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../../../js/index.js';
import { timeCpu } from '../cpu.js';
import { buildProgram } from '../program.js';

/** @typedef {(count: number, least: number) => PromiseLike<unknown>} SleepAll gives how many have slept */

const STACK = 512;
const HOUR = 3_600_000;
const SETTLE = 1500;
const SECOND = 1000;

/** @type {Record<string, () => Promise<SleepAll>>} */
const systems = {
  async greenlets() {
    const app = await load(await buildProgram(['sleepers.c']));
    return (count, least) => app.call('sleep_all', count, least, STACK);
  },
  async functions() {
    const nap = async (/** @type {number} */ milliseconds) => sleep(milliseconds, 1);
    return async (count, least) =>
      (await Promise.all(Array.from({ length: count }, (_, i) => nap(least + (i % 1000))))).length;
  },
  async nobody() {
    return async () => 0;
  },
};

/** @param {SleepAll} sleepAll @param {number} count */
async function measureSleep(sleepAll, count) {
  const before = process.memoryUsage.rss();
  const cpu = await timeCpu(async () => assert.equal(await sleepAll(count, 1), count));
  const bytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - before);
  return { cpu: cpu / count, bytes: bytes / count };
}

/** @param {SleepAll} sleepAll @param {number} count */
async function measureIdle(sleepAll, count) {
  sleepAll(count, HOUR);
  await sleep(SETTLE);
  return { cpu: await timeCpu(() => sleep(SECOND)) };
}

const [system, what, count] = process.argv.slice(2);
const sleepAll = await systems[system]();
const found = await (what === 'idle' ? measureIdle : measureSleep)(sleepAll, Number(count));
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit());
