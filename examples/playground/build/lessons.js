import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from '../../../js/build/index.js';
import { lessons } from '../lessons.js';
import { flags } from './flags.js';

const sources = resolve(import.meta.dirname, '../../lessons');

/**
 * Writes each lesson's program, and the module that it makes.
 *
 * @param {string} folder what was in it is removed
 */
export async function writeLessons(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name } of lessons) {
    const source = join(sources, `${name}.c`);
    const { wasm } = await build({ sources: [source], flags });
    copyFileSync(source, join(folder, `${name}.c`));
    writeFileSync(join(folder, `${name}.wasm`), wasm);
  }
}
