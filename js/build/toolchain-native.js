import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { BuildError } from './errors.js';
import { findProgram, runProgram } from './process.js';
import { layout, unpackedSysroot } from './sysroot.js';

/**
 * @typedef {import('./toolchain.js').Candidate} Candidate
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 * @typedef {import('./toolchain.js').CompileJob} CompileJob
 * @typedef {import('./toolchain.js').LinkJob} LinkJob
 * @typedef {{ clang: string, linker: string, sysroot: string, builtins: string, version: string }} Tools
 */

const oldestMajor = 19;

/**
 * A clang of this machine, or one in a wasi-sdk, which brings its own sysroot.
 * @param {{ clang: string } | { sdk: string }} wanted
 * @returns {Promise<Candidate>}
 */
export async function nativeToolchain(wanted) {
  const sdk = 'sdk' in wanted ? wanted.sdk : undefined;
  try {
    const tools = await findTools('sdk' in wanted ? join(wanted.sdk, 'bin', 'clang') : wanted.clang, sdk);
    return { toolchain: toolchainOf(tools, sdk ? 'wasi-sdk' : 'clang') };
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
    id: `${tools.clang} ${tools.version} ${tools.sysroot}`,
    parallel: availableParallelism(),
    libraries: join(tools.sysroot, layout.libraries),
    builtins: tools.builtins,
    compile: (job) => compile(tools, job),
    link: (job) => link(tools, job),
  };
}

/**
 * @param {string} command
 * @param {string | undefined} sdk
 * @returns {Promise<Tools>}
 */
async function findTools(command, sdk) {
  const clang = findProgram(command) ?? unusable(`there is no program ${command}`);
  const version = await compilerVersion(clang);
  const linker = await findLinker(clang, version.major);
  const sysroot = sdk ? sdkSysroot(sdk) : unpackedSysroot();
  const builtins = sdk ? await ownBuiltins(clang) : join(sysroot, layout.builtins);
  return { clang, linker, sysroot, builtins, version: version.text };
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

/** @param {string} sdk */
function sdkSysroot(sdk) {
  const sysroot = join(sdk, 'share', 'wasi-sysroot');
  const library = join(sysroot, layout.libraries, 'libc.a');
  return existsSync(library)
    ? sysroot
    : unusable(`it has no libc.a for wasm32-wasip1 (looked for ${library})`);
}

/** @param {string} clang */
async function ownBuiltins(clang) {
  const file = (await output(clang, [...targetArgs, '-rtlib=compiler-rt', '-print-libgcc-file-name'])).trim();
  return existsSync(file) ? file : unusable(`it has no compiler-rt builtins (looked for ${file})`);
}

const targetArgs = ['--target=wasm32-wasip1'];

/**
 * @param {Tools} tools
 * @param {CompileJob} job
 */
async function compile({ clang, sysroot }, { args, source, cwd, object }) {
  const listing = `${object}.d`;
  const dependencies = ['-MMD', '-MF', listing, '-MT', 'object'];
  const all = [...targetArgs, `--sysroot=${sysroot}`, ...args, ...dependencies, '-c', source, '-o', object];
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
