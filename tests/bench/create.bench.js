import { greenlets } from './ours.js';
import { asyncFunctions } from './peers/async-functions.js';
import { emscriptenFibers } from './peers/emscripten.js';
import { generators } from './peers/generators.js';
import { jspi } from './peers/jspi.js';
import { stackSwitching } from './peers/stack-switching.js';
import { raceSystems } from './systems.js';

/** @import { Bench } from './bench.js' */

/** What it takes to make one that runs to its end at once, and to hear of that. @param {Bench} bench */
export default async function creation(bench) {
  const measured = { bench: 'create, run, finish', n: bench.times(100_000), unit: 'ns of CPU each' };
  const all = [greenlets, asyncFunctions, generators, jspi, stackSwitching, emscriptenFibers];
  await raceSystems(bench, measured, 'create', [], all);
}
