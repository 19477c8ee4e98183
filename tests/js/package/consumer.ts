// A program in TypeScript that uses the package, checked as strictly as can be: package.test.js.

import {
  type App,
  type AppOptions,
  type Greenlet,
  GreenletError,
  KilledError,
  type LoadOptions,
  load,
  type SpawnOptions,
  type Task,
} from 'greenlet-wasm';

const options: AppOptions = {
  imports: {
    shop: {
      price: async (item: string, { signal }: { signal: AbortSignal }) => (signal.aborted ? 0 : item.length),
    },
  },
  clock: 'virtual',
  onUnhandled: (error, task) => console.error(task?.name, error),
};

const app: App = await load(new URL('basket.wasm', import.meta.url), options);
const spawnOptions: SpawnOptions = { timeout: 1000, name: 'basket', signal: new AbortController().signal };
const task: Task<number> = app.spawn('total', 1, 2, spawnOptions);
const total: number = await task;
const same: number = await task.then((value) => value);
const lines: string[] = app.waiting();
const status: 'pending' | 'returned' | 'killed' | 'failed' = task.status;
const code: number = app.hasMain ? await app.run() : app.callSync('count');
task.kill(new Error('enough'));
console.log(total, same, lines, status, code);

try {
  await app.drain();
} catch (error) {
  if (error instanceof KilledError || error instanceof GreenletError) console.log(error.code, error.cause);
}

const bake = async (g: Greenlet, item: string): Promise<number> => {
  await g.put('jobs', item, 100);
  await g.join(g.spawn('total', 1, 2));
  return g.until(Promise.resolve(item.length));
};
const baked: number = await app.spawn((g) => bake(g, 'cake'), spawnOptions);
const five: Task<number> = app.spawn(() => 5);
const loadOptions: LoadOptions = { slice: 4 };
console.log(baked, await five, loadOptions);
app.dispose();

// @ts-expect-error the clock has two names
await load('basket.wasm', { clock: 'lunar' });
// @ts-expect-error a name or a function comes first
app.spawn(1);
// @ts-expect-error its result is a number
const word: Task<string> = app.spawn(() => 5);
// @ts-expect-error g has no such call
app.spawn((g) => g.snooze(5));
console.log(word);
