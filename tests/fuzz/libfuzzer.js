import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzedHost, nativeHost } from '../suites/hosts.js';
import { root, run } from '../suites/process.js';

/** @import { Outcome } from '../suites/suite.js' */

/** What it has found worth keeping; the next run goes on from there. */
const inputs = 'build/fuzz/inputs';
const findings = 'build/fuzz/findings';

/** Seconds after which a new process goes on, since the greenlets that drops may leave behind add up. */
const SLICE = 60;

/** The program counts for itself what is left behind. */
const settings = [
  '-detect_leaks=0',
  '-max_len=256',
  '-timeout=10',
  '-print_final_stats=1',
  '-verbosity=0',
  `-artifact_prefix=${findings}/`,
];

/** The reason why libFuzzer cannot run here. */
export function missingFuzzer() {
  const reason = fuzzedHost.missing();
  if (reason) return reason;
  const library = spawnSync('clang-22', ['-print-file-name=libclang_rt.fuzzer-x86_64.a'], {
    encoding: 'utf8',
  });
  return existsSync(library.stdout.trim()) ? null : 'no libfuzzer for clang-22';
}

/** @returns {Promise<string>} the programs that have failed, in the form of the corpus */
async function showFindings() {
  const { ok, output } = await nativeHost.make('random_programs');
  if (!ok) return output;
  const files = readdirSync(join(root, findings));
  const shown = files.map(async (file) => {
    const command = [...nativeHost.command('random_programs'), 'show', join(root, findings, file)];
    return `${file}:\n${(await run(command)).output}`;
  });
  return (await Promise.all(shown)).join('\n');
}

/**
 * @param {number} seconds
 * @returns {Promise<Outcome>}
 */
async function fuzzOnce(seconds) {
  const command = [...fuzzedHost.command('fuzz'), ...settings, `-max_total_time=${seconds}`, inputs];
  const { ok, output } = await run(command, { seconds: seconds + 120 });
  const passed = Number(/^stat::number_of_executed_units: (\d+)$/m.exec(output)?.[1] ?? 0);
  if (ok) return { passed, failed: 0, output: '' };
  return { passed, failed: 1, output: `${output}\n${await showFindings()}` };
}

/**
 * Runs programs that libFuzzer makes, with the address and the undefined-behaviour sanitizer, until one fails.
 * @param {number} seconds
 * @returns {Promise<Outcome>}
 */
export async function fuzz(seconds) {
  const made = await fuzzedHost.make('fuzz');
  if (!made.ok) return { passed: 0, failed: 1, output: made.output };
  rmSync(join(root, findings), { recursive: true, force: true });
  for (const folder of [inputs, findings]) mkdirSync(join(root, folder), { recursive: true });
  const outcome = { passed: 0, failed: 0, output: '' };
  for (let left = seconds; left > 0 && !outcome.failed; left -= SLICE) {
    const { passed, failed, output } = await fuzzOnce(Math.min(left, SLICE));
    outcome.passed += passed;
    outcome.failed += failed;
    outcome.output += output;
  }
  return outcome;
}
