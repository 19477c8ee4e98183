import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BuildError } from './errors.js';
import { jumpFlags, sortFlags } from './flags.js';
import { readPackageJson } from './package-data.js';
import { packageRoot } from './paths.js';

/**
 * @typedef {import('./compile.js').Unit} Unit
 *
 * @typedef {object} Host what a module is for: a list of files behind the contracts of src/ (wasm/runtime.json)
 * @property {string[]} sources patterns; a `*` stands for part of a file's name
 * @property {string[]} [without] what these patterns match by mistake
 * @property {string[]} patch its part of the cooperative libc
 * @property {string[]} [lazy] likewise, patterns of those whose objects are linked only where they are called
 * @property {string[]} [wrapped] functions of its libc in whose place `__wrap_…` is called, besides those of streams
 * @property {string[]} [stubs] functions of threads that its libc has already, and cannot do without; in their place, too,
 *   `__wrap_…` is called
 * @property {string} [entry] the function that is called first; none: the module is a library
 * @property {string[]} [main] where there has to be a main(): its names in a linked module
 * @property {string[]} [exports] what the host calls by name, besides what C exports itself
 * @property {string[]} [imports] the modules that it gives functions of; none: whatever the program imports
 * @property {string[]} [defines] macros that the program's sources are compiled with
 *
 * @typedef {{ sources: string[], without?: string[] }} Sources
 */

const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Wstrict-prototypes'];

/**
 * @typedef {object} Runtime
 * @property {Sources} shared
 * @property {string[]} compat patterns
 * @property {string[]} jumps
 * @property {string[]} neverSwitch
 * @property {Patch} patch
 * @property {Record<string, Host>} hosts
 *
 * @typedef {object} Patch the cooperative libc
 * @property {string[]} sources patterns
 * @property {string[]} lazy patterns of those whose objects are linked only where they are called
 * @property {string[]} threads likewise, where libc has the types of threads
 * @property {import('./streams.js').Streams} streams
 * @property {string} headers a folder that comes before libc's
 * @property {string[]} defines macros that the program's sources are compiled with
 *
 * @typedef {{ debug: boolean, patch: boolean, compat: boolean }} Options patch: with the cooperative libc; compat: with
 *   the APIs of other libraries
 */

/** @type {Runtime} */
const runtime = readPackageJson('wasm/runtime.json');
const { shared, compat: compatSources, jumps, patch: cooperative, hosts } = runtime;

/** Functions that never switch, though they call some that Asyncify cannot know. */
export const { neverSwitch } = runtime;

/** Where the headers of other libraries lie that this one stands in for. */
export const compatFolder = join(packageRoot, 'src/compat');

const { emscripten, ...built } = hosts;

/** The host for which emcc builds. */
export const emscriptenHost = emscripten;

/**
 * A host for which `greenlet-wasm build` builds.
 *
 * @param {string} name
 * @throws {BuildError} EHOST, if there is none of that name
 */
export function findHost(name) {
  if (Object.hasOwn(built, name)) return built[name];
  throw new BuildError('EHOST', `there is no host '${name}'; there are ${Object.keys(built).join(', ')}`);
}

/**
 * The C files of this package that go into every module for a host.
 * @param {Host} host
 * @param {Options} options
 * @returns {Unit[]}
 */
export function runtimeUnits(host, options) {
  const { patch, compat } = options;
  const more = [
    ...(patch ? [...cooperative.sources, ...host.patch] : []),
    ...(compat ? compatSources.flatMap(matching) : []),
  ];
  return unitsOf([...runtimeSources(host), ...more], options);
}

/**
 * Those of which only what is called goes into a module: what setjmp needs, which has to be compiled for exceptions,
 * and the streams and threads of the cooperative libc.
 * @param {Options} options
 * @param {boolean} hasThreads whether libc has their types
 * @returns {Unit[]}
 */
export function lazyUnits(options, hasThreads) {
  const patterns = [...cooperative.lazy, ...(hasThreads ? cooperative.threads : [])];
  const sources = options.patch ? patterns.flatMap(matching) : [];
  return [...unitsOf(jumps, options, jumpFlags), ...unitsOf(sources, options)];
}

/**
 * As `runtimeUnits`, of what only programs have that call it, with Emscripten.
 * @param {Options} options
 * @returns {Unit[]}
 */
export function lazyEmscriptenUnits(options) {
  if (!options.patch) return [];
  const sources = [...cooperative.lazy, ...(emscripten.lazy ?? [])].flatMap(matching);
  const threads = expand({ sources: cooperative.threads, without: emscripten.without });
  return [...unitsOf(sources, options), ...unitsOf(threads, options, stubs.map(renaming))];
}

const { stubs = [] } = emscripten;

/** @param {string} name */
function renaming(name) {
  return `-D${name}=__wrap_${name}`;
}

/** As `wrappedFunctions`, with Emscripten, whose linker drops what is wrapped and not called. */
export const wrappedInEmscripten = [...cooperative.streams.wrapped, ...(emscripten.wrapped ?? []), ...stubs];

/**
 * What the program's sources are compiled with, beside their own flags.
 * @param {Host} host
 * @param {Options} options
 * @returns {string[]}
 */
export function programFlags({ defines = [] }, { debug, patch, compat }) {
  const names = debug ? [...defines, 'GREENLET_SITES'] : defines;
  const folders = compat ? [`-I${compatFolder}`] : [];
  return [...folders, ...names.map(defining), ...(patch ? patchFlags : [])];
}

/** Which functions of libc are wrapped, and when. */
export const { streams } = cooperative;

/** @param {string} name */
function defining(name) {
  return `-D${name}`;
}

const patchFlags = [...cooperative.defines.map(defining), '-isystem', join(packageRoot, cooperative.headers)];

/**
 * @param {readonly string[]} sources of this package
 * @param {Options} options
 * @param {readonly string[]} [more] flags
 */
function unitsOf(sources, { debug, patch }, more = []) {
  const all = [...flags, ...(patch ? patchFlags : []), ...more, '-Isrc', '-Iwasm'];
  const sorted = sortFlags([...all, debug ? '-g' : '-DNDEBUG']);
  return sources.map((source) => ({ source, cwd: packageRoot, flags: sorted }));
}

/**
 * @param {Host} host
 * @returns {string[]} paths relative to the package
 */
export function runtimeSources(host) {
  return [shared, host].flatMap(expand);
}

/** @param {Sources} listed */
function expand({ sources, without = [] }) {
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
