import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { BuildError } from './errors.js';
import { layout } from './llvm.js';
import { findProgram, runProgram } from './process.js';
import { unpackedSysroot } from './sysroot.js';

/**
 * @typedef {import('./toolchain.js').Candidate} Candidate
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 * @typedef {import('./toolchain.js').CompileJob} CompileJob
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 *
 * @typedef {object} Tools
 * @property {string} clang
 * @property {string} linker
 * @property {string} version
 * @property {CLibrary} library
 *
 * @typedef {object} CLibrary
 * @property {string} sysroot
 * @property {string[]} headers the flags by which the compiler finds them, and no others
 * @property {string} libraries the folder of libc.a
 * @property {boolean} hasThreads whether it has pthread.h
 * @property {string} builtins the compiler's runtime library
 */

const oldestMajor = 19;

/**
 * A clang of this machine, with the npm package's C library or that of another sysroot, or one in a wasi-sdk, which
 * brings its own.
 * @param {{ clang: string, sysroot?: string } | { sdk: string }} wanted
 * @returns {Promise<Candidate>}
 */
export async function nativeToolchain(wanted) {
  try {
    if ('sdk' in wanted) {
      const tools = await findTools(join(wanted.sdk, 'bin', 'clang'), (clang) =>
        sdkLibrary(wanted.sdk, clang),
      );
      return { toolchain: toolchainOf(tools, 'wasi-sdk') };
    }
    const { sysroot } = wanted;
    const find = sysroot ? (/** @type {string} */ clang) => otherLibrary(sysroot, clang) : npmLibrary;
    return { toolchain: toolchainOf(await findTools(wanted.clang, find), 'clang') };
  } catch (error) {
    if (error instanceof BuildError) return { reason: error.message };
    throw error;
  }
}

/**
 * @param {Tools} tools
 * @param {'clang' | 'wasi-sdk'} name
 * @returns {Toolchain}
 */
function toolchainOf(tools, name) {
  return {
    name,
    version: tools.version,
    where: tools.clang,
    id: `${tools.clang} ${tools.version} ${tools.library.sysroot}`,
    parallel: availableParallelism(),
    libraries: tools.library.libraries,
    hasThreads: tools.library.hasThreads,
    builtins: tools.library.builtins,
    compile: (job) => compile(tools, job),
    link: (job) => link(tools, job),
  };
}

/**
 * @param {string} command
 * @param {(clang: string) => CLibrary | Promise<CLibrary>} findLibrary
 * @returns {Promise<Tools>}
 */
async function findTools(command, findLibrary) {
  const clang = findProgram(command) ?? unusable(`there is no program ${command}`);
  const version = await compilerVersion(clang);
  const linker = await findLinker(clang, version.major);
  return { clang, linker, version: version.text, library: await findLibrary(clang) };
}

/** @param {string} clang */
async function compilerVersion(clang) {
  const [about, targets] = await Promise.all([
    output(clang, ['--version']),
    output(clang, ['-print-targets']),
  ]);
  const [text, major] = /clang version (\d+)\S*/.exec(about) ?? unusable(`${clang} is not a clang`);
  if (Number(major) < oldestMajor) unusable(`${clang} is ${text}; ${oldestMajor} is the oldest that works`);
  if (!/^\s*wasm32\b/m.test(targets)) unusable(`${clang} was built without the target wasm32`);
  return { text: about.split('\n', 1)[0], major };
}

/**
 * @param {string} clang
 * @param {string} major
 */
async function findLinker(clang, major) {
  const names = [join(dirname(realpathSync(clang)), 'wasm-ld'), `wasm-ld-${major}`, 'wasm-ld'];
  for (const name of names) {
    const linker = findProgram(name);
    if (linker && (await output(linker, ['--version'])).includes(`LLD ${major}.`)) return linker;
  }
  return unusable(`there is no wasm-ld ${major} for ${clang} (on Debian: apt install lld-${major})`);
}

/** @returns {CLibrary} */
function npmLibrary() {
  const sysroot = unpackedSysroot();
  return {
    sysroot,
    headers: [`--sysroot=${sysroot}`],
    libraries: join(sysroot, layout.libraries),
    hasThreads: true,
    builtins: join(sysroot, layout.builtins),
  };
}

