// What of the playground's page needs no page.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { findingsIn } from '../../examples/playground/site/diagnostics.js';
import { LineInput } from '../../examples/playground/site/line-input.js';
import { Outbox } from '../../examples/playground/site/run/outbox.js';
import { readFragment, writeFragment } from '../../examples/playground/site/share.js';

describe('what a compiler has printed', () => {
  it('is findings at lines and columns, with their notes', () => {
    const text = [
      "a.c:3:5: warning: unused variable 'x' [-Wunused-variable]",
      '    3 |     int x;',
      "a.c:4:12: error: use of undeclared identifier 'y'",
      "a.c:1:5: note: 'z' declared here",
      'In file included from a.c:1:\n/usr/greenlet/src/greenlet.h:7:2: error: not ours',
      "a.c:9:10: fatal error: 'absent.h' file not found",
    ].join('\n');
    assert.deepEqual(findingsIn(text, 'a.c'), [
      { line: 3, column: 5, severity: 'warning', message: "unused variable 'x' [-Wunused-variable]" },
      {
        line: 4,
        column: 12,
        severity: 'error',
        message: "use of undeclared identifier 'y'\nnote: 'z' declared here",
      },
      { line: 9, column: 10, severity: 'error', message: "'absent.h' file not found" },
    ]);
  });
});

describe('what is typed', () => {
  function start() {
    /** @type {string[]} */
    const echoed = [];
    let interrupts = 0;
    const input = new LineInput({ echo: (text) => echoed.push(text), onInterrupt: () => interrupts++ });
    return { input, echoed, interrupts: () => interrupts };
  }

  it('comes in lines, which can be corrected before they are finished', async () => {
    const { input, echoed } = start();
    const line = input.read();
    input.type('on\x7ff\r');
    assert.equal(await line, 'of\n');
    assert.equal(echoed.join(''), 'on\b \bf\n');
  });

  it('is kept until it is read', async () => {
    const { input } = start();
    input.type('one\rtwo\n');
    assert.deepEqual([await input.read(), await input.read()], ['one\n', 'two\n']);
  });

  it('ends with Ctrl+D, or hands over what is there of a line', async () => {
    const { input } = start();
    input.type('rest\x04\x04');
    assert.deepEqual([await input.read(), await input.read()], ['rest', null]);
  });

  it('interrupts with Ctrl+C, and takes no other control characters', async () => {
    const { input, echoed, interrupts } = start();
    input.type('\x03\x1b\x01');
    assert.equal(interrupts(), 1);
    assert.deepEqual(echoed, []);
  });

  it('erases nothing where nothing is, and whole characters', async () => {
    const { input, echoed } = start();
    input.type('\x7f');
    assert.deepEqual(echoed, []);
    input.type('\u{1f375}\x7ftea\r');
    assert.equal(await input.read(), 'tea\n');
  });

  it('is forgotten for another program', async () => {
    const { input } = start();
    input.type('old\rand');
    input.reset();
    input.type('new\r');
    assert.equal(await input.read(), 'new\n');
  });
});

describe('a link', () => {
  it('holds a program and its settings', async () => {
    const shared = /** @type {const} */ ({
      lesson: '41-a-pool',
      clock: 'virtual',
      program: '// “Grüße”\nint main(void) {}\n'.repeat(50),
    });
    const fragment = await writeFragment(shared);
    assert.ok(fragment.length < 200, fragment);
    assert.match(fragment, /^#[\w=&-]+$/);
    assert.deepEqual(await readFragment(fragment), shared);
  });

  it('may hold less, or what means nothing', async () => {
    const nothing = { lesson: undefined, clock: undefined, program: undefined };
    assert.deepEqual(await readFragment(''), nothing);
    assert.deepEqual(await readFragment('#clock=broken&other=1'), nothing);
  });

  it('says that it is damaged', async () => {
    for (const packed of ['AAAA', '!', 'S0kt'])
      await assert.rejects(readFragment(`#program=${packed}`), /^Error: the link is damaged/);
  });
});

describe('what a program writes', () => {
  function start() {
    /** @type {any[]} */
    const sent = [];
    const outbox = new Outbox((message) => sent.push(message));
    const write = (/** @type {string} */ text, /** @type {1 | 2} */ stream = 1) =>
      outbox.write(stream, new TextEncoder().encode(text));
    return { sent, outbox, write };
  }
  /** @param {any[]} sent */
  const textOf = (sent) => sent.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');

  it('is sent at once', () => {
    const { sent, write } = start();
    write('a');
    write('b', 2);
    assert.deepEqual(
      sent.map(({ kind, stream }) => [kind, stream]),
      [
        ['output', 1],
        ['output', 2],
      ],
    );
  });

  it('is put together while the page does not keep up, in order and whole', () => {
    const { sent, outbox, write } = start();
    for (let i = 0; i < 1000; i++) write(`${i},`);
    write('!', 2);
    const before = sent.length;
    assert.ok(before < 300);
    outbox.flush();
    assert.equal(textOf(sent), `${Array.from({ length: 1000 }, (_, i) => `${i},`).join('')}!`);
  });

  it('goes on at once when the page has caught up', () => {
    const { sent, outbox, write } = start();
    for (let i = 0; i < 300; i++) write('x');
    for (const { bytes } of [...sent]) outbox.acknowledge(bytes.length);
    const before = sent.length;
    write('y');
    assert.equal(sent.length, before + 1);
    assert.equal(textOf(sent), `${'x'.repeat(300)}y`);
  });

  it('is cut off, once and with a word, when it is too much', () => {
    const { sent, write } = start();
    const megabyte = 'x'.repeat(1 << 20);
    for (let i = 0; i < 40; i++) write(megabyte);
    assert.equal(sent.filter(({ kind }) => kind === 'flooded').length, 1);
    assert.ok(textOf(sent.filter(({ kind }) => kind === 'output')).length <= 1 << 24);
  });
});
