import { readFileSync } from 'node:fs';
import { load } from '../../js/index.js';
import { moduleOf, nativeHost, wasmHosts } from '../suites/hosts.js';
import { run } from '../suites/process.js';

/** @import { Outcome } from '../suites/suite.js' */

/** How many programs one process, or one instance, runs. */
const BATCH = 10000;

/** How many failures are shown of a batch. */
const SHOWN = 3;

export const comparedHosts = [nativeHost, wasmHosts[0]];

/**
 * @param {WebAssembly.Module} module
 * @param {string[]} args
 * @returns {Promise<string>} what it writes
 */
async function runInWasm(module, args) {
  const decoder = new TextDecoder();
  let text = '';
  const write = (/** @type {Uint8Array} */ bytes) => {
    text += decoder.decode(bytes, { stream: true });
  };
  const options = { args: ['random_programs', ...args], stdout: write, stderr: write, isCommand: true };
  try {
    const app = await load(module, options);
    app.exit(await app.run());
  } catch (error) {
    text += `${error}\n`;
  }
  return text;
}

/** @param {string[]} args */
async function runNatively(args) {
  return (await run([...nativeHost.command('random_programs'), ...args])).output;
}

/**
 * Which programs do not do the same, of two texts in which each ends with a line `end`.
 * @param {string} native
 * @param {string} wasm
 */
function differences(native, wasm) {
  if (native === wasm) return [];
  const [ours, others] = [native, wasm].map((text) => text.split('\nend\n'));
  return ours.flatMap((trace, i) => (trace === others[i] ? [] : [{ at: i, other: others[i] ?? '' }]));
}

/**
 * Runs the same programs natively and in wasm, and compares what they write.
 * @param {number} count
 * @param {number} seed
 * @returns {Promise<Outcome>}
 */
export async function compareHosts(count, seed) {
  const made = await Promise.all(comparedHosts.map(({ make }) => make('random_programs')));
  const problem = made.find(({ ok }) => !ok);
  if (problem) return { passed: 0, failed: 1, output: problem.output };
  const module = await WebAssembly.compile(readFileSync(moduleOf('random_programs')));
  const outcome = { passed: 0, failed: 0, output: '' };
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    const args = [seed, first, size].map(String);
    const [native, wasm] = await Promise.all([runNatively(args), runInWasm(module, args)]);
    const different = differences(native, wasm);
    outcome.passed += size - different.length;
    outcome.failed += different.length;
    for (const { at, other } of different.slice(0, SHOWN))
      outcome.output += `${await runNatively(['show', String(seed), String(first + at), '1'])}in wasm:\n${other}\n`;
  }
  return outcome;
}
