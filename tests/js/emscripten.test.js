// Programs that emcc has linked with what `flags --emscripten` prints.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import { readFactory } from '../emscripten/factory.js';
import { emscriptenFolder, linkEmscripten, missingEmscripten } from '../suites/emscripten.js';
import { root, run } from '../suites/process.js';
import { reasonOf, settle } from './harness/helpers.js';
import * as notInEmscripten from './harness/not-in-emscripten.js';

/** @typedef {import('../emscripten/factory.js').Factory} Factory */
/** @typedef {import('../../js/app.js').App<any>} App */

const skip = missingEmscripten() ?? false;

/** GREENLET_EWOULDBLOCK. */
const WOULD_BLOCK = -14;

/** @param {string} source @param {string[]} [flags] @returns {Promise<Factory>} */
async function link(source, flags = []) {
  const output = `${emscriptenFolder}/${source.replace(/.*\//, '').replace(/\.c$/, '.js')}`;
  const all = ['-O2', '-sMODULARIZE', '-sNODEJS_CATCH_EXIT=0', '-sNODEJS_CATCH_REJECTION=0', ...flags];
  const made = await linkEmscripten([source], output, { flags: all });
  assert.ok(made.ok, made.output);
  return (await readFactory(join(root, output))).make;
}

/** @param {Factory} make @param {Record<string, any>} options @param {Record<string, any>} [module] @returns {Promise<App>} */
async function start(make, options, module) {
  const { greenlet } = await make({ greenletOptions: { clock: 'virtual', ...options }, ...module });
  return greenlet;
}

describe('the door in a program of Emscripten', { skip }, () => {
  /** @type {Factory} */
  let make;
  before(async () => {
    make = await link('tests/js/programs/bridge.c');
  });

  const host = {
    add_later: async (/** @type {number} */ a, /** @type {number} */ b) => a + b,
    greet: async (/** @type {string} */ name) => `hello ${name}`,
    reverse: (/** @type {Uint8Array} */ bytes) => bytes.reverse(),
    transform: (/** @type {unknown} */ value) => ({ got: value }),
    big: (/** @type {bigint} */ value) => value + 1n,
    half: (/** @type {number} */ value) => value / 2,
    pick: (/** @type {any} */ object, /** @type {string} */ key) => object[key],
    note: () => {},
  };
  const load = (/** @type {object} */ imports = {}) =>
    start(make, { imports: { host: { ...host, ...imports } } });

  it('carries values of every type in and out', async () => {
    const app = await load();
    assert.equal(await app.call('add_twice', 1, 2), 5);
    assert.equal(await app.call('hello', 'wörld'), 'hello wörld');
    assert.deepEqual(await app.call('mirror', new Uint8Array([1, 2, 3])), new Uint8Array([3, 2, 1]));
    assert.deepEqual(await app.call('change', { a: [1] }), { got: { a: [1] } });
    assert.equal(await app.call('through_i64', 2n ** 40n), 2n ** 40n + 1n);
    assert.equal(await app.call('through_f64', 5), 2.5);
    const value = { key: Symbol('value') };
    assert.equal(await app.call('through_ref', value, 'key'), value.key);
  });

  it('has any number of calls wait at once', async () => {
    const gates = /** @type {((value: number) => void)[]} */ ([]);
    const add_later = async (/** @type {number} */ a, /** @type {number} */ b) =>
      gates.length < 200 ? new Promise((resolve) => gates.push(resolve)) : a + b;
    const app = await load({ add_later });
    const tasks = Array.from({ length: 200 }, (_, i) => app.spawn('add_twice', i, 1));
    await settle();
    assert.equal(gates.length, 200);
    for (let i = 199; i >= 0; i--) gates[i](1000 * i);
    const results = await Promise.all(tasks);
    assert.deepEqual(
      results,
      Array.from(results, (_, i) => 1000 * i + 1),
    );
  });

  it('gives C what a promise rejects with', async () => {
    const app = await load({ greet: () => Promise.reject(new Error('no greeting')) });
    assert.equal(await app.call('catch_rejection'), 'no greeting');
  });

  it('aborts the import of a task that is killed', async () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    const greet = (/** @type {string} */ _name, /** @type {{ signal: AbortSignal }} */ context) => {
      ({ signal } = context);
      return new Promise(() => {});
    };
    const app = await load({ greet });
    const task = app.spawn('hello', 'you');
    await settle();
    task.kill(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
    assert.equal(signal?.aborted, true);
  });

  it('calls synchronously', async () => {
    const app = await load();
    assert.equal(app.callSync('add', 2, 3), 5);
    assert.throws(() => app.callSync('hello', 'you'), { code: 'GREENLET_EWOULDBLOCK' });
  });

  it('names an import that nobody has given', async () => {
    const app = await start(make, {});
    const { cause } = await reasonOf(app.spawn('hello', 'you'));
    assert.match(cause.message, /options\.imports\.host\.greet: expected a function/);
  });

  it('refuses options that it does not know', async () => {
    await assert.rejects(start(make, { argv: [] }), /there is no option 'argv'/);
  });
});

