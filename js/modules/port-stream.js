/** @import { StreamPair } from '../cells.js' */

import { Feed } from './feed.js';

/**
 * What posts and receives messages, as a stream of them.
 *
 * @param {any} port a MessagePort or a BroadcastChannel
 * @returns {StreamPair}
 */
export function portStream(port) {
  const feed = new Feed();
  port.addEventListener('message', (/** @type {MessageEvent} */ { data }) => feed.push(data));
  port.addEventListener('close', () => feed.end());
  port.addEventListener('messageerror', () => feed.fail(new Error('a message cannot be read here')));
  port.start?.();
  const close = () => port.close();
  return { readable: feed, writable: { write: (data) => port.postMessage(data), close }, close };
}
