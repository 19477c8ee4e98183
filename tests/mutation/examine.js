import { runner } from '../suites/corpus.js';
import { Attempt, bridge } from './attempt.js';
import { excuseOf } from './excuses.js';
import { keepObjects, readersOf, sourcesOf } from './native.js';
import { nativeBuilds, programsOf, stages } from './stages.js';

/** @import { Excuse } from './excuses.js' */
/** @import { Mutant } from './mutants.js' */
/** @import { Stage } from './stages.js' */
/** @import { Workplace } from './workplace.js' */

/**
 * @typedef {object} Verdict
 * @property {'killed' | 'survived' | 'equivalent' | 'invalid'} fate
 * @property {string} [by] the stage that killed it, and what was wrong there
 * @property {Excuse} [excuse]
 */

/** What is compared, the smallest first: the linker leaves out what a program does not use. */
const modulePrograms = [runner, bridge, 'conformance'];

/** @param {string} build @param {string} file */
function readersInBuild(build, file) {
  const sources = programsOf(build).flatMap((program) => sourcesOf(build, program));
  return readersOf(build, [...new Set(sources)], file);
}

/** Tries mutants, after it has seen that the project passes without one. */
export class Examiner {
  /** @type {Map<Stage, number>} seconds that a mutant may take in it */
  #allowed = new Map();
  /** Of the project as it is, by program. @type {Map<string, Buffer | undefined>} */
  #modules = new Map();

  /** @param {Workplace} workplace @param {readonly string[]} files that will be changed */
  async prepare(workplace, files) {
    for (const build of nativeBuilds) await keepObjects(workplace, build, programsOf(build));
    const attempt = new Attempt(workplace);
    for (const program of modulePrograms) this.#modules.set(program, await attempt.moduleBytes(program));
    for (const stage of stages.filter(({ concerns }) => files.some(concerns))) {
      const start = performance.now();
      const problem = await stage.run(attempt, 600);
      if (problem) throw new Error(`${stage.name} fails without a mutant: ${problem}`);
      this.#allowed.set(stage, 10 + (5 * (performance.now() - start)) / 1000);
    }
  }

  /**
   * @param {Workplace} workplace
   * @param {Mutant} mutant
   * @returns {Promise<Verdict>}
   */
  examine(workplace, mutant) {
    return workplace.changed(mutant.file, mutant.text, () =>
      this.#attempt(new Attempt(workplace, mutant.file), mutant),
    );
  }

  /** @param {Attempt} attempt @param {Mutant} mutant @returns {Promise<Verdict>} */
  async #attempt(attempt, mutant) {
    const { file } = mutant;
    const build = nativeBuilds.find((name) => readersInBuild(name, file).length > 0);
    const fate = build ? await fateInBuild(attempt, build, file) : await this.#fateInModule(attempt);
    if (fate) return { fate };
    for (const stage of stages.filter(({ concerns }) => concerns(file))) {
      const problem = await stage.run(attempt, this.#allowed.get(stage) ?? 600);
      if (problem) return { fate: 'killed', by: `${stage.name}: ${problem}` };
    }
    const excuse = excuseOf(mutant);
    return { fate: excuse?.kind === 'equivalent' ? 'equivalent' : 'survived', excuse };
  }

  /** @param {Attempt} attempt @returns {Promise<'invalid' | 'equivalent' | undefined>} */
  async #fateInModule(attempt) {
    for (const program of modulePrograms) {
      const bytes = await attempt.moduleBytes(program);
      if (!bytes) return 'invalid';
      if (!this.#modules.get(program)?.equals(bytes)) return undefined;
    }
    return 'equivalent';
  }
}

/**
 * @param {Attempt} attempt
 * @param {string} build
 * @param {string} file
 * @returns {Promise<'invalid' | 'equivalent' | undefined>}
 */
async function fateInBuild({ objects }, build, file) {
  const readers = readersInBuild(build, file);
  for (const source of readers) if (!(await objects.compile(build, source)).ok) return 'invalid';
  return (await objects.areTheSame(build, readers)) ? 'equivalent' : undefined;
}
