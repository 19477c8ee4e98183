import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { missingPrograms, root, run } from './process.js';
import { once } from './suite.js';

/** @import { Finished } from './process.js' */

/** Where Debian keeps the packages of JavaScript that its emcc links with. */
const packages = '/usr/share/nodejs';

/** @type {Record<string, string>} */
export const emscriptenEnv = existsSync(packages) ? { NODE_PATH: packages } : {};

/** Where tests of JavaScript have their programs: each engine may run them at the same time. */
export const emscriptenFolder = `build/emscripten/${process.version}`;

export const missingEmscripten = () => missingPrograms('emcc');

/** How the C suite and the corpora are built. @type {Record<string, { flags: string[], options: string }>} */
export const emscriptenFlavours = {
  release: { flags: ['-O2'], options: '' },
  debug: { flags: ['-O0', '-g', '-sASSERTIONS=2'], options: '--debug' },
};

const askForFlags = once((options) =>
  run([process.execPath, 'js/cli.js', 'flags', '--emscripten', ...options.split(' ').filter(Boolean)], {
    env: emscriptenEnv,
  }),
);

/**
 * Has emcc make a program, as a user would.
 *
 * @param {readonly string[]} sources
 * @param {string} output the .js, relative to the project
 * @param {{ flags: readonly string[], options?: string }} how flags: of emcc; options: of `greenlet-wasm flags`
 * @returns {Promise<Finished>}
 */
export async function linkEmscripten(sources, output, { flags, options = '' }) {
  const asked = await askForFlags(options);
  if (!asked.ok) return asked;
  mkdirSync(dirname(join(root, output)), { recursive: true });
  writeFileSync(join(root, dirname(output), 'package.json'), '{ "type": "commonjs" }\n');
  const command = ['emcc', ...flags, ...sources, ...asked.stdout.trim().split(' '), '-o', output];
  return run(command, { env: emscriptenEnv });
}
