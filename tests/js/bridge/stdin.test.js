// stdin, and what of C waits for it.

import {
  assert,
  compileProgram,
  deferred,
  describe,
  host,
  it,
  load,
  reasonOf,
  settle,
} from '../harness/index.js';

const [READABLE, WRITABLE] = [1, 2];
const FOREVER = Infinity;

/** @param {any} [stdin] @param {object} [options] */
async function loadStdin(stdin, options) {
  return load(await compileProgram('stdin.c'), { clock: 'virtual', stdin, ...options });
}

/** A source that gives what it is told to, when it is told to, and what it was asked for. */
function makeSource() {
  let next = deferred();
  /** @type {number[]} */
  const sizes = [];
  const source = (/** @type {number} */ size) => {
    sizes.push(size);
    return next.promise;
  };
  const give = async (/** @type {unknown} */ chunk) => {
    const { resolve } = next;
    next = deferred();
    resolve(chunk);
    await settle();
  };
  return { source, give, sizes };
}

/** @param {import('../../../js/app.js').App} app @returns {Promise<string[]>} all lines, up to the end */
async function readAll(app) {
  const lines = [];
  for (;;) {
    const line = await app.call('line');
    if (line === 'end') return lines;
    lines.push(line);
  }
}

describe('a source of stdin', () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const pieces = () => [bytes('fir'), 'st\n', bytes(''), '', bytes('zweiß\nla'), 'st'];
  const lines = ['first\n', 'zweiß\n', 'last'];

  it('is a function that gives bytes, text, and null at the end', async () => {
    const rest = pieces().filter(({ length }) => length > 0);
    const app = await loadStdin(() => rest.shift() ?? null);
    assert.deepEqual(await readAll(app), lines);
  });

  it('is a function that gives promises', async () => {
    const rest = pieces().filter(({ length }) => length > 0);
    const app = await loadStdin(async () => rest.shift());
    assert.deepEqual(await readAll(app), lines);
  });

  it('is an async iterable', async () => {
    const app = await loadStdin(
      (async function* () {
        yield* pieces();
        return 'no value';
      })(),
    );
    assert.deepEqual(await readAll(app), lines);
  });

  it('is a ReadableStream', async () => {
    const rest = pieces();
    const pull = (/** @type {ReadableStreamDefaultController} */ controller) => {
      const chunk = rest.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    };
    const app = await loadStdin(new ReadableStream({ pull }));
    assert.deepEqual(await readAll(app), lines);
  });

  it('is asked only when somebody reads, for more than he has room for, and not again at its end', async () => {
    const sizes = /** @type {number[]} */ ([]);
    const chunks = ['abc', null];
    const app = await loadStdin((/** @type {number} */ size) => {
      sizes.push(size);
      return chunks.shift();
    });
    assert.deepEqual(sizes, []);
    const said = [];
    for (let i = 0; i < 5; i++) said.push(await app.call('byte'));
    assert.deepEqual(said, ['a', 'b', 'c', 'end', 'end']);
    assert.equal(sizes.length, 2);
    assert.ok(sizes[0] > 1);
  });

  it('fills the parts of a readv, and gives numbers to scanf', async () => {
    const chunks = ['abcde', 'x', ' 42 7'];
    const app = await loadStdin(() => chunks.shift());
    assert.equal(await app.call('parts'), 'ab|cde');
    assert.equal(await app.call('parts'), 'x.|...');
    assert.equal(await app.call('number'), 42);
    assert.equal(await app.call('number'), 7);
    await assert.rejects(app.call('number'), { message: /none/ });
  });

  it('that fails is reported, and C gets an I/O error, and then the end', async () => {
    const sources = [
      () => Promise.reject(new Error('unplugged')),
      () => {
        throw new Error('unplugged');
      },
      () => 5,
    ];
    for (const source of sources) {
      const reported = /** @type {any[]} */ ([]);
      const onUnhandled = (/** @type {unknown} */ reason) => void reported.push(reason);
      const app = await loadStdin(source, { onUnhandled });
      assert.deepEqual([await app.call('byte'), await app.call('byte')], ['I/O error', 'end']);
      assert.match(
        String(reported),
        /^(Error: unplugged|TypeError: stdin: expected a Uint8Array, .* number 5)$/,
      );
    }
  });

  it('is let go when the app ends, and when C closes it', async () => {
    for (const end of [
      (/** @type {any} */ app) => app.dispose(),
      (/** @type {any} */ app) => app.call('close_fd', 0),
    ]) {
      const stream = new ReadableStream({ pull: () => new Promise(() => {}) }, { highWaterMark: 0 });
      const app = await loadStdin(stream);
      const reader = app.spawn('byte');
      await settle();
      assert.equal(stream.locked, true);
      await end(app);
      assert.equal(stream.locked, false);
      if (app.memorySize) await Promise.allSettled([reader]);
    }
  });

  it('that is an iterator is ended', async () => {
    let returned = 0;
    const iterator = {
      next: () => new Promise(() => {}),
      return: async () => ({ done: true, value: void returned++ }),
      [Symbol.asyncIterator]: () => iterator,
    };
    const app = await loadStdin(iterator);
    app.dispose();
    assert.equal(returned, 1);
  });
});

