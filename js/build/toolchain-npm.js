import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPeer, installCommand, peerVersion } from './peers.js';
import { layout } from './sysroot.js';

/**
 * @typedef {import('./toolchain.js').Candidate} Candidate
 * @typedef {import('./toolchain.js').CompileJob} CompileJob
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 * @typedef {import('@yowasp/clang').Tree} Tree
 * @typedef {typeof import('@yowasp/clang')} Llvm
 */

/** The package's sysroot, where it lies in the file system that the compiler is shown. */
const sysroot = '/usr';

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
  place(tree, `${inputs}/overlay.json`, overlayOf([...files.keys()]));
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
  const command = [
    'clang',
    '--target=wasm32-wasip1',
    ...args,
    ...where,
    '-c',
    shown,
    '-o',
    `${inputs}/object`,
  ];
  return run(llvm, command, tree, `${inputs}/object`, object);
}

/**
 * @param {Llvm} llvm
 * @param {LinkJob} job
 */
async function link(llvm, { args, inputs: files, lazy, libraries, output }) {
  const tree = treeOf([...files, ...lazy].map((file) => [linkName(file), readFileSync(file)]));
  const objects = [...files.map(linkName), '--start-lib', ...lazy.map(linkName), '--end-lib'];
  const command = ['wasm-ld', ...args, ...objects, ...libraries, '-o', `${inputs}/module`];
  return run(llvm, command, tree, `${inputs}/module`, output);
}

/**
 * @param {Llvm} llvm
 * @param {string[]} command
 * @param {Tree} tree
 * @param {string} result what the command writes, in its file system
 * @param {string} output where that goes in ours
 */
async function run({ runLLVM, Exit }, command, tree, result, output) {
  /** @type {Uint8Array[]} */
  const said = [];
  const stderr = (/** @type {Uint8Array | null} */ bytes) => void (bytes && said.push(bytes.slice()));
  const options = { stdout: null, stderr, decodeASCII: false, fetchProgress: () => {} };
  const text = () => Buffer.concat(said).toString();
  try {
    const after = await runLLVM(command, tree, options);
    writeFileSync(output, fileIn(after ?? {}, result));
    return { ok: true, diagnostics: text() };
  } catch (error) {
    if (!(error instanceof Exit) && !(error instanceof WebAssembly.RuntimeError)) throw error;
    const crash =
      error instanceof Exit ? '' : `${command[0]}: error: the compiler itself failed: ${error.message}\n`;
    return { ok: false, diagnostics: text() + crash };
  }
}

/**
 * Paths with `..` mean nothing to the package's file system, but clang's overlay resolves them.
 * @param {string[]} paths absolute, in the order of their numbers
 */
function overlayOf(paths) {
  const roots = paths.map((path, index) => ({
    type: 'file',
    name: posix(path),
    'external-contents': `${inputs}/${index}`,
  }));
  return JSON.stringify({ version: 0, 'case-sensitive': true, 'use-external-names': false, roots });
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

/** @param {[string, string | Uint8Array][]} files */
function treeOf(files) {
  /** @type {Tree} */
  const tree = {};
  for (const [path, content] of files) place(tree, path, content);
  return tree;
}

/**
 * @param {Tree} tree
 * @param {string} path
 * @param {string | Uint8Array} content
 */
function place(tree, path, content) {
  const names = namesIn(path);
  const name = /** @type {string} */ (names.pop());
  const folder = names.reduce((at, next) => /** @type {Tree} */ ((at[next] ??= {})), tree);
  folder[name] = content;
}

/**
 * @param {Tree} tree
 * @param {string} path
 */
function fileIn(tree, path) {
  const found = namesIn(path).reduce((/** @type {any} */ at, name) => at?.[name], tree);
  return /** @type {Uint8Array} */ (found);
}

/** @param {string} path its `..` are dropped, as the package's file system does */
function namesIn(path) {
  return path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
}
