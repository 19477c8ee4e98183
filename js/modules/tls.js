/** @import { ConnectionOptions, TlsOptions } from 'node:tls' */
/** @import { ImportContext } from '../imports.js' */

import tls from 'node:tls';
import { connected, listening } from './sockets.js';
import { streamImports } from './streams.js';

/**
 * The imports of a module whose C includes gevent/io/tls.h: `imports: { ...tlsImports(), … }`.
 */
export function tlsImports() {
  return {
    ...streamImports(),
    gevent_tls: {
      gevent_tls_connect: (
        /** @type {string} */ host,
        /** @type {number} */ port,
        /** @type {ConnectionOptions | undefined} */ options,
        /** @type {ImportContext} */ { signal },
      ) => connected(tls.connect({ ...options, host, port }), 'secureConnect', signal),
      gevent_tls_listen: (
        /** @type {string} */ host,
        /** @type {number} */ port,
        /** @type {TlsOptions} */ options,
      ) => listening(tls.createServer(options), 'secureConnection', host, port),
      gevent_tls_port: (/** @type {{ port: number }} */ { port }) => port,
    },
  };
}
