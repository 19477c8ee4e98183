// Runs one program, as a command, and ends with it. See runner.js for what it is sent and sends.

import { programFrames } from '../../../../js/call-stack.js';
import { GreenletError, load, StackOverflowError, TrapError } from '../../../../js/index.js';
import { Outbox } from './outbox.js';

const outbox = new Outbox((message) => postMessage(message));

/** @type {((bytes: Uint8Array | null) => void) | undefined} */
let giveInput;

/** @param {1 | 2} stream */
function writerTo(stream) {
  return (/** @type {Uint8Array} */ bytes) => outbox.write(stream, bytes);
}

/** @param {string} text */
function complain(text) {
  outbox.write(2, new TextEncoder().encode(text));
}

function readInput() {
  outbox.flush();
  postMessage({ kind: 'read' });
  return new Promise((resolve) => {
    giveInput = resolve;
  });
}

/** What the command prints of a task that has failed. @param {unknown} reason */
function reportUnhandled(reason) {
  if (!(reason instanceof GreenletError)) return complain(`${reason}\n`);
  const { greenlet, type, message } = reason;
  complain(`gevent: ${greenlet} failed: ${type}: ${message}\n`);
}

/**
 * @param {string | Uint8Array<ArrayBuffer>} program
 * @param {'real' | 'virtual'} clock
 */
async function runMain(program, clock) {
  const app = await load(program, {
    clock,
    stdin: readInput,
    stdout: writerTo(1),
    stderr: writerTo(2),
    isTerminal: [true, true, true],
    onUnhandled: reportUnhandled,
    isCommand: true,
    endsWithMain: true,
  });
  if (!app.hasMain) throw new Error('the program has no main()');
  const code = await app.run();
  app.exit(code);
  return code;
}

/** With the calls of C that have led to a trap. @param {any} reason */
function explain(reason) {
  if (!(reason instanceof TrapError)) return `${reason}\n`;
  const { stack } = /** @type {Error} */ (reason.cause);
  return [reason, ...programFrames(stack), ''].join('\n');
}

/** What a shell reports of a process that aborted, and of one that could not do its work. @param {unknown} reason */
function statusOf(reason) {
  return reason instanceof TrapError || reason instanceof StackOverflowError ? 134 : 1;
}

/** @param {{ program: string | Uint8Array<ArrayBuffer>, clock: 'real' | 'virtual' }} job */
async function run({ program, clock }) {
  const start = performance.now();
  const code = await runMain(program, clock).catch((reason) => {
    complain(explain(reason));
    return statusOf(reason);
  });
  outbox.flush();
  postMessage({ kind: 'ended', code, milliseconds: performance.now() - start });
}

addEventListener('message', ({ data }) => {
  if (data.kind === 'run') run(data);
  else if (data.kind === 'input') giveInput?.(data.bytes);
  else outbox.acknowledge(data.size);
});
