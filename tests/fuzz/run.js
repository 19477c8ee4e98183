// Runs random programs: under the sanitizers as libFuzzer makes them, and the same ones natively and in wasm.
//
//   node tests/fuzz/run.js [--seconds N] [--programs N] [--seed N]

import process from 'node:process';
import { parseArgs } from 'node:util';
import { fuzzedHost } from '../suites/hosts.js';
import { comparedHosts, compareHosts } from './compare.js';
import { fuzz, missingFuzzer } from './libfuzzer.js';

/** @import { Outcome } from '../suites/suite.js' */

/** @param {string} name @param {() => Promise<Outcome>} start */
async function report(name, start) {
  const begin = performance.now();
  const { passed, failed, output } = await start();
  const seconds = (performance.now() - begin) / 1000;
  const rate = Math.round(passed / seconds);
  console.log(`${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s, ${rate} per second)`);
  process.stdout.write(output);
  if (failed || !passed) process.exitCode = 1;
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    programs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const [seconds, programs, seed] = [values.seconds, values.programs, values.seed].map(Number);

const reason = missingFuzzer();
if (reason) console.log(`libfuzzer: skipped: ${reason}`);
if (!reason) await fuzzedHost.make('fuzz');
if (!reason) await report('libfuzzer', () => fuzz(seconds));
await Promise.all(comparedHosts.map(({ make }) => make('random_programs')));
await report('native and wasm', () => compareHosts(programs, seed));
