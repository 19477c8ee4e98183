/** @import { StreamPair } from '../cells.js' */
/** @import { ImportContext } from '../imports.js' */

import { Feed } from './feed.js';
import { networkError } from './network-error.js';
import { streamImports } from './streams.js';

/** Bytes that may be on their way before a write waits. */
const HIGH_WATER_MARK = 1 << 20;

/** Milliseconds until it looks again: a WebSocket does not say when it has sent something. */
const DRAIN_INTERVAL = 10;

/**
 * The imports of a module whose C includes gevent/io/websocket.h: `imports: { ...webSocketImports(), … }`.
 *
 * @param {{ WebSocket?: any }} [options] the class. Default: the host's; Node has one from version 22 on
 */
export function webSocketImports({ WebSocket = globalThis.WebSocket } = {}) {
  return {
    ...streamImports(),
    gevent_websocket: {
      gevent_websocket_open: async (
        /** @type {string} */ url,
        /** @type {string[] | undefined} */ protocols,
        /** @type {ImportContext} */ { signal },
      ) => {
        if (!WebSocket) throw new TypeError('this host has no WebSocket: give webSocketImports one');
        const socket = new WebSocket(url, protocols ?? []);
        socket.binaryType = 'arraybuffer';
        const pair = pairOf(socket);
        await opened(socket, signal);
        return pair;
      },
    },
  };
}

/** @param {WebSocket} socket @param {AbortSignal} signal @returns {Promise<void>} */
function opened(socket, signal) {
  return new Promise((resolve, reject) => {
    /** @param {any} event */
    const fail = ({ message }) =>
      reject(networkError(new Error(message || `cannot connect to ${socket.url}`)));
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', fail, { once: true });
    socket.addEventListener('close', fail, { once: true });
    signal.addEventListener('abort', () => socket.close(), { once: true });
  });
}

/** @param {WebSocket} socket @returns {StreamPair} */
function pairOf(socket) {
  const feed = new Feed();
  socket.addEventListener('message', ({ data }) =>
    feed.push(typeof data === 'string' ? data : new Uint8Array(data)),
  );
  const closed = new Promise((resolve) =>
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      if (wasClean) feed.end();
      else
        feed.fail(
          networkError(new Error(`the connection has broken (${code} ${reason})`.replace(' )', ')'))),
        );
      resolve(undefined);
    }),
  );
  const close = () => socket.close(1000);
  const end = () => {
    close();
    return closed;
  };
  return { readable: feed, writable: { write: (data) => send(socket, data), close: end }, close };
}

/** @param {WebSocket} socket @param {string | Uint8Array<ArrayBuffer>} data */
async function send(socket, data) {
  if (socket.readyState !== 1) throw networkError(new Error('the connection is closed'));
  socket.send(data);
  while (socket.bufferedAmount > HIGH_WATER_MARK && socket.readyState === 1)
    await new Promise((resolve) => setTimeout(resolve, DRAIN_INTERVAL));
}
