// Native programs of which all objects but those of the mutant are there already.

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { builds, librarySources } from '../suites/builds.js';
import { runner } from '../suites/corpus.js';
import { includes, programSources } from '../suites/hosts.js';
import { programs } from '../suites/native.js';
import { root, run } from '../suites/process.js';

/** @import { Finished } from '../suites/process.js' */
/** @import { Workplace } from './workplace.js' */

const virtualLoop = 'tests/conformance/loop_default_virtual.c';

/** @type {Record<string, (backend: string) => string[]>} */
const sourcesByProgram = {
  ...programs,
  [runner]: (backend) => [...programSources(runner), ...librarySources(backend), virtualLoop],
};

/** @param {string} build @param {string} program */
export function sourcesOf(build, program) {
  return sourcesByProgram[program](builds[build].backend);
}

/** @param {string} build @param {string} source */
const keptObject = (build, source) => join(root, 'build/mutation/objects', build, `${source}.o`);

/**
 * @param {Workplace} workplace
 * @param {string} build
 * @param {string} source
 * @param {string} object
 * @param {readonly string[]} [more] flags
 */
function compile(workplace, build, source, object, more = []) {
  mkdirSync(dirname(object), { recursive: true });
  const { compiler, flags } = builds[build];
  const settings = ['-std=c11', '-w', ...includes, ...flags, ...more, '-MMD', '-c'];
  return run([compiler, ...settings, source, '-o', object], { cwd: workplace.folder });
}

/** @param {string} build @param {string} source @returns {string[]} the files that its object was made of */
function dependencies(build, source) {
  const [, ...files] = readFileSync(keptObject(build, source).replace(/o$/, 'd'), 'utf8').split(/[\s\\]+/);
  return files.filter(Boolean).map(normalize);
}

/** @param {string} path */
const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** @param {string} build @param {string} source */
function isFresh(build, source) {
  const time = timeOf(keptObject(build, source));
  return time > 0 && dependencies(build, source).every((file) => time > timeOf(join(root, file)));
}

/**
 * Compiles what a build needs and has not got, of the project as it is.
 * @param {Workplace} workplace
 * @param {string} build
 * @param {readonly string[]} names of programs
 */
export async function keepObjects(workplace, build, names) {
  for (const source of new Set(names.flatMap((name) => sourcesOf(build, name)))) {
    if (isFresh(build, source)) continue;
    const { ok, output } = await compile(workplace, build, source, keptObject(build, source));
    if (!ok) throw new Error(output);
  }
}

/**
 * @param {string} build
 * @param {readonly string[]} sources
 * @param {string} file
 * @returns {string[]} those that read it
 */
export function readersOf(build, sources, file) {
  if (!file.endsWith('.h')) return sources.filter((source) => source === file);
  return sources.filter((source) => dependencies(build, source).includes(file));
}

/** The objects of a mutant, each made when it is first asked for. */
export class MutantObjects {
  /** @type {Map<string, Promise<Finished>>} */
  #made = new Map();

  /** @param {Workplace} workplace */
  constructor(workplace) {
    this.workplace = workplace;
  }

  /** @param {string} build @param {string} source */
  #path(build, source) {
    return this.workplace.path(`build/${build}/${source}.o`);
  }

  /** @param {string} build @param {string} source */
  compile(build, source) {
    const path = this.#path(build, source);
    const made = this.#made.get(path) ?? compile(this.workplace, build, source, path);
    this.#made.set(path, made);
    return made;
  }

  /**
   * Whether the optimiser makes the same of the mutant as of the original.
   * @param {string} build
   * @param {readonly string[]} sources
   */
  async areTheSame(build, sources) {
    for (const source of sources) {
      if (!(await this.compile(build, source)).ok) return false;
      const [ours, kept] = [this.#path(build, source), keptObject(build, source)];
      if (!readFileSync(ours).equals(readFileSync(kept))) return false;
    }
    return true;
  }

  /**
   * @param {string} build
   * @param {string} program
   * @param {readonly string[]} changed sources that the mutation is in
   * @returns {Promise<string>} the program's path
   */
  async link(build, program, changed) {
    const sources = sourcesOf(build, program);
    const objects = sources.map((source) =>
      changed.includes(source) ? this.#path(build, source) : keptObject(build, source),
    );
    const target = this.workplace.path(`build/${build}/${program}`);
    const { compiler, flags } = builds[build];
    mkdirSync(dirname(target), { recursive: true });
    const { ok, output } = await run([compiler, ...flags, ...objects, '-o', target, '-lpthread', '-lm']);
    if (!ok) throw new Error(output);
    return target;
  }
}
