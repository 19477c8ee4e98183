// Every type of the door, in the page and in a pool of workers, by the declarations of bridge.wasm: package.test.js.

import { type App, type ImportContext, load, type Task } from 'greenlet-wasm';
import { loadPool, type Pool, type PoolOptions, type RunOptions } from 'greenlet-wasm/pool';
import { serve } from 'greenlet-wasm/pool/worker';

import type { Module } from './bridge.js';

const host = {
  add_later: async (a: number, b: number) => a + b,
  greet: (name: string, { signal }: ImportContext) => (signal.aborted ? '' : name),
  reverse: (bytes: Uint8Array) => bytes.reverse(),
  transform: (value: unknown) => ({ value }),
  note: (text: string) => console.log(text),
  big: async (value: bigint) => value + 1n,
  half: (value: number) => value / 2,
  pick: (object: Record<string, unknown>, key: string) => object[key],
  reenter: () => {},
};

const app: App<Module> = await load<Module>('bridge.wasm', { imports: { host } });
const sum: Task<number> = app.spawn('add', 1, 2);
const big: Task<bigint> = app.spawn('through_i64', 2n ** 60n);
const text: Task<string> = app.spawn('hello', 'you', { timeout: 10 });
const bytes: Task<Uint8Array> = app.spawn('mirror', new Uint8Array(2));
const nothing: Task<void> = app.spawn('sleeper', 0.5, 'sleeper');
console.log((await sum) + 1, (await big) + 1n, (await text).length, (await bytes).length, await nothing);

// @ts-expect-error the result is a bigint
const small: number = await app.call('through_i64', 1n);
// @ts-expect-error a bigint is no f64
app.spawn('through_f64', 1n);
// @ts-expect-error text is no bytes
app.spawn('mirror', 'text');
// @ts-expect-error i64 comes as a bigint
await load<Module>('bridge.wasm', { imports: { host: { ...host, big: (value: number) => value } } });

const options: PoolOptions = { size: 2, imports: new URL('imports.js', import.meta.url), stack: 65536 };
const pool: Pool<Module> = await loadPool<Module>(app.module, options);
const runOptions: RunOptions = { signal: AbortSignal.timeout(10), transfer: [], name: 'adder' };
const total: number = await pool.run('add', [1, 2], runOptions);
const huge: bigint = await pool.run('through_i64', [1n]);
await pool.run('spin');
console.log(small, total, huge, pool.size, pool.exports);
{
  await using ownPool = await loadPool<Module>('bridge.wasm', { worker: () => new Worker('worker.js') });
  ownPool.terminate();
}
serve<Module>({ imports: { host } });

// @ts-expect-error the module has no such export
pool.run('sum', [1, 2]);
// @ts-expect-error an argument is missing
pool.run('add', [1]);
// @ts-expect-error all of them are
pool.run('add');
// @ts-expect-error there is no such option
pool.run('add', [1, 2], { nome: 'adder' });
// @ts-expect-error the result is a number
const wrong: string = await pool.run('add', [1, 2]);
// @ts-expect-error functions cannot cross
loadPool<Module>('bridge.wasm', { imports: { host } });
// @ts-expect-error a function is missing
serve<Module>({ imports: { host: {} } });
console.log(wrong);
