import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { findHost, runtimeSources } from '../../js/build/runtime.js';
import { runner } from '../suites/corpus.js';
import { includes, programSources } from '../suites/hosts.js';
import { root, run } from '../suites/process.js';
import { once } from '../suites/suite.js';
import { conformanceSources } from '../suites/wasm.js';
import { MutantObjects } from './native.js';

/** @import { Workplace } from './workplace.js' */

/** What JavaScript calls: the linker leaves that out of the others. */
export const bridge = 'bridge';

const cache = { GREENLET_WASM_CACHE: join(root, 'build/mutation/cache') };

/** @type {Record<string, () => string[]>} */
const moduleSources = {
  conformance: conformanceSources,
  [runner]: () => programSources(runner),
  [bridge]: () => ['tests/js/programs/bridge.c'],
};

/** @param {string} file whether it is part of a module */
export function isInModules(file) {
  return file.endsWith('.h') || runtimeSources(findHost('javascript')).includes(file);
}

/** What is made of a workplace while a file in it is changed. */
export class Attempt {
  /** @param {Workplace} workplace @param {string} [file] that is changed; none: the project as it is */
  constructor(workplace, file) {
    this.workplace = workplace;
    this.file = file;
    this.objects = new MutantObjects(workplace);
    this.module = once((program) => this.#build(program));
  }

  /** @param {string} program */
  async #build(program) {
    const output = this.workplace.path(`build/${program}.wasm`);
    const command = [
      process.execPath,
      'js/cli.js',
      'build',
      '--compat',
      ...includes,
      ...moduleSources[program](),
    ];
    const { ok } = await this.runNode([...command, '-o', output], 300);
    return ok ? output : '';
  }

  /**
   * Runs something in the workplace, with the cache that all workplaces share.
   * @param {readonly string[]} command
   * @param {number} seconds
   * @param {string} [input]
   */
  runNode(command, seconds, input) {
    return run(command, { cwd: this.workplace.folder, env: cache, seconds, input });
  }

  /** @param {string} program @returns {Promise<Buffer | undefined>} its module, unless it does not build */
  async moduleBytes(program) {
    const path = await this.module(program);
    return path ? readFileSync(path) : undefined;
  }
}
