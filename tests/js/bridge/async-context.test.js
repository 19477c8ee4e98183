// An import runs in the async context of the call that led to it.

import { replace } from '../harness/fakes.js';
import { assert, describe, host, it, settle, sleep } from '../harness/index.js';
import { loadComplaints } from '../program.js';

/** @import { AsyncLocalStorage } from 'node:async_hooks' */

const skip = host.isBrowser && 'no AsyncLocalStorage';
const hooks = skip ? undefined : await import('node:async_hooks');

/** @template T @returns {AsyncLocalStorage<T>} */
const makeStorage = () => new /** @type {typeof import('node:async_hooks')} */ (hooks).AsyncLocalStorage();

/** @returns {Promise<(() => void) | undefined>} collects garbage now */
async function findCollector() {
  const { Bun, gc } = /** @type {any} */ (globalThis);
  if (!host.isNode) return Bun ? () => Bun.gc(true) : gc;
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString('--expose_gc');
  return runInNewContext('gc');
}

const collect = await findCollector();

const user = /** @type {AsyncLocalStorage<string>} */ (hooks && makeStorage());
const who = () => user.getStore() ?? 'nobody';
const imports = {
  who,
  who_later: async () => {
    await sleep(1);
    return who();
  },
  who_soon: () => sleep(1).then(who),
};

describe('async contexts', { skip }, () => {
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

  it('are let go with the last greenlet that has them', {
    skip: !collect && 'no garbage collector to call',
  }, async () => {
    const { app } = await loadComplaints(imports);
    /** @type {WeakRef<object>} */
    let request = /** @type {any} */ (undefined);
    const requests = /** @type {AsyncLocalStorage<object>} */ (makeStorage());
    await (async () => {
      const store = { user: 'ann' };
      request = new WeakRef(store);
      await requests.run(store, async () => app.spawn('ask_child'));
    })();
    for (let i = 0; i < 10 && request.deref(); i++) {
      await sleep(1);
      collect?.();
    }
    assert.equal(request.deref(), undefined);
  });
});

describe('async contexts of the language', () => {
  /** What AsyncContext is to be: a snapshot of a variable. @param {{ current: string }} variable */
  function fakeAsyncContext(variable) {
    class Snapshot {
      #mine = variable.current;
      /** @param {Function} call @param {any[]} values */
      run(call, ...values) {
        const before = variable.current;
        variable.current = this.#mine;
        try {
          return call(...values);
        } finally {
          variable.current = before;
        }
      }
    }
    return { Snapshot };
  }

  it('are taken where there are any', async (t) => {
    const variable = { current: 'outside' };
    replace(t, globalThis, 'AsyncContext', fakeAsyncContext(variable));
    const { app } = await loadComplaints({ who: () => variable.current });
    variable.current = 'ann';
    const task = app.spawn('ask_child');
    variable.current = 'later';
    assert.equal(await task, 'ann');
  });

  it('are none where the host has neither', async (t) => {
    if (!host.isBrowser) replace(t, process, 'getBuiltinModule', undefined);
    let current = 'ann';
    const { app } = await loadComplaints({ who: () => current });
    const task = app.spawn('ask_child');
    current = 'later';
    assert.equal(await task, 'later');
  });
});
