import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { stderr } from 'node:process';
import { cachePath, keyOf, publish } from './cache.js';
import { includesSetjmp } from './directives.js';
import { BuildError } from './errors.js';
import { jumpFlags } from './flags.js';
import { readableFiles } from './includes.js';
import { packageRoot } from './paths.js';

/**
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 * @typedef {import('./flags.js').SortedFlags} SortedFlags
 *
 * @typedef {object} Unit one source and how it is compiled
 * @property {string} source relative to `cwd`, as messages name it
 * @property {string} cwd
 * @property {SortedFlags} flags
 *
 * @typedef {object} Workplace what the steps of one build share
 * @property {Toolchain} toolchain
 * @property {string} scratch a folder that goes away with the build
 * @property {(diagnostics: string) => void} say passes on what a tool had to say
 */

const cxxEndings = new Set(['.cc', '.cpp', '.cxx', '.c++', '.cp', '.C', '.CPP']);

/** @param {string} source */
export function isCxx(source) {
  return cxxEndings.has(extname(source));
}

/**
 * Compiles every unit, as many at a time as the toolchain likes.
 * @param {readonly Unit[]} units
 * @param {Workplace} workplace
 * @returns {Promise<string[]>} the objects, in the order of the units
 */
export async function compileAll(units, workplace) {
  /** @type {(string | undefined)[]} */
  const objects = [];
  const waiting = units.entries();
  const worker = async () => {
    for (const [index, unit] of waiting) objects[index] = await compile(unit, workplace);
  };
  await Promise.all(Array.from({ length: workplace.toolchain.parallel }, worker));
  const failed = units.filter((_, index) => !objects[index]).map(({ source }) => source);
  if (failed.length) throw new BuildError('ECOMPILE', `${failed.join(', ')} did not compile`);
  return /** @type {string[]} */ (objects);
}

/**
 * @param {Unit} unit
 * @param {Workplace} workplace
 * @returns {Promise<string | undefined>} the object, or nothing where there were errors
 */
async function compile(unit, { toolchain, scratch, say }) {
  const files = filesOf(unit);
  const args = [...compilerArgs(unit, files), ...(stderr.isTTY ? ['-fcolor-diagnostics'] : [])];
  const key = keyOf([toolchain.id, unit.source, ...args, ...[...files].flat()]);
  const kept = join(cachePath('objects', key), objectName(unit));
  if (!existsSync(kept)) {
    const object = join(scratch, key, objectName(unit));
    mkdirSync(dirname(object), { recursive: true });
    const outcome = await toolchain.compile({ args, source: unit.source, cwd: unit.cwd, files, object });
    if (!outcome.ok || !foreseen(outcome.read, files, unit.cwd)) {
      say(outcome.diagnostics);
      return outcome.ok ? object : undefined;
    }
    writeFileSync(`${object}.txt`, outcome.diagnostics);
    publish(dirname(object), dirname(kept));
  }
  say(readFileSync(`${kept}.txt`, 'utf8'));
  return kept;
}

// Without a red zone a leaf function moves the stack pointer too, which is what the stack check sees: else an array of
// variable length in it could reach anywhere.
export const noRedZone = ['-Xclang', '-disable-red-zone'];

/**
 * @param {Omit<Unit, 'cwd'> & { cwd?: string }} unit
 * @param {ReadonlyMap<string, Uint8Array>} files that it may read
 */
export function compilerArgs({ source, cwd, flags }, files) {
  return [
    `-O${flags.optimize}`,
    ...noRedZone,
    ...(isCxx(source) ? ['-fno-exceptions'] : []),
    ...(flags.debug ? [`-fdebug-compilation-dir=${cwd}`] : []),
    ...flags.compile,
    ...(callsSetjmp(flags, files) ? jumpFlags : []),
    ...ownFolders.flatMap((folder) => ['-idirafter', folder]),
  ];
}

/** What the program may include of this package: the API, and headers that not every C library has. */
const ownFolders = ['src', 'wasm/include'].map((folder) => join(packageRoot, folder));

/**
 * Whether to compile it for jumps. clang takes the flag once only.
 * @param {SortedFlags} flags
 * @param {ReadonlyMap<string, Uint8Array>} files
 */
function callsSetjmp({ compile, includedNames }, files) {
  if (compile.includes(jumpFlags[1])) return false;
  return includedNames.includes('setjmp.h') || [...files.values()].some(includesSetjmp);
}

/** @param {Unit} unit */
function filesOf({ source, cwd, flags }) {
  const path = resolve(cwd, source);
  if (!existsSync(path)) throw new BuildError('ESOURCE', `there is no file ${source}`);
  const folders = [...flags.searchFolders, ...ownFolders].map((folder) => resolve(cwd, folder));
  return readableFiles(path, { cwd, folders, names: flags.includedNames });
}

/** @param {Unit} unit */
function objectName({ source }) {
  return `${basename(source, extname(source))}.o`;
}

/**
 * Whether the key covers what was read. If it does not, the object serves this build only.
 * @param {readonly string[]} read
 * @param {ReadonlyMap<string, unknown>} files
 * @param {string} cwd
 */
function foreseen(read = [], files, cwd) {
  return read.every((path) => files.has(resolve(cwd, path)));
}
