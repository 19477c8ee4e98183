/** @import { App, AppOptions } from './app.js' */
/** @import { WasiOptions } from './wasi.js' */

import { readSync } from 'node:fs';
import process from 'node:process';

import { programFrames } from './call-stack.js';
import { ExitStatus, GreenletError, StackOverflowError, TrapError } from './errors.js';
import { load } from './load.js';

/** What a shell reports of a process that aborted, and of one that could not do its work. */
const ABORTED = 134;
const FAILED = 1;

/** @param {number} size */
function readStdin(size) {
  const buffer = new Uint8Array(size);
  for (;;) {
    try {
      const count = readSync(0, buffer);
      return count ? buffer.subarray(0, count) : null;
    } catch (reason) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (reason);
      if (code === 'EOF') return null;
      if (code !== 'EAGAIN') throw reason;
    }
  }
}

/**
 * What the native library prints of a task that has failed.
 *
 * @param {unknown} reason
 */
function reportUnhandled(reason) {
  const { greenlet, type, message } = /** @type {GreenletError} */ (reason);
  process.stderr.write(`gevent: ${greenlet} failed: ${type}: ${message}\n`);
}

/**
 * Lets what main left running finish, unless the program calls exit(), in main or then.
 *
 * @param {App} app
 * @param {number} code of main
 * @returns {Promise<number>} the exit code
 */
async function finishAll(app, code) {
  try {
    await app.drain();
    return code;
  } catch (reason) {
    if (reason instanceof GreenletError && reason.cause instanceof ExitStatus) return reason.cause.code;
    throw reason;
  }
}

const IMPORTS_HINT =
  'give the imports with --imports FILE.js, or in a .js file of that name beside the program';

/** With the calls of C that have led to a trap, and where imports come from. @param {any} reason */
function explain(reason) {
  if (reason instanceof TrapError) {
    const { stack } = /** @type {Error} */ (reason.cause);
    return [reason, ...programFrames(stack)].join('\n');
  }
  const lacksImport = reason instanceof TypeError && reason.message.startsWith('options.imports.');
  return lacksImport ? `${reason.message}; ${IMPORTS_HINT}` : String(reason);
}

/**
 * Runs main() of a module as a command: with this process's streams, and to its end.
 *
 * @param {Uint8Array} bytes
 * @param {AppOptions & WasiOptions & { untilIdle?: boolean }} options untilIdle: what main leaves running may
 *   finish before the command ends
 * @returns {Promise<number>} the exit code
 */
export async function runCommand(bytes, { untilIdle = false, ...options }) {
  try {
    const app = await load(/** @type {Uint8Array<ArrayBuffer>} */ (bytes), {
      env: /** @type {Record<string, string>} */ (process.env),
      stdin: readStdin,
      onUnhandled: reportUnhandled,
      isTerminal: [
        process.stdin.isTTY === true,
        process.stdout.isTTY === true,
        process.stderr.isTTY === true,
      ],
      ...options,
      isCommand: true,
      endsWithMain: !untilIdle,
    });
    const returned = await app.run();
    const code = untilIdle ? await finishAll(app, returned) : returned;
    app.exit(code);
    return code;
  } catch (reason) {
    process.stderr.write(`greenlet-wasm: ${explain(reason)}\n`);
    return reason instanceof TrapError || reason instanceof StackOverflowError ? ABORTED : FAILED;
  }
}
