import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hosts, otherwiseBuilt } from './hosts.js';
import { root, run } from './process.js';

/** @import { Suite, Outcome } from './suite.js' */
/** @import { Host } from './hosts.js' */
/** @import { Finished } from './process.js' */

/** The programs of each layer that come with the project. */
export const corpora = {
  greenlet: join(root, 'tests/corpus/greenlet-programs.txt'),
  gevent: join(root, 'tests/corpus/gevent-programs.txt'),
};

/** @typedef {keyof typeof corpora} Layer */

/** The program that runs them. */
export const runner = 'programs';

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
 * @param {Layer} layer
 * @param {Host} host
 * @param {string} text
 * @returns {Promise<Outcome>}
 */
export async function runCorpus(layer, host, text) {
  const made = await host.make(runner);
  if (!made.ok) return { passed: 0, failed: 1, output: made.output };
  return compareTraces(text, await run([...host.command(runner), layer], { input: text }));
}

/**
 * @param {string} text the programs
 * @param {Finished} finished what a runner made of them
 * @returns {Outcome}
 */
export function compareTraces(text, { ok, stdout, output }) {
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
 * @param {Layer} layer
 * @param {Host} host
 * @returns {Suite}
 */
function corpusSuite(layer, host) {
  return {
    name: `corpus ${layer} ${host.backend} ${host.name}`,
    backend: host.backend,
    host: `${host.name}, ${layer} corpus`,
    missing: host.missing,
    run: () => runCorpus(layer, host, readFileSync(corpora[layer], 'utf8')),
  };
}

/** @type {Suite[]} */
export const corpusSuites = [...hosts, ...otherwiseBuilt].flatMap((host) => [
  corpusSuite('greenlet', host),
  corpusSuite('gevent', host),
]);
