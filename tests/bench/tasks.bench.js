import { greenlets } from './ours.js';
import { asyncFunctions } from './peers/async-functions.js';
import { macrotasks } from './peers/macrotasks.js';
import { gevent, nativeGreenlets } from './peers/native.js';
import { raceSystems } from './systems.js';

/** @import { Bench } from './bench.js' */

const AMONG = 100;

/** What tasks do most of the time: start, end, let others run, talk. @param {Bench} bench */
export default async function tasks(bench) {
  const all = [greenlets, nativeGreenlets, asyncFunctions, gevent];
  const lives = { bench: 'spawn and join', n: bench.times(100_000), unit: 'ns of CPU each' };
  await raceSystems(bench, lives, 'spawn_and_join', [], all);
  const yields = { bench: 'yield among 100', n: bench.times(200_000, AMONG), unit: 'ns of CPU each' };
  await raceSystems(bench, yields, 'yield_among', [AMONG], [...all, ...macrotasks]);
  const talk = { bench: 'queue ping-pong', n: bench.times(100_000), unit: 'ns of CPU per round trip' };
  await raceSystems(bench, talk, 'queue_ping_pong', [], all);
}
