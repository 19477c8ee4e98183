import { once } from 'node:events';
import { createServer } from 'node:http';

/** @import { ServerResponse } from 'node:http' */
/** @import { AddressInfo } from 'node:net' */

/**
 * Serves one file to HEAD and range requests, on the loopback interface.
 *
 * @param {Uint8Array} bytes
 * @param {(response: ServerResponse, count: number) => unknown} [before] is waited for before each answer; count: of
 *   the requests that have come
 */
export async function serve(bytes, before = () => {}) {
  let count = 0;
  const server = createServer(async (request, response) => {
    await before(response, ++count);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (!first) response.writeHead(200, { 'content-length': bytes.length }).end();
    else response.writeHead(206).end(bytes.subarray(Number(first), Number(last) + 1));
  });
  server.keepAliveTimeout = 0; // none is closed just when a client takes it for its next request
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/weather.db`,
    count: () => count,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
