// Instances in workers, on every engine: what crosses to them and back.

import { GreenletError, KilledError, ModuleError, RejectedError, TrapError } from '../../../js/index.js';
import { loadPool } from '../../../js/pool/index.js';
import { assert, compileProgram, reasonOf, test } from '../harness/index.js';

/** @import { Pool, PoolOptions } from '../../../js/pool/index.js' */

const imports = new URL('../programs/pool-imports.js', import.meta.url);

/** A pool for one test. @param {any} t @param {PoolOptions} [options] */
async function openFor(t, options) {
  const pool = await loadPool(await compileProgram('bridge.c'), { size: 1, imports, ...options });
  t.after(() => pool.close());
  return pool;
}

/** Lets a worker do something. @param {Pool} pool @param {string} what @param {unknown} [value] */
const ask = (pool, what, value = {}) => pool.run('through_ref', [value, what]);

test('a pool says what it has', async (t) => {
  const pool = await openFor(t);
  assert.equal(pool.size, 1);
  assert.equal(pool.module, await compileProgram('bridge.c'));
  assert.ok(pool.exports.includes('add_twice'));
});

test('a pool takes and gives numbers, bigints, text, bytes, json and values of JavaScript', async (t) => {
  const pool = await openFor(t);
  assert.equal(await pool.run('add', [40, 2]), 42);
  assert.equal(await pool.run('through_i64', [2n ** 62n]), 2n ** 62n + 1n);
  assert.equal(await pool.run('through_f64', [5]), 2.5);
  assert.equal(await pool.run('hello', ['wörld']), 'hello wörld');
  assert.deepEqual(await pool.run('mirror', [Uint8Array.of(1, 2, 3)]), Uint8Array.of(3, 2, 1));
  assert.deepEqual(await pool.run('change', [{ a: [1] }]), { got: { a: [1] } });
  assert.deepEqual(await ask(pool, 'echo', new Map([[1, 2]])), new Map([[1, 2]]));
  assert.equal(await pool.run('sleeper', [0, 'nobody']), undefined);
  assert.deepEqual(await ask(pool, 'notes'), ['nobody']);
});

test('a pool moves what is to be transferred', async (t) => {
  const pool = await openFor(t);
  const bytes = new Uint8Array(1000).fill(7);
  const mirrored = pool.run('mirror', [bytes], { transfer: [bytes.buffer] });
  assert.equal(bytes.length, 0);
  assert.equal((await mirrored).length, 1000);
});

test('a pool runs many calls of one export in a worker at once', async (t) => {
  const pool = await openFor(t);
  const sums = Array.from({ length: 1000 }, (_, i) => pool.run('add_twice', [i, 1]));
  assert.deepEqual(
    await Promise.all(sums),
    Array.from({ length: 1000 }, (_, i) => i + 2),
  );
});

test('a pool refuses what cannot be run, at once', async (t) => {
  const pool = await openFor(t);
  assert.equal((await reasonOf(pool.run('nothing'))).code, 'GREENLET_EEXPORT');
  await assert.rejects(pool.run('add', [1]), /^TypeError: add: expected 2 arguments \(i32, i32\), got 1/);
  await assert.rejects(pool.run('add', /** @type {any} */ ('12')), /^TypeError: add: expected an array/);
  await assert.rejects(pool.run('add', [1, 2], /** @type {any} */ ({ nome: '' })), /no option 'nome'/);
  await assert.rejects(pool.run('add', [1, 'two']), /^TypeError: argument 2 of add: expected an integer/);
  assert.equal((await reasonOf(ask(pool, 'echo', () => {}))).name, 'DataCloneError');
  assert.equal((await reasonOf(ask(pool, 'function'))).name, 'DataCloneError');
  assert.equal(await pool.run('add', [1, 2]), 3);
});

test('a call rejects with the error that C has raised', async (t) => {
  const pool = await openFor(t);
  const error = await reasonOf(pool.run('fail', ['broken'], { name: 'breaker' }));
  assert.ok(error instanceof GreenletError);
  assert.deepEqual(
    { code: error.code, type: error.type, message: error.message, greenlet: error.greenlet },
    { code: 'GREENLET_EUSER', type: 'DemoError', message: 'broken', greenlet: 'breaker' },
  );
});

