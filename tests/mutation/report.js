/** @import { Mutant } from './mutants.js' */
/** @import { Verdict } from './examine.js' */

/**
 * @typedef {Omit<Mutant, 'text'> & Verdict} Result
 */

/** @param {readonly Result[]} results @param {Verdict['fate']} fate */
const number = (results, fate) => results.filter((result) => result.fate === fate).length;

/** @param {readonly Result[]} results the share of those that count which was killed, from 0 to 1 */
export function score(results) {
  const killed = number(results, 'killed');
  return killed / Math.max(killed + number(results, 'survived'), 1);
}

/** @param {Result} result */
export function lineOf({ fate, file, line, before, after, by, excuse }) {
  const what = `${fate.padEnd(10)} ${file}:${line}: ${difference(before, after)}`;
  return by
    ? `${what}\n           by ${by}`
    : excuse
      ? `${what}\n           ${excuse.kind}: ${excuse.reason}`
      : what;
}

/** @param {string} before @param {string} after */
function difference(before, after) {
  return `${before}  →  ${after}`;
}

/** @param {readonly Result[]} results @param {'file' | 'operator'} key */
function rows(results, key) {
  const names = [...new Set(results.map((result) => result[key]))].sort();
  return names.map((name) => {
    const group = results.filter((result) => result[key] === name);
    const [killed, survived] = [number(group, 'killed'), number(group, 'survived')];
    return [name, `${killed + survived}`, `${killed}`, `${survived}`];
  });
}

/** @param {readonly Result[]} results @param {'file' | 'operator'} key */
export function table(results, key) {
  const lines = [[key, 'mutants', 'killed', 'survived'], ...rows(results, key)];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines
    .map(([name, ...numbers]) => [name.padEnd(width), ...numbers.map((text) => text.padStart(9))].join(''))
    .join('\n');
}

/** @param {readonly Result[]} results */
export function summary(results) {
  const [killed, survived] = [number(results, 'killed'), number(results, 'survived')];
  const percent = (100 * score(results)).toFixed(1);
  const excused = results.filter(({ fate, excuse }) => fate === 'survived' && excuse).length;
  return `${killed} of ${killed + survived} killed (${percent} %), ${survived} survived, ${excused} of them with a reason; ${number(results, 'equivalent')} others are equivalent`;
}
