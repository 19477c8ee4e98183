// Exports of C that give many values, as async iterables.

import { GreenletError, KilledError } from '../harness/errors.js';
import { assert, compileProgram, describe, it, load, reasonOf, settle } from '../harness/index.js';

/** @param {Record<string, Function>} [imports] */
async function loadIterate(imports) {
  /** @type {string[]} */
  const notes = [];
  const host = {
    note: (/** @type {string} */ text) => void notes.push(text),
    later: async (/** @type {number} */ n) => 2 * n,
    ...imports,
  };
  const app = await load(await compileProgram('iterate.c'), { imports: { host } });
  return { app, notes };
}

/** @param {AsyncIterable<any>} iterable */
async function collect(iterable) {
  const values = [];
  for await (const value of iterable) values.push(value);
  return values;
}

describe('a generator of C', () => {
  it('is an async iterable of its values, in each type', async () => {
    const { app } = await loadIterate();
    assert.deepEqual(await collect(app.iterate('count_to', 3)), [1, 2, 3]);
    assert.deepEqual(await collect(app.iterate('count_to', 0)), []);
    assert.deepEqual(await collect(app.iterate('doubled', 3)), [2, 4, 6]);
    assert.deepEqual(await collect(app.iterate('twice_i64', 2n ** 60n)), [2n ** 60n, 2n ** 60n]);
    assert.deepEqual(await collect(app.iterate('twice_f32', 1.5)), [1.5, 1.5]);
    assert.deepEqual(await collect(app.iterate('twice_f64', Math.PI)), [Math.PI, Math.PI]);
    assert.deepEqual(await collect(app.iterate('twice_string', 'wörld')), ['wörld', 'wörld']);
    assert.deepEqual(await collect(app.iterate('twice_json', { a: [1] })), [{ a: [1] }, { a: [1] }]);
    const bytes = new Uint8Array([0, 1, 255]);
    assert.deepEqual(await collect(app.iterate('twice_bytes', bytes)), [bytes, bytes]);
    const object = () => {};
    assert.deepEqual(await collect(app.iterate('twice_ref', object)), [object, object]);
    assert.deepEqual(app.waiting(), []);
  });

  it('computes a value only when it is asked for', async () => {
    const { app, notes } = await loadIterate();
    const numbers = app.iterate('count_to', 9);
    await settle();
    assert.deepEqual(notes, []);
    await numbers.next();
    await settle();
    assert.deepEqual(notes, ['giving 1']);
    await numbers.next();
    await settle();
    assert.deepEqual(notes, ['giving 1', 'giving 2']);
    await numbers.return();
  });

  it('goes ahead by its high-water mark, and no further', async () => {
    const { app, notes } = await loadIterate();
    const numbers = app.iterate('count_to', 9, { highWaterMark: 2 });
    assert.deepEqual(await numbers.next(), { done: false, value: 1 });
    await settle();
    assert.deepEqual(notes, ['giving 1', 'giving 2', 'giving 3']);
    assert.deepEqual(await numbers.next(), { done: false, value: 2 });
    await settle();
    assert.equal(notes.at(-1), 'giving 4');
    await numbers.return();
    assert.throws(
      () => app.iterate('count_to', 9, { highWaterMark: -1 }),
      /highWaterMark: expected a number/,
    );
  });

  it('answers calls of next in their order, as many as there are', async () => {
    const { app } = await loadIterate();
    const numbers = app.iterate('doubled', 2);
    const results = await Promise.all([numbers.next(), numbers.next(), numbers.next(), numbers.next()]);
    assert.deepEqual(
      results.map(({ value, done }) => [value, done]),
      [
        [2, false],
        [4, false],
        [undefined, true],
        [undefined, true],
      ],
    );
  });

  it('gets GREENLET_EEXIT from a break, which waits for its clean-up', async () => {
    const { app, notes } = await loadIterate();
    for await (const n of app.iterate('count_to', 100)) if (n === 2) break;
    assert.deepEqual(notes, ['giving 1', 'giving 2', 'stopped']);
    assert.deepEqual(app.waiting(), []);
  });

  it('is stopped by throw and by disposal, and by a return while it is asked for a value', async () => {
    const { app, notes } = await loadIterate({ later: () => new Promise(() => {}) });
    const thrown = app.iterate('forever');
    await thrown.next();
    assert.equal((await reasonOf(thrown.throw(new Error('enough')))).message, 'enough');
    assert.deepEqual(notes.splice(0), ['stopped']);
    const disposed = app.iterate('forever');
    await disposed.next();
    await disposed[Symbol.asyncDispose]();
    assert.deepEqual(notes.splice(0), ['stopped']);
    const waiting = app.iterate('doubled', 1);
    const next = waiting.next();
    await settle();
    assert.deepEqual(await waiting.return('value'), { done: true, value: 'value' });
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.deepEqual(notes, ['stopped']);
  });

  it('runs nothing when it is stopped before its first value', async () => {
    const { app, notes } = await loadIterate();
    const numbers = app.iterate('count_to', 2);
    assert.deepEqual(await numbers.return(), { done: true, value: undefined });
    assert.deepEqual(await numbers.next(), { done: true, value: undefined });
    assert.deepEqual(notes, []);
  });

  it('rejects next with its error, once, and return with that of its clean-up', async () => {
    const { app } = await loadIterate();
    const numbers = app.iterate('fail_after', 1);
    await numbers.next();
    const error = await reasonOf(numbers.next());
    assert.ok(error instanceof GreenletError);
    assert.equal(error.message, 'no more than 1');
    assert.equal(error.greenlet, 'fail_after');
    assert.deepEqual(await numbers.next(), { done: true, value: undefined });
    const stubborn = app.iterate('fail_when_stopped');
    await stubborn.next();
    assert.equal((await reasonOf(stubborn.return())).message, 'the clean-up has failed');
    assert.deepEqual(await stubborn.return(), { done: true, value: undefined });
    assert.deepEqual(await stubborn.next(), { done: true, value: undefined });
  });

  it('is aborted by its signal, with its reason', async () => {
    const { app, notes } = await loadIterate();
    const controller = new AbortController();
    const numbers = app.iterate('count_to', 9, { signal: controller.signal });
    await numbers.next();
    const reason = new Error('enough');
    controller.abort(reason);
    assert.equal(await reasonOf(numbers.next()), reason);
    assert.deepEqual(notes, ['giving 1', 'stopped']);
    assert.deepEqual(await numbers.next(), { done: true, value: undefined });
    const late = app.iterate('count_to', 9, { signal: controller.signal });
    assert.equal(await reasonOf(late.next()), reason);
  });

  it('ends with its app', async () => {
    const { app, notes } = await loadIterate();
    const numbers = app.iterate('forever');
    await numbers.next();
    const next = collect(app.iterate('doubled', 1e6));
    await settle();
    app.dispose();
    const error = await reasonOf(next);
    assert.ok(error instanceof KilledError || error.code === 'GREENLET_EDISPOSED', String(error));
    assert.equal(notes.length <= 2, true);
    await reasonOf(numbers.next());
  });
});