/**
 * @param {string} sdk
 * @param {string} clang
 * @returns {Promise<CLibrary>}
 */
async function sdkLibrary(sdk, clang) {
  const sysroot = join(sdk, 'share', 'wasi-sysroot');
  const libraries = join(sysroot, layout.libraries);
  const library = join(libraries, 'libc.a');
  if (!existsSync(library)) unusable(`it has no libc.a for wasm32-wasip1 (looked for ${library})`);
  const hasThreads = existsSync(join(sysroot, 'include', targets[0], 'pthread.h'));
  const headers = [`--sysroot=${sysroot}`];
  return { sysroot, headers, libraries, hasThreads, builtins: await ownBuiltins(clang) };
}

/** What the folders of WASI preview 1 are called, and were called before it had a number. */
const targets = ['wasm32-wasip1', 'wasm32-wasi'];

/**
 * That of a sysroot, which may be /usr. Its folder of headers is named alone: clang would go on to the machine's own,
 * and a header that is not for WASI would come from there.
 * @param {string} sysroot
 * @param {string} clang
 * @returns {Promise<CLibrary>}
 */
async function otherLibrary(sysroot, clang) {
  const looked = targets.map((target) => join(sysroot, 'lib', target, 'libc.a'));
  const target = targets.find((_, index) => existsSync(looked[index]));
  if (!target) return unusable(`${sysroot} has no libc.a for WASI (looked for ${looked.join(' and ')})`);
  const folder = join(sysroot, 'include', target);
  const headers = ['-nostdlibinc', '-cxx-isystem', join(folder, 'c++', 'v1'), '-isystem', folder];
  const builtins = join(sysroot, layout.builtins);
  return {
    sysroot,
    headers,
    libraries: join(sysroot, 'lib', target),
    hasThreads: existsSync(join(folder, 'pthread.h')),
    builtins: existsSync(builtins) ? builtins : await ownBuiltins(clang),
  };
}

/** @param {string} clang */
async function ownBuiltins(clang) {
  const names = targets.map((target) =>
    output(clang, [`--target=${target}`, '-rtlib=compiler-rt', '-print-libgcc-file-name']),
  );
  const files = (await Promise.all(names)).map((name) => name.trim());
  const looked = files.join(' and ');
  return (
    files.find((file) => existsSync(file)) ??
    unusable(`it has no compiler-rt builtins (looked for ${looked})`)
  );
}

const targetArgs = ['--target=wasm32-wasip1'];

/**
 * @param {Tools} tools
 * @param {CompileJob} job
 */
async function compile({ clang, library }, { args, source, cwd, object }) {
  const listing = `${object}.d`;
  const dependencies = ['-MMD', '-MF', listing, '-MT', 'object'];
  const all = [...targetArgs, ...library.headers, ...args, ...dependencies, '-c', source, '-o', object];
  const { ok, stderr } = await runProgram(clang, all, { cwd });
  return { ok, diagnostics: stderr, read: ok ? listedFiles(listing) : [] };
}

/** @param {string} listing the Make rule that clang writes */
function listedFiles(listing) {
  const names = readFileSync(listing, 'utf8')
    .replace(/^object:/, '')
    .replaceAll(/\\\r?\n/g, ' ');
  return names
    .split(/(?<!\\)\s+/)
    .filter(Boolean)
    .map((name) => name.replaceAll('\\ ', ' ').replaceAll('$$', '$'));
}

/**
 * @param {Tools} tools
 * @param {LinkJob} job
 */
async function link({ linker }, { args, inputs, lazy, libraries, output }) {
  const files = [...inputs, '--start-lib', ...lazy, '--end-lib', ...libraries];
  const { ok, stderr } = await runProgram(linker, [...args, ...files, '-o', output]);
  return { ok, diagnostics: stderr };
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function output(file, args) {
  return (await runProgram(file, args)).stdout;
}

/**
 * @param {string} reason
 * @returns {never}
 */
function unusable(reason) {
  throw new BuildError('ETOOLCHAIN', reason);
}
