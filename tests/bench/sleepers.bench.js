import assert from 'node:assert/strict';
import process from 'node:process';

import { nativeHost, wasmHosts } from '../suites/hosts.js';
import { run } from '../suites/process.js';

/** @import { Host } from '../suites/hosts.js' */
/** @import { Report } from './run.js' */

/**
 * Tasks that each sleep a time of their own, up to a day, on the virtual clock: tests/schedules/sleepers.c.
 *
 * @param {Report} report
 * @param {Host} host
 * @param {number} count
 * @param {number} stack bytes; natively they are mapped, and not in the figure
 */
async function sleep(report, host, count, stack) {
  if (host.missing()) return;
  const made = await host.make('sleepers');
  assert.ok(made.ok, made.output);
  const start = performance.now();
  const { ok, stdout, output } = await run([...host.command('sleepers'), `${count}`, `${stack}`], {
    seconds: 600,
  });
  const nanoseconds = ((performance.now() - start) * 1e6) / count;
  assert.ok(ok && stdout.startsWith(`${count} woken, 0 of them not at their time`), output);
  const bytes = Number(/(\d+) bytes each/.exec(output)?.[1]);
  const system = `${host.name}, ${stack} B stack`;
  report({ bench: 'sleeping task', system, n: count, value: bytes, unit: 'B each' });
  report({ bench: 'spawn, sleep, wake', system, n: count, value: nanoseconds, unit: 'ns each' });
}

/** @param {Report} report */
export default async function sleepers(report) {
  const inThisNode = wasmHosts.find((host) => host.command('sleepers')[0] === process.execPath);
  await sleep(report, inThisNode ?? wasmHosts[0], 1_000_000, 1024);
  await sleep(report, nativeHost, 100_000, 16_384);
}
