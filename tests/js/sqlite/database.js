import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {number} i @returns {string[]} statements of every kind that reads, each about another part of the database */
const statementsAbout = (i) => [
  `SELECT * FROM reading WHERE id = ${i * 997}`,
  `SELECT count(*) AS n, min(day) AS first, max(day) AS last FROM reading WHERE station = ${i * 9}`,
  `SELECT name, hex(key) AS key, day, degrees FROM station JOIN reading ON station = station.id
     WHERE station.id = ${201 - i} AND day BETWEEN '2021' AND '2021-03' ORDER BY day, reading.id`,
  `SELECT day, sum(degrees) OVER (ORDER BY day, id ROWS 2 PRECEDING) AS warmth FROM reading
     WHERE id BETWEEN ${i * 500} AND ${i * 500 + 20} ORDER BY warmth DESC, id LIMIT 3`,
  `SELECT id FROM station WHERE name LIKE '%" ${i}_' AND height > 1${i}`,
];

/** A hundred statements. Nothing that they find depends on how a version of SQLite rounds. */
export const statements = Array.from({ length: 20 }, (_, i) => statementsAbout(i + 1)).flat();

/**
 * The database, and what the sqlite3 command finds in it.
 *
 * @returns {{ bytes: Buffer, answers: unknown[][] }} rows, as objects, of each statement
 */
export function makeDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-sqlite-'));
  const file = join(folder, 'weather.db');
  const sqlite3 = (/** @type {string} */ input) =>
    execFileSync('sqlite3', ['-bail', '-json', file], { input, encoding: 'utf8' });
  try {
    sqlite3(readFileSync(new URL('database.sql', import.meta.url), 'utf8'));
    const output = sqlite3(statements.map((sql) => `${sql};\n.print ;\n`).join(''));
    const answers = output.split(';\n', statements.length).map((rows) => JSON.parse(rows || '[]'));
    return { bytes: readFileSync(file), answers };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
