import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The command, run in a folder.
 *
 * @param {string} cwd
 */
export function commandIn(cwd) {
  /** @param {string[]} args @param {{ env?: NodeJS.ProcessEnv, cli?: string, input?: string }} [how] */
  return (args, { env, cli = join(root, 'js', 'cli.js'), input } = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      input,
    });
    return { status, stdout, stderr };
  };
}
