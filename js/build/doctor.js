import { existsSync } from 'node:fs';
import process from 'node:process';
import { manifest } from './package-data.js';
import { cacheFolder } from './paths.js';
import { findPeer, installCommand, peerVersion } from './peers.js';
import { surveyToolchains } from './toolchain.js';

/**
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 *
 * @typedef {object} Report
 * @property {string} version of this package
 * @property {{ version: string, supported: boolean, features: Record<string, boolean> }} node
 * @property {CompilerReport[]} compilers in the order they are tried
 * @property {string | undefined} chosen the compiler that a build uses
 * @property {{ installed: string | undefined, wanted: string }} binaryen
 * @property {{ installed: string | undefined, wanted: string }} sysroot the npm package that also brings the C library
 * @property {{ path: string, exists: boolean }} cache
 * @property {string[]} missing what has to be done before a build works
 *
 * @typedef {object} CompilerReport
 * @property {string} name
 * @property {boolean} usable
 * @property {string} detail version and place, or what speaks against it
 */

/**
 * Looks at everything a build needs.
 * @returns {Promise<Report>}
 */
export async function examine() {
  const { compilers, chosen } = await examineCompilers();
  const report = {
    version: manifest.version,
    node: examineNode(),
    compilers,
    chosen,
    binaryen: examinePeer('binaryen'),
    sysroot: examinePeer('@yowasp/clang'),
    cache: { path: cacheFolder(), exists: existsSync(cacheFolder()) },
  };
  return { ...report, missing: whatIsMissing(report) };
}

async function examineCompilers() {
  const survey = await surveyToolchains();
  const compilers = survey.map((candidate) =>
    'toolchain' in candidate
      ? { name: candidate.name, usable: true, detail: describe(candidate.toolchain) }
      : { name: candidate.name, usable: false, detail: candidate.reason },
  );
  // One that the environment names stands first, and is used or nothing is.
  const named = compilers[0].name.includes('=');
  const chosen = named ? compilers.slice(0, 1).find(isUsable) : compilers.find(isUsable);
  return { compilers, chosen: chosen?.name };
}

/** @param {CompilerReport} compiler */
function isUsable({ usable }) {
  return usable;
}

/** @param {Toolchain} toolchain */
function describe({ version, where }) {
  return `${version}, ${where}`;
}

function examineNode() {
  const { version } = process;
  const supported = typeof process.getBuiltinModule === 'function'; // since 20.16
  return { version, supported, features: { JSPI: 'Suspending' in WebAssembly } };
}

/** @param {import('./peers.js').Peer} name */
function examinePeer(name) {
  const file = findPeer(name);
  return { installed: file && peerVersion(file), wanted: manifest.peerDependencies[name] };
}

/**
 * @param {Omit<Report, 'missing'>} report
 * @returns {string[]}
 */
function whatIsMissing({ node, compilers, chosen, binaryen }) {
  const missing = [];
  if (!node.supported) missing.push('Node 20.16 or newer is needed.');
  if (!binaryen.installed) missing.push(`Binaryen is not installed. Run:\n  ${installCommand}`);
  if (!chosen) missing.push(noCompiler(compilers[0]));
  return missing;
}

/** @param {CompilerReport} first */
function noCompiler({ name, detail }) {
  if (name.includes('=')) return `${name} cannot be used: ${detail}. Unset it, or mend it.`;
  return `There is no compiler that can be used. Run:\n  ${installCommand}`;
}

/**
 * The report for people.
 * @param {Report} report
 */
export function describeReport(report) {
  const { node, compilers, chosen, binaryen, sysroot, cache, missing } = report;
  const features = Object.entries(node.features).map(([name, has]) => `${has ? '' : 'no '}${name}`);
  const lines = [
    `greenlet-wasm ${report.version}`,
    `node      ${node.version} (${features.join(', ')})`,
    `binaryen  ${describePeer(binaryen)}`,
    `sysroot   @yowasp/clang ${describePeer(sysroot)}`,
    `cache     ${cache.path}${cache.exists ? '' : ' (nothing in it yet)'}`,
    'compilers',
    ...compilers.map(({ name, detail }) => `${name === chosen ? '  → ' : '    '}${name}: ${detail}`),
    '',
    ...(missing.length ? missing : ['Everything a build needs is here.']),
  ];
  return `${lines.join('\n')}\n`;
}

/** @param {Report['binaryen']} peer */
function describePeer({ installed, wanted }) {
  if (!installed) return `is not installed (${wanted} is wanted)`;
  return installed === wanted ? installed : `${installed} (tested with ${wanted})`;
}
