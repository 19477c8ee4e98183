// An import runs in the async context of the call that led to it.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { load } from '../../js/index.js';
import { loadComplaints, settle } from './program.js';

const user = /** @type {AsyncLocalStorage<string>} */ (new AsyncLocalStorage());
const who = () => user.getStore() ?? 'nobody';
const imports = {
  who,
  who_later: async () => {
    await sleep(1);
    return who();
  },
  who_soon: () => sleep(1).then(who),
};

describe('async contexts', () => {
  it('are those of the spawns, of calls that overlap', async () => {
    const { app } = await loadComplaints(imports);
    const names = Array.from({ length: 20 }, (_, i) => `user ${i}`);
    const ask = (/** @type {string} */ name) => user.run(name, () => app.spawn('ask', '/'));
    const answers = await Promise.all(names.map(ask));
    assert.deepEqual(
      answers,
      names.map((name) => `${name}/${name}/${name}`),
    );
    assert.equal(await app.spawn('ask', '/'), 'nobody/nobody/nobody');
  });

  it('are inherited by what C spawns and makes, and kept by what outlives the call', async () => {
    const { app } = await loadComplaints(imports);
    const tasks = ['ann', 'bob'].map((name) => user.run(name, () => app.spawn('ask_child')));
    assert.deepEqual(await Promise.all(tasks), ['ann', 'bob']);
    await user.run('cleo', () => app.spawn('spawn_child'));
    assert.equal(await user.run('dan', () => app.spawn('take_child')), 'cleo');
  });

  it('are those of promises as results', async () => {
    const { app } = await loadComplaints(imports);
    const tasks = ['ann', 'bob'].map((name) => user.run(name, () => app.spawn('ask_soon')));
    assert.deepEqual(await Promise.all(tasks), ['ann', 'bob']);
  });

  it('are those of synchronous calls, and of what these spawn', async () => {
    const { app } = await loadComplaints(imports);
    assert.equal(
      user.run('ann', () => app.callSync('ask_now')),
      'ann',
    );
    user.run('bob', () => app.callSync('spawn_child'));
    assert.equal(app.callSync('ask_now'), 'nobody');
    assert.equal(await app.spawn('take_child'), 'bob');
  });

  it('are the caller’s, too, if that is an import', async () => {
    /** @type {any} */
    let app;
    /** @type {any[]} */
    const seen = [];
    const reenter = () => {
      seen.push(
        app.callSync('ask_now'),
        user.run('bob', () => app.callSync('ask_now')),
      );
      seen.push(user.run('cleo', () => app.spawn('ask_now')));
    };
    ({ app } = await loadComplaints({ ...imports, reenter }));
    await user.run('ann', () => app.spawn('call_out'));
    assert.deepEqual(await Promise.all(seen), ['ann', 'bob', 'cleo']);
  });

  it('is that of run() for main, and of load for the hub', async () => {
    const { app, notes } = await user.run('loader', () => loadComplaints(imports));
    assert.equal(await user.run('ann', () => app.run()), 0);
    user.run('bob', () => app.callSync('ask_in_hub'));
    await settle();
    assert.deepEqual(notes, ['ann/ann/ann', 'loader']);
  });

  it('are let go with the last greenlet that has them', async () => {
    const { app } = await loadComplaints(imports);
    setFlagsFromString('--expose_gc');
    const gc = runInNewContext('gc');
    /** @type {WeakRef<object>} */
    let request = /** @type {any} */ (undefined);
    const requests = /** @type {AsyncLocalStorage<object>} */ (new AsyncLocalStorage());
    await (async () => {
      const store = { user: 'ann' };
      request = new WeakRef(store);
      await requests.run(store, async () => app.spawn('ask_child'));
    })();
    for (let i = 0; i < 10 && request.deref(); i++) {
      await sleep(1);
      gc();
    }
    assert.equal(request.deref(), undefined);
  });

  it('come from AsyncContext where the host has that, and from nowhere where it has none', async () => {
    const { module } = (await loadComplaints(imports)).app;
    const globals = /** @type {any} */ (globalThis);
    const { getBuiltinModule } = process;
    /** @type {any} */
    let current = 'outside';
    globals.AsyncContext = {
      Snapshot: class {
        #mine = current;
        /** @param {Function} call @param {any[]} values */
        run(call, ...values) {
          const before = current;
          current = this.#mine;
          try {
            return call(...values);
          } finally {
            current = before;
          }
        }
      },
    };
    const host = { ...imports, who: () => current, wait_for: () => 0, note: () => {}, reenter: () => {} };
    try {
      const app = await load(module, { imports: { host: { ...host, slow_bytes: () => new Uint8Array() } } });
      current = 'ann';
      const task = app.spawn('ask_child');
      current = 'later';
      assert.equal(await task, 'ann');
      delete globals.AsyncContext;
      process.getBuiltinModule = /** @type {any} */ (undefined);
      const bare = await load(module, { imports: { host: { ...host, slow_bytes: () => new Uint8Array() } } });
      assert.equal(await bare.spawn('ask_child'), 'later');
    } finally {
      delete globals.AsyncContext;
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
