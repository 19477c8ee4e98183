/** @import { Server, Socket } from 'node:net' */

import { Feed } from './feed.js';
import { networkError } from './network-error.js';
import { fromNode } from './node-streams.js';

/** @param {Socket} socket */
const streamOf = (socket) => fromNode(socket, { toError: networkError });

/**
 * @param {Socket | Server} what
 * @param {string} event that says that it is there
 * @returns {Promise<void>} rejects with its error, or if it is closed before
 */
function ready(what, event) {
  return new Promise((resolve, reject) => {
    what.once(event, () => resolve());
    what.once('error', (error) => reject(networkError(error)));
    what.once('close', () => reject(networkError(new Error('the connection was given up'))));
  });
}

/**
 * @param {Socket} socket that is connecting
 * @param {string} event that says that it has
 * @param {AbortSignal} signal of whoever waits
 */
export async function connected(socket, event, signal) {
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await ready(socket, event);
    return streamOf(socket);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * A server as C has it: a stream of its connections.
 *
 * @param {Server} server
 * @param {string} event by which it gives them
 * @param {string} host
 * @param {number} port
 */
export async function listening(server, event, host, port) {
  /** @type {Set<Socket>} that C has not got */
  const waiting = new Set();
  const feed = new Feed();
  server.on(event, (/** @type {Socket} */ socket) => {
    waiting.add(socket);
    feed.push(socket);
  });
  server.listen(port, host);
  await ready(server, 'listening');
  const close = () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  const accept = async () => {
    const { done, value } = await feed.next();
    waiting.delete(value);
    return { done, value: done ? undefined : streamOf(value) };
  };
  const readable = { [Symbol.asyncIterator]: () => ({ next: accept }) };
  return { readable, close, port: /** @type {import('node:net').AddressInfo} */ (server.address()).port };
}
