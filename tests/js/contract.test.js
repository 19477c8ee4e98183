import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { CELL_SIZE } from '../../js/cells.js';
import { ACTIONS, TYPES } from '../../js/function-greenlet.js';
import { load } from '../../js/index.js';
import { ABI } from '../../js/records.js';
import { compileProgram } from './program.js';

const root = new URL('../../', import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), 'utf8');

async function loadContract() {
  return load(await compileProgram('contract.c'));
}

test('cells, statuses and versions are the same in C and in JavaScript', async () => {
  const app = await loadContract();
  assert.deepEqual(await app.spawn('contract'), {
    cell: CELL_SIZE,
    bytesSize: 4,
    statuses: [0, 1, 2, 3],
    version: JSON.parse(read('package.json')).version,
  });
  assert.equal(ABI, JSON.parse(read('wasm/abi.json')).abi);
});

test('what a function can ask for, and the types of items, are the same', async () => {
  const app = await loadContract();
  assert.deepEqual(app.callSync('actions'), ACTIONS);
  assert.deepEqual(app.callSync('types'), Object.fromEntries(TYPES.map((type, i) => [type, i])));
});

test('every code that JavaScript names is in the table of C', async () => {
  const app = await loadContract();
  const known = new Set();
  for (let code = -1; known.size < 200; code--) {
    const name = app.callSync('code_name', code);
    if (name === 'GREENLET_EUSER') break;
    known.add(name);
  }
  assert.ok(known.size > 20);
  const files = readdirSync(new URL('js/', root)).filter((file) => file.endsWith('.js'));
  const named = files.flatMap((file) => read(`js/${file}`).match(/GREENLET_E[A-Z]+/g) ?? []);
  assert.ok(named.length > 20);
  for (const name of named) if (name !== 'GREENLET_EUSER') assert.ok(known.has(name), name);
});

test('a module imports nothing of the host but what the runtime declares', async () => {
  const module = await compileProgram('contract.c');
  const header = read('wasm/host.h');
  const declared = [...header.matchAll(/HOST_IMPORT\("(\w+)"\)/g)].map((match) => match[1]);
  const imported = WebAssembly.Module.imports(module).filter(({ module }) => module === 'gevent_host');
  for (const { name } of imported) assert.ok(declared.includes(name), name);
  const others = WebAssembly.Module.imports(module).map(({ module }) => module);
  assert.deepEqual([...new Set(others)].sort(), ['gevent_host', 'wasi_snapshot_preview1']);
});
