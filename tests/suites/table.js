/** @import { Row } from './runner.js' */

/**
 * Prints lines of cells, each column as wide as its widest cell.
 *
 * @param {readonly (readonly string[])[]} lines
 * @param {number} texts how many columns at the left are texts; the others are aligned at their right
 */
export function printTable(lines, texts) {
  const columns = lines[0].map((_, i) => i);
  const widths = columns.map((i) => Math.max(...lines.map((line) => line[i].length)));
  const last = columns.length - 1;
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i < texts ? cell.padEnd(widths[i]) : i === last ? cell : cell.padStart(widths[i]),
    );
    console.log(cells.join('  '));
  }
}

/** @param {Row} row @param {string} name of a part */
function cellOf({ parts }, name) {
  const part = parts.find((each) => each.name === name);
  return part ? [part.passed, part.failed, part.skipped].join('/') : '-';
}

/** @param {Row} row */
const hostOf = ({ suite }) => suite.name.replace('bridge ', '');

/** @param {readonly Row[]} rows @param {string} name of a part @returns {string[]} why tests of it were skipped where */
function reasonsOf(rows, name) {
  /** @type {Record<string, string[]>} */
  const hosts = {};
  for (const row of rows) {
    const reasons = row.parts.find((part) => part.name === name)?.reasons ?? [];
    for (const reason of reasons) (hosts[reason] ??= []).push(hostOf(row));
  }
  return Object.entries(hosts).map(([reason, where]) => `  ${name}: ${reason} (${where.join(', ')})`);
}

/**
 * Prints what became of each file of tests that ran on several hosts: a line for each file, a column for each host.
 *
 * @param {readonly Row[]} rows
 */
export function printParts(rows) {
  const shown = rows.filter(({ parts }) => parts.length > 0);
  if (!shown.length) return;
  const names = [...new Set(shown.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const head = shown.map(hostOf);
  console.log('\npassed/failed/skipped');
  printTable(
    [['', ...head], ...names.map((name) => [name, ...shown.map((row) => cellOf(row, name))])],
    head.length + 1,
  );
  console.log(['skipped:', ...names.flatMap((name) => reasonsOf(shown, name))].join('\n'));
}
