import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { env, platform } from 'node:process';

/**
 * Runs a program to its end.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, stderr: string }>}
 */
export function runProgram(file, args, { cwd } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', failed);
    child.on('close', (status) => done({ ok: status === 0, stdout, stderr }));
  });
}

/**
 * The file that a command's name stands for, as a shell would find it.
 * @param {string} command a name, or a path
 */
export function findProgram(command) {
  const isPath = isAbsolute(command) || /[\\/]/.test(command);
  const folders = isPath ? [''] : (env.PATH ?? '').split(delimiter);
  const endings = platform === 'win32' ? ['.exe', ''] : [''];
  const files = folders.flatMap((folder) => endings.map((ending) => join(folder, command + ending)));
  const found = files.find(isProgram);
  return found && resolve(found);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
