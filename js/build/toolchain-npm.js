import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileCommand, layout, linkCommand, overlayOf, place, runTool, sysroot, treeOf } from './llvm.js';
import { findPeer, installCommand, peerVersion } from './peers.js';

/**
 * @typedef {import('./toolchain.js').Candidate} Candidate
 * @typedef {import('./toolchain.js').CompileJob} CompileJob
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 * @typedef {import('./llvm.js').Llvm} Llvm
 * @typedef {import('./llvm.js').Tree} Tree
 */

/** Where in that file system our own files go. */
const inputs = '/greenlet';

/**
 * clang and wasm-ld as WebAssembly, from npm. They see a file system made of exactly what they are given.
 * @param {string} [otherSysroot] one that is asked for, and that they do not see
 * @returns {Promise<Candidate>}
 */
export async function npmToolchain(otherSysroot) {
  if (otherSysroot) return { reason: `@yowasp/clang has its own C library; unset WASI_SYSROOT` };
  const file = findPeer('@yowasp/clang');
  if (!file) return { reason: `@yowasp/clang is not installed. Run:\n  ${installCommand}` };
  const version = peerVersion(file);
  const llvm = () => /** @type {Promise<Llvm>} */ (import(pathToFileURL(file).href));
  return {
    toolchain: {
      name: 'npm',
      version,
      where: '@yowasp/clang',
      id: `@yowasp/clang ${version}`,
      parallel: 1,
      libraries: `${sysroot}/${layout.libraries}`,
      hasThreads: true,
      builtins: `${sysroot}/${layout.builtins}`,
      compile: async (job) => compile(await llvm(), job),
      link: async (job) => link(await llvm(), job),
    },
  };
}

/**
 * @param {Llvm} llvm
 * @param {CompileJob} job
 */
async function compile(llvm, { args, source, cwd, files, object }) {
  const shown = shownName(source, cwd);
  const tree = treeOf([...files.values()].map((bytes, index) => [`${inputs}/${index}`, bytes]));
  place(tree, `${inputs}/overlay.json`, overlayOf([...files.keys()].map(placeOf)));
  // The driver looks for the source before the overlay is in force; that it is there is all it wants to know.
  place(tree, shown, '');
  const where = [
    '-ivfsoverlay',
    `${inputs}/overlay.json`,
    '-Xclang',
    '-working-directory',
    '-Xclang',
    posix(cwd),
  ];
  const command = compileCommand([...args, ...where], shown, `${inputs}/object`);
  return run(llvm, command, tree, `${inputs}/object`, object);
}

/**
 * @param {Llvm} llvm
 * @param {LinkJob} job
 */
async function link(llvm, { args, inputs: files, lazy, libraries, output }) {
  const tree = treeOf([...files, ...lazy].map((file) => [linkName(file), readFileSync(file)]));
  const names = { args, inputs: files.map(linkName), lazy: lazy.map(linkName), libraries };
  const command = linkCommand(names, `${inputs}/module`);
  return run(llvm, command, tree, `${inputs}/module`, output);
}

/**
 * @param {Llvm} llvm
 * @param {string[]} command
 * @param {Tree} tree
 * @param {string} result what the command writes, in its file system
 * @param {string} output where that goes in ours
 */
async function run(llvm, command, tree, result, output) {
  const { bytes, diagnostics } = await runTool(llvm, command, tree, result);
  if (bytes) writeFileSync(output, bytes);
  return { ok: bytes !== undefined, diagnostics };
}

/** Where the compiler sees a file of ours, and where that is. @param {string} path @param {number} index */
function placeOf(path, index) {
  return /** @type {[string, string]} */ ([posix(path), `${inputs}/${index}`]);
}

/**
 * The name a source goes by in messages: as the user wrote it, unless the sysroot covers that place.
 * @param {string} source
 * @param {string} cwd
 */
function shownName(source, cwd) {
  const covered = posix(source).startsWith(`${sysroot}/`);
  return posix(covered ? relative(cwd, source) : source);
}

/** @param {string} file absolute */
function linkName(file) {
  const name = posix(resolve(file));
  return name.startsWith(`${sysroot}/`) ? inputs + name : name;
}

/** @param {string} path */
function posix(path) {
  const slashes = path.split(sep).join('/');
  return /^[A-Za-z]:\//.test(slashes) ? `/${slashes}` : slashes;
}