describe('a channel of C', () => {
  it('is an async iterable of what is put into it', async () => {
    const { app } = await loadIterate();
    assert.deepEqual(await collect(app.iterate('say_lines', 3)), ['one', 'two', 'three']);
    assert.deepEqual(await collect(app.iterate('say_lines', 0)), []);
    assert.deepEqual(app.waiting(), []);
  });

  it('is one value ahead', async () => {
    const { app, notes } = await loadIterate();
    const values = app.iterate('say_lines', 3);
    await settle();
    assert.deepEqual(notes, []);
    await values.next();
    await settle();
    assert.deepEqual(notes, ['one', 'two']);
    await values.return();
  });

  it('is closed by a break, which waits for the clean-up of who puts', async () => {
    const { app, notes } = await loadIterate();
    for await (const line of app.iterate('say_lines', 3)) if (line === 'one') break;
    assert.deepEqual(notes, ['one', 'two', 'closed']);
    assert.deepEqual(app.waiting(), []);
  });

  it('kills a producer that does something else', async () => {
    const { app, notes } = await loadIterate();
    for await (const one of app.iterate('wait_instead')) {
      assert.equal(one, 1);
      await settle();
      break;
    }
    assert.deepEqual(notes, ['killed']);
  });

  it('rejects next with the error of its producer', async () => {
    const { app } = await loadIterate();
    const values = app.iterate('break_channel', 1);
    assert.deepEqual(await values.next(), { done: false, value: 0 });
    assert.equal((await reasonOf(values.next())).message, "the channel's producer has failed");
    assert.deepEqual(await values.next(), { done: true, value: undefined });
  });
});

describe('iterate', () => {
  it('refuses what gives one value, and spawn what gives many', async () => {
    const { app } = await loadIterate();
    assert.throws(() => app.iterate('plain'), /'plain' gives one value: use spawn/);
    assert.throws(() => app.spawn('count_to', 1), /'count_to' gives many values: use iterate/);
    assert.throws(() => app.callSync('count_to', 1), /use iterate/);
    assert.throws(() => app.iterate('nope'), /exports no 'nope'/);
    assert.throws(() => app.iterate('count_to'), /count_to: expected 1 arguments/);
    assert.match((await reasonOf(app.iterate('count_to', 'x').next())).message, /argument 1 of count_to/);
  });

  it('leaves nothing behind, however it ends', async () => {
    const { app } = await loadIterate();
    const round = async () => {
      for (let i = 0; i < 200; i++) {
        await collect(app.iterate('fail_after', 1)).catch(() => {});
        for await (const _ of app.iterate('fail_after', 1)) break;
        for await (const _ of app.iterate('break_channel', 5)) break;
        await collect(app.iterate('twice_string', 'x'.repeat(1000)));
      }
      return app.memorySize;
    };
    const size = await round();
    for (let i = 0; i < 10; i++) assert.equal(await round(), size);
  });
});