describe('who reads stdin', () => {
  it('parks alone', async () => {
    const { source, give } = makeSource();
    let said = '';
    const app = await loadStdin(source, {
      stdout: (/** @type {Uint8Array} */ bytes) => void (said += new TextDecoder().decode(bytes)),
    });
    const reader = app.spawn('line');
    await settle();
    assert.equal(reader.waitingOn, 'readable');
    await app.call('print', 'meanwhile');
    assert.equal(said, 'meanwhile\n');
    assert.equal(reader.status, 'pending');
    await give('now\n');
    assert.equal(await reader, 'now\n');
  });

  it('keeps virtual time from going on', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    const waiter = app.spawn('wait_fd', 0, READABLE, 1);
    const drained = app.drain();
    await settle();
    assert.equal(waiter.status, 'pending');
    await give('x');
    assert.equal(await waiter, READABLE);
    await drained;
  });

  it('is told if somebody else does already', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    const first = app.spawn('byte');
    assert.equal(await app.call('byte'), 'Resource busy');
    await assert.rejects(app.call('wait_fd', 0, READABLE, FOREVER), { code: 'GREENLET_EBUSY' });
    await give('x');
    assert.equal(await first, 'x');
  });

  it('is woken by whoever closes it', async () => {
    for (const close of ['close_fd', 'close_plainly']) {
      const app = await loadStdin(makeSource().source);
      const [reader, poller] = [app.spawn('byte'), app.spawn('poll_for', 0, 0, -1)];
      await settle();
      await app.call(close, 0);
      assert.equal(await reader, 'Bad file descriptor');
      assert.equal(await poller, 99);
      assert.equal(await app.call('byte'), 'Bad file descriptor');
      await assert.rejects(app.call('wait_fd', 0, READABLE, FOREVER), { code: 'GREENLET_EBADF' });
      await assert.rejects(app.call('close_fd', 0), { code: 'GREENLET_EBADF' });
    }
  });

  it('fails with ECANCELED once killed; what comes then is for the next', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    const killed = app.spawn('two_bytes');
    await settle();
    killed.kill();
    assert.equal(await killed, 'Operation canceled, Operation canceled');
    const next = app.spawn('byte');
    await settle();
    await give('xy');
    assert.deepEqual([await next, await app.call('byte')], ['x', 'y']);
  });

  it('waits no longer than it wants to', async () => {
    const app = await loadStdin(makeSource().source, { clock: 'real' });
    assert.equal(await app.call('byte_within', 0.01), 'Operation timed out');
    await assert.rejects(app.call('wait_fd', 0, READABLE, 0.01), { code: 'GREENLET_ETIMEDOUT' });
    assert.equal(await app.call('poll_for', 0, 0, 10), 0);
    assert.equal(await app.call('poll_for', 0, 0, 0), 0);
    assert.equal(await app.call('select_for', 10), 0);
  });

  it('is told by poll and select that there is something, or the end', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    const waiting = [app.spawn('poll_for', 0, 0, -1), app.spawn('select_for', -1)];
    await settle();
    assert.deepEqual(
      waiting.map(({ status }) => status),
      ['pending', 'pending'],
    );
    await give('x');
    assert.deepEqual(await Promise.all(waiting), [1, 1]);
    assert.equal(await app.call('byte'), 'x');
    const last = app.spawn('poll_for', 0, 0, -1);
    await settle();
    await give(null);
    assert.equal(await last, 1);
    assert.equal(await app.call('byte'), 'end');
  });

  it('does not wait if it has set O_NONBLOCK', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    assert.equal(await app.call('set_nonblocking'), 0);
    assert.equal(await app.call('byte'), 'Resource temporarily unavailable');
    await give('x');
    assert.equal(await app.call('byte'), 'x');
  });

  it('gets what there is where it must not wait, or is told that there is nothing', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    assert.equal(app.callSync('byte'), 'Resource temporarily unavailable');
    await give('x');
    assert.equal(app.callSync('byte'), 'x');
  });

  it('is rejected when the app ends, whatever comes then', async () => {
    const { source, give } = makeSource();
    const app = await loadStdin(source);
    const reader = app.spawn('byte');
    await settle();
    app.exit(0);
    assert.equal((await reasonOf(reader)).code, 'GREENLET_EDISPOSED');
    await give('x');
  });
});

describe('other descriptors', () => {
  it('can always be written to, and are closed like stdin', async () => {
    const app = await loadStdin(() => null, { stdout: () => {} });
    assert.equal(await app.call('wait_fd', 1, READABLE | WRITABLE, FOREVER), READABLE | WRITABLE);
    assert.equal(await app.call('poll_for', 2, 1, -1), 1);
    await app.call('close_fd', 2);
    assert.equal(await app.call('poll_for', 2, 1, -1), 99);
    await assert.rejects(app.call('wait_fd', 3, READABLE, FOREVER), { code: 'GREENLET_EBADF' });
    assert.equal(await app.call('poll_for', 3, 0, -1), 99);
  });

  it('are waited for by a program that reads nothing, too', async () => {
    const app = await load(await compileProgram('descriptors.c'), { clock: 'virtual', stdin: () => null });
    assert.equal(await app.call('poll_output'), 1);
    assert.equal(await app.call('wait_fd', 0, READABLE), READABLE);
    await assert.rejects(app.call('wait_fd', 5, WRITABLE), { code: 'GREENLET_EBADF' });
  });
});

if (host.isBrowser) {
  it('nothing comes in where there is no process and nobody gives anything', async () => {
    assert.equal(await (await loadStdin()).call('line'), 'end');
  });
}
