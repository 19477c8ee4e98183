// A strict program that loads basket.wasm by the declarations that were generated for it: package.test.js.

import { type App, load, type Task } from 'greenlet-wasm';

import type { Module } from './basket.js';

const price = async (item: string, { signal }: { signal: AbortSignal }) => (signal.aborted ? 0 : item.length);
const app: App<Module> = await load<Module>('basket.wasm', {
  imports: { shop: { price } },
  clock: 'virtual',
});

const task: Task<number> = app.spawn('total', 1, 2);
const named: Task<number> = app.spawn('total', 1, 2, { name: 'basket', timeout: 10 });
const sum: number =
  (await task) + (await named) + (await app.call('total', 1, 2)) + app.callSync('total', 1, 2);
console.log(sum.toFixed(2));
{
  using first = await load<Module>(app.module, { imports: { shop: { price: () => 1 } } });
  await using second = await load<Module>(app.module, {
    imports: { shop: { price: (item) => item.length } },
  });
  console.log(first.exports, second.exports);
}

// @ts-expect-error the module has no such export
app.spawn('sum', 1, 2);
// @ts-expect-error an argument is missing
app.spawn('total', 1);
// @ts-expect-error an argument is of another type
app.call('total', 1, 'two');
// @ts-expect-error there is no such option
app.spawn('total', 1, 2, { nome: 'basket' });
// @ts-expect-error a synchronous call takes no options
app.callSync('total', 1, 2, { name: 'basket' });
// @ts-expect-error the result is a number
const text: string = await app.call('total', 1, 2);
// @ts-expect-error the imports are missing
await load<Module>('basket.wasm');
// @ts-expect-error one of them is
await load<Module>('basket.wasm', { imports: { shop: {} } });
// @ts-expect-error it takes a string
await load<Module>('basket.wasm', { imports: { shop: { price: (item: number) => item } } });
// @ts-expect-error it gives a number
await load<Module>('basket.wasm', { imports: { shop: { price: (item) => item } } });
console.log(text);
