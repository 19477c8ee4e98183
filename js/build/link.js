import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stderr } from 'node:process';
import { BuildError } from './errors.js';
import { neverSwitch } from './runtime.js';
import { wrapping } from './streams.js';

/**
 * @typedef {import('./compile.js').Workplace} Workplace
 * @typedef {import('./flags.js').SortedFlags} SortedFlags
 * @typedef {import('./runtime.js').Host} Host
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 *
 * @typedef {object} LinkOptions
 * @property {readonly string[]} inputs objects and archives
 * @property {readonly string[]} lazy objects that are linked only if something of them is wanted
 * @property {readonly string[]} wrapped functions in whose place `__wrap_…` is called
 * @property {string} cwd
 * @property {SortedFlags} flags
 * @property {Host} host
 * @property {boolean} cxx whether the C++ library is needed
 * @property {number} pumpStack bytes
 * @property {number} [initialMemory] bytes
 * @property {number} [maxMemory] bytes
 */

/**
 * Links with wasm-ld itself. clang's driver would run any wasm-opt on PATH over the result, and that one's inliner
 * takes greenlets apart without a word.
 * @param {Omit<LinkJob, 'output'>} job
 * @param {Workplace} workplace
 * @returns {Promise<Uint8Array>}
 */
export async function link(job, { toolchain, scratch, say }) {
  const output = join(scratch, 'linked.wasm');
  const args = [...job.args, ...(stderr.isTTY ? ['--color-diagnostics'] : [])];
  const { ok, diagnostics } = await toolchain.link({ ...job, args, output });
  say(diagnostics);
  if (!ok) throw new BuildError('ELINK', 'the program did not link');
  return readFileSync(output);
}

/**
 * What there is to link, and how.
 * @param {LinkOptions} options
 * @param {Toolchain} toolchain
 * @returns {Omit<LinkJob, 'output'>}
 */
export function linkJob(options, toolchain) {
  const { archives, names } = findLibraries(options);
  return {
    args: [
      ...shape(options),
      ...doors(options.host),
      ...neverSwitch.map(exportOf),
      ...options.wrapped.map(wrapping),
      ...options.flags.linker,
    ],
    inputs: [...options.inputs, ...archives],
    lazy: options.lazy,
    libraries: [`-L${toolchain.libraries}`, ...names, '-lc', toolchain.builtins],
  };
}

/** @param {LinkOptions} options */
function shape({ pumpStack, initialMemory, maxMemory }) {
  return [
    // A stack at the bottom of memory overflows into a trap, not into data.
    '--stack-first',
    '-z',
    `stack-size=${pumpStack}`,
    '--gc-sections',
    // DWARF, because it is wrong for most functions once Asyncify has been over them, and a wrong line is worse than
    // none. Never --strip-all: it takes along the sections that say which features are used and what C exports.
    '--strip-debug',
    ...(initialMemory ? [`--initial-memory=${initialMemory}`] : []),
    ...(maxMemory ? [`--max-memory=${maxMemory}`] : []),
  ];
}

/**
 * Where the host enters; which of its exports a module has depends on what its program uses.
 * @param {Host} host
 */
function doors({ entry, exports = [] }) {
  return [entry ? `--entry=${entry}` : '--no-entry', ...exports.map(exportOf)];
}

/** @param {string} name */
function exportOf(name) {
  return `--export-if-defined=${name}`;
}

/**
 * Libraries in the user's own folders become inputs, so that every linker finds them; the rest are the sysroot's.
 * @param {LinkOptions} options
 */
function findLibraries({ flags, cxx, cwd }) {
  const wanted = [...flags.libraries, ...(cxx ? ['c++', 'c++abi'] : [])];
  const files = wanted.map((name) => archiveOf(name, flags.libraryFolders, cwd));
  return {
    archives: files.filter((file) => file !== undefined),
    names: wanted.filter((_, index) => !files[index]).map((name) => `-l${name}`),
  };
}

/**
 * @param {string} name
 * @param {string[]} folders
 * @param {string} cwd
 */
function archiveOf(name, folders, cwd) {
  const paths = folders.map((folder) => resolve(cwd, folder, `lib${name}.a`));
  return paths.find((path) => existsSync(path));
}
