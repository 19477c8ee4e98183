import { load } from '../../js/index.js';
import { buildProgram } from './program.js';
import { inProcess } from './systems.js';

/** Bytes of stack: enough for the deepest that is measured. */
const STACK = 4096;

/** Greenlets in wasm. */
export const greenlets = inProcess('greenlet-wasm', async () => {
  const app = await load(await buildProgram(['switch.c', 'tasks.c']), { stack: STACK });
  const now =
    (/** @type {string} */ name) =>
    /** @param {number[]} numbers */
    (...numbers) =>
      /** @type {number} */ (app.callSync(name, ...numbers));
  const asTask =
    (/** @type {string} */ name) =>
    /** @param {number[]} numbers */
    (...numbers) =>
      /** @type {Promise<number>} */ (app.call(name, ...numbers));
  return {
    ring: now('ring'),
    bounce: now('bounce'),
    create: now('create'),
    spawn_and_join: asTask('spawn_and_join'),
    yield_among: asTask('yield_among'),
    queue_ping_pong: asTask('queue_ping_pong'),
  };
});
