import { assert, compileProgram, describe, it, load, reasonOf, settle } from '../harness/index.js';

/**
 * results.c, with imports that answer with promises.
 *
 * @param {Record<string, Function>} [imports]
 */
async function loadResults(imports) {
  const host = {
    add: async (/** @type {number} */ a, /** @type {number} */ b) => a + b,
    big: async (/** @type {bigint} */ value) => value + 1n,
    third: async (/** @type {number} */ value) => value / 3,
    half: async (/** @type {number} */ value) => value / 2,
    greet: async (/** @type {string} */ name) => `hello ${name}`,
    reverse: async (/** @type {Uint8Array} */ bytes) => bytes.reverse(),
    transform: async (/** @type {unknown} */ value) => ({ got: value }),
    pick: async (/** @type {any} */ object, /** @type {string} */ key) => object[key],
    nothing: async () => {},
    ...imports,
  };
  return load(await compileProgram('results.c'), { clock: 'virtual', imports: { host } });
}

/** An import that never answers, and what it was called with. */
function makeForgetful() {
  /** @type {any[]} */
  const calls = [];
  const greet = (/** @type {string} */ name, /** @type {any} */ { signal }) => {
    /** @type {any} */
    const call = { name, signal };
    call.promise = new Promise((resolve, reject) => Object.assign(call, { resolve, reject }));
    calls.push(call);
    return call.promise;
  };
  return { greet, calls };
}

describe('promises as results (RESULT)', () => {
  it('gives a value of every type', async () => {
    const app = await loadResults();
    assert.equal(await app.spawn('through_i64', 2n ** 62n), 2n ** 62n + 1n);
    assert.equal(await app.spawn('through_f32', 1.5), 0.5);
    assert.equal(await app.spawn('through_f64', Math.PI), Math.PI / 2);
    assert.equal(await app.spawn('through_string', 'wörld €😀'), 'hello wörld €😀');
    assert.equal(await app.spawn('through_string', ''), 'hello ');
    assert.deepEqual(
      await app.spawn('through_bytes', new Uint8Array([1, 0, 255])),
      new Uint8Array([255, 0, 1]),
    );
    assert.deepEqual(await app.spawn('through_bytes', new Uint8Array()), new Uint8Array());
    assert.deepEqual(await app.spawn('through_json', [1, 'x']), { got: [1, 'x'] });
    const object = { key: () => 1 };
    assert.equal(await app.spawn('through_ref', object, 'key'), object.key);
    assert.equal(await app.spawn('through_void'), undefined);
  });

  it('gives a plain value, too', async () => {
    const app = await loadResults({
      greet: (/** @type {string} */ name) => `hi ${name}`,
      add: (/** @type {number} */ a) => a,
    });
    assert.equal(await app.spawn('through_string', 'you'), 'hi you');
    assert.equal(await app.spawn('add_up', 4), 6);
  });

  it('lets many operations go on at once, and waits for them in any order', async () => {
    /** @type {Function[]} */
    const pending = [];
    const app = await loadResults({
      add: (/** @type {number} */ a, /** @type {number} */ b) =>
        new Promise((resolve) => pending.push(() => resolve(a + b))),
    });
    const task = app.spawn('add_up', 50);
    await settle();
    assert.equal(pending.length, 50);
    for (const answer of pending.reverse()) answer();
    assert.equal(await task, (50 * 51) / 2);
  });

  it('keeps a copy of what it was called with', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    const task = app.spawn('greet_briefly');
    await settle();
    assert.equal(calls[0].name, 'brief');
    assert.match(app.waiting()[0], /waits in host\.greet since/);
    calls[0].resolve('done');
    assert.equal(await task, 'done');
  });

  it('fails with what the function throws or rejects with, or when the type is wrong', async () => {
    const reason = new RangeError('no');
    const throwing = () => {
      throw reason;
    };
    for (const greet of [throwing, () => Promise.reject(reason)]) {
      const app = await loadResults({ greet });
      const error = await reasonOf(app.spawn('through_string', 'x'));
      assert.equal(error.code, 'GREENLET_EREJECTED');
      assert.equal(error.message, 'no');
      assert.equal(error.cause, reason);
    }
    for (const greet of [() => 7, async () => 7]) {
      const app = await loadResults({ greet });
      const error = await reasonOf(app.spawn('through_string', 'x'));
      assert.match(
        error.message,
        /the result of the import host\.greet: expected a string, got the number 7/,
      );
    }
  });

  it('begins in a synchronous call, which could not wait', async () => {
    const app = await loadResults();
    app.callSync('keep', 'sync');
    assert.equal(app.callSync('kept_is_ready'), 0);
    await settle();
    assert.equal(app.callSync('kept_is_ready'), 1);
    assert.equal(await app.spawn('take_kept'), 'hello sync');
  });

  it('begins while another import is being called', async () => {
    /** @type {any} */
    let app;
    const greet = async (/** @type {string} */ name) => `hello ${name}`;
    const add = (/** @type {number} */ a) => {
      if (a === 0) app.callSync('keep', 'nested');
      return Promise.resolve(a);
    };
    app = await loadResults({ greet, add });
    assert.equal(await app.spawn('add_up', 3), 3);
    assert.equal(await app.spawn('take_kept'), 'hello nested');
  });

  it('is abandoned with its last reference', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    app.callSync('keep', 'x');
    assert.equal(calls[0].signal.aborted, false);
    app.callSync('drop_kept');
    assert.equal(calls[0].signal.aborted, true);
    assert.equal(calls[0].signal.reason.code, 'GREENLET_EEXIT');
    calls[0].resolve('late');
    await settle();
    await app.drain();
    assert.equal(await app.spawn('through_i64', 1n), 2n);
  });

  it('is abandoned when it is cancelled, and fails', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    app.callSync('keep', 'x');
    const task = app.spawn('take_kept');
    await settle();
    app.callSync('cancel_kept');
    assert.equal(calls[0].signal.aborted, true);
    assert.equal((await reasonOf(task)).code, 'GREENLET_ECANCELED');
    calls[0].reject(new Error('late'));
    await app.drain();
  });

  it('is abandoned when the task that owns it is killed', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    app.callSync('keep', 'x');
    const task = app.spawn('take_kept');
    await settle();
    task.kill();
    await reasonOf(task);
    assert.equal(calls[0].signal.aborted, true);
  });

  it('is refused without a place for it', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    assert.equal(app.callSync('no_place'), -2);
    assert.equal(calls.length, 0);
  });

  it('counts as a waker, so that nothing is dead as long as it is pending', async () => {
    const { greet, calls } = makeForgetful();
    const app = await loadResults({ greet });
    const task = app.spawn('through_string', 'x');
    const drained = app.drain();
    await settle();
    calls[0].resolve('there');
    await drained;
    assert.equal(await task, 'there');
  });
});

describe('results that JavaScript settles (RESULT)', () => {
  it('wakes who waits', async () => {
    const app = await loadResults();
    app.callSync('keep_pending');
    const task = app.spawn('take_kept');
    await settle();
    app.callSync('set_kept', 'first');
    app.callSync('set_kept', 'last');
    assert.equal(await task, 'last');
  });

  it('fails who waits', async () => {
    const app = await loadResults();
    app.callSync('keep_pending');
    const task = app.spawn('take_kept');
    await settle();
    app.callSync('fail_kept', 'because');
    const error = await reasonOf(task);
    assert.equal(error.message, 'because');
    assert.equal(error.code, 'GREENLET_EFAILED');
  });
});
