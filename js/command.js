/** @import { App, AppOptions } from './app.js' */
/** @import { WasiOptions } from './wasi.js' */

import { writeSync } from 'node:fs';
import process from 'node:process';
import { isatty } from 'node:tty';

import { programFrames } from './call-stack.js';
import { ExitStatus, GreenletError, makeError, StackOverflowError, TrapError } from './errors.js';
import { load } from './load.js';

/** What a shell reports of a process that aborted, and of one that could not do its work. */
const ABORTED = 134;
const FAILED = 1;
/** And of one that SIGPIPE has ended, because nobody reads what it writes. */
const NOBODY_READS = 141;

/** How long to wait before another attempt to write what does not fit yet. */
const RETRY_MS = 10;

/**
 * Writes in the order in which it is called, of both streams, and only then returns, so that nothing is left at the
 * end.
 *
 * @param {number} fd
 */
function writerTo(fd) {
  return (/** @type {Uint8Array} */ bytes) => {
    for (let end = 0; end < bytes.length; ) end += writeSome(fd, bytes.subarray(end));
  };
}

/** @param {number} fd @param {Uint8Array} bytes @returns {number} how many of them have been written */
function writeSome(fd, bytes) {
  try {
    return writeSync(fd, bytes);
  } catch (reason) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (reason);
    if (code === 'EPIPE') process.exit(NOBODY_READS);
    if (code !== 'EAGAIN') throw reason;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return 0;
  }
}

/**
 * What the native library prints of a task that has failed.
 *
 * @param {unknown} reason
 */
function reportUnhandled(reason) {
  if (!(reason instanceof GreenletError)) return void process.stderr.write(`greenlet-wasm: ${reason}\n`);
  const { greenlet, type, message } = reason;
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

/** @param {App} app */
function withoutMain({ exports }) {
  const hint = `load it in JavaScript, where its functions can be called: ${exports.join(', ') || 'none is exported'}`;
  return makeError('GREENLET_EEXPORT', `the program has no main(); ${hint}`);
}

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
      onUnhandled: reportUnhandled,
      stdout: writerTo(1),
      stderr: writerTo(2),
      isTerminal: [isatty(0), isatty(1), isatty(2)],
      ...options,
      isCommand: true,
      endsWithMain: !untilIdle,
    });
    if (!app.hasMain) throw withoutMain(app);
    const returned = await app.run();
    const code = untilIdle ? await finishAll(app, returned) : returned;
    app.exit(code);
    return code;
  } catch (reason) {
    process.stderr.write(`greenlet-wasm: ${explain(reason)}\n`);
    return reason instanceof TrapError || reason instanceof StackOverflowError ? ABORTED : FAILED;
  }
}
