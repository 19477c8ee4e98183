import { valgrind } from './builds.js';
import { hosts, onMachine } from './hosts.js';
import { run } from './process.js';

/** @import { Suite, Outcome } from './suite.js' */
/** @import { Host } from './hosts.js' */

/**
 * A program of tests/faults on a host that must find what is wrong with it.
 * @typedef {object} Fault
 * @property {string} program
 * @property {Host} host
 * @property {(output: string) => boolean} isFound whether it says what is wrong, and where
 */

/** @param {string} output */
function tellsOverflow(output) {
  const said = /stack overflow in 'digger': its stack has (\d+) bytes, it needed (\d+)/.exec(output);
  const [size, need] = (said ?? []).slice(1).map(Number);
  return size >= 65536 && size < 2 * 65536 && need > size && need < 2 * size;
}

/** @param {RegExp} what @param {string} where the function */
const names = (what, where) => (/** @type {string} */ output) => {
  const [said] = output.match(what) ?? [];
  return (
    said !== undefined &&
    output
      .slice(output.indexOf(said))
      .split('\n')
      .slice(1, 4)
      .some((line) => line.includes(where))
  );
};

const asan = hosts[1];
const tsan = onMachine('ucontext-gcc-threads');
const watched = ['x86_64-gcc-O0', 'ucontext-gcc-O2'].map((name) => onMachine(name, valgrind));

/** @type {Fault[]} */
const faults = [
  ...hosts.map((host) => ({
    program: 'overflow',
    host,
    isFound: host === asan ? names(/AddressSanitizer: stack-overflow/, 'dig') : tellsOverflow,
  })),
  {
    program: 'use_after_free',
    host: asan,
    isFound: names(/AddressSanitizer: heap-use-after-free/, 'run_reader'),
  },
  {
    program: 'past_array',
    host: asan,
    isFound: names(/AddressSanitizer: stack-buffer-overflow/, 'run_writer'),
  },
  { program: 'race', host: tsan, isFound: names(/ThreadSanitizer: data race/, 'run_counter') },
  ...watched.flatMap((host) => [
    { program: 'use_after_free', host, isFound: names(/Invalid read of size 4/, 'run_reader') },
    { program: 'uninitialised', host, isFound: names(/depends on uninitialised value/, 'run_guess') },
  ]),
];

/** @param {Fault} fault @returns {Promise<Outcome>} */
async function runFault({ program, host, isFound }) {
  const made = await host.make(program);
  if (!made.ok) return { passed: 0, failed: 1, output: made.output };
  const { ok, output } = await run(host.command(program), { seconds: 120 });
  const passed = !ok && isFound(output);
  return {
    passed: passed ? 1 : 0,
    failed: passed ? 0 : 1,
    output: `not found, or not where it is\n${output}`,
  };
}

/** @type {Suite[]} */
export const faultSuites = faults.map((fault) => ({
  name: `fault ${fault.program} ${fault.host.backend} ${fault.host.name}`,
  backend: fault.host.backend,
  host: `${fault.host.name}, fault: ${fault.program.replaceAll('_', ' ')}`,
  missing: fault.host.missing,
  run: () => runFault(fault),
}));
