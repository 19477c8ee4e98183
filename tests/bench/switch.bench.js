import { greenlets } from './ours.js';
import { asyncFunctions } from './peers/async-functions.js';
import { emscriptenFibers } from './peers/emscripten.js';
import { generators } from './peers/generators.js';
import { jspi } from './peers/jspi.js';
import { stackSwitching } from './peers/stack-switching.js';
import { raceSystems } from './systems.js';

/** @import { Bench } from './bench.js' */

const TRANSFERS = 400_000;

/** What takes control from one to another that waits some calls deep. @param {Bench} bench */
export default async function switches(bench) {
  const common = { n: bench.times(TRANSFERS), unit: 'ns of CPU per transfer' };
  const all = [greenlets, generators, asyncFunctions, jspi, stackSwitching, emscriptenFibers];
  for (const depth of [1, 2, 4, 8, 16, 32])
    await raceSystems(bench, { ...common, bench: 'ping-pong', depth }, 'ring', [2, depth], all);
  const shallow = { depth: 1, ...common };
  await raceSystems(bench, { ...shallow, bench: 'ring of 1,000' }, 'ring', [1000, 1], all);
  const unit = 'ns of CPU per round trip';
  for (const depth of [1, 8, 32]) {
    const measured = { ...common, bench: 'parent and child', depth, unit };
    await raceSystems(bench, measured, 'bounce', [depth], [greenlets, generators]);
  }
}
