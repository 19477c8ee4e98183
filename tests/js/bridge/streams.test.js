// Streams of JavaScript in C, and C in streams of JavaScript.

import { streamImports, toReadable, toTransform, toWritable } from '../../../js/modules/streams.js';
import { ClosedError } from '../harness/errors.js';
import { assert, compileProgram, deferred, describe, it, load, reasonOf, settle } from '../harness/index.js';

/** @param {() => void} [give] */
async function loadStreams(give = () => {}) {
  return load(await compileProgram('streams.c'), { imports: { ...streamImports(), host: { give } } });
}

const encoder = new TextEncoder();

/** @param {any[]} chunks */
function readableOf(chunks) {
  const log = { pulled: 0, cancelled: /** @type {unknown} */ (undefined) };
  const stream = new ReadableStream(
    {
      pull(controller) {
        if (log.pulled < chunks.length) controller.enqueue(chunks[log.pulled++]);
        else controller.close();
      },
      cancel(reason) {
        log.cancelled = reason ?? 'cancelled';
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, log };
}

/** @param {(chunk: any) => unknown} [onWrite] */
function writableInto(onWrite) {
  const log = { chunks: /** @type {any[]} */ ([]), end: '' };
  const stream = new WritableStream({
    async write(chunk) {
      log.chunks.push(chunk);
      await onWrite?.(chunk);
    },
    close: () => void (log.end = 'closed'),
    abort: () => void (log.end = 'aborted'),
  });
  return { stream, log };
}

/** A generator that notes what becomes of it. */
function makeSource() {
  const log = { given: 0, end: '' };
  async function* numbers() {
    try {
      for (;;) yield ++log.given;
    } finally {
      log.end = 'returned';
    }
  }
  return { source: numbers(), log };
}

/** @param {ReadableStream<any>} stream */
async function readAll(stream) {
  const chunks = [];
  const reader = stream.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read())
    chunks.push(result.value);
  return chunks;
}

describe('items that C reads', () => {
  it('come out of iterables, async iterables and streams', async () => {
    const app = await loadStreams();
    assert.equal(await app.call('sum', [1, 2, 3]), 6);
    assert.equal(await app.call('sum', []), 0);
    assert.equal(await app.call('sum', readableOf([1, 2]).stream), 3);
    const { source } = makeSource();
    assert.equal(await app.call('sum_of_two', source), 3);
    assert.throws(
      () => app.spawn('sum', 7),
      /argument 1 of sum: expected a stream or an iterable, got the number 7/,
    );
    assert.match((await reasonOf(app.call('sum', writableInto().stream))).message, /cannot be read from/);
  });

  it('cross in every type, and one of another type is named', async () => {
    const app = await loadStreams();
    const object = () => {};
    const items = [7, 2n ** 40n, 0.5, 'text', new Uint8Array([1, 2]), { a: [1] }, object];
    const { stream, log } = writableInto();
    const error = await reasonOf(app.call('echo_types', [...items, 'no number'], stream));
    assert.deepEqual(log.chunks, items);
    assert.match(error.message, /gevent_stream_next_i32: expected an integer of 32 bits, got the string/);
    await settle();
    assert.equal(log.end, 'aborted');
  });

  it('end with GREENLET_ECLOSED, and fail with their own error', async () => {
    const app = await loadStreams();
    const broken = async function* () {
      yield 1;
      throw new Error('the source is dry');
    };
    const error = await reasonOf(app.call('sum', broken()));
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.equal(error.message, 'the source is dry');
    const closed = await reasonOf(app.call('sum_of_two', [1]));
    assert.ok(closed instanceof ClosedError);
    assert.equal(closed.message, 'the stream has ended');
  });

  it('are asked for one by one; C that stops early returns the iterator', async () => {
    const app = await loadStreams();
    const { source, log } = makeSource();
    await app.call('sum_of_two', source);
    await settle();
    assert.deepEqual(log, { given: 2, end: 'returned' });
    const readable = readableOf([1, 2, 3]);
    await app.call('sum_of_two', readable.stream);
    await settle();
    assert.deepEqual(readable.log, { pulled: 2, cancelled: 'cancelled' });
  });

  it('are cancelled when the reader is killed', async () => {
    const app = await loadStreams();
    const log = { end: '' };
    const stream = new ReadableStream({ cancel: () => void (log.end = 'cancelled') });
    const controller = new AbortController();
    const task = app.spawn('sum', stream, { signal: controller.signal });
    await settle();
    assert.equal(task.waitingOn, 'gevent_streams.gevent_stream_next_f64');
    controller.abort(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
    await settle();
    assert.equal(log.end, 'cancelled');
    assert.deepEqual(app.waiting(), []);
  });

  it('are not lost to a reader that is killed before', async () => {
    const { promise, resolve } = deferred();
    const app = await loadStreams(() => resolve(7));
    const late = (async function* () {
      yield await promise;
    })();
    assert.equal(await app.call('get_after_another', late), 7);
  });

  it('are for one reader at a time', async () => {
    const app = await loadStreams();
    const silent = new ReadableStream();
    const code = await app.call('read_twice', silent);
    assert.equal(code, -38); // GREENLET_EBUSY
  });

  it('pass from one greenlet to another through a pipe', async () => {
    const app = await loadStreams();
    assert.equal(await app.call('through_pipe'), 6);
  });
});

describe('bytes that C reads', () => {
  it('come in pieces of the size that it asks for', async () => {
    const app = await loadStreams();
    const text = `${'a line of text\n'.repeat(100)}the last`;
    const chunks = [encoder.encode(text.slice(0, 999)), new Uint8Array(), encoder.encode(text.slice(999))];
    assert.equal(await app.call('count_lines', readableOf(chunks).stream), 100);
    assert.equal(await app.call('count_lines', ['a\nb\n', encoder.encode('c\n').buffer]), 3);
    assert.equal(await app.call('count_lines', []), 0);
    assert.match((await reasonOf(app.call('count_lines', [7]))).message, /gave what is no bytes: number/);
  });

  it('arrive although memory grows meanwhile', async () => {
    const app = await loadStreams();
    const slow = (async function* () {
      for (let i = 0; i < 50; i++) {
        await settle();
        yield new Uint8Array([1, 2, 3, 4, 5]);
      }
    })();
    const size = app.memorySize;
    assert.equal(await app.call('grow_and_read', slow), 50 * 15);
    assert.ok(app.memorySize > size);
  });
});

describe('what C writes', () => {
  it('arrives, with back-pressure, and the end too', async () => {
    const app = await loadStreams();
    let busy = 0;
    const { stream, log } = writableInto(async () => {
      assert.equal(++busy, 1);
      await settle();
      busy--;
    });
    await app.call('write_text', 'abc', stream);
    assert.deepEqual(
      log.chunks.map((chunk) => String.fromCharCode(...chunk)),
      ['a', 'b', 'c'],
    );
    assert.equal(log.end, 'closed');
  });

  it('is aborted if C does not end it, and fails if nobody takes it', async () => {
    const app = await loadStreams();
    const { stream, log } = writableInto();
    await app.call('write_half', stream);
    await settle();
    assert.equal(log.end, 'aborted');
    const full = new WritableStream({ write: () => Promise.reject(new Error('the disk is full')) });
    const error = await reasonOf(app.call('write_text', 'abc', full));
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.equal(error.message, 'the disk is full');
  });
});

describe('a stream of JavaScript with C in it', () => {
  it('is read from an iteration, no faster than it is asked for', async () => {
    const app = await loadStreams();
    assert.deepEqual(await readAll(toReadable(app.iterate('upper', ['a', 'b']))), ['A', 'B']);
    const { source, log } = makeSource();
    const texts = (async function* () {
      for await (const n of source) yield `n${n}`;
    })();
    const reader = toReadable(app.iterate('upper', texts)).getReader();
    assert.equal((await reader.read()).value, 'N1');
    await settle();
    assert.equal(log.given, 1);
    await reader.cancel();
    await settle();
    assert.equal(log.end, 'returned');
    assert.deepEqual(app.waiting(), []);
  });

  it('is written into C, and closes when C has returned', async () => {
    const app = await loadStreams();
    const writer = toWritable(app, 'count_lines').getWriter();
    await writer.write(encoder.encode('one\ntwo\n'));
    await writer.close();
    const early = toWritable(app, 'sum_of_two').getWriter();
    await early.write(1);
    await early.write(2);
    assert.ok((await reasonOf(early.closed)) instanceof ClosedError);
    const wrong = toWritable(app, 'sum').getWriter();
    const written = wrong.write('no number');
    assert.match((await reasonOf(wrong.closed)).message, /expected a number/);
    await written.catch(() => {});
  });

  it('kills C when it is aborted', async () => {
    const app = await loadStreams();
    const writer = toWritable(app, 'sum').getWriter();
    await writer.write(1);
    await writer.abort(new Error('enough'));
    assert.deepEqual(app.waiting(), []);
  });

  it('is transformed by C', async () => {
    const app = await loadStreams();
    const { readable, writable } = toTransform(app, 'upper');
    const done = readableOf(['one', 'two', 'three']).stream.pipeTo(writable);
    assert.deepEqual(await readAll(readable), ['ONE', 'TWO', 'THREE']);
    await done;
    const broken = toTransform(app, 'upper');
    const piped = readableOf([1, 2, 3, 4]).stream.pipeTo(broken.writable);
    assert.match((await reasonOf(readAll(broken.readable))).message, /expected a string, got the number 1/);
    await reasonOf(piped);
    assert.deepEqual(app.waiting(), []);
  });
});
