import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './arguments.js';

/**
 * The JavaScript half of a program: its imports, and what they need while it runs. The default export of a
 * module, or what a function that is that export returns.
 *
 * @typedef {object} Companion
 * @property {Record<string, Record<string, Function>>} imports
 * @property {string[]} [args] take the place of the arguments that were given
 * @property {() => Promise<void> | void} [close] called when the program has ended
 */

/**
 * @param {string} program a path
 * @param {string | undefined} named what --imports says; else NAME.js or NAME/NAME.js beside the program, if there is one
 * @param {string[]} args
 * @returns {Promise<Companion>}
 */
export async function findCompanion(program, named, args) {
  const file = named ?? besides(program).find((path) => existsSync(path));
  if (!file) return { imports: {} };
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const { default: companion } = await import(pathToFileURL(resolve(file)).href);
  const made = typeof companion === 'function' ? await companion({ args }) : companion;
  if (typeof made?.imports === 'object') return made;
  throw new UsageError(`${file} has no default export that is, or returns, an object with imports`);
}

/** @param {string} program */
function besides(program) {
  const name = basename(program, extname(program));
  const folder = dirname(program);
  const places = [join(folder, name), join(folder, name, name)];
  return places.flatMap((place) => [`${place}.js`, `${place}.mjs`]);
}
