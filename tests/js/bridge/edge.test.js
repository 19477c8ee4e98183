// Runtimes at the edge: they give a compiled module, generate no code, and know timers only within a request.

import { replace } from '../harness/fakes.js';
import { assert, compileProgram, it } from '../harness/index.js';
import { loadBridge } from '../program.js';

const TIMERS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'MessageChannel',
  'requestAnimationFrame',
  'fetch',
];
const GENERATORS = ['compile', 'compileStreaming', 'instantiateStreaming'];

/**
 * Lets what an object has under these names be called no more.
 *
 * @param {{ after: (cleanUp: () => void) => void }} t
 * @param {any} object
 * @param {string[]} names
 */
function forbid(t, object, names) {
  for (const name of names.filter((each) => each in object)) {
    replace(t, object, name, () => {
      throw new Error(`${name} was called`);
    });
  }
}

/** No code is generated any more. @param {{ after: (cleanUp: () => void) => void }} t */
function forbidGeneration(t) {
  const { instantiate } = WebAssembly;
  forbid(t, WebAssembly, GENERATORS);
  replace(t, WebAssembly, 'instantiate', async (/** @type {any} */ source, /** @type {any} */ imports) => {
    assert.ok(source instanceof WebAssembly.Module);
    return instantiate(source, imports);
  });
}

it('loads a compiled module without timers, and runs it without generating code', async (t) => {
  await compileProgram('bridge.c');
  forbidGeneration(t);
  /** @type {(() => void)[]} */
  const requestBegins = [];
  forbid({ after: (begin) => requestBegins.push(begin) }, globalThis, TIMERS);
  const { app } = await loadBridge({ clock: 'real' });
  for (const begin of requestBegins) begin();
  assert.equal(app.callSync('add', 1, 2), 3);
  assert.equal(await app.call('add_twice', 1, 2), 5);
  await app.call('sleeper', 0.001, 'awake');
  await app.call('spin');
});
