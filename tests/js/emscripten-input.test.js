// stdin and other descriptors of programs that emcc has linked with what `flags --emscripten` prints.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import { readFactory } from '../emscripten/factory.js';
import { emscriptenFolder, linkEmscripten, missingEmscripten } from '../suites/emscripten.js';
import { root, run } from '../suites/process.js';
import { settle } from './harness/helpers.js';

/** @typedef {import('../../js/app.js').App<any>} App */

const skip = missingEmscripten() ?? false;
const lesson = 'examples/lessons/46-three-sleepers-and-a-reader';

/** @param {string} source @param {string[]} flags */
async function link(source, flags) {
  const output = `${emscriptenFolder}/input/${source.replace(/.*\//, '').replace(/\.c$/, '.js')}`;
  const made = await linkEmscripten([source], output, { flags: ['-O2', ...flags] });
  assert.ok(made.ok, made.output);
  return join(root, output);
}

describe('three sleepers and a reader, with Emscripten', { skip }, () => {
  it('take as long as the longest, on a pipe as on a file', async () => {
    const program = await link(`${lesson}.c`, []);
    const expected = readFileSync(join(root, `${lesson}.out`), 'utf8');
    const piped = await run([process.execPath, program], { input: 'first\nsecond\n' });
    assert.equal(piped.stdout, expected);
    const input = join(root, `${lesson}.in`);
    const filed = await run(['sh', '-c', `'${process.execPath}' '${program}' < '${input}'`]);
    assert.equal(filed.stdout, expected);
  });
});

describe('stdin with Emscripten', { skip }, () => {
  /** @type {import('../emscripten/factory.js').Factory} */
  let make;
  before(async () => {
    const flags = ['-sMODULARIZE', '-sNODEJS_CATCH_EXIT=0', '-sNODEJS_CATCH_REJECTION=0'];
    ({ make } = await readFactory(await link('tests/emscripten/input.c', flags)));
  });

  /** @param {Record<string, any>} options @param {Record<string, any>} [module] @returns {Promise<App>} */
  async function start(options, module) {
    const { greenlet } = await make({ greenletOptions: { clock: 'virtual', ...options }, ...module });
    return greenlet;
  }

  /** A source that waits, and what makes it give something. */
  function makeSource() {
    /** @type {((text: string | null) => void)[]} */
    const asked = [];
    const stdin = () => new Promise((resolve) => asked.push(resolve));
    const give = async (/** @type {string | null} */ text) => {
      asked.shift()?.(text);
      await settle();
    };
    return { stdin, give };
  }

  it('parks only who reads: the lines of a stream go to one after the other', async () => {
    const { stdin, give } = makeSource();
    const app = await start({ stdin });
    const readers = [app.spawn('read_line'), app.spawn('read_line')];
    await settle();
    assert.match(app.waiting().join(), /read_line waits in readable.*,read_line waits in/);
    await give('one\ntwo\n');
    assert.deepEqual(await Promise.all(readers), ['one\n', 'two\n']);
    const last = app.spawn('read_line');
    await settle();
    await give(null);
    assert.equal(await last, 'end');
  });

  it('is one device, by whatever descriptor it is read', async () => {
    const { stdin, give } = makeSource();
    const app = await start({ stdin });
    for (const name of ['read_copy', 'read_device']) {
      const reader = app.spawn(name);
      await settle();
      assert.equal(reader.waitingOn, 'readable', name);
      await give('x');
      assert.equal(await reader, 'x');
    }
  });

  it('is what Module.stdin gives, as ever, where there is no option', async () => {
    const bytes = [...'a\nb'].map((text) => text.charCodeAt(0));
    const app = await start({}, { stdin: () => bytes.shift() ?? null });
    assert.equal(await app.call('read_line'), 'a\n');
    assert.equal(await app.call('read_line'), 'b');
    assert.equal(await app.call('read_line'), 'end');
  });

  it('is refused where it is nothing that can be read', async () => {
    await assert.rejects(start({ stdin: 5 }), /^TypeError: stdin: expected a function/);
  });

  it('is not asked for by who only writes', async () => {
    let count = 0;
    const app = await start({ stdin: () => count++ });
    assert.equal(await app.call('poll_output'), 1);
    assert.equal(count, 0);
  });

  it('is not all there is: a poll of a pipe waits until another greenlet has written', async () => {
    const app = await start({});
    assert.equal(await app.call('poll_pipe'), 'then, x');
    assert.equal(await app.call('select_pipe'), 'time is over');
    assert.equal(await app.call('read_pipe'), 'Resource temporarily unavailable');
  });

  it('says of descriptors that are not open that they are not', async () => {
    const app = await start({});
    assert.equal(await app.call('poll_closed'), 'not open');
  });
});
