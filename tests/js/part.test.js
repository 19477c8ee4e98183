// Files of the package that are loaded when they are needed.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileProgram, reasonOf } from './program.js';

/**
 * The package, without one of its files.
 *
 * @param {import('node:test').TestContext} context
 * @param {string} file
 */
async function packageWithout(context, file) {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-part-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fileURLToPath(new URL('../../js', import.meta.url)), join(folder, 'js'), { recursive: true });
  cpSync(fileURLToPath(new URL('../../package.json', import.meta.url)), join(folder, 'package.json'));
  const away = join(folder, file);
  renameSync(join(folder, 'js', file), away);
  /** @type {typeof import('../../js/index.js')} */
  const { load } = await import(String(pathToFileURL(join(folder, 'js/index.js'))));
  return { load, putBack: () => renameSync(away, join(folder, 'js', file)) };
}

/** @param {any} error @param {RegExp} file */
function assertIsMissing(error, file) {
  assert.equal(error.name, 'ModuleError');
  assert.equal(error.code, 'GREENLET_EMODULE');
  assert.match(error.message, /^a file of greenlet-wasm cannot be loaded: /);
  assert.match(error.message, file);
  assert.equal(error.cause.code, 'ERR_MODULE_NOT_FOUND');
}

test('a function whose part is missing fails by name, and starts once it is there', async (context) => {
  const { load, putBack } = await packageWithout(context, 'function-greenlet.js');
  const app = await load(await compileProgram('contract.c'));
  const tasks = [app.spawn(() => 1), app.spawn(() => 2)];
  for (const task of tasks) assertIsMissing(await reasonOf(task), /function-greenlet\.js/);
  assert.equal(typeof (await app.spawn('code_name', -1)), 'string');
  await app.drain();
  putBack();
  assert.equal(await app.spawn(() => 3), 3);
});

test('a function keeps its turn while its part is loaded', async (context) => {
  const { load, putBack } = await packageWithout(context, 'function-greenlet.js');
  putBack();
  const app = await load(await compileProgram('contract.c'));
  /** @type {string[]} */
  const notes = [];
  const task = app.spawn(async (g) => {
    notes.push('function');
    await g.sleep(1);
  });
  const other = app.spawn('code_name', -1);
  void other.then(() => notes.push('C'));
  await Promise.resolve(); // a turn has asked for it
  assert.equal(task.waitingOn, 'javascript');
  task.kill(new Error('too late'));
  assert.equal((await reasonOf(task)).message, 'too late');
  await other;
  assert.deepEqual(notes, ['function', 'C']);
});

test('an app is disposed of while a function waits for its part', async (context) => {
  const { load } = await packageWithout(context, 'function-greenlet.js');
  const app = await load(await compileProgram('contract.c'));
  const task = app.spawn(() => 1);
  await Promise.resolve();
  app.dispose();
  assert.equal((await reasonOf(task)).code, 'GREENLET_EEXIT');
});

test('load says which part is missing', async (context) => {
  const { load } = await packageWithout(context, 'process.js');
  assertIsMissing(await reasonOf(load(await compileProgram('contract.c'))), /process\.js/);
});
