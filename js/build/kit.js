import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import process from 'node:process';
import { scratchFolder } from './cache.js';
import { compileAll, compilerArgs } from './compile.js';
import { BuildError } from './errors.js';
import { jumpFlags, sortFlags } from './flags.js';
import { instrumentOptions } from './instrument-options.js';
import { linkJob } from './link.js';
import { overlayOf, sysroot } from './llvm.js';
import { packageRoot } from './paths.js';
import { findHost, lazyUnits, programFlags, runtimeUnits, streams } from './runtime.js';
import { npmToolchain } from './toolchain-npm.js';

/** @typedef {import('./kit-build.js').Recipe} Recipe */
/** @typedef {import('./toolchain.js').Toolchain} Toolchain */

/** Where the files of a kit lie, below the sysroot. */
const folder = 'greenlet';

const host = findHost('javascript');

/** A loaded module with the cooperative libc, without the APIs of other libraries. */
const parts = { debug: false, patch: true, compat: false };

/** What maps the headers' paths to themselves (withOverlay). */
const overlay = `${folder}/overlay.json`;

/** The public headers, and those that they include. */
const headerFolders = ['src', 'src/gevent', 'src/gevent/io', 'wasm/include'];

/**
 * What it takes to build programs of one C file where neither Node nor files are: the library as objects, the headers,
 * and how to compile, link and instrument.
 * @param {readonly string[]} flags compiler-style, as of `build`
 * @returns {Promise<{ recipe: Recipe, files: Map<string, Uint8Array> }>} files: by path, to be put below the sysroot of
 *   the npm package, by whose compiler the objects are
 * @throws {BuildError} EPEER, if that is not installed
 */
export async function makeKit(flags) {
  const candidate = await npmToolchain();
  if (!('toolchain' in candidate)) throw new BuildError('EPEER', candidate.reason);
  const { toolchain } = candidate;
  const workplace = { toolchain, scratch: scratchFolder(), say };
  try {
    const objects = await compileAll(runtimeUnits(host, parts), workplace);
    const lazy = await compileAll(lazyUnits(parts, toolchain.hasThreads), workplace);
    return {
      recipe: recipeFor(flags, objects.map(objectName), lazy.map(lazyName), toolchain),
      files: new Map([
        ...filesNamed(objects, objectName),
        ...filesNamed(lazy, lazyName),
        ...withOverlay(headers()),
      ]),
    };
  } finally {
    rmSync(workplace.scratch, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} given
 * @param {string[]} inputs
 * @param {string[]} lazy
 * @param {Toolchain} toolchain
 * @returns {Recipe}
 */
function recipeFor(given, inputs, lazy, toolchain) {
  const flags = sortFlags([...programFlags(host, parts), ...given]);
  const program = { source: 'program.c', flags };
  const job = { inputs, lazy, wrapped: [], cwd: '/', flags, host, cxx: false, pumpStack: 256 * 1024 };
  return {
    compile: ['-ivfsoverlay', `${sysroot}/${overlay}`, ...compilerArgs(program, new Map()).map(moved)],
    jumpFlags,
    link: linkJob(job, toolchain),
    streams,
    instrument: instrumentOptions({}, flags, toolchain),
  };
}

/** @param {string} diagnostics of our own sources */
function say(diagnostics) {
  process.stderr.write(diagnostics);
}

/** A path of this package, where it lies in a kit. @param {string} argument */
function moved(argument) {
  return argument.startsWith(packageRoot)
    ? `${sysroot}/${folder}/${relative(packageRoot, argument)}`
    : argument;
}

/** Numbered, since files of several folders may have one name. @param {string} path @param {number} index */
function objectName(path, index) {
  return `${sysroot}/${folder}/objects/${index}-${basename(path)}`;
}

/** @param {string} path @param {number} index */
function lazyName(path, index) {
  return `${sysroot}/${folder}/lazy/${index}-${basename(path)}`;
}

/**
 * @param {readonly string[]} paths
 * @param {(path: string, index: number) => string} nameOf
 * @returns {[string, Uint8Array][]}
 */
function filesNamed(paths, nameOf) {
  return paths.map((path, index) => [relative(sysroot, nameOf(path, index)), readFileSync(path)]);
}

/** @returns {[string, Uint8Array][]} */
function headers() {
  const files = headerFolders.flatMap((name) =>
    readdirSync(join(packageRoot, name)).map((file) => `${name}/${file}`),
  );
  return files
    .filter((file) => file.endsWith('.h'))
    .map((file) => [`${folder}/${file}`, readFileSync(join(packageRoot, file))]);
}

/**
 * The headers and an overlay of them, which resolves the `..` in the names that they include one another by.
 * @param {readonly [string, Uint8Array][]} headers
 * @returns {[string, Uint8Array][]}
 */
function withOverlay(headers) {
  const text = overlayOf(headers.map(([path]) => [`${sysroot}/${path}`, `${sysroot}/${path}`]));
  return [...headers, [overlay, new TextEncoder().encode(text)]];
}
