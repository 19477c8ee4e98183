import { manifest, readPackageJson } from './package-data.js';
import { findHost, neverSwitch } from './runtime.js';

/**
 * @typedef {import('./index.js').BuildOptions} BuildOptions
 * @typedef {import('./instrument.js').InstrumentOptions} InstrumentOptions
 * @typedef {import('./toolchain.js').Toolchain} Toolchain
 */

/**
 * @param {Omit<BuildOptions, 'sources'>} options
 * @param {import('./flags.js').SortedFlags} flags
 * @param {Toolchain} toolchain
 * @returns {InstrumentOptions}
 */
export function instrumentOptions(
  { host = 'javascript', runtime = true, stackCheck = true, strip = false },
  { debug, optimize },
  toolchain,
) {
  const main = runtime ? findHost(host).main : [];
  const { abi } = readPackageJson('wasm/abi.json');
  const compiler = compilerName(toolchain);
  const record = { version: manifest.version, abi, compiler, debug, stackCheck, host };
  return { stackCheck, names: !strip, ...optimizerLevels(optimize), neverSwitch, main, record };
}

/** @param {string} level what follows -O */
function optimizerLevels(level) {
  if (level === 's' || level === 'z') return { optimize: 2, shrink: level === 's' ? 1 : 2 };
  return { optimize: { 0: 0, 1: 1, g: 1, 2: 2 }[level] ?? 3, shrink: 0 };
}

/** @param {Toolchain} toolchain */
export function compilerName({ name, version }) {
  return `${name} ${version}`;
}
