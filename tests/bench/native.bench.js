import { fcontext, nativeContexts, nativeGreenlets, pythonGreenlet, ucontext } from './peers/native.js';
import { raceSystems } from './systems.js';

/** @import { Bench } from './bench.js' */

/** What a switch and a whole life take without wasm. @param {Bench} bench */
export default async function native(bench) {
  const n = bench.times(2_000_000);
  const transfers = { n, depth: 1, unit: 'ns of CPU per transfer' };
  const contexts = [nativeContexts, fcontext, ucontext];
  const whole = [nativeGreenlets, fcontext, ucontext, pythonGreenlet];
  await raceSystems(bench, { ...transfers, bench: 'native switch of contexts' }, 'ring', [2, 1], contexts);
  await raceSystems(bench, { ...transfers, bench: 'native ping-pong' }, 'ring', [2, 1], whole);
  const lives = { n: bench.times(200_000), unit: 'ns of CPU each' };
  await raceSystems(bench, { ...lives, bench: 'native create, run, finish' }, 'create', [], whole);
}
