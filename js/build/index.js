import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import process from 'node:process';
import { cachePath, keepFile, keyOf, scratchFolder } from './cache.js';
import { compileAll, isCxx } from './compile.js';
import { BuildError } from './errors.js';
import { sortFlags } from './flags.js';
import { checkImports } from './imports.js';
import { instrumentWith } from './instrument.js';
import { compilerName, instrumentOptions } from './instrument-options.js';
import { link, linkJob } from './link.js';
import { peerVersion, requirePeer } from './peers.js';
import { findHost, lazyUnits, programFlags, runtimeUnits, streams } from './runtime.js';
import { wrappedFunctions } from './streams.js';
import { findToolchain } from './toolchain.js';

export { BuildError } from './errors.js';

/**
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 * @typedef {import('./compile.js').Workplace} Workplace
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 * @typedef {import('./instrument.js').InstrumentOptions} InstrumentOptions
 * @typedef {import('./runtime.js').Host} Host
 *
 * @typedef {object} BuildOptions
 * @property {readonly string[]} sources C and C++ files; objects (.o) and archives (.a) are linked as they are
 * @property {string} [output] the file that the module is written to, if any
 * @property {readonly string[]} [flags] compiler-style: `-Idir -DNAME=1 -O2 -g -Wall -std=c17 -lm -Ldir`
 * @property {'javascript' | 'wasi'} [host] what the module is for: JavaScript, which loads it with `load`, or a runtime
 *   of WASI preview 1, to which it is a command. Default: javascript
 * @property {boolean} [runtime] link this package's own C files. Default: true
 * @property {boolean} [patch] link the cooperative libc: sleep, poll, read and their like park only the greenlet that
 *   calls. Default: true
 * @property {boolean} [compat] link minicoro's, libco's and Emscripten's coroutines over greenlets, and find their
 *   headers. Default: false
 * @property {boolean} [stackCheck] stop a greenlet that outgrows its C stack. Default: true
 * @property {boolean} [strip] drop the names of functions, which errors show. Default: false
 * @property {number} [pumpStack] bytes of the stack that callbacks and calls from JavaScript use. Default: 256 KiB
 * @property {number} [initialMemory] bytes, a multiple of 64 KiB
 * @property {number} [maxMemory] bytes, a multiple of 64 KiB
 * @property {string} [cwd] what relative paths are relative to. Default: the process's
 * @property {Toolchain} [toolchain] Default: the one `findToolchain()` finds
 * @property {(diagnostics: string) => void} [say] where compiler and linker speak. Default: stderr
 *
 * @typedef {object} BuildResult
 * @property {Uint8Array} wasm
 * @property {string} compiler name and version
 */

/**
 * Turns C into a module whose greenlets work. Fails with a BuildError where the program is at fault, after compiler
 * or linker have said why.
 * @param {BuildOptions} options
 * @returns {Promise<BuildResult>}
 */
export async function build(options) {
  checkOutput(options);
  const { host: name = 'javascript' } = options;
  const host = findHost(name);
  const toolchain = options.toolchain ?? (await findToolchain());
  const say = options.say ?? ((text) => void process.stderr.write(text));
  const workplace = { toolchain, say, scratch: scratchFolder() };
  try {
    const wasm = await buildIn(workplace, host, options);
    checkImports(name, host, wasm);
    if (options.output) writeFileSync(resolve(options.cwd ?? '', options.output), wasm);
    return { wasm, compiler: compilerName(toolchain) };
  } finally {
    rmSync(workplace.scratch, { recursive: true, force: true });
  }
}

/**
 * Makes a linked module one whose C stacks can be switched.
 * @param {Uint8Array} bytes
 * @param {InstrumentOptions} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function instrument(bytes, options) {
  const { default: binaryen } = await import('binaryen');
  return instrumentWith(binaryen, bytes, options);
}

/**
 * @param {Workplace} workplace
 * @param {Host} host
 * @param {BuildOptions} options
 */
async function buildIn(workplace, host, options) {
  const { runtime = true, patch = runtime, compat = false } = options;
  const { debug } = sortFlags(options.flags ?? []);
  const parts = { debug, patch, compat };
  const flags = sortFlags([...programFlags(host, parts), ...(options.flags ?? [])]);
  const cwd = options.cwd ?? process.cwd();
  const { sources, linkable } = sortInputs(options.sources);
  const files = linkable.map((file) => resolve(cwd, file));
  const own = runtime ? runtimeUnits(host, parts) : [];
  const objects = await compileAll([...sources.map((source) => ({ source, cwd, flags })), ...own], workplace);
  const lazy = await compileAll(runtime ? lazyUnits(parts, workplace.toolchain.hasThreads) : [], workplace);
  const ofProgram = [...objects.slice(0, sources.length), ...files];
  const wrapped = runtime && patch ? wrappedFunctions(streams, ofProgram.map(readInput)) : [];
  const { pumpStack = 256 * 1024, initialMemory, maxMemory } = options;
  const inputs = [...objects, ...files];
  const cxx = sources.some(isCxx);
  const job = linkJob(
    { inputs, lazy, wrapped, cwd, flags, host, cxx, pumpStack, initialMemory, maxMemory },
    workplace.toolchain,
  );
  return linkOnce(job, instrumentOptions(options, flags, workplace.toolchain), workplace);
}

/**
 * The finished module, from the cache if everything that went into it is the same.
 * @param {Omit<LinkJob, 'output'>} job
 * @param {InstrumentOptions} instrumenting
 * @param {Workplace} workplace
 */
async function linkOnce(job, instrumenting, workplace) {
  const binaryen = peerVersion(requirePeer('binaryen', 'make the stacks of C switchable'));
  const how = ['instrument', 'door-records'].map((name) =>
    readFileSync(new URL(`./${name}.js`, import.meta.url)),
  );
  const settings = JSON.stringify([workplace.toolchain.id, binaryen, job.args, job.libraries, instrumenting]);
  const key = keyOf([settings, ...how, ...[...job.inputs, ...job.lazy].map(readInput)]);
  return keepFile(cachePath('modules', `${key}.wasm`), async () =>
    instrument(await link(job, workplace), instrumenting),
  );
}

/** @param {string} file */
function readInput(file) {
  try {
    return readFileSync(file);
  } catch {
    throw new BuildError('ESOURCE', `there is no file ${file}`);
  }
}

/**
 * Before anything is built for nothing.
 * @param {BuildOptions} options
 */
function checkOutput({ output, cwd = '' }) {
  if (!output) return;
  const folder = dirname(resolve(cwd, output));
  if (!existsSync(folder)) throw new BuildError('ESOURCE', `there is no folder ${folder} for ${output}`);
}

/** @param {readonly string[]} files */
function sortInputs(files) {
  const linkable = files.filter((file) => ['.o', '.a'].includes(extname(file)));
  const sources = files.filter((file) => !linkable.includes(file));
  const stranger = sources.find((file) => !['.c', '.S', '.s'].includes(extname(file)) && !isCxx(file));
  if (stranger) throw new BuildError('ESOURCE', `${stranger} is neither C, C++, an object nor an archive`);
  return { sources, linkable };
}
