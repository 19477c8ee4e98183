import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../suites/process.js';

const copied = ['src', 'wasm', 'js', 'tests', 'examples', 'package.json'];

/** A copy of the project, in which one file at a time is changed. */
export class Workplace {
  /** @param {number} number */
  constructor(number) {
    this.folder = join(root, `build/mutation/workplace-${number}`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(join(this.folder, 'build'), { recursive: true });
    const filter = (/** @type {string} */ path) => basename(path) !== 'node_modules';
    for (const name of copied) cpSync(join(root, name), join(this.folder, name), { recursive: true, filter });
    symlinkSync(realpathSync(join(root, 'node_modules')), join(this.folder, 'node_modules'));
  }

  /** @param {string} file relative to the root */
  path(file) {
    return join(this.folder, file);
  }

  /**
   * Does something while a file has another text.
   * @template T
   * @param {string} file
   * @param {string} text
   * @param {() => Promise<T>} action
   * @returns {Promise<T>}
   */
  async changed(file, text, action) {
    const original = readFileSync(join(root, file));
    writeFileSync(this.path(file), text);
    try {
      return await action();
    } finally {
      writeFileSync(this.path(file), original);
    }
  }
}