describe('what Emscripten waits in', { skip }, () => {
  /** @type {Factory} */
  let make;
  before(async () => {
    make = await link('tests/emscripten/beside.c', ['-sASYNCIFY_IMPORTS=start_unwinding']);
  });

  const load = (/** @type {(number: number) => Promise<number>} */ promiseOf) =>
    start(make, {}, { promiseOf });

  it('parks only the greenlet that calls, any number at once, in any order', async () => {
    const gates = /** @type {((value: number) => void)[]} */ ([]);
    const app = await load((number) => new Promise((resolve) => (gates[number] = resolve)));
    const tasks = Array.from({ length: 50 }, (_, i) => app.spawn('await_number', i));
    await settle();
    assert.equal(gates.length, 50);
    for (let i = 49; i >= 0; i--) gates[i](i * i);
    assert.deepEqual(
      await Promise.all(tasks),
      Array.from({ length: 50 }, (_, i) => i * i),
    );
  });

  it('fails C, and tells it why, where the promise rejects or the task is killed', async () => {
    const app = await load((number) =>
      number ? Promise.reject(new Error('no number')) : new Promise(() => {}),
    );
    const reason = await reasonOf(app.spawn('await_or_fail', 1));
    assert.equal(reason.code, 'GREENLET_EREJECTED');
    assert.match(reason.message, /no number/);
    const task = app.spawn('await_or_fail', 0);
    await settle();
    task.kill();
    assert.equal((await reasonOf(task)).code, 'GREENLET_EEXIT');
  });

  it('fails each call of one that was killed, without asking JavaScript again', async () => {
    let asked = 0;
    const app = await load(() => {
      asked++;
      return new Promise(() => {});
    });
    const task = app.spawn('await_stubbornly');
    await settle();
    task.kill();
    assert.equal(await task, 11);
    assert.equal(asked, 1);
  });

  it('ends the program by name where nobody can wait, before anything has unwound', async () => {
    let isAsked = false;
    const app = await load(async () => {
      isAsked = true;
      return 1;
    });
    const reason = await reasonOf(app.spawn('await_in_callback'));
    assert.match(reason.message, /asynchronous function of Emscripten was called where no greenlet can wait/);
    assert.equal(isAsked, false);
  });

  it('is all that may unwind besides the runtime', async () => {
    const app = await load(async () => 1);
    const other = app.spawn('await_number', 1);
    assert.equal(await other, 1);
    const reason = await reasonOf(app.spawn('unwind_everything'));
    assert.equal(reason.code, 'GREENLET_EFORBIDDEN');
    assert.match(reason.message, /something else than the runtime has unwound/);
    assert.throws(() => app.spawn('await_number', 1), { code: 'GREENLET_EFORBIDDEN' });
  });

  it('is sleep, too', async () => {
    const app = await load(async () => 1);
    const [one, other] = await Promise.all([app.call('sleep_by_libc'), app.call('sleep_by_libc')]);
    assert.ok(Math.abs(one - 0.01) < 1e-6, `${one}`);
    assert.ok(Math.abs(other - 0.01) < 1e-6, `${other}`);
    const task = app.spawn('sleep_stubbornly');
    await settle();
    task.kill();
    assert.equal((await reasonOf(task)).code, 'GREENLET_EEXIT');
  });
});

describe('a function that Emscripten exports', { skip }, () => {
  /** @type {Factory} */
  let make;
  before(async () => {
    make = await link('tests/emscripten/raw.c');
  });

  /** @returns {Promise<Record<string, any>>} the module */
  const load = () =>
    make({
      greenletOptions: { clock: 'virtual', imports: { host: { add_later: async () => 1 } } },
      promiseOf: async () => 1,
    });

  for (const state of ['at rest', 'while others wait'])
    it(`fails by name where it would wait, and nobody is the worse for it: ${state}`, async () => {
      const module = await load();
      const { greenlet: app } = module;
      const waiting = state === 'at rest' ? [] : [app.call('sleep_once'), app.call('sleep_once')];
      await Promise.resolve();
      for (const name of ['raw_sleep', 'raw_import', 'raw_join'])
        assert.equal(module[`_${name}`](), WOULD_BLOCK, name);
      assert.equal(module._raw_spawn(), 0);
      assert.equal(await app.call('sleep_once'), 2);
      await Promise.all(waiting);
      await app.drain();
    });

  it('ends the program by name where a function of Emscripten would wait', async () => {
    const module = await load();
    assert.throws(() => module._raw_await(), { code: 'GREENLET_EWOULDBLOCK' });
  });
});

describe('what of the bridge’s tests cannot apply', () => {
  it('is named as it is there', () => {
    const folder = join(root, 'tests/js/bridge');
    const files = readdirSync(folder);
    for (const file of Object.keys(notInEmscripten.files)) assert.ok(files.includes(file), file);
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
    const { tests, debugTests } = notInEmscripten;
    for (const name of Object.keys({ ...tests, ...debugTests })) assert.ok(text.includes(`'${name}'`), name);
  });
});

describe('docs/emscripten.md', { skip }, () => {
  it('has a program that says what it shows', async () => {
    const text = readFileSync(join(root, 'docs/emscripten.md'), 'utf8');
    const [, program = ''] = /```c\n(.*?)```/s.exec(text) ?? [];
    const [, expected = ''] = /```text\n(.*?)```/s.exec(text) ?? [];
    const output = `${emscriptenFolder}/documented.js`;
    mkdirSync(join(root, emscriptenFolder), { recursive: true });
    writeFileSync(join(root, emscriptenFolder, 'documented.c'), program);
    const made = await linkEmscripten([`${emscriptenFolder}/documented.c`], output, { flags: ['-O2'] });
    assert.ok(made.ok, made.output);
    const { ok, stdout } = await run([process.execPath, join(root, output)]);
    assert.ok(ok);
    // Which comes first, is for two clocks to say.
    assert.deepEqual(stdout.split('\n').sort(), expected.split('\n').sort());
  });
});
