import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sortFlags } from './flags.js';
import { readPackageJson } from './package-data.js';
import { packageRoot } from './paths.js';

/**
 * @typedef {import('./compile.js').Unit} Unit
 * @typedef {{ sources: string[], without: string[] }} SourceList patterns; a `*` stands for part of a file's name
 */

const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Wstrict-prototypes'];

/**
 * The C files of this package that go into every module.
 * @param {{ debug: boolean }} options
 * @returns {Unit[]}
 */
export function runtimeUnits({ debug }) {
  const sorted = sortFlags([...flags, '-Isrc', '-Iwasm', debug ? '-g' : '-DNDEBUG']);
  return runtimeSources().map((source) => ({ source, cwd: packageRoot, flags: sorted }));
}

/** @returns {string[]} paths relative to the package */
export function runtimeSources() {
  /** @type {SourceList} */
  const { sources, without } = readPackageJson('wasm/runtime.json');
  const left = new Set(without.flatMap(matching));
  return sources.flatMap(matching).filter((source) => !left.has(source));
}

/** @param {string} pattern */
function matching(pattern) {
  const folder = dirname(pattern);
  const parts = pattern.split('*').map((part) => part.replace(/[.+]/g, '\\$&'));
  const name = new RegExp(`^${parts.join('[^/]*')}$`);
  const files = readdirSync(join(packageRoot, folder)).map((file) => `${folder}/${file}`);
  return files.filter((file) => name.test(file)).sort();
}
