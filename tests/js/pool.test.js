// Workers of Node: that they run at once, and what becomes of calls whose worker ends. bridge/pool.test.js has what is
// the same on every engine.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';

import { GreenletError, KilledError, ModuleError, TrapError, WorkerError } from '../../js/index.js';
import { loadPool } from '../../js/pool/index.js';
import { withResolvers } from '../../js/task.js';
import { compileProgram, reasonOf } from './program.js';

/** @import { Pool, PoolOptions } from '../../js/pool/index.js' */
/** @import { PromiseWithResolvers } from '../../js/task.js' */

const imports = new URL('programs/pool-imports.js', import.meta.url);

/** @type {WebAssembly.Module} */ let module;

/** @param {PoolOptions} [options] */
const open = (options) => loadPool(module, { size: 1, imports, ...options });

/** The same, for one test. @param {import('node:test').TestContext} t @param {PoolOptions} [options] */
async function openFor(t, options) {
  const pool = await open(options);
  t.after(() => pool.close());
  return pool;
}

/** Lets a worker of a pool of one do something. @param {Pool} pool @param {string} what @param {unknown} [value] */
const ask = (pool, what, value = {}) => pool.run('through_ref', [value, what]);

before(async () => {
  module = await compileProgram('bridge.c');
});

/** Each call blocks its thread until all have come: in fewer threads nobody would go on. @param {Pool} pool */
async function meetIn(pool) {
  const place = new SharedArrayBuffer(4);
  const calls = Array.from({ length: pool.size }, () => ask(pool, 'meet', { place, count: pool.size }));
  await Promise.all(calls);
}

describe('several workers', () => {
  it('compute at the same time', async (t) => {
    await meetIn(await openFor(t, { size: 3 }));
  });

  it('are as many as there are processors', async (t) => {
    const pool = await loadPool(module, { imports });
    t.after(() => pool.close());
    assert.equal(pool.size, availableParallelism());
  });
});

describe('when a worker ends, its calls reject, the others go on, and it is replaced:', () => {
  /** @type {{ how: string, trouble: (pool: Pool) => Promise<unknown>, class: Function, message: RegExp }[]} */
  const ends = [
    { how: 'a trap', trouble: (pool) => pool.run('trap'), class: TrapError, message: /trapped in 'trap'/ },
    { how: 'exit()', trouble: (pool) => pool.run('quit', [3]), class: GreenletError, message: /exit\(3\)/ },
    {
      how: 'process.exit',
      trouble: (pool) => ask(pool, 'exit', 4),
      class: WorkerError,
      message: /^the worker has ended with exit code 4$/,
    },
    {
      how: 'an error that nobody catches',
      trouble: (pool) => ask(pool, 'stray', 'gone astray'),
      class: WorkerError,
      message: /^the worker has failed: gone astray$/,
    },
  ];
  for (const { how, trouble, class: expected, message } of ends) {
    it(how, async (t) => {
      const pool = await openFor(t, { size: 2 });
      const { port1, port2: port } = new MessageChannel();
      const victim = reasonOf(pool.run('sleeper', [3600, 'victim']));
      const bystander = pool.run('through_ref', [{ port }, 'wait'], { transfer: [port] });
      const [error] = await Promise.all([victim, trouble(pool).catch(() => {})]);
      assert.ok(error instanceof expected);
      assert.match(/** @type {Error} */ (error).message, message);
      port1.postMessage('still here');
      assert.equal(await bystander, 'still here');
      port1.close();
      await meetIn(pool);
    });
  }
});

describe('a worker', () => {
  // Whoever waits for nothing but a worker that is idle does not keep the process.
  const { port1, port2 } = new MessageChannel();

  before(() => port1.on('message', () => {}));

  after(() => port2.close());

  it('that fails while it has nothing to do is reported', async (t) => {
    const failure = /** @type {PromiseWithResolvers<any>} */ (withResolvers());
    const pool = await openFor(t, { onUnhandled: failure.resolve });
    const { port1: here, port2: there } = new MessageChannel();
    await pool.run('through_ref', [{ port: there }, 'strayWhenTold'], { transfer: [there] });
    here.postMessage('idle');
    assert.match((await failure.promise).message, /^the worker has failed: idle$/);
    here.close();
    assert.equal(await pool.run('add', [1, 2]), 3);
  });

  it('that cannot be replaced is reported, and tried again by the next call', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'greenlet-pool-'));
    const file = join(folder, 'imports.mjs');
    writeFileSync(file, `export { default } from '${imports}';`);
    const failure = /** @type {PromiseWithResolvers<any>} */ (withResolvers());
    const pool = await openFor(t, { imports: pathToFileURL(file), onUnhandled: failure.resolve });
    rmSync(folder, { recursive: true });
    await reasonOf(pool.run('trap'));
    assert.equal((await failure.promise).code, 'ERR_MODULE_NOT_FOUND');
    assert.equal((await reasonOf(pool.run('add', [1, 2]))).code, 'ERR_MODULE_NOT_FOUND');
    mkdirSync(folder);
    writeFileSync(file, `export { default } from '${imports}';`);
    assert.equal(await pool.run('add', [1, 2]), 3);
    rmSync(folder, { recursive: true });
  });

  it('may be one of our own, with imports of its own', async (t) => {
    const worker = () => new Worker(new URL('programs/pool-worker.js', import.meta.url));
    const pool = await openFor(t, { worker, imports: undefined });
    assert.equal(await pool.run('hello', ['you']), 'own hello to you');
  });
});

describe('a pool that cannot be', () => {
  it('says why', async () => {
    await assert.rejects(loadPool(Uint8Array.of(1)), ModuleError);
    await assert.rejects(loadPool(module, { size: 0 }), /^TypeError: size: expected a number of workers/);
    await assert.rejects(open({ imports: './here.js' }), /^TypeError: imports: expected an absolute URL/);
    await assert.rejects(open(/** @type {any} */ ({ sise: 1 })), /^TypeError: loadPool: there is no option/);
    await assert.rejects(open({ imports: undefined }), /^TypeError: options\.imports\.host/);
    await assert.rejects(open({ imports: 'data:text/javascript,' }), /no default export that is, or returns/);
    await assert.rejects(open({ stack: -1 }), /^TypeError: stack: expected bytes, up to/);
  });
});

describe('the end of a pool', () => {
  it('kills what runs, and refuses the rest', async () => {
    const pool = await open({ size: 2 });
    const calls = [1, 2, 3].map(() => reasonOf(pool.run('sleeper', [3600, 'sleeper'])));
    await Promise.all([pool.close(), pool.close()]);
    for (const error of await Promise.all(calls)) assert.ok(error instanceof KilledError);
    assert.equal((await reasonOf(pool.run('add', [1, 2]))).code, 'GREENLET_EDISPOSED');
    await pool[Symbol.asyncDispose]();
  });

  it('can be at once, for what never waits', async () => {
    const pool = await open();
    const place = new SharedArrayBuffer(4);
    const call = reasonOf(ask(pool, 'meet', { place, count: 2 }));
    pool.terminate();
    assert.equal((await call).code, 'GREENLET_EDISPOSED');
    await pool.close();
  });

  it('is that of the process when nobody waits for it', () => {
    const program = fileURLToPath(new URL('programs/pool-forgotten.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: '3\n' });
  });
});
