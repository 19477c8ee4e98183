import { readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * @typedef {object} Measurement
 * @property {string} bench
 * @property {string} system whose figure it is
 * @property {number} n how many, or how often
 * @property {number} [depth] frames between entry and switch
 * @property {number} value a median where there was more than one run
 * @property {string} unit
 * @property {number} [ratio] to the peer of the same run, which is the next measurement
 *
 * @typedef {(measurement: Measurement) => void} Report
 */

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });

/** @param {Measurement} measurement */
function formatRow({ bench, system, depth, n, value, unit, ratio }) {
  const number = value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
  const name = depth ? `${bench}, ${depth} deep` : bench;
  const row = `${name.padEnd(24)}${system.padEnd(34)}${String(n).padStart(9)}${number.padStart(12)} ${unit}`;
  return ratio ? `${row}, ${ratio.toFixed(2)} times the next` : row;
}

async function run() {
  /** @type {Measurement[]} */
  const measurements = [];
  const report = (/** @type {Measurement} */ measurement) => {
    measurements.push(measurement);
    console.log(formatRow(measurement));
  };
  console.log(
    `${process.platform} ${process.arch}, Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}\n`,
  );
  console.log(`${'bench'.padEnd(24)}${'system'.padEnd(34)}${'n'.padStart(9)}${'value'.padStart(12)}`);
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.bench.js'));
  for (const file of files.filter((name) => name.includes(values.only ?? ''))) {
    const { default: bench } = await import(new URL(file, import.meta.url).href);
    await bench(report);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
}

await run();
