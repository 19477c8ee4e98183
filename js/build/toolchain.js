import { env } from 'node:process';
import { BuildError } from './errors.js';
import { findPeer, installCommand } from './peers.js';
import { nativeToolchain } from './toolchain-native.js';
import { npmToolchain } from './toolchain-npm.js';

/**
 * A compiler and a linker for wasm32-wasip1, whatever they are made of. Each backend is one file.
 *
 * @typedef {object} Toolchain
 * @property {'npm' | 'clang' | 'wasi-sdk'} name
 * @property {string} version
 * @property {string} where the package or the path it was found at
 * @property {string} id differs whenever its output may differ
 * @property {number} parallel how many compilations are worth running at a time
 * @property {string} libraries the C library's folder, as its linker sees it
 * @property {boolean} hasThreads whether the C library has pthread.h
 * @property {string} builtins the compiler's runtime library, as its linker sees it
 * @property {(job: CompileJob) => Promise<Outcome>} compile
 * @property {(job: LinkJob) => Promise<Outcome>} link
 *
 * @typedef {object} CompileJob
 * @property {readonly string[]} args
 * @property {string} source as the user wrote it, relative to `cwd`
 * @property {string} cwd
 * @property {ReadonlyMap<string, Uint8Array>} files what the source may read, by absolute path
 * @property {string} object where the object goes
 *
 * @typedef {object} LinkJob
 * @property {readonly string[]} args
 * @property {readonly string[]} inputs objects and archives, absolute
 * @property {readonly string[]} lazy objects that are linked only if something of them is wanted, absolute
 * @property {readonly string[]} libraries what follows the inputs
 * @property {string} output
 *
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string} diagnostics what the tool said, unchanged
 * @property {readonly string[]} [read] which of the user's files it did read, where it can tell
 *
 * @typedef {{ toolchain: Toolchain } | { reason: string }} Candidate
 */

/** Newest first: what the project is tested with, then whatever the machine calls clang. */
const nativeNames = ['clang-22', 'clang-21', 'clang-20', 'clang-19', 'clang'];

/**
 * The compiler that a build uses: the one that the environment names, else one on the machine, else the npm package.
 * @returns {Promise<Toolchain>}
 */
export async function findToolchain() {
  const named = namedByUser();
  if (named) return named.find().then((candidate) => required(candidate, named));
  for (const name of nativeNames) {
    const candidate = await nativeToolchain({ clang: name, sysroot: env.WASI_SYSROOT });
    if ('toolchain' in candidate) return candidate.toolchain;
  }
  const candidate = await npmToolchain(env.WASI_SYSROOT);
  if ('toolchain' in candidate) return candidate.toolchain;
  throw new BuildError(
    'EPEER',
    `There is no compiler: no clang of this machine can be used, and ${candidate.reason}`,
  );
}

/**
 * Every compiler that could be asked for, with what speaks against the ones that cannot be used.
 * @returns {Promise<({ name: string } & Candidate)[]>}
 */
export async function surveyToolchains() {
  const named = namedByUser();
  const survey = named ? [{ name: `${named.variable}=${named.value}`, ...(await named.find()) }] : [];
  for (const name of nativeNames)
    survey.push({ name, ...(await nativeToolchain({ clang: name, sysroot: env.WASI_SYSROOT })) });
  survey.push({ name: '@yowasp/clang', ...(await npmToolchain(env.WASI_SYSROOT)) });
  return survey;
}

/**
 * What the environment asks for. `WASI_SDK_PATH` goes before `CLANG`; `CLANG=npm` is the npm package. `WASI_SYSROOT` is
 * another C library for a clang of the machine.
 */
function namedByUser() {
  const { WASI_SDK_PATH: sdk, CLANG: clang, WASI_SYSROOT: sysroot } = env;
  if (sdk) return { variable: 'WASI_SDK_PATH', value: sdk, find: () => nativeToolchain({ sdk }) };
  if (clang === 'npm') return { variable: 'CLANG', value: clang, find: () => npmToolchain(sysroot) };
  if (clang) return { variable: 'CLANG', value: clang, find: () => nativeToolchain({ clang, sysroot }) };
  return undefined;
}

/**
 * @param {Candidate} candidate
 * @param {{ variable: string, value: string }} named
 */
function required(candidate, { variable, value }) {
  if ('toolchain' in candidate) return candidate.toolchain;
  const advice = findPeer('@yowasp/clang')
    ? `Unset ${variable} to use another.`
    : `Unset ${variable}, or run:\n  ${installCommand}`;
  throw new BuildError('ETOOLCHAIN', `${variable}=${value} cannot be used: ${candidate.reason}. ${advice}`);
}
