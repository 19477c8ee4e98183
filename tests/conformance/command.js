import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWasiCommand } from '../../js/wasi-command.js';

/**
 * As program.js, of the program as a WASI command.
 *
 * @param {WebAssembly.Module} module
 * @param {string} argument
 * @returns {Promise<string>} what it printed
 */
export async function runCommand(module, argument) {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-conformance-'));
  const path = join(folder, 'output');
  const output = openSync(path, 'w');
  try {
    await runWasiCommand(module, { args: ['conformance', argument], stdout: output, stderr: output });
    return readFileSync(path, 'utf8');
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}
