/** @import { ImportContext } from '../imports.js' */

import net from 'node:net';
import { connected, listening } from './sockets.js';
import { streamImports } from './streams.js';

/**
 * The imports of a module whose C includes gevent/io/net.h: `imports: { ...netImports(), … }`.
 */
export function netImports() {
  return {
    ...streamImports(),
    gevent_net: {
      gevent_net_connect: (
        /** @type {string} */ host,
        /** @type {number} */ port,
        /** @type {ImportContext} */ { signal },
      ) => connected(net.connect({ host, port, allowHalfOpen: true }), 'connect', signal),
      gevent_net_listen: (/** @type {string} */ host, /** @type {number} */ port) =>
        listening(net.createServer({ allowHalfOpen: true }), 'connection', host, port),
      gevent_net_port: (/** @type {{ port: number }} */ { port }) => port,
    },
  };
}
