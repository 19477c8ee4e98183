import { arch, cpus, totalmem } from 'node:os';
import process from 'node:process';

import { findToolchain } from '../../js/build/toolchain.js';

/**
 * What the figures are of.
 *
 * @typedef {object} Machine
 * @property {string} date
 * @property {string} cpu
 * @property {string} memory
 * @property {string} engine
 * @property {string} compiler
 */

/** @param {string} [date] the clock's unless one is given @returns {Promise<Machine>} */
export async function describeMachine(date = new Date().toISOString().slice(0, 10)) {
  const { name, version } = await findToolchain();
  const [first] = cpus();
  return {
    date,
    cpu: `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${process.platform} ${arch()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    engine: `Node ${process.version}, V8 ${process.versions.v8}`,
    compiler: `${name} ${version}`,
  };
}
