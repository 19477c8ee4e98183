import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { besides, cachePath, keepFile, keyOf, makeFolder, publish, scratchFolder } from './cache.js';
import { compileAll, noRedZone } from './compile.js';
import { BuildError } from './errors.js';
import { manifest } from './package-data.js';
import { packageRoot } from './paths.js';
import { findProgram, runProgram } from './process.js';
import {
  compatFolder,
  emscriptenHost,
  lazyEmscriptenUnits,
  runtimeUnits,
  wrappedInEmscripten,
} from './runtime.js';

/**
 * What has Emscripten link a program whose greenlets work: this package's C as an archive, its JavaScript as a library
 * of Emscripten's, and the settings that both need.
 *
 * @typedef {import('./toolchain.js').CompileJob} CompileJob
 *
 * @typedef {object} EmscriptenOptions
 * @property {boolean} [debug] a runtime that checks itself. Default: false
 * @property {boolean} [patch] link the cooperative libc. Default: true
 * @property {boolean} [compat] link the APIs of other libraries over greenlets. Default: false
 * @property {boolean} [stackCheck] stop a greenlet that outgrows its C stack. Default: true
 * @property {(diagnostics: string) => void} [say] where the compiler speaks. Default: stderr
 */

/** Before it Emscripten took the fetch of Node 18 and later for one that reads files. */
const FIRST_WITHOUT_FETCH_IN_NODE = [3, 1, 14];

/**
 * The flags for one command of emcc that compiles and links, or for each of several.
 *
 * @param {EmscriptenOptions} [options]
 * @returns {Promise<string[]>}
 * @throws {BuildError}
 */
export async function emscriptenFlags(options = {}) {
  const { debug = false, patch = true, compat = false, stackCheck = true } = options;
  const say = options.say ?? ((text) => void process.stderr.write(text));
  const emcc = await findEmcc();
  const { whole, lazy } = await buildArchives(emcc, { debug, patch, compat }, say);
  const { bridge, library } = await writeJavaScript();
  const flags = [
    ...(compat ? [`-I${compatFolder}`] : []),
    `-I${join(packageRoot, 'src')}`,
    ...(debug ? ['-DGREENLET_SITES'] : []),
    ...(stackCheck ? noRedZone : []),
    `-Wl,--whole-archive,${whole},--no-whole-archive${lazy ? `,${lazy}` : ''}`,
    ...(patch ? [`-Wl,@${await writeWraps()}`] : []),
    `--js-library=${library}`,
    `--extern-pre-js=${bridge}`,
    ...settings(emcc, stackCheck),
  ];
  flags.forEach(checkFlag);
  return flags;
}

/** @param {Emcc} emcc @param {boolean} stackCheck */
function settings({ version }, stackCheck) {
  return [
    '-sASYNCIFY',
    // main() runs in a greenlet, which the runtime starts.
    '-sINVOKE_RUN=0',
    '-sALLOW_MEMORY_GROWTH',
    // With -sASSERTIONS come those of Asyncify, which take a switch for a mistake; emcc adds this behind them.
    '-sBINARYEN_EXTRA_PASSES=--pass-arg=asyncify-asserts@',
    ...(stackCheck ? ['-sSTACK_OVERFLOW_CHECK=2'] : []),
    ...(isBefore(version, FIRST_WITHOUT_FETCH_IN_NODE) ? ['-sWASM_ASYNC_COMPILATION=0'] : []),
  ];
}

/** @param {string} version @param {number[]} other */
function isBefore(version, other) {
  const parts = version.split('.').map(Number);
  const at = other.findIndex((part, i) => part !== parts[i]);
  return at >= 0 && parts[at] < other[at];
}

/** A shell takes what is printed apart at spaces. @param {string} flag */
function checkFlag(flag) {
  if (!/\s/.test(flag)) return;
  throw new BuildError(
    'ECACHE',
    `${flag} has a space in it, which no shell lets through unquoted: install the package, and with ` +
      'GREENLET_WASM_CACHE keep what it makes, in folders without',
  );
}

// ---- emcc -----------------------------------------------------------------------------------------

/** @typedef {{ path: string, archiver: string, version: string }} Emcc */

