import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program that says more, in bytes, says it for ever. */
const MOST_OUTPUT = 1 << 27;

/** Process groups that run, each named by its first process. @type {Set<number>} */
const groups = new Set();

/** @param {number} group */
function killGroup(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {} // it has just ended
}

// What runs in a group of its own would live on.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    groups.forEach(killGroup);
    process.exit(1);
  });
}

/**
 * @typedef {object} Finished
 * @property {boolean} ok whether it ended with status 0
 * @property {string} stdout
 * @property {string} output what it wrote to both streams, as it came, and how it ended if that was badly
 */

/**
 * Runs a command to its end, from the root of the project if no other folder is named.
 * @param {readonly string[]} command
 * @param {{ seconds?: number, env?: Record<string, string>, input?: string, signal?: string, cwd?: string }} [options]
 *   signal: to be sent once it has written something
 * @returns {Promise<Finished>}
 */
export function run([program, ...args], { seconds = 600, env = {}, input, signal, cwd = root } = {}) {
  return new Promise((settle) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
    const group = child.pid ?? 0;
    if (group) groups.add(group);
    /** @type {Buffer[]} */
    const all = [];
    /** @type {Buffer[]} */
    const out = [];
    let note = '';
    const stop = (/** @type {string} */ why) => {
      note = `killed after ${why}`;
      killGroup(group);
    };
    const timer = setTimeout(stop, seconds * 1000, `${seconds} s`);
    let left = MOST_OUTPUT;
    const take = (/** @type {Buffer} */ chunk, /** @type {Buffer[][]} */ ...lists) => {
      left -= chunk.length;
      if (left < 0) return stop(`${MOST_OUTPUT} bytes of output`);
      for (const list of lists) list.push(chunk);
    };
    child.stdout.on('data', (chunk) => take(chunk, all, out));
    child.stderr.on('data', (chunk) => take(chunk, all));
    if (signal) child.stderr.once('data', () => process.kill(group, signal));
    child.stdin.on('error', () => {}); // it may not want its input
    child.stdin.end(input);
    /** @param {string} problem */
    const finish = (problem) => {
      clearTimeout(timer);
      groups.delete(group);
      const output = Buffer.concat(all).toString() + (problem && `${program}: ${problem}\n`);
      settle({ ok: !problem, stdout: Buffer.concat(out).toString(), output });
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (status, signal) =>
      finish(note || (signal ? `ended by ${signal}` : status ? `ended with status ${status}` : '')),
    );
  });
}

/**
 * Starts a program that is ended when it is no longer needed.
 * @param {readonly string[]} command
 * @returns {{ ended: Promise<unknown>, kill: () => Promise<unknown> }} kill: with all that it has started
 */
export function start([program, ...args]) {
  const child = spawn(program, args, { cwd: root, detached: true, stdio: 'ignore' });
  const group = child.pid ?? 0;
  if (group) groups.add(group);
  const ended = new Promise((settle) => {
    child.on('error', settle);
    child.on('close', settle);
  }).finally(() => groups.delete(group));
  const kill = () => {
    if (groups.has(group)) killGroup(group);
    return ended;
  };
  return { ended, kill };
}

/**
 * @param {string} program
 * @returns {boolean} whether it is on the PATH, or is the path of one
 */
export function has(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(resolve(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The reason to skip that some programs are missing.
 * @param {...string} programs
 */
export function missingPrograms(...programs) {
  const absent = programs.filter((program) => !has(program));
  return absent.length ? `no ${absent.join(', no ')}` : null;
}

/**
 * The reason to skip that a folder's packages are not installed.
 * @param {string} folder
 */
export function missingPackages(folder) {
  return existsSync(resolve(root, folder, 'node_modules'))
    ? null
    : `no packages: run \`npm ci\` in ${folder}`;
}
