import { assert, compileProgram, load, test } from '../harness/index.js';

const MEGABYTE = 1 << 20;

/** @param {(size: number) => Uint8Array | Promise<Uint8Array>} make @returns the app, its failures not printed */
async function loadHoard(make = (size) => new Uint8Array(size)) {
  const module = await compileProgram('hoard.c', [], 8 * MEGABYTE);
  return load(module, { clock: 'virtual', imports: { host: { make } }, onUnhandled: () => {} });
}

test('a task for whose stack there is no memory fails by name, the others go on', async () => {
  const app = await loadHoard();
  const failed = await app.spawn('hoard', 20, MEGABYTE);
  assert.ok(failed > 12 && failed < 20, String(failed));
  assert.equal(await app.spawn('hoard', 3, MEGABYTE), 0);
  assert.equal(await app.spawn('hoard', 20, MEGABYTE), failed);
});

test('arguments for which there is no memory are refused by name', async () => {
  const app = await loadHoard();
  assert.throws(() => app.spawn('length', new Uint8Array(16 * MEGABYTE)), { code: 'GREENLET_ENOMEM' });
  for (let i = 0; i < 20; i++) assert.equal(await app.spawn('length', new Uint8Array(MEGABYTE)), MEGABYTE);
});

test('a result of an import for which there is no memory is an error in C', async () => {
  for (const app of [await loadHoard(), await loadHoard(async (size) => new Uint8Array(size))]) {
    await assert.rejects(async () => app.spawn('take', 16 * MEGABYTE), /no memory for \d+ bytes/);
    for (let i = 0; i < 20; i++) assert.equal(await app.spawn('take', MEGABYTE), MEGABYTE);
  }
});

test('a call whose stack cannot be had rejects with GREENLET_ENOMEM', async () => {
  const app = await loadHoard();
  await assert.rejects(async () => app.spawn('take', 1, { stack: 16 * MEGABYTE }), {
    code: 'GREENLET_ENOMEM',
  });
  assert.equal(await app.spawn('take', 1), 1);
});

test('addresses above 2 GiB are addresses', async () => {
  const imports = { host: { make: (/** @type {number} */ size) => new Uint8Array(size).fill(7) } };
  const app = await load(await compileProgram('hoard.c'), { imports });
  assert.equal(await app.spawn('reserve', 2.2e9), 1);
  for (let i = 0; i < 100; i++) assert.equal(await app.spawn('take', 1000), 1000);
  assert.equal(await app.spawn('length', new Uint8Array(5000)), 5000);
});
