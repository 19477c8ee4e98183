/** @import { Duplex, Readable, Writable } from 'node:stream' */
/** @import { StreamPair } from '../cells.js' */

import process from 'node:process';
import { streamImports } from './streams.js';

/**
 * The imports of a module whose C includes gevent/io/node_streams.h: `imports: { ...nodeStreamImports(), … }`.
 */
export function nodeStreamImports() {
  return {
    ...streamImports(),
    gevent_node_streams: {
      gevent_node_stream_open: (/** @type {Duplex} */ stream) => fromNode(stream),
      gevent_node_stdin: () => fromNode(process.stdin),
      gevent_node_stdout: () => fromNode(process.stdout, { isOurs: false }),
    },
  };
}

const same = (/** @type {any} */ error) => error;

/**
 * A stream of Node as C takes it, for a parameter of type `stream`.
 *
 * @param {Readable | Writable | Duplex} stream
 * @param {{ toError?: (error: any) => unknown, isOurs?: boolean }} [options] what C gets for an error of it; whether it
 *   is destroyed when C has done with it. Default: the error, and yes
 * @returns {StreamPair}
 */
export function fromNode(stream, { toError = same, isOurs = true } = {}) {
  stream.on('error', () => {}); // whoever reads or writes is told
  const pair = /** @type {StreamPair} */ ({ close: () => void (isOurs && stream.destroy()) });
  if ('read' in stream) pair.readable = chunksOf(stream, toError);
  if ('write' in stream) pair.writable = sinkInto(stream, toError);
  return pair;
}

/** @param {Readable} stream @param {(error: any) => unknown} toError */
function chunksOf(stream, toError) {
  const iterator = stream.iterator({ destroyOnReturn: false });
  return {
    [Symbol.asyncIterator]: () => ({
      /** @returns {Promise<IteratorResult<any>>} */
      next: () => iterator.next().catch((error) => Promise.reject(toError(error))),
    }),
  };
}

/** @param {Writable} stream @param {(error: any) => unknown} toError */
function sinkInto(stream, toError) {
  /** @param {(callback: (error?: Error | null) => void) => void} begin @returns {Promise<void>} */
  const completed = (begin) =>
    new Promise((resolve, reject) => begin((error) => (error ? reject(toError(error)) : resolve())));
  return {
    write: (/** @type {any} */ chunk) => completed((callback) => stream.write(chunk, callback)),
    close: () => completed((callback) => stream.end(callback)),
  };
}
