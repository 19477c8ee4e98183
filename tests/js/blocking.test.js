import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';
import { load } from '../../js/index.js';
import { FakeHost } from './fake-wasi.js';

/** @typedef {import('./fake-wasi.js').Input} Input */

const program = fileURLToPath(new URL('programs/blocking.c', import.meta.url));
const lesson = fileURLToPath(new URL('../../examples/lessons/44-ordinary-sleep.c', import.meta.url));

/** @param {string} source @param {'javascript' | 'wasi'} host @param {boolean} [patch] */
async function compile(source, host, patch) {
  const { wasm } = await build({ sources: [source], host, patch });
  return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
}

const patched = compile(program, 'wasi');
const patchedForJavaScript = compile(program, 'javascript');

/** @param {string} scenario @param {Input[]} [input] */
async function run(scenario, input) {
  const { stdout, status, trap } = await new FakeHost({ env: { SCENARIO: scenario }, input }).run(
    await patched,
  );
  assert.equal(trap, undefined);
  assert.equal(status, 0);
  return stdout.split('\n').slice(0, -1);
}

describe('blocking C in a WASI command', () => {
  test('sleepers and a reader of stdin take as long as the longest', async () => {
    const said = await run('overlap', [
      [500, 'one\n'],
      [1000, 'two\nthree\n'],
      [2500, ''],
    ]);
    assert.deepEqual(said, [
      '0.2 usleep 0',
      '0.5 line one',
      '1.0 line two',
      '1.0 line three',
      '2.0 until 0',
      '2.5 end 1',
      '3.0 sleep 0',
      '3.0 nanosleep 0, 0',
    ]);
  });

  test('poll and select park until something can be read, or the time is over', async () => {
    const said = await run('look', [[1000, 'x']]);
    assert.deepEqual(said.sort(), ['0.4 poll 0', '1.0 poll 1 1', '1.0 select 1 1']);
  });

  test('sched_yield lets others run', async () => {
    const said = await run('turns');
    assert.deepEqual(said, ['0.0 turn 0 0', '0.0 turn 0 0', '0.0 turn 1 0', '0.0 turn 1 0']);
  });

  test('a second reader is told', async () => {
    const said = await run('share', [[300, 'x']]);
    assert.deepEqual(said, ['0.0 read -1 Resource busy', '0.3 read 1 ']);
  });

  test('two who read one stream get whole lines', async () => {
    const said = await run('lines', [
      [300, 'on'],
      [500, 'e\ntw'],
      [800, 'o\n'],
    ]);
    assert.deepEqual(said, ['0.5 line one', '0.8 line two']);
  });

  test('nobody writes to a stream that another one holds', async () => {
    const host = new FakeHost({ env: { SCENARIO: 'hold' } });
    const { stdout, stderr } = await host.run(await patched);
    assert.equal(stdout, 'held still\nthen free\n');
    assert.equal(stderr, '1\n0\n');
  });

  test('closing wakes who reads', async () => {
    const said = await run('shut', [[9000, 'x']]);
    assert.deepEqual(said, ['0.1 close 0', '0.1 read -1 Bad file descriptor']);
  });

  test('after a kill each call fails', async () => {
    const ignored = '0.1 ignored -1 Operation canceled';
    assert.deepEqual(await run('kill'), [ignored, ignored, ignored, '0.1 gone']);
  });

  test('who ignores a kill too often is ended', async () => {
    const ignored = '0.1 ignored -1 Operation canceled';
    assert.deepEqual(await run('limit'), [ignored, ignored, '0.1 gone']);
  });

  test('who finds no room to write waits for it; a stream makes everybody wait', async () => {
    const complain = async (/** @type {string} */ scenario) => {
      const host = new FakeHost({ env: { SCENARIO: scenario }, fullUntil: 300 });
      const { stdout, stderr } = await host.run(await patched);
      return [stdout, ...stderr.split('\n')];
    };
    assert.deepEqual(await complain('full'), ['w', 'slept 0', 'written 1', '']);
    assert.deepEqual(await complain('full stream'), ['s', 'written 1', 'slept 0', '']);
  });

  test('accept, recv and send park only who calls them', async () => {
    /** @type {import('./fake-wasi.js').Peer[]} */
    const peers = [
      {
        at: 100,
        sends: [
          [900, 'slow'],
          [1000, ''],
        ],
      },
      {
        at: 300,
        sends: [
          [400, 'quick'],
          [500, ''],
        ],
      },
    ];
    const host = new FakeHost({ env: { SCENARIO: 'serve' }, peers });
    const { stdout, status } = await host.run(await patched);
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\n').slice(0, -1), [
      '0.1 accept 4',
      '0.2 usleep 0',
      '0.3 accept 5',
      '0.4 recv quick',
      '0.4 send 5',
      '0.5 close 0',
      '0.9 recv slow',
      '0.9 send 4',
      '1.0 close 0',
    ]);
    assert.deepEqual(
      peers.map(({ received }) => received),
      ['slow', 'quick'],
    );
  });

  test('a recv that is killed fails', async () => {
    const peers = [{ at: 0, sends: /** @type {Input[]} */ ([[9000, 'x']]) }];
    const host = new FakeHost({ env: { SCENARIO: 'kill receiver' }, peers });
    const { stdout } = await host.run(await patched);
    assert.equal(stdout, '0.1 recv -1 Operation canceled\n');
  });

  test('blocks everybody without the patch', async () => {
    const { stdout } = await new FakeHost().run(await compile(lesson, 'wasi', false));
    assert.deepEqual(stdout.split('\n'), ['eat food 1', 'eat food 2', 'play 1', 'play 2', '主', '']);
    const host = new FakeHost();
    const { stdout: overlapping } = await host.run(await compile(lesson, 'wasi'));
    assert.equal(overlapping, readFileSync(lesson.replace(/c$/, 'out'), 'utf8'));
  });
});