/** @returns {Promise<Emcc>} */
async function findEmcc() {
  const path = findProgram('emcc');
  if (!path) throw new BuildError('ETOOLCHAIN', 'there is no emcc on the path: install Emscripten');
  const { stdout } = await runProgram(path, ['--version']);
  const [, version] = /(\d+\.\d+\.\d+)/.exec(stdout) ?? [];
  if (!version) throw new BuildError('ETOOLCHAIN', `${path} does not say which version it is`);
  return { path, archiver: join(dirname(path), 'emar'), version };
}

/** @param {Emcc} emcc @param {CompileJob} job */
async function compile({ path }, { args, source, cwd, object }) {
  const { ok, stderr } = await runProgram(path, [...args, '-c', source, '-o', object], { cwd });
  return { ok, diagnostics: stderr, read: [] };
}

// ---- the runtime's C ------------------------------------------------------------------------------

/** @typedef {import('./runtime.js').Options} Options */

/**
 * @param {Emcc} emcc
 * @param {Options} options
 * @param {(diagnostics: string) => void} say
 * @returns {Promise<{ whole: string, lazy: string }>} what all programs have, and what only those have that call it;
 *   lazy: empty if there is none
 */
async function buildArchives(emcc, options, say) {
  const toolchain = /** @type {any} */ ({
    id: `${emcc.path} ${emcc.version}`,
    parallel: availableParallelism(),
    compile: (/** @type {CompileJob} */ job) => compile(emcc, job),
  });
  const workplace = { toolchain, say, scratch: scratchFolder() };
  try {
    const whole = await compileAll(runtimeUnits(emscriptenHost, options), workplace);
    const lazy = await compileAll(lazyEmscriptenUnits(options), workplace);
    return {
      whole: await archiveOf(emcc, whole, 'libgreenlet.a'),
      lazy: lazy.length ? await archiveOf(emcc, lazy, 'libgreenlet_patch.a') : '',
    };
  } finally {
    rmSync(workplace.scratch, { recursive: true, force: true });
  }
}

/** @param {Emcc} emcc @param {string[]} objects @param {string} name */
async function archiveOf(emcc, objects, name) {
  const archive = cachePath('archives', keyOf(objects), name);
  if (!existsSync(archive)) await writeArchive(emcc, archive, objects);
  return archive;
}

/** @param {Emcc} emcc @param {string} archive @param {readonly string[]} objects */
async function writeArchive({ archiver }, archive, objects) {
  makeFolder(dirname(archive));
  const unfinished = besides(archive);
  const { ok, stderr } = await runProgram(archiver, ['rcs', unfinished, ...objects]);
  if (!ok) throw new BuildError('ELINK', `emar could not make an archive: ${stderr}`);
  publish(unfinished, archive);
}

/** Options of the linker, too many for a command line. @returns {Promise<string>} the file */
function writeWraps() {
  return keep('wraps.txt', wrappedInEmscripten.map((name) => `--wrap=${name}\n`).join(''));
}

// ---- its JavaScript -------------------------------------------------------------------------------

/** By version, since scripts of several programs may meet in a page. */
const bridgeName = `greenletBridge_${manifest.version.replaceAll(/\W/g, '_')}`;

/** Needed where the package is developed and packed only. */
const bundler = 'esbuild';

/** Made when the package is packed; where it is developed there is none. */
export const packedBridge = join(packageRoot, 'wasm', 'bridge_emscripten.js');

/** @returns {Promise<{ bridge: string, library: string }>} the files */
async function writeJavaScript() {
  const bridge = existsSync(packedBridge) ? readFileSync(packedBridge, 'utf8') : await bundleBridge();
  const template = readFileSync(join(packageRoot, 'wasm', 'library_emscripten.js'), 'utf8');
  return {
    bridge: await keep('bridge.js', bridge),
    library: await keep('library.js', template.replaceAll('@BRIDGE@', bridgeName)),
  };
}

/** @param {string} name @param {string} text @returns {Promise<string>} the file */
async function keep(name, text) {
  const path = cachePath('emscripten', keyOf([text]), name);
  await keepFile(path, async () => new TextEncoder().encode(text));
  return path;
}

/**
 * js/emscripten.js with all that it imports, as one script that defines one name.
 *
 * @returns {Promise<string>}
 */
export async function bundleBridge() {
  const { build } = await import(bundler);
  const { outputFiles } = await build({
    entryPoints: [join(packageRoot, 'js', 'emscripten.js')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: bridgeName,
    // Names stay, since they are seen in stacks.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    target: 'es2022',
  });
  return outputFiles[0].text.replace(/^"use strict";/, '');
}
