/** @import { Measurement } from './bench.js' */

/** @param {number} value @returns {string} with three digits that count, or all of a larger one */
export function formatValue(value) {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 3) });
}

/** @param {Pick<Measurement, 'bench' | 'depth'>} measurement @returns {string} what is measured, in words */
export function nameOf({ bench, depth }) {
  return depth ? `${bench}, depth ${depth}` : bench;
}

/** @param {string[]} cells */
const line = ([name, system, n, value, rest]) =>
  `${name.padEnd(36)}${system.padEnd(30)}${n.padStart(10)}${value.padStart(12)} ${rest}`;

export const head = line(['bench', 'system', 'n', 'value', '']);

/** @param {Measurement} measurement @returns {string} a line of the table */
export function formatRow(measurement) {
  const { system, n, value, unit, ratio } = measurement;
  const rest = ratio === undefined ? unit : `${unit}; ours is ${formatValue(ratio)} of it`;
  return line([nameOf(measurement), system, n.toLocaleString('en'), formatValue(value), rest]);
}
