// Changes the C of the project, one token at a time, and sees whether the tests notice.
//
//   node tests/mutation/run.js [--seed N] [--count N] [--group core,backends,gevent] [--only FILE] [--jobs 1|2]
//                              [--json FILE]
//
// Fails if they notice less than 95 of 100.

import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Examiner } from './examine.js';
import { drawMutants, filesLike, groups } from './mutants.js';
import { lineOf, score, summary, table } from './report.js';
import { Workplace } from './workplace.js';

/** @import { Result } from './report.js' */
/** @import { Mutant } from './mutants.js' */

const ENOUGH = 0.95;
const MOST_JOBS = 2;

/** @param {string} message @returns {never} */
function refuse(message) {
  console.error(message);
  process.exit(2);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '200' },
      group: { type: 'string', default: 'core,backends' },
      only: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      json: { type: 'string' },
    },
  });
  const [seed, count, jobs] = [values.seed, values.count, values.jobs].map(Number);
  if (![seed, count, jobs].every(Number.isInteger) || count < 1)
    refuse('--seed, --count and --jobs are numbers');
  return {
    seed,
    count,
    jobs: Math.min(Math.max(jobs, 1), MOST_JOBS),
    json: values.json,
    files: filesOf(values),
  };
}

/** @param {{ only?: string, group: string }} choice */
function filesOf({ only, group }) {
  const names = group.split(',');
  const stranger = names.find((name) => !Object.hasOwn(groups, name));
  if (stranger !== undefined) refuse(`no group '${stranger}': there are ${Object.keys(groups).join(', ')}`);
  const files = only ? filesLike(only) : names.flatMap((name) => groups[name]);
  return files.length ? files : refuse(`no file '${only}' in any group`);
}

/** @param {Result} result */
const counts = ({ fate }) => fate === 'killed' || fate === 'survived';

/**
 * Examines mutants until there are enough that count.
 * @param {readonly Mutant[]} mutants
 * @param {number} count
 * @param {readonly Workplace[]} workplaces
 * @param {Examiner} examiner
 */
async function examineAll(mutants, count, workplaces, examiner) {
  /** @type {Result[]} */
  const results = [];
  const waiting = mutants.entries();
  const work = async (/** @type {Workplace} */ workplace) => {
    while (results.filter(counts).length < count) {
      const { value } = waiting.next();
      if (!value) return;
      const [i, mutant] = value;
      const { text: _, ...place } = mutant;
      results[i] = { ...place, ...(await examiner.examine(workplace, mutant)) };
      if (results[i].fate !== 'invalid') console.log(lineOf(results[i]));
    }
  };
  await Promise.all(workplaces.map(work));
  return firstOf(results, count);
}

/**
 * As many as count, and what was drawn between them; whichever came first does not matter then.
 * @param {readonly Result[]} results
 * @param {number} count
 */
function firstOf(results, count) {
  const last = results.filter(counts)[count - 1];
  return last ? results.slice(0, results.indexOf(last) + 1) : results;
}

const { seed, count, jobs, json, files } = readArguments();
const workplaces = Array.from({ length: jobs }, (_, i) => new Workplace(i));
const examiner = new Examiner();
await examiner.prepare(workplaces[0], files);
const results = await examineAll(drawMutants(files, seed), count, workplaces, examiner);
const survivors = results.filter(({ fate }) => fate === 'survived');

console.log(`\n${table(results.filter(counts), 'file')}\n\n${table(results.filter(counts), 'operator')}`);
if (survivors.length) console.log(`\n${survivors.map(lineOf).join('\n')}`);
console.log(`\nseed ${seed}: ${summary(results)}`);
if (json) writeFileSync(json, `${JSON.stringify({ seed, score: score(results), results }, null, 2)}\n`);
if (score(results) < ENOUGH) process.exitCode = 1;
