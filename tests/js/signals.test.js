// Signals of the process that start tasks in C.

import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { load } from '../../js/index.js';
import { Signals } from '../../js/signals.js';
import { compileProgram } from './program.js';

const SIGHUP = 1;
const SIGINT = 2;

async function loadSignals() {
  /** @type {number[]} */
  const notes = [];
  const host = { note: (/** @type {number} */ number) => void notes.push(number) };
  const app = await load(await compileProgram('signals.c'), { clock: 'virtual', imports: { host } });
  return { app, notes };
}

/** @param {NodeJS.Signals} name */
const send = (name) => process.emit(name, name);

test('a signal spawns a task, once each time it comes', async () => {
  const { app, notes } = await loadSignals();
  app.callSync('handle', SIGINT);
  app.callSync('handle', SIGHUP);
  send('SIGINT');
  send('SIGHUP');
  send('SIGINT');
  assert.deepEqual(notes, []);
  await app.drain();
  assert.deepEqual(notes, [SIGINT, SIGHUP, SIGINT]);
  app.dispose();
});

test('what C forgets does again what it did before, and so does all when the app ends', async () => {
  const before = process.listenerCount('SIGINT') + process.listenerCount('SIGHUP');
  const { app } = await loadSignals();
  app.callSync('handle', SIGINT);
  app.callSync('handle', SIGHUP);
  app.callSync('handle', SIGHUP);
  assert.equal(process.listenerCount('SIGINT') + process.listenerCount('SIGHUP'), before + 2);
  app.callSync('forget', SIGINT);
  app.callSync('forget', SIGINT);
  assert.equal(process.listenerCount('SIGINT') + process.listenerCount('SIGHUP'), before + 1);
  app.dispose();
  assert.equal(process.listenerCount('SIGINT') + process.listenerCount('SIGHUP'), before);
});

test('what is no signal is refused by name', async () => {
  const { app } = await loadSignals();
  assert.throws(() => app.callSync('handle', 9), { code: 'GREENLET_EINVAL' });
  app.dispose();
});

test('a host without a process has no signals', async (context) => {
  const { app } = await loadSignals();
  const host = /** @type {any} */ (globalThis);
  const own = Object.getOwnPropertyDescriptor(host, 'process');
  context.after(() => Object.defineProperty(host, 'process', /** @type {PropertyDescriptor} */ (own)));
  Object.defineProperty(host, 'process', { value: undefined, configurable: true });
  assert.equal(new Signals(() => {}).watch('SIGINT', 1), false);
  assert.throws(() => app.callSync('handle', SIGINT), { code: 'GREENLET_ENOSYS' });
  app.dispose();
});
