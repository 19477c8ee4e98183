import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { librarySources, sourcesIn } from './builds.js';
import { patchSources } from './patch.js';
import { missingPackages, missingPrograms, root } from './process.js';
import { commandSuite } from './suite.js';

const notOurs = /node_modules/;

/** @param {RegExp} pattern */
function filesOf(pattern) {
  const folders = ['src', 'wasm', 'tests', 'examples'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`),
  );
  return files.filter((file) => pattern.test(file) && !notOurs.test(file));
}

const tidySources = () => {
  const sources = [...librarySources('ucontext'), ...patchSources, ...sourcesIn('src/compat')];
  return sources.filter((file) => file.endsWith('.c'));
};

/** What can be said of the sources without running them. */
export const checkSuites = [
  commandSuite(
    'clang-format',
    () => ['clang-format', '--dry-run', '-Werror', ...filesOf(/\.(c|h|cpp)$/)],
    () => missingPrograms('clang-format'),
  ),
  commandSuite(
    'clang-tidy',
    () => ['clang-tidy', '--quiet', ...tidySources(), '--', '-std=c11', '-Isrc'],
    () => missingPrograms('clang-tidy'),
  ),
  commandSuite('biome', () => ['node_modules/.bin/biome', 'ci', '--colors=off']),
  commandSuite('tsc', () => ['node_modules/.bin/tsc', '-p', '.']),
  commandSuite('tsc tests', () => ['node_modules/.bin/tsc', '-p', 'tests']),
  commandSuite(
    'tsc playground',
    () => ['node_modules/.bin/tsc', '-p', 'examples/playground'],
    () => missingPackages('examples/playground'),
  ),
  commandSuite('rules', () => [process.execPath, 'tests/conformance/page.js', '--check']),
];
