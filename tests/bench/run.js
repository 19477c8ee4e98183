// Measures what greenlets cost, beside what else there is: node tests/bench/run.js [OPTIONS]
//
//   --only NAME    the benches whose file, NAME.bench.js, has that in its name
//   --json FILE    writes what was measured: a list of { bench, system, depth, n, value, unit, ratio }
//   --plots DIR    draws cost against depth and against count, as SVG
//   --page         writes docs/performance.md, with plots in docs/performance
//   --date DATE    of the page; default: today
//   --quick        does everything as few times as it can: to see whether it works

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.js';
import { writePage } from './page.js';
import { drawPlots } from './plots.js';
import { formatRow, head } from './table.js';

/** @import { Measurement } from './bench.js' */
/** @import { Machine } from './machine.js' */

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    plots: { type: 'string' },
    page: { type: 'boolean', default: false },
    date: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const folder = fileURLToPath(new URL('.', import.meta.url));

/** @param {string} why what was asked for cannot be done @returns {never} */
function refuse(why) {
  console.error(`bench: ${why}`);
  process.exit(2);
}

function findFiles() {
  const all = readdirSync(folder).filter((file) => file.endsWith('.bench.js'));
  const wanted = all.filter((file) => file.replace('.bench.js', '').includes(values.only));
  if (!wanted.length) refuse(`none has '${values.only}' in its name: ${all.join(', ')}`);
  return wanted;
}

/** @type {Measurement[]} */
const measurements = [];

/** Systems that are not here, and why. @type {Map<string, string>} */
const absent = new Map();

/** @param {{ measurement?: Measurement, absent?: [string, string][] }} message of run-file.js */
function hear({ measurement, absent: missing = [] }) {
  for (const [system, reason] of missing) absent.set(system, reason);
  if (!measurement) return;
  measurements.push(measurement);
  console.log(formatRow(measurement));
}

/**
 * In a process of its own, so that a figure does not depend on what ran before. A file that fails is left out, and
 * fails the whole in the end.
 *
 * @param {string} file
 */
async function runFile(file) {
  const args = [join(folder, file), ...(values.quick ? ['quick'] : [])];
  const child = fork(join(folder, 'run-file.js'), args, { execArgv: ['--expose-gc'] });
  child.on('message', hear);
  const [status, signal] = await once(child, 'exit');
  if (status === 0) return;
  absent.set(`what is missing of ${file}`, signal ? `ended by ${signal}` : `ended with status ${status}`);
  process.exitCode = 1;
}

/** @param {string} to @param {Map<string, string>} plots by file name */
function writePlots(to, plots) {
  mkdirSync(to, { recursive: true });
  for (const [name, svg] of plots) writeFileSync(join(to, name), svg);
}

/** @param {Machine} machine */
function write(machine) {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
  if (values.plots) writePlots(values.plots, drawPlots(measurements));
  if (values.page) writePage({ measurements, absent, machine });
}

if (values.page && (values.quick || values.only))
  refuse('--page is of a whole run: not with --quick, nor with --only');
const files = findFiles();
const machine = await describeMachine(values.date);
console.log(`${Object.values(machine).join('; ')}\n\n${head}`);
for (const file of files) await runFile(file);
for (const [system, reason] of absent) console.log(`left out: ${system}: ${reason}`);
write(machine);
