// An abort kills what runs in C; a kill in C aborts what runs in JavaScript.

import { KilledError } from '../harness/errors.js';
import { assert, compileProgram, describe, it, load, reasonOf, settle } from '../harness/index.js';

/** functions.c, loaded, and the signals that its import `never` was given. */
async function loadAbort() {
  /** @type {AbortSignal[]} */
  const signals = [];
  /** @param {{ signal: AbortSignal }} context */
  const never = ({ signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  const host = { note: () => {}, never };
  const app = await load(await compileProgram('functions.c'), {
    clock: 'virtual',
    onUnhandled: () => {},
    imports: { host },
  });
  return { app, signals };
}

describe('an abort', () => {
  it('before spawn lets nothing run, and has no effect afterwards', async () => {
    const { app, signals } = await loadAbort();
    const task = app.spawn('wait_for_never', { signal: AbortSignal.abort('early') });
    assert.equal(task.status, 'killed');
    assert.equal(await reasonOf(task), 'early');
    assert.equal(task.waitingOn, undefined);
    task.kill('late');
    assert.equal(await reasonOf(task), 'early');
    assert.deepEqual(signals, []);
  });

  it('before the microtask in which it would start lets it not run either', async () => {
    const { app, signals } = await loadAbort();
    const controller = new AbortController();
    const { signal } = controller;
    const tasks = [
      app.spawn('wait_for_never', { signal }),
      app.spawn(() => signals.push(signal), { signal }),
    ];
    controller.abort('at once');
    for (const task of tasks) assert.equal(await reasonOf(task), 'at once');
    assert.deepEqual(signals, []);
  });

  it('of one that is being killed leaves the first reason', async () => {
    const { app } = await loadAbort();
    const controller = new AbortController();
    const task = app.spawn('nap', 1e9, { signal: controller.signal });
    await settle();
    task.kill('first');
    controller.abort('second');
    assert.equal(await reasonOf(task), 'first');
    assert.equal(task.status, 'killed');
  });

  it('may be swallowed by C, which then returns', async () => {
    const { app } = await loadAbort();
    const controller = new AbortController();
    const task = app.spawn('stubborn', { signal: controller.signal });
    await settle();
    controller.abort();
    assert.equal(await task, 1);
    assert.equal(task.status, 'returned');
  });

  it('after the end does nothing; no listener is left', async () => {
    const { app } = await loadAbort();
    const controller = new AbortController();
    /** @type {Set<unknown>} */
    const listeners = new Set();
    const { signal } = controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (/** @type {any} */ type, /** @type {any} */ listener) => {
      listeners.add(listener);
      addEventListener.call(signal, type, listener);
    };
    signal.removeEventListener = (/** @type {any} */ type, /** @type {any} */ listener) => {
      listeners.delete(listener);
      removeEventListener.call(signal, type, listener);
    };
    const task = app.spawn('nap', 1, { signal });
    assert.equal(listeners.size, 1);
    await task;
    assert.equal(listeners.size, 0);
    controller.abort();
    assert.equal(task.status, 'returned');
  });

  it('in JavaScript comes of a kill in C: the signal of the import, with a KilledError', async () => {
    const { app, signals } = await loadAbort();
    const task = app.spawn('wait_for_never');
    await settle();
    assert.equal(task.waitingOn, 'host.never');
    assert.match(app.waiting()[0], /^wait_for_never waits in host\.never since/);
    assert.equal(signals[0].aborted, false);
    await app.spawn((g) => g.kill(task)); // in C: gevent_kill
    assert.ok(signals[0].reason instanceof KilledError);
    assert.ok((await reasonOf(task)) instanceof KilledError);
  });

  it('leaves nothing to wait for: virtual time goes on, and drain resolves', async () => {
    const { app } = await loadAbort();
    const task = app.spawn('wait_for_never', { timeout: 5 });
    await settle();
    task.kill();
    await reasonOf(task);
    await app.spawn('nap', 3600); // the promise of `never` is still pending
    await app.drain();
  });
});
