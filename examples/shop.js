import { setTimeout } from 'node:timers/promises';
import { load } from 'greenlet-wasm';

let asked = 0;

/** Only the greenlet that calls it waits. `signal` aborts when that one no longer does. */
async function price(item, { signal }) {
  asked++;
  await setTimeout(10, undefined, { signal });
  return { tea: 1.5, cake: 4 }[item];
}

const app = await load(process.argv[2], { imports: { shop: { price } } });

// A thousand calls of one export, all of them suspended in C at the same time.
const tasks = Array.from({ length: 1000 }, (_, i) => app.spawn('total', i, 1));
const totals = await Promise.all(tasks);
console.log(`${totals.length} totals, the last is ${totals.at(-1)}; ${asked} prices asked`);

// An abort ends the call in C, whose clean-up runs before the promise settles.
const controller = new AbortController();
const task = app.spawn('total', 1, 1, { signal: controller.signal });
setTimeout(5).then(() => controller.abort(new Error('closed for today')));
await task.catch((error) => console.log(`${task.status}: ${error.message}`));

// A rejection is an error in C; if C lets it pass, it comes out again.
const app2 = await load(app.module, {
  imports: { shop: { price: () => Promise.reject(new Error('sold out')) } },
});
await app2.spawn('total', 1, 1).catch(({ code, message }) => console.log(`${code}: ${message}`));
