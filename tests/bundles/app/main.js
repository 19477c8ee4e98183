// A page that uses the package as its README says: in itself, and in workers.

import { load, RejectedError } from 'greenlet-wasm';
import { loadPool } from 'greenlet-wasm/pool';

import { price } from './shop.js';

const wasm = new URL('./basket.wasm', import.meta.url);

async function inThePage() {
  const app = await load(wasm, { imports: { shop: { price } } });
  const totals = await Promise.all([1, 2, 3].map((tea) => app.spawn('total', tea, 1)));
  const controller = new AbortController();
  const task = app.spawn('total', 1, 1, { signal: controller.signal });
  controller.abort('closed for today');
  const aborted = await task.catch((reason) => reason);
  const slept = await app.spawn(async (g) => g.sleep(1).then(() => 'slept'));
  app.dispose();
  return { totals, aborted, slept };
}

/** In two workers of our own; each has prices of its own. */
async function inWorkers() {
  const worker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const pool = await loadPool(fetch(wasm), { size: 2, worker });
  const [first, second] = await Promise.all([pool.run('total', [1, 1]), pool.run('total', [1, 1])]);
  await pool.close();
  return { areTwo: first !== second };
}

/** In the package's own worker, whose imports fail. */
async function inItsWorker() {
  const imports = new URL('./sold-out.js', import.meta.url);
  const pool = await loadPool(wasm, { size: 1, imports });
  const error = await pool.run('total', [1, 1]).catch((reason) => reason);
  await pool.close();
  const { name, code, cause } = error;
  return { isRejected: error instanceof RejectedError, name, code, cause: cause.message };
}

/** @type {any} */ (globalThis).finished = (async () => [
  await inThePage(),
  await inWorkers(),
  await inItsWorker(),
])();
