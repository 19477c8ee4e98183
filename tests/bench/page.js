import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../suites/process.js';
import { describeGoal, findMeasured, goals, judge } from './goals.js';
import { drawPlots } from './plots.js';
import { formatValue } from './table.js';

/** @import { Measurement } from './bench.js' */
/** @import { Machine } from './machine.js' */

/**
 * @typedef {object} Run
 * @property {readonly Measurement[]} measurements
 * @property {ReadonlyMap<string, string>} absent systems that were not there, and why
 * @property {Machine} machine
 */

const intro = `# What it costs

What \`./build.sh bench --page\` measured on one machine, on one day; it writes this page anew. Ratios hold on other
machines as well, single figures do not.`;

const method = `## How it was measured

- All systems of a bench run by turns, in one process where that is possible, so that whatever else the machine does
  meets all of them. What another bench did before has no part in it.
- A figure is the median of seven rounds, after one that does not count; a ratio is the median of the ratios within
  each round. What takes seconds, and memory, is measured less often.
- Each run checks what came out: a number that is handed on arrives as often increased as it was sent.
- Time is CPU time of the whole process, the engine's threads among it: to sleep takes none. Only loads and builds are
  by the clock on the wall.
- A _transfer_ is control going from code of the program in one to code of the program in another. Between greenlets,
  fibers and contexts it is one switch; between generators it is a \`yield\` to a loop and the \`next\` that this calls;
  between promises it is to settle the one that the other awaits, and to await one's own.
- At depth _d_ there are _d_ frames between where it began and the switch, none of them inlined, and each keeps three
  numbers that it needs later. That is so in C, in JavaScript and in the text format of wasm.
- A switch in wasm unwinds one stack and rewinds the other, so that it costs more, the deeper these are. An engine's own
  stacks, and those of machine code, do not.
- Memory of greenlets is by how much linear memory grew; of JavaScript's functions how much more the heap had in use
  after a collection; of JSPI and Python how much more memory the process had.
- To repeat it: \`./build.sh bench\` prints the same rows. Peers that are not installed are left out and named. It runs in
  the newest Node that is there (\`npm ci\` in \`tests/engines\` brings one), or in that which \`NODE\` names.`;

/** @param {string[]} cells */
const line = (...cells) => `| ${cells.join(' | ')} |`;

/** @param {Machine} machine */
function describeRun({ date, cpu, memory, engine, compiler }) {
  return [
    `- date: ${date}`,
    `- machine: ${cpu}, ${memory}`,
    `- engine: ${engine}`,
    `- compiler: ${compiler}`,
  ].join('\n');
}

/** @param {readonly Measurement[]} measurements */
function goalsTable(measurements) {
  const rows = goals.map((goal) => {
    const found = findMeasured(goal, measurements);
    const { measured, verdict } = judge(goal, found);
    return line(describeGoal(goal, found), measured, verdict);
  });
  return ['## Goals', '', line('goal', 'measured', ''), line('---', '--:', '---'), ...rows].join('\n');
}

/** @param {ReadonlyMap<string, string>} plots */
function showPlots(plots) {
  const shown = [...plots].map(([file, svg]) => {
    const [, title] = /<title>(.*)<\/title>/.exec(svg) ?? [];
    return `![${title}](performance/${file})`;
  });
  return ['## Plots', ...shown].join('\n\n');
}

/** @param {readonly Measurement[]} measurements */
function allRows(measurements) {
  const rows = measurements.map(({ bench, depth, system, n, value, unit, ratio }) =>
    line(
      bench,
      `${depth ?? ''}`,
      n.toLocaleString('en'),
      system,
      formatValue(value),
      unit,
      ratio === undefined ? '' : formatValue(ratio),
    ),
  );
  const head = line('bench', 'depth', 'n', 'system', 'value', 'unit', 'ours / this');
  return ['## All figures', '', head, line('---', '--:', '--:', '---', '--:', '---', '--:'), ...rows].join(
    '\n',
  );
}

/** @param {ReadonlyMap<string, string>} absent */
function leftOut(absent) {
  if (!absent.size) return [];
  const items = [...absent].map(([system, reason]) => `- ${system}: ${reason}`);
  return [['## Left out', '', ...items].join('\n')];
}

/** @param {Run} run @param {ReadonlyMap<string, string>} plots @returns {string} the page */
export function renderPage({ measurements, absent, machine }, plots) {
  const parts = [
    `${intro}\n\n${describeRun(machine)}`,
    goalsTable(measurements),
    method,
    ...(plots.size ? [showPlots(plots)] : []),
    allRows(measurements),
    ...leftOut(absent),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Writes docs/performance.md, and its plots into docs/performance. @param {Run} run */
export function writePage(run) {
  const folder = join(root, 'docs/performance');
  const plots = drawPlots(run.measurements);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of plots) writeFileSync(join(folder, name), svg);
  writeFileSync(join(root, 'docs/performance.md'), renderPage(run, plots));
}