test('a call keeps class, cause, fields and stack of an error of JavaScript, and shows both sides', async (t) => {
  const pool = await openFor(t);
  const error = await reasonOf(pool.run('hello', ['reject']));
  assert.ok(error instanceof RejectedError);
  assert.ok(error.cause instanceof TypeError);
  assert.equal(error.cause.message, 'no such greeting');
  assert.match(String(error.cause.stack), /pool-imports\.js/);
  assert.ok(error.cause.cause instanceof RangeError);
  assert.equal(/** @type {any} */ (error.cause.cause).code, 'E_NOBODY');
  assert.match(String(error.stack), /serve\.js.*pool\.test\.js/s);
});

test('a pool ends a call at its time limit', async (t) => {
  const pool = await openFor(t);
  const error = await reasonOf(pool.run('sleeper', [3600, 'late'], { timeout: 1 }));
  assert.equal(error.code, 'GREENLET_EEXPIRED');
  assert.deepEqual(await ask(pool, 'notes'), ['late cleans up']);
});

test('an abort kills the greenlet, whose clean-up runs before the call rejects with its reason', async (t) => {
  const pool = await openFor(t);
  const controller = new AbortController();
  const call = pool.run('sleeper', [3600, 'sleeper'], { signal: controller.signal });
  assert.equal(await pool.run('add', [1, 1]), 2);
  const reason = { why: 'enough' };
  controller.abort(reason);
  assert.equal(await reasonOf(call), reason);
  assert.deepEqual(await ask(pool, 'notes'), ['sleeper cleans up']);
});

test('an abort that has come already lets nothing run, and one that comes at once is not lost', async (t) => {
  const pool = await openFor(t);
  const reason = new Error('too late');
  const aborted = AbortSignal.abort(reason);
  assert.equal(await reasonOf(pool.run('sleeper', [0, 'never'], { signal: aborted })), reason);
  assert.deepEqual(await ask(pool, 'notes'), []);
  const controller = new AbortController();
  const call = pool.run('sleeper', [3600, 'sleeper'], { signal: controller.signal });
  controller.abort(reason);
  assert.equal(await reasonOf(call), reason);
});

test('an abort that C survives changes nothing', async (t) => {
  const pool = await openFor(t);
  const controller = new AbortController();
  const call = pool.run('stubborn', [], { signal: controller.signal });
  await pool.run('add', [1, 1]);
  controller.abort();
  assert.equal(await pool.run('add', [1, 1]), 2);
  assert.deepEqual(await ask(pool, 'notes'), ['swallowed']);
  pool.terminate();
  assert.equal((await reasonOf(call)).code, 'GREENLET_EDISPOSED');
});

test('a worker whose instance ends: its calls reject, and it is replaced', async (t) => {
  const pool = await openFor(t);
  const victim = reasonOf(pool.run('sleeper', [3600, 'victim']));
  const error = await reasonOf(pool.run('trap'));
  assert.ok(error instanceof TrapError);
  assert.match(error.message, /trapped in 'trap'/);
  assert.ok((await victim) instanceof TrapError);
  assert.equal(await pool.run('add', [1, 2]), 3);
  assert.match((await reasonOf(pool.run('quit', [3]))).message, /exit\(3\)/);
  assert.equal(await pool.run('add', [1, 2]), 3);
});

test('several workers run calls of their own', async (t) => {
  const pool = await openFor(t, { size: 2 });
  await Promise.all([pool.run('sleeper', [0, 'first']), pool.run('sleeper', [0, 'second'])]);
  const notes = await Promise.all([ask(pool, 'notes'), ask(pool, 'notes')]);
  assert.deepEqual(notes, [['first'], ['second']]);
});

test('a pool that cannot be says why', async (t) => {
  await assert.rejects(loadPool(Uint8Array.of(1)), ModuleError);
  await assert.rejects(openFor(t, { imports: undefined }), /^TypeError: options\.imports\.host/);
  await assert.rejects(
    openFor(t, { imports: new URL('../harness/helpers.js', import.meta.url) }),
    /no default export that is, or/,
  );
});

test('the end of a pool kills what runs, and refuses the rest', async (t) => {
  const pool = await openFor(t);
  const call = reasonOf(pool.run('sleeper', [3600, 'sleeper']));
  await pool.close();
  assert.ok((await call) instanceof KilledError);
  assert.equal((await reasonOf(pool.run('add', [1, 2]))).code, 'GREENLET_EDISPOSED');
});
