// What gevent/io/streams.h calls; and streams of JavaScript that C feeds, takes in or transforms.

/** @import { App } from '../app.js' */
/** @import { ImportContext } from '../imports.js' */
/** @import { Lent } from '../references.js' */
/** @import { Task } from '../task.js' */

import { makeError } from '../errors.js';
import { Feed } from './feed.js';
import { openStream, toBytes, toText } from './open-stream.js';

/** @param {(value: any) => any} convert */
function nextAs(convert) {
  return async (/** @type {Lent<any>} */ lent, /** @type {ImportContext} */ { signal }) => {
    const { done, value } = await openStream(lent).inlet.next(signal);
    if (done) throw makeError('GREENLET_ECLOSED', 'the stream has ended');
    return convert(value);
  };
}

/** @param {Lent<any>} lent @param {any} value */
const put = (lent, value) => openStream(lent).write(value);

const same = (/** @type {any} */ value) => value;

/**
 * The imports of a module whose C includes gevent/io/streams.h: `imports: { ...streamImports(), … }`.
 */
export function streamImports() {
  return {
    gevent_streams: {
      gevent_stream_next_i32: nextAs(same),
      gevent_stream_next_i64: nextAs(same),
      gevent_stream_next_f64: nextAs(same),
      gevent_stream_next_string: nextAs(toText),
      gevent_stream_next_bytes: nextAs(toBytes),
      gevent_stream_next_json: nextAs(same),
      gevent_stream_next_ref: nextAs(same),
      gevent_stream_next_stream: nextAs(same),
      gevent_stream_put_i32: put,
      gevent_stream_put_i64: put,
      gevent_stream_put_f64: put,
      gevent_stream_put_string: put,
      gevent_stream_put_bytes: put,
      gevent_stream_put_json: put,
      gevent_stream_put_ref: put,
      gevent_stream_read_bytes: (
        /** @type {Lent<any>} */ lent,
        /** @type {number} */ size,
        /** @type {ImportContext} */ { signal },
      ) => openStream(lent).inlet.read(size, signal),
      gevent_stream_end: (/** @type {Lent<any>} */ lent) => openStream(lent).end(),
      gevent_stream_pipe: () => {
        const feed = new Feed();
        return { readable: feed, writable: sinkInto(feed) };
      },
    },
  };
}

/** @param {Feed} feed */
function sinkInto(feed) {
  return {
    write: (/** @type {any} */ value) => feed.write(value),
    close: () => feed.end(),
    abort: (/** @type {unknown} */ reason) => feed.fail(reason),
  };
}

/**
 * A ReadableStream of what an iterable gives, for example `app.iterate(…)`: it is asked for no more than is read, and a
 * cancel ends it.
 *
 * @template T
 * @param {AsyncIterable<T>} iterable
 * @returns {ReadableStream<T>}
 */
export function toReadable(iterable) {
  const iterator = iterable[Symbol.asyncIterator]();
  let isCancelled = false;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (isCancelled) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        isCancelled = true;
        await iterator.return?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A WritableStream that an export of C takes in: its first parameter is a `stream` of what is written. A write resolves
 * when C has taken it, `close` when C has returned; if C fails, or returns before the end, so does the stream.
 *
 * @param {App<any>} app
 * @param {string} name of the export
 * @param {...any} args after the stream, and perhaps SpawnOptions
 * @returns {WritableStream<any>}
 */
export function toWritable(app, name, ...args) {
  const feed = new Feed();
  const task = app.spawn(name, feed, ...args);
  return new WritableStream(new TaskSink(feed, task));
}

/** What is written goes to a task; the stream breaks when that has ended, unless it has been closed. */
class TaskSink {
  #feed;
  #task;
  #isClosing = false;

  /** @param {Feed} feed that the task reads @param {Task} task */
  constructor(feed, task) {
    this.#feed = feed;
    this.#task = task;
  }

  /** @param {WritableStreamDefaultController} controller */
  start(controller) {
    const { name } = this.#task;
    this.#task.then(
      () => this.#isClosing || controller.error(makeError('GREENLET_ECLOSED', `${name} has returned`)),
      (reason) => controller.error(reason),
    );
  }

  /** @param {any} chunk */
  async write(chunk) {
    try {
      await this.#feed.write(chunk);
    } catch (closed) {
      await this.#task; // whose failure says more
      throw closed;
    }
  }

  async close() {
    this.#isClosing = true;
    this.#feed.end();
    await this.#task;
  }

  /** @param {unknown} reason */
  async abort(reason) {
    this.#task.kill(reason);
    await this.#task.catch(() => {});
  }
}

/**
 * A TransformStream whose transformer is an export of C that gives many values (iterate.h): its first parameter is a
 * `stream` of what is written, and what it gives is what is read.
 *
 * @param {App<any>} app
 * @param {string} name of the export
 * @param {...any} args after the stream, and perhaps IterateOptions
 * @returns {{ readable: ReadableStream<any>, writable: WritableStream<any> }}
 */
export function toTransform(app, name, ...args) {
  /** @type {WritableStreamDefaultController | undefined} */ let controller;
  const feed = new Feed(() => controller?.error(makeError('GREENLET_ECLOSED', `${name} reads no more`)));
  const start = (/** @type {WritableStreamDefaultController} */ started) => void (controller = started);
  return {
    readable: toReadable(app.iterate(name, feed, ...args)),
    writable: new WritableStream({ start, ...sinkInto(feed) }),
  };
}
