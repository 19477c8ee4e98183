import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hosts } from './hosts.js';
import { root, run } from './process.js';

/** @import { Suite, Outcome } from './suite.js' */
/** @import { Host } from './hosts.js' */

/** What runs the programs of each layer, and those that come with the project. */
export const corpora = {
  greenlet: { runner: 'greenlet_programs', file: join(root, 'tests/corpus/greenlet-programs.txt') },
};

/**
 * The trace of each program of a text, or of what a runner has printed, by the program's name.
 * @param {string} text
 */
function tracesOf(text) {
  /** @type {Map<string, string[]>} */
  const traces = new Map();
  /** @type {string[]} */
  let trace = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('program ')) traces.set(line.slice('program '.length), (trace = []));
    else if (line === 'end' || line.startsWith('= ')) trace.push(line);
  }
  return traces;
}

/**
 * @param {string[]} expected
 * @param {string[]} actual
 * @returns {string} the first line that differs; empty if none does
 */
function firstDifference(expected, actual) {
  const at = expected.findIndex((line, i) => line !== actual[i]);
  if (at >= 0) return `line ${at + 1} of the trace is '${actual[at] ?? ''}', not '${expected[at]}'`;
  return actual.length > expected.length ? `the trace has a line too many: '${actual[expected.length]}'` : '';
}

/**
 * Runs all programs of a text on a host, and compares.
 * @param {keyof typeof corpora} layer
 * @param {Host} host
 * @param {string} text
 * @returns {Promise<Outcome>}
 */
export async function runCorpus(layer, host, text) {
  const { runner } = corpora[layer];
  const made = await host.make(runner);
  if (!made.ok) return { passed: 0, failed: 1, output: made.output };
  const { ok, stdout, output } = await run(host.command(runner), { input: text });
  const [expected, actual] = [tracesOf(text), tracesOf(stdout)];
  const reports = [...expected].flatMap(([id, trace]) => {
    const difference = actual.has(id) ? firstDifference(trace, actual.get(id) ?? []) : 'it was not run';
    return difference ? [`program ${id}: ${difference}\n`] : [];
  });
  const passed = expected.size - reports.length;
  if (!ok) reports.push(output.replace(/^(program|=|end).*\n/gm, ''));
  return { passed, failed: reports.length, output: reports.join('') };
}

/**
 * @param {Host} host
 * @returns {Suite}
 */
function corpusSuite(host) {
  return {
    name: `corpus ${host.backend} ${host.name}`,
    backend: host.backend,
    host: `${host.name}, corpus`,
    missing: host.missing,
    run: () => runCorpus('greenlet', host, readFileSync(corpora.greenlet.file, 'utf8')),
  };
}

/** @type {Suite[]} */
export const corpusSuites = hosts.map(corpusSuite);
