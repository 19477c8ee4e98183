import { comparedHosts, compareHosts } from '../fuzz/compare.js';
import { fuzz, missingFuzzer } from '../fuzz/libfuzzer.js';
import { fuzzedHost } from './hosts.js';

/** @import { Suite, Outcome } from './suite.js' */

/** Short, for every day; `./build.sh fuzz` goes on for as long as one likes. */
const SECONDS = 10;
const PROGRAMS = 100_000;
const SEED = 1;

/**
 * Any number of random programs are one test, which passes if they all do.
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
function asOne({ failed, output }) {
  return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, output };
}

/** @type {Suite[]} */
export const fuzzSuites = [
  {
    name: 'fuzz libfuzzer',
    backend: fuzzedHost.backend,
    host: `${fuzzedHost.name}, random programs`,
    missing: missingFuzzer,
    run: async () => asOne(await fuzz(SECONDS)),
  },
  {
    name: 'fuzz native and wasm',
    backend: 'asyncify',
    host: `${comparedHosts.map(({ name }) => name).join(' = ')}, random programs`,
    missing: () => comparedHosts.map(({ missing }) => missing()).find(Boolean) ?? null,
    run: async () => asOne(await compareHosts(PROGRAMS, SEED)),
  },
];
