// Measures what greenlets cost, beside what else there is: node tests/bench/run.js [OPTIONS]
//
//   --only NAME    the benches whose file, NAME.bench.js, has that in its name
//   --json FILE    writes what was measured: a list of { bench, system, depth, n, value, unit, ratio }
//   --plots DIR    draws cost against depth and against count, as SVG
//   --page         writes docs/performance.md, with plots in docs/performance
//   --date DATE    of the page; default: today
//   --quick        does everything as few times as it can: to see whether it works

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Bench } from './bench.js';
import { describeMachine } from './machine.js';
import { writePage } from './page.js';
import { drawPlots } from './plots.js';
import { formatRow, head } from './table.js';

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

/** @param {string} why what was asked for cannot be done @returns {never} */
function refuse(why) {
  console.error(`bench: ${why}`);
  process.exit(2);
}

function findFiles() {
  const all = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.bench.js'));
  const wanted = all.filter((file) => file.replace('.bench.js', '').includes(values.only));
  if (!wanted.length) refuse(`none has '${values.only}' in its name: ${all.join(', ')}`);
  return wanted;
}

/** One that fails is left out, and fails the whole in the end. @param {Bench} bench @param {string} file */
async function runFile(bench, file) {
  try {
    const { default: measure } = await import(new URL(file, import.meta.url).href);
    await measure(bench);
  } catch (error) {
    console.error(error);
    const [reason] = String(error).split('\n');
    bench.absent.set(`what is missing of ${file}`, reason);
    process.exitCode = 1;
  }
}

/** @param {string} folder @param {Map<string, string>} plots by file name */
function writePlots(folder, plots) {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of plots) writeFileSync(join(folder, name), svg);
}

/** @param {Bench} bench @param {Machine} machine */
function write({ measurements, absent }, machine) {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
  if (values.plots) writePlots(values.plots, drawPlots(measurements));
  if (values.page) writePage({ measurements, absent, machine });
}

if (values.page && (values.quick || values.only))
  refuse('--page is of a whole run: not with --quick, nor with --only');
const files = findFiles();
const machine = await describeMachine(values.date);
console.log(`${Object.values(machine).join('; ')}\n\n${head}`);
const bench = new Bench(values.quick, (measurement) => console.log(formatRow(measurement)));
for (const file of files) await runFile(bench, file);
for (const [system, reason] of bench.absent) console.log(`left out: ${system}: ${reason}`);
write(bench, machine);
process.exit();