describe('blocking C in JavaScript', () => {
  /** @param {string} scenario @param {() => string | null} [stdin] */
  async function runInJavaScript(scenario, stdin = () => null) {
    let text = '';
    const decoder = new TextDecoder();
    const stdout = (/** @type {Uint8Array} */ bytes) => void (text += decoder.decode(bytes));
    const options = { env: { SCENARIO: scenario }, stdin, stdout };
    const app = await load(await patchedForJavaScript, { ...options, clock: 'virtual' });
    assert.equal(await app.run(), 0);
    return text.trimEnd().split('\n');
  }

  test('sleepers and a reader of stdin take as long as the longest', async () => {
    const lines = ['one\n', 'two\nthree\n'];
    const said = await runInJavaScript('overlap', () => lines.shift() ?? null);
    assert.deepEqual(said.slice(0, 5), [
      '0.0 line one',
      '0.0 line two',
      '0.0 line three',
      '0.0 end 1',
      '0.2 usleep 0',
    ]);
    assert.deepEqual(said.slice(5).sort(), ['2.0 until 0', '3.0 nanosleep 0, 0', '3.0 sleep 0']);
  });

  test('blocks everybody without the patch', async () => {
    let text = '';
    const stdout = (/** @type {Uint8Array} */ bytes) => void (text += new TextDecoder().decode(bytes));
    const app = await load(await compile(lesson, 'javascript', false), { stdout });
    assert.equal(await app.run(), 0);
    assert.deepEqual(text.split('\n'), ['eat food 1', 'eat food 2', 'play 1', 'play 2', '主', '']);
  });

  test('sched_yield lets others run', async () => {
    const said = await runInJavaScript('turns');
    assert.deepEqual(said, ['0.0 turn 0 0', '0.0 turn 0 0', '0.0 turn 1 0', '0.0 turn 1 0']);
  });

  test('after a kill each call fails', async () => {
    const ignored = '0.1 ignored -1 Operation canceled';
    assert.deepEqual(await runInJavaScript('kill'), [ignored, ignored, ignored, '0.1 gone']);
  });

  test('who ignores a kill too often is ended', async () => {
    const ignored = '0.1 ignored -1 Operation canceled';
    assert.deepEqual(await runInJavaScript('limit'), [ignored, ignored, '0.1 gone']);
  });
});
